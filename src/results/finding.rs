//! What checks found: each check of a step with its finding, and what causes have in common.

use std::borrow::Cow;
use std::fmt;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Profile, Stage};

use super::exchange::ExchangeId;

/// Whether a check held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// It held.
    Held,
    /// It did not hold.
    Failed,
    /// It could not be judged.
    Blocked,
}

/// One check of a step.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CheckReport {
    /// What is asserted.
    pub name: String,
    /// Its identifier, such as `media-type`; `None` for a check that a feature file words itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub check: Option<String>,
    /// The stage at which it was made.
    #[cfg_attr(test, schemars(with = "String"))]
    pub stage: Stage,
    /// The profile, where it belongs to one only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub profile: Option<Profile>,
    /// Whether it held.
    pub outcome: CheckOutcome,
    /// What was wrong, if anything.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finding: Option<Box<Finding>>,
}

/// A normative statement that something is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Cited {
    /// Its identifier, by which `oa-test coverage` lists it.
    pub id: String,
    /// MUST, MUST NOT, SHOULD, SHOULD NOT or MAY.
    pub level: String,
    /// What conformance is, in one sentence.
    pub says: String,
    /// The section of the specification, as a URL.
    pub spec: String,
}

impl fmt::Display for Cited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) {}", self.id, self.level, self.says)
    }
}

/// A check that did not hold: what was expected, what was there, and where.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Finding {
    /// The property or resource that is wrong, without identifiers and indexes, such as `orderedItem.acceptedOffer.price` or
    /// `Orders feed`.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub subject: String,
    /// How it is wrong: a [`Defect`], or the rule of validation that it breaks.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub defect: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What was expected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expected: Option<String>,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub found: Option<String>,
    /// Where in the body, as a JSON path.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// The section of the specification.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub spec: Option<String>,
    /// The requirements that it breaks.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub violates: Vec<Cited>,
    /// What to look at next.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The rule of validation that was broken, where it was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// The type of the data model that the rule is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<String>,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Whether it says that a wait was cut short, since the same wait had timed out before.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub cut: bool,
    /// Whether the step had its effect all the same, so that the requirements about that effect are not broken.
    #[serde(skip)]
    pub step_succeeded: bool,
    /// The stage of the document that is wrong, where it is not the one that was judged.
    #[serde(skip)]
    pub stage: Option<Stage>,
}

/// How something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// It is not there.
    Missing,
    /// It is there, and must not be.
    Unexpected,
    /// It has another value than it must have.
    Wrong,
    /// It did not come in time.
    Late,
}

impl Defect {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unexpected => "unexpected",
            Self::Wrong => "wrong",
            Self::Late => "late",
        }
    }
}

/// What findings have in common that have one cause: which check is broken, by what, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause<'f> {
    /// The identifier of the check, or what it asserts.
    pub check: &'f str,
    /// The subject of the finding.
    pub subject: &'f str,
    /// Its defect.
    pub defect: &'f str,
}

/// Requirements that a finding shows in full; the others by their identifiers.
const CITED: usize = 3;

/// A JSON path without indexes: `orderedItem[0].error[*].name` is `orderedItem.error.name`.
fn general(path: &str) -> String {
    let mut general = String::with_capacity(path.len());
    let mut within = false;
    for character in path.chars() {
        match character {
            '[' => within = true,
            ']' => within = false,
            other if !within => general.push(other),
            _ => {}
        }
    }
    general
}

impl CheckReport {
    /// What its finding has in common with others that have the same cause; `None` where it held.
    #[must_use]
    pub fn cause(&self) -> Option<Cause<'_>> {
        let finding = self.finding.as_ref()?;
        let check = self.check.as_deref().unwrap_or(&self.name);
        Some(Cause { check, subject: &finding.subject, defect: &finding.defect })
    }
}

impl Finding {
    /// In a box, for results that are errors seldom.
    #[must_use]
    pub fn boxed(self) -> Box<Self> {
        Box::new(self)
    }

    /// What it says besides its message: label and text, in the order in which a reader needs them.
    pub fn details(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let before = [("expected", &self.expected), ("found", &self.found), ("at", &self.path), ("spec", &self.spec)];
        let before = before.into_iter().filter_map(|(label, text)| Some((label, Cow::Borrowed(text.as_deref()?))));
        let violates = self.violates.iter().take(CITED).map(|cited| ("violates", Cow::Owned(cited.to_string())));
        let others: Vec<&str> = self.violates.iter().skip(CITED).map(|cited| cited.id.as_str()).collect();
        let others = (!others.is_empty()).then(|| ("also", Cow::Owned(others.join(", "))));
        before.chain(violates).chain(others).chain(self.hint.as_deref().map(|hint| ("hint", Cow::Borrowed(hint))))
    }

    /// A finding of one line.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// With what was expected and what was there.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }

    /// With how the subject is wrong, where expected and found do not say it.
    #[must_use]
    pub fn defect(mut self, defect: Defect) -> Self {
        defect.name().clone_into(&mut self.defect);
        self
    }

    /// Completes subject and defect by what the finding says: by its path, or the stage where it has none; by the rule, or
    /// by what was expected and found.
    pub fn classify(&mut self, stage: Stage) {
        if self.subject.is_empty() {
            self.subject = match self.path.as_deref().map(general) {
                Some(path) if !path.is_empty() => path,
                _ => stage.subject().to_owned(),
            };
        }
        if self.defect.is_empty() {
            let none = |text: &Option<String>| text.as_deref().is_some_and(|text| matches!(text, "nothing" | "none"));
            self.defect = match &self.rule {
                Some(rule) => rule.clone(),
                None if none(&self.found) => Defect::Missing.name().to_owned(),
                None if self.expected.as_deref().is_some_and(|text| text.starts_with("no "))
                    || none(&self.expected) =>
                {
                    Defect::Unexpected.name().to_owned()
                }
                None => Defect::Wrong.name().to_owned(),
            };
        }
    }

    /// With the place in the body.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// With the section of the specification.
    #[must_use]
    pub fn spec(mut self, spec: impl Into<String>) -> Self {
        self.spec = Some(spec.into());
        self
    }

    /// With what to look at next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With the exchange that shows it.
    #[must_use]
    pub const fn exchange(mut self, id: ExchangeId) -> Self {
        self.exchange = Some(id);
        self
    }
}
