//! What became of one cell.

use std::borrow::Cow;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::checks::Checks;
use super::exchange::ExchangeId;
use super::finding::{CheckReport, Cited, Finding};
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
