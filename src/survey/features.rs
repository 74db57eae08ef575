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
pub const NO_TESTS: &str = "there are no tests of it";

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
            None if known.is_some_and(|known| known.required) && tested => {
                (Some(true), "every booking system must have it".to_owned())
            }
            None if !tested => (None, NO_TESTS.to_owned()),
            None if feature.ends_with("-leasing") => {
                let at = if feature.starts_with("anonymous") { "C1" } else { "C2" };
                (None, format!("decide: whether the feeds must show less capacity after {at}"))
            }
            None => {
                let name = known.map_or(feature, |known| known.name.as_str());
                (None, format!("{name}: cannot be seen from outside"))
            }
        };
        Guess { category, feature, there, reason }
    };
    FEATURE_NAMES.iter().map(guess).collect()
}

fn judged(survey: &Survey, feature: &'static str) -> Option<(bool, String)> {
    let seen = &survey.seen;
    let offers =
        |count: usize| if count == 1 { "1 offer shows it".to_owned() } else { format!("{count} offers show it") };
    if let Some(count) = seen.signs.get(feature) {
        return Some((
            true,
            if feature.starts_with("terms") { "Sellers have terms".to_owned() } else { offers(*count) },
        ));
    }
    let tax = |wanted: &str| {
        let mode = format!("https://openactive.io/{wanted}");
        seen.sellers.iter().any(|seller| seller.tax_mode.as_deref() == Some(&mode))
    };
    let provider = survey.provider.as_ref();
    match feature {
        "dataset-site" => Some((true, "there is one".to_owned())),
        "opportunity-feed" if !survey.site.feeds.is_empty() => {
            Some((true, format!("there are {}", survey.site.feeds.len())))
        }
        "test-interface" => match survey.test_interface {
            TestInterface::There => Some((true, "it answers".to_owned())),
            TestInterface::Absent => Some((false, "it does not answer".to_owned())),
            TestInterface::Unknown => None,
        },
        "multiple-sellers" | "single-seller" if seen.sellers.len() > 1 => {
            Some((feature == "multiple-sellers", format!("there are {} Sellers", seen.sellers.len())))
        }
        "multiple-sellers" | "single-seller" if seen.sellers.len() == 1 && survey.complete => {
            Some((feature == "single-seller", "there is one Seller".to_owned()))
        }
        "terms-of-service-for-booking-system" => {
            let terms = survey.site.dataset.pointer("/bookingService/termsOfService").is_some();
            terms.then(|| (true, "bookingService has terms".to_owned()))
        }
        "booking-partner-openid-authentication" => Some(match provider {
            Some(provider) if provider.discovered => (true, format!("{} is an OpenID provider", provider.authority)),
            Some(provider) => (true, format!("{} is named, and cannot be discovered", provider.authority)),
            None => (false, "no accessService.authenticationAuthority is named".to_owned()),
        }),
        "booking-partner-openid-authentication-for-multiple-sellers" => Some(match provider {
            Some(provider) if provider.code_flow => (true, "the provider has the authorization code flow".to_owned()),
            _ => (false, "there is no authorization code flow".to_owned()),
        }),
        "dynamic-client-registration" => Some(match provider {
            Some(provider) if provider.registration => (true, "the provider has a registration endpoint".to_owned()),
            _ => (false, "there is no registration endpoint".to_owned()),
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
                .then(|| (true, "both kinds of offers are there".to_owned()))
        }
        feature if SHOWN.contains(&feature) && survey.complete && seen.opportunities > 0 => {
            Some((false, "no offer shows it".to_owned()))
        }
        _ => None,
    }
}
