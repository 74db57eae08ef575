//! What is judged of the items of a page: what they refer to, and the data model.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::json::members;
use crate::validate::{ModelFinding, Options, Rule, Severity, ValidationMode as Mode, Validator};

use super::judge::References;
use super::page::ItemText;

/// A finding about items, with how often it was made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemIssue {
    /// Where, with a star for places in lists.
    pub path: String,
    /// What kind of thing.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The rule.
    pub rule: &'static str,
    /// The type of the data model that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<&'static str>,
    /// In words.
    pub message: String,
    /// The expected value, in words, for the first item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The value found first, as JSON, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// How often.
    pub count: u64,
    /// The first item.
    pub first: String,
    /// The data of the first item, as it was sent.
    #[serde(skip)]
    pub data: Arc<str>,
}

/// What was found in items: by severity, path and words.
type Found = BTreeMap<(Severity, String, String), ItemIssue>;

/// What the judging of pages adds to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    found: Found,
    pub(super) validated: u64,
    pub(super) references: References,
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tally {
    /// Looks at what the items of a page refer to, and validates every `sample`-th of them; the first has the number
    /// `first`.
    pub(super) fn of_items(
        items: &[ItemText<'_>],
        first: u64,
        sample: u64,
        mode: Option<Mode>,
        validator: &Validator,
    ) -> Self {
        let mut tally = Self::default();
        for (number, &(id, data)) in (first..).zip(items) {
            let Some(data) = data else { continue };
            tally.references.take(data);
            let Some(mode) = mode.filter(|_| number.is_multiple_of(sample)) else { continue };
            tally.validated += 1;
            let validated = validator.text(data, Options::new(mode).to_the_minute(true));
            let matters =
                |finding: &&ModelFinding| finding.severity <= Severity::Suggestion && finding.is_independent();
            let mut parent = None;
            let mut shared: Option<Arc<str>> = None;
            for finding in validated.findings.iter().filter(matters).filter(|finding| !elsewhere(finding)) {
                if may_be_inherited(finding) && *parent.get_or_insert_with(|| refers_to_parent(data)) {
                    continue;
                }
                tally
                    .add(id.unwrap_or_default(), finding, || Arc::clone(shared.get_or_insert_with(|| Arc::from(data))));
            }
        }
        tally
    }

    fn add(&mut self, item: &str, finding: &ModelFinding, data: impl FnOnce() -> Arc<str>) {
        let path = finding.general_path();
        let key = (finding.severity, path.clone(), finding.message.clone());
        self.found
            .entry(key)
            .or_insert_with(|| ItemIssue {
                path,
                kind: finding.kind.name(),
                severity: finding.severity,
                rule: finding.rule.name(),
                model: finding.model,
                message: finding.message.clone(),
                expected: finding.expected.as_deref().map(str::to_owned),
                found: finding.found.clone(),
                count: 0,
                first: item.to_owned(),
                data: data(),
            })
            .count += 1;
    }

    /// Adds what another one holds.
    pub(super) fn merge(&mut self, other: Self) {
        self.validated += other.validated;
        self.references.add(other.references);
        for (key, issue) in other.found {
            match self.found.get_mut(&key) {
                Some(known) => known.count += issue.count,
                None => drop(self.found.insert(key, issue)),
            }
        }
    }

    /// What was found, the worst first.
    pub(super) fn issues(&self) -> impl Iterator<Item = &ItemIssue> {
        self.found.values()
    }
}

/// What is no mistake in a feed: the events of a series or course may stand in a feed of their own.
fn elsewhere(finding: &ModelFinding) -> bool {
    finding.rule == Rule::SessionCourseHasSubeventOrSchedule && finding.path == "$"
}

/// Whether a finding is that the item lacks what it may have from its parent: what is recommended, and what consumers assume.
fn may_be_inherited(finding: &ModelFinding) -> bool {
    let lacks =
        [Rule::RecommendedFields, Rule::AssumeAgeRange, Rule::AssumeNoGenderRestriction].contains(&finding.rule);
    // What differs from one event of a series to the next is its own.
    let own = [".eventStatus", ".endDate", ".duration", "Capacity", "Uses"];
    lacks && finding.path.matches('.').count() == 1 && !own.iter().any(|name| finding.path.ends_with(name))
}

/// Whether the parent of an item is in another feed, where it is judged itself: the item refers to it by its `@id`.
fn refers_to_parent(item: &str) -> bool {
    let Ok(parents) = members(item, &["superEvent", "facilityUse"]) else { return false };
    parents.values.into_iter().flatten().any(|parent| parent.get().starts_with('"'))
}
