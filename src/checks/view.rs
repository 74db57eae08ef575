//! The input of a check: a response, a watch on a feed or a look at one, with what the cell saw before it.

use jiff::Timestamp;
use serde_json::Value;

use crate::config::{Config, PaymentDetails};
use crate::opportunity::Clock;
use crate::results::{Defect, ExchangeId, Finding};
use crate::trace::{
    Asked, CapacityWatched, Exchanged, History, Looked, OpportunitySeen, Sight, StepProblem, Update, Wanted, Watched,
};
use crate::vocabulary::{ErrorName, Profile, Stage};

use super::asked::Check;
use super::outcome::Outcome;
use super::seen::Seen;
use super::value::brief;

/// The remaining capacity that the feeds must show of an opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// `@id` of the opportunity.
    pub id: String,
    /// Its remaining capacity.
    pub capacity: i64,
    /// The reason, as findings give it.
    pub why: String,
    /// `true` where the configured leasing features decide it.
    pub leasing: bool,
}

/// The input of a check in addition to the trace of the cell.
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
    /// The checks of the feature file that judge an exchange or a watch.
    pub(super) const fn asked(&self, asked: Asked) -> &'c [Check] {
        match asked {
            Asked::Nothing => &[],
            Asked::Expect => self.demands.expect,
            Asked::ExpectProposal => self.demands.expect_proposal,
        }
    }

    /// Whether capacity is leased at C1, and at C2: by the features that the configuration declares, and where it leaves that
    /// open, by whether the OrderQuote has a lease.
    pub(super) fn leasing(&self, history: &History) -> (bool, bool) {
        let of = |feature: &str, stage: Stage| {
            let declared = self.config.features.get(feature).copied().flatten();
            declared.unwrap_or_else(|| history.made.get(&stage).is_some_and(|made| made.lease_expires().is_some()))
        };
        (of("anonymous-leasing", Stage::C1), of("named-leasing", Stage::C2))
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

    /// `true` where the request had to succeed and did, by its status.
    pub(super) fn succeeded(&self) -> bool {
        matches!(&self.exchanged.wanted, Wanted::Success(statuses)
            if self.exchanged.reply.status.is_some_and(|status| statuses.contains(&status)))
    }

    /// `true` where the request must be rejected, with a named error or with errors of OrderItems.
    pub(super) const fn rejection(&self) -> bool {
        matches!(self.exchanged.wanted, Wanted::Error(_) | Wanted::ItemErrors)
    }

    /// `true` where any error may reject the request, and one did.
    pub(super) fn rejected_somehow(&self) -> bool {
        self.exchanged.wanted == Wanted::AnyError && self.exchanged.reply.status.is_some_and(|status| status >= 400)
    }

    /// `true` where the response is judged as a rejection: one was required, or any error was allowed and came.
    pub(super) fn as_rejection(&self) -> bool {
        self.rejection() || self.rejected_somehow()
    }

    /// The error with which the request must be rejected; `None` where any error will do, or none is required.
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

    /// Expects the item to have become `deleted`; `message` is that of the finding where it has not.
    pub(super) fn expect_deletion(&self, message: impl Into<String>) -> Outcome {
        if self.watched.opened.is_none() {
            return Outcome::absent();
        }
        match self.last().filter(|_| self.watched.met) {
            Some(update) => Outcome { exchanges: vec![update.exchange], ..Outcome::held() },
            None => {
                let exchange = self.last().map(|update| update.exchange);
                let finding = self.finding(message).expected("an item with state \"deleted\"", self.last_update());
                let finding = if exchange.is_some() { finding.path("state") } else { finding.defect(Defect::Late) };
                Outcome::broken(Finding { exchange, ..finding })
            }
        }
    }

    /// The last update of the item in the feed, or why there is none, as findings show it.
    pub(super) fn last_update(&self) -> String {
        match (self.last(), &self.watched.unreadable) {
            (Some(update), _) => display_update(update),
            (None, Some(unreadable)) => format!("no update of the item: {}", unreadable.reason),
            (None, None) => format!("no update of the item ({} pages read)", self.watched.pages),
        }
    }
}

/// A wait for capacity, as checks see it.
#[derive(Debug, Clone, Copy)]
pub struct CapacitySeen<'s> {
    /// The wait.
    pub watched: &'s CapacityWatched,
    /// The stage of the request that the wait follows; `Any` where there is none.
    pub stage: Stage,
    /// The capacity that is expected of the opportunity, and the one in the feed; `None` where the feeds could not be read.
    pub about: Option<(&'s Expected, &'s Sight)>,
    /// What the cell saw before.
    pub history: &'s History,
    /// The configuration and what else is given.
    pub context: &'s Context<'s>,
}

/// An update of a feed, short enough to be read in a finding.
pub(super) fn display_update(update: &Update) -> String {
    update.data.as_ref().map_or_else(|| update.shown(), brief)
}

/// Text as a JSON string, so that findings distinguish "3" from 3.
pub(super) fn quoted(text: &str) -> String {
    brief(&Value::from(text))
}

/// A number of OrderItems, in words.
pub(super) fn count_of_items(count: usize) -> String {
    format!("{count} OrderItem{}", if count == 1 { "" } else { "s" })
}

/// Entries of a list that a finding names.
const LISTED: usize = 3;

/// The first three entries of a list, and how many more there are; `none` for an empty list.
pub(super) fn listed(entries: &[&str]) -> String {
    let more = entries.len().saturating_sub(LISTED);
    let first = entries.iter().take(LISTED).map(|entry| quoted(entry)).collect::<Vec<_>>().join(", ");
    match (entries.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (_, 0) => first,
        (_, more) => format!("{first} and {more} more"),
    }
}

/// Adds the exchange to a finding, where there is one.
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

/// The finding about a problem that kept a step from its request.
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
        cut: problem.cut,
        // A place in a document has a wrong value; without one, nothing came.
        defect: if problem.cut && problem.path.is_none() { Defect::Late.name().to_owned() } else { String::new() },
        ..Finding::default()
    }
}
