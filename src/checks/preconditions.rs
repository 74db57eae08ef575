//! The dataset site and the configuration.

use crate::results::Finding;
use crate::trace::Configured;
use crate::vocabulary::{ConfigurationRule, ErrorName, Flow};

use super::outcome::Outcome;
use super::row::{Row, rows};
use super::view::{Answered, Context};
use super::{authentication, site};

/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";

rows! {
    DATASET_SITE = "dataset-site": "the dataset site describes the feeds and where to book"
        at [DatasetSite], needed_response(site::dataset_site) {
        DatasetSite: ["OB-paths-and-verbs-2"],
    }
    CONFIGURATION = "configuration": "the configuration says what it must say"
        at [Any], configuration {
        Any: [],
    }
    FULL_OPPORTUNITY = "full-opportunity": "an opportunity that was picked as full is full"
        at [C1 C2 P B], response(full_opportunity) {
        Any: [],
    }
    STEP_ENDS = "step-ends": "the step ends in time"
        at [Any], by_step {
        Any: [],
    }
    PREPARATION = "preparation": "what the step builds on is there"
        at [Any], by_step {
        Any: [],
    }
}

/// Judges the configuration by a rule.
pub(super) fn configuration(configured: &Configured, context: &Context<'_>) -> (&'static Row, Outcome) {
    let config = context.config;
    let feature = configured.feature.as_str();
    let says = |feature: &str| match config.features.get(feature) {
        Some(Some(value)) => format!("`implementedFeatures.{feature}` is {value}"),
        Some(None) => format!("`implementedFeatures.{feature}` is null"),
        None => format!("`implementedFeatures.{feature}` is not there"),
    };
    let (holds, found) = match configured.rule {
        ConfigurationRule::FeatureImplemented => (config.implements(feature), says(feature)),
        ConfigurationRule::SingleSellerImplemented => (config.implements("single-seller"), says("single-seller")),
        ConfigurationRule::MultipleSellersImplemented => {
            (config.implements("multiple-sellers"), says("multiple-sellers"))
        }
        ConfigurationRule::OnlyPrimarySeller => {
            let found =
                if config.sellers.secondary.is_some() { "both are configured" } else { "only one is configured" };
            (config.sellers.secondary.is_none(), found.to_owned())
        }
        ConfigurationRule::NoApprovalFlow => {
            let in_scope = config.flows.contains(&Flow::Approval);
            (!in_scope, format!("`bookingFlowsInScope.OpenBookingApprovalFlow` is {in_scope}"))
        }
        ConfigurationRule::NotBothPrepayments => {
            let both = ["prepayment-required", "prepayment-unavailable"];
            (!both.iter().all(|feature| config.implements(feature)), both.map(says).join(", "))
        }
        ConfigurationRule::OpenIdForMultipleSellers => {
            let both = ["multiple-sellers", "booking-partner-openid-authentication"];
            (both.iter().all(|feature| config.implements(feature)), both.map(says).join(", "))
        }
        ConfigurationRule::NamedLeasingImplemented => (config.implements("named-leasing"), says("named-leasing")),
        ConfigurationRule::OpenId => {
            let feature = "booking-partner-openid-authentication";
            (config.implements(feature), says(feature))
        }
        ConfigurationRule::OpenIdForSellers => {
            let feature = "booking-partner-openid-authentication-for-multiple-sellers";
            (config.implements(feature), says(feature))
        }
        ConfigurationRule::Account => {
            let there = config.sellers.primary.payment.as_ref().is_some_and(|details| details.account_id.is_some());
            (there, if there { "there is one" } else { "there is none" }.to_owned())
        }
        ConfigurationRule::ReconciliationDetails => {
            let there = config.sellers.primary.payment.as_ref().is_some_and(|details| {
                details.name.is_some() || details.account_id.is_some() || details.payment_provider_id.is_some()
            });
            (there, if there { "there are some" } else { "there are none" }.to_owned())
        }
    };
    let summary = configured.rule.summary();
    let outcome = Outcome::of((!holds).then(|| {
        Finding::new(format!("the configuration does not fit: {found}")).expected(summary, found).spec(&configured.spec)
    }));
    if matches!(configured.rule, ConfigurationRule::OpenId | ConfigurationRule::OpenIdForSellers) {
        (authentication::PREFERRED_AUTHENTICATION, outcome)
    } else {
        (CONFIGURATION, outcome)
    }
}

/// An opportunity without remaining capacity is full: in random mode, leases may hold what the feed does not show.
fn full_opportunity(answered: &Answered<'_>) -> Outcome {
    let Some(leased) = &answered.exchanged.leased else { return Outcome::absent() };
    let reserved = ErrorName::OpportunityCapacityIsReservedByLease.name();
    let (message, found) = match (leased.leased.first(), leased.free.first()) {
        (Some(id), _) => (format!("{id} is leased, not full"), reserved),
        (None, Some(id)) => {
            (format!("{id} is no longer full"), "the feed shows remaining capacity again, as when a lease expires")
        }
        (None, None) => return Outcome::absent(),
    };
    let finding = answered.finding(message).expected("OpportunityIsFullError", found).spec(LEASING);
    Outcome::blocked(
        finding.hint("run the test again once the lease has expired, at a system that no one else books at"),
    )
}
