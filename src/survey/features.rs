//! Which features a booking system is likely to have, by what is seen of it.

use crate::catalogue::Catalogue;
use crate::vocabulary::FEATURE_NAMES;

use super::look::{Survey, TestInterface};

/// What is likely of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The category.
    pub category: &'static str,
    /// The feature.
    pub feature: &'static str,
    /// Whether it is there; none where it cannot be seen from outside.
    pub there: Option<bool>,
    /// Why.
    pub reason: String,
}

/// Why nothing need be decided of a feature.
pub const NO_TESTS: &str = "no tests";

/// Features whose absence shows as well, where all opportunities were read.
const SHOWN: &[&str] = &["free-opportunities", "non-free-opportunities"];

/// A guess for every feature.
#[must_use]
pub fn guesses(survey: &Survey, catalogue: &Catalogue) -> Vec<Guess> {
    let guess = |&(category, feature): &(&'static str, &'static str)| {
        let known = catalogue.features().iter().find(|known| known.id == feature);
        let tested = known.is_some_and(|known| !known.tests.is_empty());
        let (there, reason) = match judged(survey, feature) {
            Some((there, reason)) => (Some(there), reason),
            None if known.is_some_and(|known| known.required) && tested => (Some(true), "required".to_owned()),
            None if !tested => (None, NO_TESTS.to_owned()),
            None if feature.ends_with("-leasing") => {
                let at = if feature.starts_with("anonymous") { "C1" } else { "C2" };
                (None, format!("true if {at} reduces the remaining capacity in the feeds"))
            }
            None => {
                let name = known.map_or(feature, |known| known.name.as_str());
                (None, format!("{name}: not visible in the feeds"))
            }
        };
        Guess { category, feature, there, reason }
    };
    FEATURE_NAMES.iter().map(guess).collect()
}

fn judged(survey: &Survey, feature: &'static str) -> Option<(bool, String)> {
    let seen = &survey.seen;
    let offers =
        |count: usize| if count == 1 { "1 offer with it".to_owned() } else { format!("{count} offers with it") };
    if let Some(count) = seen.signs.get(feature) {
        return Some((
            true,
            if feature.starts_with("terms") { "Sellers have terms of service".to_owned() } else { offers(*count) },
        ));
    }
    let tax = |wanted: &str| {
        let mode = format!("https://openactive.io/{wanted}");
        seen.sellers.iter().any(|seller| seller.tax_mode.as_deref() == Some(&mode))
    };
    let provider = survey.provider.as_ref();
    match feature {
        "dataset-site" => Some((true, "available".to_owned())),
        "opportunity-feed" if !survey.site.feeds.is_empty() => {
            Some((true, format!("{} feeds", survey.site.feeds.len())))
        }
        "test-interface" => match survey.test_interface {
            TestInterface::There => Some((true, "available".to_owned())),
            TestInterface::Absent => Some((false, "not available".to_owned())),
            TestInterface::Unknown => None,
        },
        "multiple-sellers" | "single-seller" if seen.sellers.len() > 1 => {
            Some((feature == "multiple-sellers", format!("{} Sellers in the feeds", seen.sellers.len())))
        }
        "multiple-sellers" | "single-seller" if seen.sellers.len() == 1 && survey.complete => {
            Some((feature == "single-seller", "1 Seller in the feeds".to_owned()))
        }
        "terms-of-service-for-booking-system" => {
            let terms = survey.site.dataset.pointer("/bookingService/termsOfService").is_some();
            terms.then(|| (true, "bookingService has termsOfService".to_owned()))
        }
        "booking-partner-openid-authentication" => Some(match provider {
            Some(provider) if provider.discovered => (true, format!("{} is an OpenID provider", provider.authority)),
            Some(provider) => (true, format!("OpenID Discovery of {} fails", provider.authority)),
            None => (false, "the dataset site has no accessService.authenticationAuthority".to_owned()),
        }),
        "booking-partner-openid-authentication-for-multiple-sellers" => Some(match provider {
            Some(provider) if provider.code_flow => {
                (true, "the provider supports the Authorization Code Flow".to_owned())
            }
            _ => (false, "the provider does not support the Authorization Code Flow".to_owned()),
        }),
        "dynamic-client-registration" => Some(match provider {
            Some(provider) if provider.registration => (true, "the provider has a registration endpoint".to_owned()),
            _ => (false, "the provider has no registration endpoint".to_owned()),
        }),
        "business-to-consumer-tax-calculation-gross" if tax("TaxGross") => {
            Some((true, "a Seller has the taxMode TaxGross".to_owned()))
        }
        "business-to-consumer-tax-calculation-net" if tax("TaxNet") => {
            Some((true, "a Seller has the taxMode TaxNet".to_owned()))
        }
        "prepayment-required-unavailable" => {
            let both = ["prepayment-required", "prepayment-unavailable"];
            both.iter()
                .all(|sign| seen.signs.contains_key(sign))
                .then(|| (true, "the feeds contain free and non-free offers".to_owned()))
        }
        feature if SHOWN.contains(&feature) && survey.complete && seen.opportunities > 0 => {
            Some((false, "no offer with it".to_owned()))
        }
        _ => None,
    }
}
