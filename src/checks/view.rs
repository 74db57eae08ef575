//! What a check looks at: a response, a wait or a look, with what the cell saw before it.

use jiff::Timestamp;
use serde_json::Value;

use crate::config::{Config, PaymentDetails};
use crate::opportunity::Clock;
use crate::results::{ExchangeId, Finding};
use crate::trace::{
    Asked, CapacityWatched, Exchanged, History, Looked, OpportunitySeen, Sight, StepProblem, Update, Wanted, Watched,
};
use crate::vocabulary::{ErrorName, Profile, Stage};

use super::asked::Check;
use super::outcome::Outcome;
use super::seen::Seen;

/// The capacity that an opportunity must come to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// `@id` of the opportunity.
    pub id: String,
    /// Its remaining capacity.
    pub capacity: i64,
    /// Why so much.
    pub why: String,
    /// Whether leasing decides it.
    pub leasing: bool,
}

/// What a check may look at besides what the cell saw.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The configuration of the run.
    pub config: &'c Config,
    /// The profile of the run.
    pub profile: Profile,
    /// The base URL of the Open Booking API.
    pub base: &'c str,
    /// The reconciliation details of the Seller, which `payment` must reflect.
    pub payment: Option<&'c PaymentDetails>,
    /// The moment at which the check is made.
    pub now: Timestamp,
    /// The instants by which criteria are judged.
    pub clock: Clock,
    /// The section of the specification that the step belongs to.
    pub spec: &'c str,
    /// The checks that the feature file asks for.
    pub demands: Demands<'c>,
}

/// The checks that a feature file asks for at a step.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demands<'c> {
    /// Those under `expect`.
    pub expect: &'c [Check],
    /// Those under `expect-proposal`.
    pub expect_proposal: &'c [Check],
}

impl<'c> Context<'c> {
    /// The checks that judge something.
    pub(super) const fn asked(&self, asked: Asked) -> &'c [Check] {
        match asked {
            Asked::Nothing => &[],
            Asked::Expect => self.demands.expect,
            Asked::ExpectProposal => self.demands.expect_proposal,
        }
    }

    /// Whether capacity is leased at C1, and at C2, by the features that the configuration declares.
    pub(super) fn leasing(&self) -> (bool, bool) {
        (self.config.implements("anonymous-leasing"), self.config.implements("named-leasing"))
    }

    /// Whether the run is a strict one.
    pub(super) fn strict(&self) -> bool {
        self.profile == Profile::Strict
    }
}

impl<'s> Seen<'s> {
    /// A document at a stage. `sent` is the request that it responds to.
    #[must_use]
    pub fn new(
        stage: Stage,
        body: &'s Value,
        sent: Option<&'s Value>,
        history: &'s History,
        context: Context<'s>,
    ) -> Self {
        Self {
            stage,
            body,
            request: history.proposed.as_ref().filter(|_| stage == Stage::B).or(sent),
            sent,
            items: &history.items,
            first: history.proposal.as_ref().or(history.booked.as_ref()),
            booked: history.booked.as_ref(),
            proposal: history.proposal.as_ref(),
            c1: history.c1.as_ref(),
            before: history.shown.as_ref(),
            latest_version: history.latest_version.as_deref(),
            cancelled: &history.cancelled,
            ended: &history.ended,
            replaced: history.changed,
            customer: &history.customer,
            uuid: &history.uuid,
            base: context.base,
            payment: context.payment,
            config: context.config,
            now: context.now,
            profile: context.profile,
            spec: context.spec,
        }
    }
}

/// A response as checks see it.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'s> {
    /// The request and its response.
    pub exchanged: &'s Exchanged,
    /// The body, with what the cell saw before.
    pub seen: Seen<'s>,
    /// What the cell saw before.
    pub history: &'s History,
    /// The configuration and what else is given.
    pub context: &'s Context<'s>,
}

impl Answered<'_> {
    /// A finding about the response.
    pub(super) fn finding(&self, message: impl Into<String>) -> Finding {
        self.with(Finding::new(message).spec(&self.exchanged.spec))
    }

    /// A finding with the exchange of the response.
    pub(super) fn with(&self, finding: Finding) -> Finding {
        with(finding, self.exchanged.reply.exchange)
    }

    /// Whether the request succeeded, as it must.
    pub(super) fn succeeded(&self) -> bool {
        matches!(&self.exchanged.wanted, Wanted::Success(statuses)
            if self.exchanged.reply.status.is_some_and(|status| statuses.contains(&status)))
    }

    /// Whether the request must be rejected, with an error or errors of OrderItems.
    pub(super) const fn rejection(&self) -> bool {
        matches!(self.exchanged.wanted, Wanted::Error(_) | Wanted::ItemErrors)
    }

    /// The error with which it must be rejected.
    pub(super) const fn error(&self) -> Option<ErrorName> {
        match self.exchanged.wanted {
            Wanted::Error(error) => Some(error),
            _ => None,
        }
    }
}

/// A wait for an Order in a feed, as checks see it.
#[derive(Debug, Clone, Copy)]
pub struct Awaiting<'s> {
    /// The wait.
    pub watched: &'s Watched,
    /// What the cell saw before.
    pub history: &'s History,
    /// The configuration and what else is given.
    pub context: &'s Context<'s>,
    /// The checks that the feature file asks for.
    pub asked: &'s [Check],
}

impl Awaiting<'_> {
    /// The last update that was seen.
    pub(super) fn last(&self) -> Option<&Update> {
        self.watched.seen.last()
    }

    /// A finding about the feed, with the exchange of the last update.
    pub(super) fn finding(&self, message: impl Into<String>) -> Finding {
        let exchange = self.last().map(|update| update.exchange).or(self.watched.sent);
        with(Finding::new(message).spec(&self.watched.spec), exchange)
    }

    /// Whether the item became `deleted`; `message` says what is wrong where it did not.
    pub(super) fn deletion(&self, message: impl Into<String>) -> Outcome {
        if self.watched.opened.is_none() {
            return Outcome::absent();
        }
        match self.last().filter(|_| self.watched.met) {
            Some(update) => Outcome { exchanges: vec![update.exchange], ..Outcome::held() },
            None => Outcome::broken(Finding {
                exchange: self.last().map(|update| update.exchange),
                ..self.finding(message).expected("an item with state \"deleted\"", self.shown()).path("state")
            }),
        }
    }

    /// What the feed showed last, in words.
    pub(super) fn shown(&self) -> String {
        match (self.last(), &self.watched.unreadable) {
            (Some(update), _) => update.shown(),
            (None, Some(unreadable)) => format!("no update: the feed could not be read ({})", unreadable.reason),
            (None, None) => format!("no update of it ({} pages of the feed were read)", self.watched.pages),
        }
    }
}

/// A wait for capacity, as checks see it.
#[derive(Debug, Clone, Copy)]
pub struct CapacitySeen<'s> {
    /// The wait.
    pub watched: &'s CapacityWatched,
    /// What was expected of the opportunity, and what was seen; `None` where the feeds could not be read.
    pub about: Option<(&'s Expected, &'s Sight)>,
}

/// A finding with its exchange, if there was one.
pub(super) const fn with(mut finding: Finding, exchange: Option<ExchangeId>) -> Finding {
    if exchange.is_some() {
        finding.exchange = exchange;
    }
    finding
}

/// A look for opportunities, as checks see it: one of the opportunities.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'s> {
    /// The look.
    pub looked: &'s Looked,
    /// The opportunity; `None` where none was found.
    pub opportunity: Option<&'s OpportunitySeen>,
    /// What the cell saw before.
    pub history: &'s History,
    /// The configuration and what else is given.
    pub context: &'s Context<'s>,
}

impl Looking<'_> {
    /// A finding about the opportunity.
    pub(super) fn finding(&self, message: impl Into<String>) -> Finding {
        let exchange = self.opportunity.and_then(|opportunity| opportunity.exchange).or(self.looked.exchange);
        with(Finding::new(message).spec(&self.looked.spec), exchange)
    }
}

/// The finding about what went wrong before there was anything to judge.
pub(super) fn problem_of(problem: &StepProblem) -> Finding {
    let (expected, found) = problem.difference.clone().unzip();
    Finding {
        message: problem.message.clone(),
        expected,
        found,
        path: problem.path.clone(),
        spec: problem.spec.clone(),
        hint: problem.hint.clone(),
        exchange: problem.exchange,
        ..Finding::default()
    }
}
