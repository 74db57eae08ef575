//! What the configuration itself must say.

use crate::catalogue::ConfigurationRule;
use crate::checks::{authentication, preconditions};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::vocabulary::Flow;

/// Judges the configuration.
/// What `judges` names, rules of preference are about.
pub(super) fn require(run: &mut CellRun, requirement: ConfigurationRule, judges: &[String]) -> bool {
    run.begin("require", "Configuration");
    let config = std::sync::Arc::clone(&run.session.config);
    let feature = run.cell.feature.id.clone();
    let says = |feature: &str| match config.features.get(feature) {
        Some(Some(value)) => format!("`implementedFeatures.{feature}` is {value}"),
        Some(None) => format!("`implementedFeatures.{feature}` is null"),
        None => format!("`implementedFeatures.{feature}` is not there"),
    };
    let (holds, found) = match requirement {
        ConfigurationRule::FeatureImplemented => (config.implements(&feature), says(&feature)),
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
    let finding = (!holds).then(|| {
        Finding::new(format!("the configuration does not fit: {found}"))
            .expected(requirement.summary(), found)
            .spec(run.cell.feature.spec.clone())
    });
    let preferred = matches!(requirement, ConfigurationRule::OpenId | ConfigurationRule::OpenIdForSellers);
    let check = if preferred { authentication::PREFERRED_AUTHENTICATION } else { preconditions::CONFIGURATION };
    let called = check.says(requirement.summary());
    let called = if preferred { called.judging(judges.iter().map(String::as_str)) } else { called };
    run.log().check(called, None, finding);
    run.end()
}
