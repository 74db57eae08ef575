//! Which requirements a finding says are not met, and how much that matters.

use crate::requirement::{Requirement, Requirements};
use crate::results::{Cited, Finding, Remark, RemarkLevel};
use crate::vocabulary::{Grade, Stage};

use super::row::Row;

/// Name of a check, and the requirements that its findings violate.
#[derive(Debug, Clone, Default)]
pub struct CheckIdentity {
    /// Its assertion.
    pub text: String,
    /// Its row; `None` for a check that a feature file words itself.
    pub row: Option<&'static Row>,
    /// The requirements that its findings prove broken; where empty, its row says so.
    pub violates: Vec<String>,
    /// Whether a feature promises what it asserts: every finding is a failure.
    pub promised: bool,
}

impl From<String> for CheckIdentity {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for CheckIdentity {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&'static Row> for CheckIdentity {
    fn from(row: &'static Row) -> Self {
        Self { text: row.summary.to_owned(), row: Some(row), promised: row.promised, ..Self::default() }
    }
}

/// A requirement, as findings cite it.
pub fn cited(requirement: &Requirement) -> Cited {
    Cited {
        id: requirement.id.clone(),
        level: requirement.level.name().to_owned(),
        says: requirement.says.clone(),
        spec: requirement.url(),
    }
}

/// Limit of requirements that a finding cites.
const MOST: usize = 3;

impl Finding {
    /// Sets the requirements that are violated, the most specific first, instead of those of its row.
    #[must_use]
    pub fn violating<'i>(mut self, ids: impl IntoIterator<Item = &'i str>) -> Self {
        let all = Requirements::built_in();
        self.violates.extend(ids.into_iter().filter_map(|id| all.get(id)).map(cited));
        self
    }
}

/// Adds to a finding the requirements that it proves broken, at most three, the most specific first; how much that matters.
///
/// A finding's own requirements precede those of its rule of validation, of its check in the feature file, and of its row.
/// `step`: the requirements that the step violates in its test if it does not succeed.
pub fn cite(finding: &mut Finding, identity: &CheckIdentity, stage: Option<Stage>, step: &[String]) -> Grade {
    let all = Requirements::built_in();
    let said: Vec<Cited> = std::mem::take(&mut finding.violates);
    let broken: Vec<Cited> = if !said.is_empty() {
        said
    } else if let Some(rule) = &finding.rule {
        let path = finding.path.as_deref().unwrap_or_default();
        all.broken(rule, finding.model.as_deref(), path, stage).into_iter().map(cited).collect()
    } else if !identity.violates.is_empty() {
        identity.violates.iter().filter_map(|id| all.get(id)).map(cited).collect()
    } else {
        let of_row = identity.row.map_or(&[][..], |row| row.violated(finding, stage.unwrap_or(Stage::Any)));
        of_row.iter().filter_map(|id| all.get(id)).map(cited).collect()
    };
    let of_step = if identity.row.is_some_and(|row| row.of_step) && !finding.step_succeeded { step } else { &[] };
    let of_step: Vec<&Requirement> =
        of_step.iter().filter_map(|id| all.get(id)).filter(|known| can_be_broken_at(&known.shows, stage)).collect();
    let replaced = |other: &Cited| {
        all.get(&other.id).is_some_and(|other| of_step.iter().any(|own| own.id != other.id && same_error(own, other)))
    };
    for requirement in of_step.iter().copied().map(cited).chain(broken.into_iter().filter(|known| !replaced(known))) {
        if finding.violates.len() < MOST && !finding.violates.contains(&requirement) {
            finding.violates.push(requirement);
        }
    }
    // The data model decides for itself what is a failure; a promise is kept or broken.
    if finding.rule.is_some() || identity.promised {
        Grade::Must
    } else if finding.violates.is_empty() {
        identity.row.map_or(Grade::Must, |row| row.level)
    } else {
        all.grade(finding.violates.iter().map(|cited| cited.id.as_str()))
    }
}

/// Whether two requirements are causes of one error, of which a request has one: `broker` without `name`, or no Organization.
fn same_error(one: &Requirement, other: &Requirement) -> bool {
    let error = |requirement: &Requirement| -> Option<String> {
        let (name, rest) = requirement.says.strip_prefix('`')?.split_once('`')?;
        (name.ends_with("Error") && rest.starts_with(" (")).then(|| name.to_owned())
    };
    one.section == other.section && error(one).is_some_and(|name| Some(name) == error(other))
}

/// `false` when a requirement shows only in feeds of Orders and the finding is about something else, or the other way round.
///
/// A step sends a request and awaits an update: a rejected request does not prove that the feed lacks anything.
fn can_be_broken_at(shows: &[Stage], stage: Option<Stage>) -> bool {
    let in_feed = |stage: &Stage| matches!(stage, Stage::OrdersFeed | Stage::ProposalsFeed);
    match stage {
        None | Some(Stage::Any) => true,
        Some(at) if in_feed(&at) => shows.iter().any(|shows| in_feed(shows) || *shows == Stage::Any),
        // The Test Interface only says whether it does what it was asked for.
        Some(Stage::TestInterface) => !shows.iter().any(in_feed),
        Some(_) => !shows.iter().all(in_feed),
    }
}

/// A finding that does not decide anything, as a remark.
pub fn remark(finding: Finding, identity: &CheckIdentity, grade: Grade) -> Remark {
    let level = if grade == Grade::May { RemarkLevel::Suggestion } else { RemarkLevel::Warning };
    let mut message = finding.message;
    if let (Some(expected), Some(found)) = (&finding.expected, &finding.found) {
        message = format!("{message} (expected {expected}, found {found})");
    }
    Remark {
        level,
        message,
        path: finding.path.unwrap_or_default(),
        rule: identity.row.map_or_else(|| identity.text.clone(), |check| check.id.to_owned()),
        model: finding.model,
        requirements: finding.violates,
        count: 1,
        first: None,
        exchange: finding.exchange,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_request_breaks_nothing_of_feeds_and_a_missing_update_nothing_of_requests() {
        let all = Requirements::built_in();
        let at = |id: &str, stage| all.get(id).is_some_and(|known| can_be_broken_at(&known.shows, Some(stage)));
        assert!(at("OB-cancellation-after-b-2", Stage::OrdersFeed));
        assert!(!at("OB-cancellation-after-b-2", Stage::OrderPatch));
        assert!(at("OB-order-cancellation-3", Stage::OrderPatch));
        assert!(!at("OB-order-cancellation-3", Stage::OrdersFeed));
        assert!(at("TI-ReplacementSimulateAction-2", Stage::OrdersFeed));
        assert!(!at("TI-ReplacementSimulateAction-2", Stage::TestInterface));
        assert!(at("TI-delete-test-interfacedatasetstestdatasetidentifier-2", Stage::OrderStatus));
    }
}
