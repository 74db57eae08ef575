//! Which requirements a finding says are not met, and how much that matters.

use crate::requirement::{Requirement, Requirements};
use crate::results::{Cited, Finding, Remark, RemarkLevel};
use crate::vocabulary::{Grade, Stage};

use super::Row;

/// What a check is called, and what it judges.
#[derive(Debug, Clone, Default)]
pub struct CheckIdentity {
    /// What it asserts.
    pub text: String,
    /// The row that it is; `None` for a check of a feature file.
    pub standard: Option<&'static Row>,
    /// What it judges besides, or because it is no standard check.
    pub judges: Vec<String>,
    /// Whether it judges nothing else of what the standard check does.
    pub alone: bool,
    /// The identifier of a check that a feature file asks for by name.
    pub named: Option<&'static str>,
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

/// What steps call their standard checks.
pub trait Says: Sized {
    /// Called by these words.
    fn says(self, text: impl Into<String>) -> CheckIdentity;
    /// Called by its own summary.
    fn called(self) -> CheckIdentity;
}

impl Says for &'static Row {
    fn says(self, text: impl Into<String>) -> CheckIdentity {
        CheckIdentity { text: text.into(), standard: Some(self), ..CheckIdentity::default() }
    }

    fn called(self) -> CheckIdentity {
        self.says(self.summary)
    }
}

impl CheckIdentity {
    /// Judging these as well.
    pub fn judging<'i>(mut self, ids: impl IntoIterator<Item = &'i str>) -> Self {
        self.judges.extend(ids.into_iter().map(str::to_owned));
        self
    }

    /// Judging one of what the standard check does.
    pub fn judging_alone(mut self, id: &str) -> Self {
        self.judges = vec![id.to_owned()];
        self.alone = true;
        self
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

/// Adds to a finding the requirements that are not met; how much that matters.
pub fn cite(finding: &mut Finding, called: &CheckIdentity, place: Option<Stage>) -> Grade {
    let all = Requirements::built_in();
    let mut broken: Vec<&Requirement> = Vec::new();
    if let Some(rule) = &finding.rule {
        let path = finding.path.as_deref().unwrap_or_default();
        broken = all.broken(rule, finding.model.as_deref(), path, place);
    }
    let model = !broken.is_empty();
    let standard = called.standard.filter(|_| !model && !called.alone);
    let mut ids: Vec<&str> = called.judges.iter().map(String::as_str).collect();
    if let Some(check) = standard {
        for id in check.covers_at(place.unwrap_or(Stage::Any)) {
            ids.push(id);
        }
    }
    for id in ids {
        if let Some(requirement) = all.get(id).filter(|found| broken.iter().all(|known| known.id != found.id)) {
            broken.push(requirement);
        }
    }
    let stated = finding.violates.iter().map(|known| known.id.as_str());
    let grade = all.grade(stated.chain(broken.iter().map(|requirement| requirement.id.as_str())));
    // What the data model of today demands is a MUST, whatever else says less; and so is what a feature promises that is
    // configured as implemented.
    let grade = if finding.rule.is_some() || called.standard.is_none() { Grade::Must } else { grade };
    finding.violates.extend(broken.into_iter().map(cited));
    grade
}

/// A finding that does not decide anything, as a remark.
pub fn remark(finding: Finding, called: &CheckIdentity, grade: Grade) -> Remark {
    let level = if grade == Grade::May { RemarkLevel::Suggestion } else { RemarkLevel::Warning };
    let mut message = finding.message;
    if let (Some(expected), Some(found)) = (&finding.expected, &finding.found) {
        message = format!("{message} (expected {expected}, found {found})");
    }
    Remark {
        level,
        message,
        path: finding.path.unwrap_or_default(),
        rule: called.standard.map_or_else(|| called.text.clone(), |check| check.id.to_owned()),
        model: finding.model,
        requirements: finding.violates,
        count: 1,
        first: None,
        exchange: finding.exchange,
    }
}
