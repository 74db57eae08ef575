//! Whether what the Test Interface may make free or not is now this and now that, as chance should have it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::checks::test_interface;
use crate::compare::amount;
use crate::config::{Config, Mode};
use crate::results::{Finding, Remark};
use crate::vocabulary::CriteriaName;

use crate::checks::{cite, remark};

/// The criteria that leave it open.
const OPEN: &[CriteriaName] = &[
    CriteriaName::Bookable,
    CriteriaName::BookableAttendeeDetails,
    CriteriaName::OnlineBookable,
    CriteriaName::OfflineBookable,
    CriteriaName::BookableWithNegotiation,
];

/// With so many, chance brings one alone once in a million runs.
const ENOUGH: usize = 20;

/// How many of what was created were free, and how many were not, by criterion.
#[derive(Debug, Default)]
pub(super) struct Chance {
    seen: Mutex<BTreeMap<&'static str, (usize, usize)>>,
}

impl Chance {
    /// Notes the offers of an opportunity that was created.
    pub(super) fn note(&self, criteria: CriteriaName, offer: &Value) {
        let Some(price) = offer.get("price").and_then(Value::as_number).map(amount) else { return };
        if !OPEN.contains(&criteria) {
            return;
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (free, paid) = seen.entry(criteria.name()).or_default();
        *(if price.is_zero() { free } else { paid }) += 1;
    }

    /// What is worth knowing of it at the end of a run.
    pub(super) fn remarks(&self, config: &Config) -> Vec<Remark> {
        let both = ["free-opportunities", "non-free-opportunities"].iter().all(|feature| config.implements(feature));
        if !both || config.mode != Mode::Controlled {
            return Vec::new();
        }
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = seen.iter().filter(|(_, (free, paid))| free + paid >= ENOUGH && (*free == 0 || *paid == 0));
        alone
            .map(|(criteria, (free, paid))| {
                let always = if *free == 0 { "never free" } else { "always free" };
                let mut finding =
                    Finding::new(format!("opportunities that the Test Interface creates for {criteria} are {always}"))
                        .expected(
                            "a random mix of free and non-free opportunities",
                            format!("{free} free, {paid} non-free"),
                        );
                finding = finding.violating([format!("TI-{criteria}-2").as_str()]);
                let identity = test_interface::FREE_AND_PAID.into();
                let grade = cite(&mut finding, &identity, None, &[]);
                remark(finding, &identity, grade)
            })
            .collect()
    }
}
