//! What became of one cell.

use std::borrow::Cow;
use std::fmt;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{Profile, Stage};

use super::checks::Checks;
use super::exchange::ExchangeId;
use super::leftovers::Leftovers;
use super::packed_text::PackedText;
use super::relative::{absolute, counted};
use super::saved_trace::SavedTrace;
use super::texts::Texts;

/// The verdict of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every check held.
    Passed,
    /// The target does not conform.
    Failed,
    /// It could not be judged.
    Blocked,
    /// There was nothing to judge: the target has nothing of the kind, and need not have it.
    Skipped,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
        }
    }
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StepVerdict {
    /// Every check held.
    Passed,
    /// A check did not hold.
    Failed,
    /// It could not be judged.
    Blocked,
    /// It was not run, because of an earlier step, or because there is nothing that it could be about.
    NotRun,
}

/// One cell of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CellReport {
    /// `feature/test@flow/type`.
    pub id: String,
    /// The category of the feature.
    pub category: String,
    /// The feature.
    pub feature: String,
    /// The test.
    pub test: String,
    /// Whether the test is for a feature that is implemented.
    #[serde(default)]
    pub implemented: bool,
    /// The name of the test.
    pub name: String,
    /// The booking flow; none for a test without opportunities.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub flow: Option<String>,
    /// The opportunity type, or `Multiple`; none for a test without opportunities.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub opportunity_type: Option<String>,
    /// The verdict: of the last try, where there were several.
    pub verdict: Verdict,
    /// Why, in one line, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// That the failure was expected, and why.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub known: Option<KnownFailure>,
    /// Whether tries came to different verdicts.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub flaky: bool,
    /// The tries before the last one, in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tries: Vec<Try>,
    /// The opportunities that it used.
    #[serde(default)]
    pub opportunities: Vec<Opportunity>,
    /// In random mode: the `@id`s of the opportunities that were picked for it before the run.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub picked: Vec<String>,
    /// The UUID of its Order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub order_uuid: Option<String>,
    /// Its steps, in order.
    pub steps: Vec<StepReport>,
    /// In random mode: the exchanges that released what every try left unbooked, in order. No check judges them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub cleanup: Vec<ExchangeId>,
    /// In random mode: the number of the last exchange before the clean-up of the last try. No step has seen a later one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub judged_until: Option<ExchangeId>,
    /// In random mode: what every try left on the target.
    #[serde(skip_serializing_if = "Leftovers::is_empty", default)]
    pub leftovers: Leftovers,
    /// Whether it is one of the cells whose responses stopped the run.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub stopped: bool,
    /// The command that runs this cell alone.
    pub rerun: String,
    /// Everything that the cell did and saw, from which its checks follow.
    #[serde(skip_serializing_if = "SavedTrace::is_empty", default)]
    pub trace: SavedTrace,
    /// Milliseconds that it took.
    pub duration_ms: u64,
}

impl CellReport {
    /// A cell of which nothing is known yet: it is blocked.
    #[must_use]
    pub fn blank(id: String, rerun: String) -> Self {
        Self {
            id,
            category: String::new(),
            feature: String::new(),
            test: String::new(),
            implemented: false,
            name: String::new(),
            flow: None,
            opportunity_type: None,
            verdict: Verdict::Blocked,
            reason: None,
            known: None,
            flaky: false,
            tries: Vec::new(),
            opportunities: Vec::new(),
            picked: Vec::new(),
            order_uuid: None,
            steps: Vec::new(),
            cleanup: Vec::new(),
            judged_until: None,
            leftovers: Leftovers::default(),
            stopped: false,
            rerun,
            trace: SavedTrace::default(),
            duration_ms: 0,
        }
    }

    /// It without its trace, among the texts of its run.
    ///
    /// # Errors
    /// That it cannot be written as JSON.
    pub fn pack(&self, texts: &Texts) -> serde_json::Result<PackedText> {
        let cell = Self { trace: SavedTrace::default(), ..self.clone() };
        Ok(texts.pack_again(&counted(&serde_json::to_string(&cell)?)))
    }

    /// What [`pack`](Self::pack) has packed.
    ///
    /// # Errors
    /// In words, that it is no cell.
    pub(super) fn unpack(packed: &PackedText, texts: &Texts) -> Result<Self, String> {
        let text = texts.unpack(packed).ok_or("the fragments of a cell are missing")?;
        serde_json::from_str(&absolute(&text)).map_err(|error| error.to_string())
    }

    /// Whether it failed, and nobody expected that.
    #[must_use]
    pub fn failed_unexpectedly(&self) -> bool {
        self.verdict == Verdict::Failed && self.known.is_none()
    }

    /// Every step of every try, those of the last one at the end.
    pub fn all_steps(&self) -> impl Iterator<Item = &StepReport> {
        self.tries.iter().flat_map(|before| &before.steps).chain(&self.steps)
    }

    /// As [`all_steps`](Self::all_steps), to be changed.
    pub fn all_steps_mut(&mut self) -> impl Iterator<Item = &mut StepReport> {
        self.tries.iter_mut().flat_map(|before| &mut before.steps).chain(&mut self.steps)
    }

    /// Every finding, with the title of its step.
    pub fn findings(&self) -> impl Iterator<Item = (&StepReport, &CheckReport, &Finding)> {
        self.steps.iter().flat_map(|step| {
            step.checks.iter().filter_map(move |check| check.finding.as_deref().map(|finding| (step, check, finding)))
        })
    }
}

/// A failure that was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct KnownFailure {
    /// Why it is expected.
    pub reason: String,
    /// The last day on which it is, as `YYYY-MM-DD`.
    pub expires: String,
}

/// A try of a cell that was followed by another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Try {
    /// What it came to.
    pub verdict: Verdict,
    /// Why, in one line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Its steps, in order.
    pub steps: Vec<StepReport>,
    /// Milliseconds that it took.
    pub duration_ms: u64,
}

/// An opportunity that a cell used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Opportunity {
    /// Position of the OrderItem.
    pub position: usize,
    /// The `@id` of the opportunity.
    pub id: String,
    /// The criteria that it was asked or picked for.
    pub criteria: String,
    /// Whether it is a control item.
    pub control: bool,
    /// The `@id` of the offer that was accepted.
    pub offer: String,
}

/// One step of a cell.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StepReport {
    /// The word of the step, such as `c1`.
    pub step: String,
    /// What it did, such as `C1` or `Orders feed after AttendeeAttendedSimulateAction`.
    pub title: String,
    /// What became of it.
    pub verdict: StepVerdict,
    /// Why it was not run, or what of it was not judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// Its checks, in order.
    pub checks: Checks,
    /// What is worth knowing and no failure.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<Remark>,
    /// The choices that the target has made in questions that the specifications leave open.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub choices: Vec<Choice>,
    /// Its exchanges, in order.
    pub exchanges: Vec<ExchangeId>,
    /// From where it watched feeds of Orders: the number of the last exchange before each watch.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub watched_from: Vec<ExchangeId>,
    /// Milliseconds that it took.
    pub duration_ms: u64,
}

/// A message after the title of its step, which it may begin with itself.
#[must_use]
pub fn titled(title: &str, message: &str) -> String {
    let last = title.rsplit(": ").next().unwrap_or(title);
    let begins = message.strip_prefix(last).is_some_and(|rest| rest.starts_with(' '));
    match title.strip_suffix(last).filter(|_| begins) {
        Some(before) => format!("{before}{message}"),
        None => format!("{title}: {message}"),
    }
}

/// A choice of the target in a question that the specifications leave open: it conforms either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Choice {
    /// The identifier of the question, by which `docs/open-questions.md` lists it.
    pub question: Cow<'static, str>,
    /// The question, in one line.
    pub title: Cow<'static, str>,
    /// The choice, in words.
    pub choice: String,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
}

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RemarkLevel {
    /// It should be otherwise: a SHOULD of the specification, or a MUST that the data model of today has relaxed.
    Warning,
    /// It would be better otherwise, or is worth knowing: a MAY.
    Suggestion,
}

impl RemarkLevel {
    /// How much the specification demands where it is about the specification.
    #[must_use]
    pub const fn grade(self) -> &'static str {
        match self {
            Self::Warning => "SHOULD",
            Self::Suggestion => "MAY",
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Suggestion => "suggestion",
        }
    }
}

/// What validation has to say of something that breaks no rule. It decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Remark {
    /// How much it matters.
    pub level: RemarkLevel,
    /// In words.
    pub message: String,
    /// Where, as a JSON path, with a star for every place in a list.
    pub path: String,
    /// The rule of validation, or the check that has it to say.
    pub rule: String,
    /// The type of the data model that it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<String>,
    /// The requirements that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub requirements: Vec<Cited>,
    /// How often.
    pub count: u64,
    /// Where it was seen first, when it is not the exchange: an item of a feed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub first: Option<String>,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
}

impl Remark {
    /// What it says, without the feed that it is about.
    #[must_use]
    pub fn general(&self) -> &str {
        match self.message.split_once(" feed: ") {
            Some((feed, general)) if !feed.contains(' ') => general,
            _ => &self.message,
        }
    }

    /// Whether another one says the same, elsewhere.
    #[must_use]
    pub fn key(&self) -> (RemarkLevel, &str, Option<&str>, &str) {
        (self.level, &self.rule, self.model.as_deref(), self.general())
    }
}

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

#[cfg(test)]
mod tests {
    use super::titled;

    #[test]
    fn a_title_is_not_said_twice() {
        assert_eq!(titled("B", "B failed with HTTP 500"), "B failed with HTTP 500");
        assert_eq!(titled("B", "Broker is missing"), "B: Broker is missing");
        assert_eq!(titled("At C1: C1", "C1 was not rejected"), "At C1: C1 was not rejected");
        assert_eq!(titled("C1", "`seller` is missing"), "C1: `seller` is missing");
    }
}
