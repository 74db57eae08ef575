//! Steps of tests and their expected outcomes.

use std::fmt::Debug;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::checks::Check;
use crate::document::{Fields, Problems};
use crate::vocabulary::{Action, CapacityChange, ErrorName, FeedName, Flow, Profile, Stage};

use super::driver::Driver;
use super::template::Template;

/// What a step does: one type for each kind of step.
pub trait Act: Debug + Send + Sync {
    /// The key by which a feature file names it.
    fn keyword(&self) -> &'static str;

    /// Its title in reports: the request with its variant, or a noun phrase.
    fn title(&self) -> String;

    /// The step in one line, as an imperative, for `oa-test explain`. `rejected`: its request must be rejected.
    fn sentence(&self, rejected: bool) -> String;

    /// The stage that its first response, or what it looks at, belongs to. `None` where that depends.
    fn stage(&self) -> Option<Stage>;

    /// Every stage of its responses, and of what it waits for whatever the feature file says, in tests of these booking flows
    /// (none: all). `rejected`: its request must be rejected.
    fn stages(&self, _flows: &[Flow], _rejected: bool) -> Vec<Stage> {
        self.stage().into_iter().filter(|stage| *stage != Stage::Any).collect()
    }

    /// The requirements that it covers by being what it is.
    fn implied(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The keywords of steps of which one must stand before it in its part; empty where it needs none.
    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether, and how, its effect shows in a feed of Orders.
    fn effect(&self) -> FeedEffect {
        FeedEffect::Nowhere
    }

    /// Whether it brings the opportunities of its part.
    fn source(&self) -> OpportunityOrigin {
        OpportunityOrigin::Nothing
    }

    /// The simulate actions that it makes in a booking flow. `rejected`: its request must be rejected.
    fn actions(&self, _flow: Flow, _rejected: bool) -> Vec<Action> {
        Vec::new()
    }

    /// `true` when its checks need secrets, which no record contains.
    fn rests_on_secrets(&self) -> bool {
        false
    }

    /// Whether the provider may revoke every token of the Booking Partner because of it, as RFC 6749, 4.1.2 allows. Its test
    /// runs last and alone.
    fn may_revoke_tokens(&self) -> bool {
        false
    }

    /// The act as `oa-test list --format json` has it.
    fn to_json(&self) -> Value {
        json!(self.keyword())
    }

    /// Runs the step. `true` when the steps that depend on it can run.
    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool>;
}

/// Whether, and how, the effect of a step shows in a feed of Orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedEffect {
    /// It does not: `await` is not allowed.
    Nowhere,
    /// It does: `expect` is about the item of the feed that `await` names.
    Shown,
    /// As `Shown`; there may be none, too: `quiet` is allowed.
    ShownOrQuiet,
    /// It does; without `await`, `expect` is about the response.
    ShownAfterResponse,
}

impl FeedEffect {
    /// Whether `await` is allowed.
    #[must_use]
    pub fn may_be_awaited(self) -> bool {
        self != Self::Nowhere
    }

    /// Whether `quiet` is allowed.
    #[must_use]
    pub fn may_be_quiet(self) -> bool {
        self == Self::ShownOrQuiet
    }

    /// Whether `expect` can only be about the item that `await` brings.
    #[must_use]
    pub const fn needs_await(self) -> bool {
        matches!(self, Self::Shown | Self::ShownOrQuiet)
    }
}

/// Whether a step brings the opportunities of its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpportunityOrigin {
    /// It does not.
    Nothing,
    /// It creates them, or takes those that were picked for the cell, by the criteria of the test.
    Fetched,
    /// It finds them in the feeds; the test has no criteria.
    Found,
}

/// One step of a test and its expected outcome.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// Its act.
    #[serde(serialize_with = "as_json")]
    pub act: Arc<dyn Act>,
    /// The error that its request must be rejected with; `None` when the request must succeed.
    pub fails: Option<ErrorName>,
    /// The feed whose update it awaits.
    pub awaits: Option<FeedName>,
    /// `true` when it awaits the deletion of the item in that feed.
    pub deleted: bool,
    /// The feed that must not publish an update.
    pub quiet: Option<FeedName>,
    /// The checks of the response, or of the item in the awaited feed.
    pub expect: Vec<Check>,
    /// The checks of the P response, where `expect` is about the B response.
    pub expect_proposal: Vec<Check>,
    /// The expected effect on the remaining capacity.
    pub capacity: Option<CapacityChange>,
    /// The only profile that it belongs to; `None` when it belongs to both.
    pub profile: Option<Profile>,
    /// The section of the specification that justifies it, where it is not the feature's own.
    pub spec: Option<String>,
    /// The requirements that the step covers in this test, besides those of its rows.
    pub covers: Vec<String>,
    /// The requirements that it violates in this test where it does not come to what it must, the most specific first.
    pub violates: Vec<String>,
}

fn as_json<S: Serializer>(act: &Arc<dyn Act>, serializer: S) -> Result<S::Ok, S::Error> {
    act.to_json().serialize(serializer)
}

impl Step {
    /// A step without anything special about it.
    #[must_use]
    pub const fn plain(act: Arc<dyn Act>) -> Self {
        Self {
            act,
            fails: None,
            awaits: None,
            deleted: false,
            quiet: None,
            expect: Vec::new(),
            expect_proposal: Vec::new(),
            capacity: None,
            profile: None,
            spec: None,
            covers: Vec::new(),
            violates: Vec::new(),
        }
    }

    /// Whether it takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }

    /// The step and its expected outcome in one line, for `oa-test explain`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut words = self.act.sentence(self.fails.is_some());
        if let Some(error) = self.fails {
            words.push_str(&format!("; expect {error} (HTTP {})", error.status()));
        }
        if let Some(feed) = self.awaits {
            let item = if self.deleted { "deletion" } else { "update" };
            words.push_str(&format!("; await the {} {item}", feed.title()));
        }
        if let Some(feed) = self.quiet {
            words.push_str(&format!("; expect no {} update", feed.title()));
        }
        words.push_str(match self.capacity {
            None => "",
            Some(CapacityChange::Unchanged) => "; expect unchanged capacity",
            Some(CapacityChange::GivenBack) => "; expect the capacity of the cancelled OrderItems to be released",
            Some(CapacityChange::Restored) => "; expect the capacity that was there before the Order",
        });
        words
    }

    /// Every stage of its responses, and of what it waits for, in tests of these booking flows (none: all).
    #[must_use]
    pub fn stages(&self, flows: &[Flow]) -> Vec<Stage> {
        let mut stages = self.act.stages(flows, self.fails.is_some());
        stages.extend([self.awaits, self.quiet].into_iter().flatten().map(FeedName::stage));
        stages
    }

    /// The simulate actions that it makes in a booking flow.
    #[must_use]
    pub fn actions(&self, flow: Flow) -> Vec<Action> {
        self.act.actions(flow, self.fails.is_some())
    }
}

/// Reads the act of a step: its value, and the further keys of the object that it stands in.
pub type Reader = fn(&Fields<'_>, &Problems) -> Option<Arc<dyn Act>>;

/// A key of a feature file with the JSON Schema of its value.
pub type StepKey = (&'static str, fn() -> Value);

/// A kind of step: how feature files write it, and how it is read.
#[derive(Debug)]
pub struct Kind {
    keyword: &'static str,
    summary: &'static str,
    alone: Option<fn() -> Arc<dyn Act>>,
    value: Option<(Reader, fn() -> Value)>,
    keys: &'static [StepKey],
}

impl Kind {
    /// A kind without a value: the keyword stands alone.
    #[must_use]
    pub const fn plain(keyword: &'static str, summary: &'static str, alone: fn() -> Arc<dyn Act>) -> Self {
        Self { keyword, summary, alone: Some(alone), value: None, keys: &[] }
    }

    /// A kind that needs a value, which has this JSON Schema.
    #[must_use]
    pub const fn valued(keyword: &'static str, summary: &'static str, read: Reader, schema: fn() -> Value) -> Self {
        Self { keyword, summary, alone: None, value: Some((read, schema)), keys: &[] }
    }

    /// The keyword may stand alone, too.
    #[must_use]
    pub const fn or_alone(self, alone: fn() -> Arc<dyn Act>) -> Self {
        Self { alone: Some(alone), ..self }
    }

    /// Further keys beside the keyword.
    #[must_use]
    pub const fn with_keys(self, keys: &'static [StepKey]) -> Self {
        Self { keys, ..self }
    }

    /// The key by which feature files name it.
    #[must_use]
    pub const fn keyword(&self) -> &'static str {
        self.keyword
    }

    /// What it does, in one line.
    #[must_use]
    pub const fn summary(&self) -> &'static str {
        self.summary
    }

    /// The act of a keyword that stands alone; `None` where it needs a value.
    #[must_use]
    pub fn alone(&self) -> Option<Arc<dyn Act>> {
        self.alone.map(|alone| alone())
    }

    /// The JSON Schema of its value.
    #[must_use]
    pub fn schema(&self) -> Value {
        self.value.map_or_else(|| json!({ "const": Template::Standard }), |(_, schema)| schema())
    }

    /// Further keys beside the keyword.
    #[must_use]
    pub const fn keys(&self) -> &'static [StepKey] {
        self.keys
    }

    /// Reads the act from an object that has the keyword among its keys.
    pub fn read(&self, fields: &Fields<'_>, problems: &Problems) -> Option<Arc<dyn Act>> {
        match self.value {
            Some((read, _)) => read(fields, problems),
            // It takes no value: `dataset-site: standard`.
            None => {
                let _: Template = fields.name_at(fields.need(self.keyword)?)?;
                self.alone()
            }
        }
    }
}
