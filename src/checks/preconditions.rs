//! Preconditions of a test: the dataset site, the configuration, and what earlier steps provide.

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
    DATASET_SITE = "dataset-site": "the dataset site describes the feeds and the base URL of the Open Booking API"
        at [DatasetSite], needed_response(site::dataset_site) {
        DatasetSite: ["OB-paths-and-verbs-2"],
    }, violates {
        // The feeds are no part of the base URL.
        [DatasetSite] "distribution" => [],
        [DatasetSite] "contentUrl" => [],
        [DatasetSite] => ["OB-paths-and-verbs-2"],
    }
    CONFIGURATION = "configuration": "the configuration meets the precondition of the test"
        at [Any], configuration {
        Any: [],
    }, step true
    FULL_OPPORTUNITY = "full-opportunity": "the opportunity has no remaining capacity and no lease"
        at [C1 C2 P B], response(full_opportunity) {
        Any: [],
    }
    STEP_ENDS = "step-ends": "the step completes within its time limit"
        at [Any], by_step {
        Any: [],
    }
    PREPARATION = "preparation": "the preconditions of the step are met"
        at [Any], by_step {
        Any: [],
    }
}

/// A configuration that does not meet a precondition: `(message, found)`.
type Unmet = (String, String);

/// Judges the configuration by a rule.
pub(super) fn configuration(configured: &Configured, context: &Context<'_>) -> (&'static Row, Outcome) {
    let config = context.config;
    let feature = configured.feature.as_str();
    let value = |feature: &str| match config.features.get(feature) {
        Some(Some(value)) => value.to_string(),
        Some(None) => "null".to_owned(),
        None => "nothing".to_owned(),
    };
    let says = |feature: &str| -> Unmet {
        let found = value(feature);
        let message = match found.as_str() {
            "nothing" => format!("`implementedFeatures.{feature}` is missing"),
            found => format!("`implementedFeatures.{feature}` is {found}"),
        };
        (message, found)
    };
    let both = |features: [&str; 2]| -> Unmet {
        let found = features.map(|feature| format!("{feature}: {}", value(feature))).join(", ");
        (format!("`implementedFeatures` does not fit: {found}"), found)
    };
    let (holds, (message, found)) = match configured.rule {
        ConfigurationRule::FeatureImplemented => (config.implements(feature), says(feature)),
        ConfigurationRule::SingleSellerImplemented => (config.implements("single-seller"), says("single-seller")),
        ConfigurationRule::MultipleSellersImplemented => {
            (config.implements("multiple-sellers"), says("multiple-sellers"))
        }
        ConfigurationRule::OnlyPrimarySeller => {
            let found = "a secondary Seller".to_owned();
            (config.sellers.secondary.is_none(), ("`sellers.secondary` is present".to_owned(), found))
        }
        ConfigurationRule::NoApprovalFlow => {
            let in_scope = config.flows.contains(&Flow::Approval);
            let message = format!("`bookingFlowsInScope.OpenBookingApprovalFlow` is {in_scope}");
            (!in_scope, (message, in_scope.to_string()))
        }
        ConfigurationRule::NotBothPrepayments => {
            let features = ["prepayment-required", "prepayment-unavailable"];
            (!features.iter().all(|feature| config.implements(feature)), both(features))
        }
        ConfigurationRule::OpenIdForMultipleSellers => {
            let features = ["multiple-sellers", "booking-partner-openid-authentication"];
            (features.iter().all(|feature| config.implements(feature)), both(features))
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
            let message = "`sellers.primary.paymentReconciliationDetails.accountId` is missing";
            (there, (message.to_owned(), "nothing".to_owned()))
        }
        ConfigurationRule::ReconciliationDetails => {
            let there = config.sellers.primary.payment.as_ref().is_some_and(|details| {
                details.name.is_some() || details.account_id.is_some() || details.payment_provider_id.is_some()
            });
            let message = "`sellers.primary.paymentReconciliationDetails` is missing";
            (there, (message.to_owned(), "nothing".to_owned()))
        }
    };
    let summary = configured.rule.summary();
    let outcome = Outcome::of((!holds).then(|| Finding::new(message).expected(summary, found).spec(&configured.spec)));
    if matches!(configured.rule, ConfigurationRule::OpenId | ConfigurationRule::OpenIdForSellers) {
        (authentication::PREFERRED_AUTHENTICATION, outcome)
    } else {
        (CONFIGURATION, outcome)
    }
}

/// Expects an opportunity without remaining capacity to be full, not leased: in random mode, the feed does not distinguish them.
fn full_opportunity(answered: &Answered<'_>) -> Outcome {
    let Some(leased) = &answered.exchanged.leased else { return Outcome::absent() };
    let reserved = ErrorName::OpportunityCapacityIsReservedByLease.name();
    let (message, found) = match (leased.leased.first(), leased.free.first()) {
        (Some(id), _) => (format!("{id} is leased, not full"), reserved),
        (None, Some(id)) => {
            (format!("{id} is no longer full"), "remaining capacity in the feed, as when a lease has expired")
        }
        (None, None) => return Outcome::absent(),
    };
    let finding = answered.finding(message).expected("OpportunityIsFullError", found).spec(LEASING);
    Outcome::blocked(finding.hint("run the test again once the lease has expired, on a system without other bookings"))
}
