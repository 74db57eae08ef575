//! What steps act through: the requests, waits and memory of the cell that runs them.

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::checks::{Check, Row};
use crate::client::auth::{Access, AuthFailure};
use crate::client::feed::{OpportunityFeeds, OrderWatch, Patience};
use crate::results::{ExchangeId, Opportunity, Shortage};
use crate::trace::{At, Awaited, CapacityRule, Event, Fact, History, Lack, StepProblem};
use crate::vocabulary::{CriteriaName, FeedName, Profile, Stage};

use super::call::{Call, UnjudgedExchange};
use super::facts::Facts;
use super::kept::Kept;
use super::partner::PartnerName;

/// The checks that a feature file asks for at a step: those under `expect`, and under `expect-proposal`.
pub type Demanded = Arc<(Vec<Check>, Vec<Check>)>;

/// The opportunities of a cell in random mode.
#[derive(Debug)]
pub enum Picked {
    /// Their `@id`s, fetch after fetch.
    Opportunities(Vec<String>),
    /// There are none for it; what the whole run lacks.
    Nothing(Vec<Shortage>),
}

/// What steps act through: the requests, waits and memory of the cell that runs them.
pub trait Driver: Send + Sync {
    /// What is known of cell and run.
    fn facts(&self) -> Arc<Facts>;

    /// The instant at which the step acts; in a replay, the one at which it acted.
    fn now(&self) -> Timestamp;

    /// The Booking Partner who acts.
    fn partner(&self) -> PartnerName;

    /// The credentials of the configuration, and the OpenID provider.
    fn access(&self) -> Access;

    /// The opportunity feeds.
    fn feeds(&self) -> Arc<OpportunityFeeds>;

    /// What the cells of the run have learned about waits.
    fn patience(&self) -> Arc<Patience>;

    /// The opportunities of the cell in random mode.
    fn picked(&self) -> Picked;

    /// What the part has seen of its Order.
    fn history(&self) -> &History;

    /// What steps keep for those after them.
    fn kept(&self) -> &Kept;

    /// What steps keep for those after them, to change it.
    fn kept_mut(&mut self) -> &mut Kept;

    /// Begins a step of the report.
    fn begin(&mut self, keyword: &'static str, title: &str, stage: Option<Stage>);

    /// Reports what the step waits for.
    fn waits_for(&mut self, what: &str);

    /// Ends the step. Whether what builds on it can go on.
    fn end(&mut self) -> bool;

    /// Notes a step that is not made, since what it builds on is missing.
    fn skip(&mut self, keyword: &'static str, title: &str);

    /// Notes an opportunity that is requested, for the report.
    fn uses(&mut self, opportunity: Opportunity);

    /// Notes the offer of an opportunity that met criteria, to see whether chance makes some of them free.
    fn notes_offer(&mut self, criteria: CriteriaName, offer: &Value);

    /// Notes that the OrderProposal of the part was rejected: there is nothing to release.
    fn proposal_rejected(&mut self);

    /// Puts other checks of the feature file in force. Returns those before.
    fn demand(&mut self, demanded: Demanded) -> Demanded;

    /// Makes a request, which is judged later.
    fn call(&mut self, call: Call) -> BoxFuture<'_, UnjudgedExchange>;

    /// Makes requests at the same time, which are judged later.
    fn call_all(&mut self, calls: Vec<Call>) -> BoxFuture<'_, Vec<UnjudgedExchange>>;

    /// Judges the response to a request. Whether what builds on the step can go on.
    fn judge(&mut self, called: UnjudgedExchange) -> bool;

    /// Waits for a capacity in the opportunity feeds. `after` names in findings what it comes after; `profile` is the only one
    /// that it belongs to. Whether what builds on the step can go on.
    fn capacity<'d>(&'d mut self, rule: CapacityRule, after: &'d str, profile: Option<Profile>) -> BoxFuture<'d, bool>;

    /// Opens a watch on the Order of the part, before something that should show in a feed. `None` where the feed cannot be
    /// read.
    fn watch(&mut self, feed: FeedName) -> BoxFuture<'_, Option<OrderWatch>>;

    /// Waits for an update of a feed. `cause` names in findings what should bring it, `sent` is its exchange. Whether what
    /// builds on the step can go on.
    fn awaits<'d>(
        &'d mut self,
        watch: (FeedName, &'d mut OrderWatch),
        awaited: Awaited,
        cause: &'d str,
        sent: Option<ExchangeId>,
        spec: &'d str,
    ) -> BoxFuture<'d, bool>;

    /// Reads a feed of the Booking Partner who acts to its end, and sees whether it has ever shown the Order of the part.
    fn absent_from(&mut self, feed: FeedName) -> BoxFuture<'_, bool>;

    /// Judges an event, and remembers it. Whether what builds on the step can go on.
    fn see(&mut self, event: Event) -> bool;

    /// Remembers an event that no check judges.
    fn remember(&mut self, event: Event);
}

impl dyn Driver + '_ {
    /// Makes a request, and judges its response. Whether it came to what it must, and what builds on it can go on.
    pub async fn request(&mut self, call: Call) -> bool {
        let called = self.call(call).await;
        self.judge(called)
    }

    /// What is judged from now on belongs to another stage; `None`: to any.
    pub fn at(&mut self, stage: Option<Stage>) {
        self.see(Event::At(At { stage }));
    }

    /// Judges an observation of authentication by a check.
    pub fn fact(&mut self, check: &Row, observed: Value, spec: &str, exchange: Option<ExchangeId>) -> bool {
        let (check, spec) = (check.id.to_owned(), spec.to_owned());
        self.see(Event::Fact(Box::new(Fact { check, observed, problem: None, spec, exchange })))
    }

    /// Judges something that was tried by a check; its value, where it went well.
    pub fn attempt<T>(&mut self, check: &Row, outcome: Result<T, AuthFailure>, spec: &str) -> Option<T> {
        let (value, problem) = match outcome {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(problem_of(&failure, spec))),
        };
        let (check, spec) = (check.id.to_owned(), spec.to_owned());
        let fact = Fact { check, observed: Value::Null, problem, spec, exchange: None };
        self.see(Event::Fact(Box::new(fact)));
        value
    }

    /// Notes that something about authentication cannot be judged.
    pub fn unknown(&mut self, check: &Row, reason: String, spec: &str, exchange: Option<ExchangeId>) {
        let failure = AuthFailure::new(reason).at(exchange).blocking();
        self.attempt::<()>(check, Err(failure), spec);
    }

    /// Ends a step for want of something that an earlier step should have brought.
    pub fn lacks(&mut self, what: &str) -> bool {
        self.see(Event::Lack(Lack { what: what.to_owned(), problem: None }));
        self.end()
    }

    /// Notes that a wait was cut short, at the stage at which it would be judged.
    pub fn cut_short(&mut self, stage: Stage, problem: StepProblem) -> bool {
        self.at(Some(stage));
        let what = "the end of the wait".to_owned();
        self.see(Event::Lack(Lack { what, problem: Some(StepProblem { blocks: true, cut: true, ..problem }) }))
    }

    /// Notes why something that the step needs is not there.
    pub fn lacks_because(&mut self, what: &str, problem: StepProblem) -> bool {
        self.see(Event::Lack(Lack { what: what.to_owned(), problem: Some(problem) }))
    }
}

/// What went wrong with the OpenID provider, for the trace.
fn problem_of(failure: &AuthFailure, spec: &str) -> StepProblem {
    StepProblem {
        message: failure.message.clone(),
        difference: failure.difference.as_deref().cloned(),
        path: failure.path.clone(),
        spec: Some(spec.to_owned()),
        hint: failure.hint.clone(),
        exchange: failure.exchange,
        blocks: failure.blocks,
        cut: false,
    }
}
