//! What a cell did and saw, event by event.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::results::ExchangeId;
use crate::vocabulary::{
    Action, CapacityChange, ConfigurationRule, CriteriaName, ErrorName, FeedName, Flow, OpportunityType, Profile,
    Situation, Stage,
};

use super::{OrderItem, Reply};

/// Something that a cell did or saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A part of the test began, with an Order of its own.
    Part(PartBegun),
    /// A step began.
    Step(StepBegun),
    /// The part goes on with another Order or customer.
    Order(Identity),
    /// The opportunities of the part were left, to get others.
    Left,
    /// OrderItems take the place of those before.
    Items(Items),
    /// Prices are left to Broker and Seller from now on.
    Dynamic,
    /// The booking of another customer interrupts the part: what follows is about an Order of its own.
    Rival(Identity),
    /// The part goes on after the booking of another customer.
    RivalEnded,
    /// A request, and what came of it.
    Exchange(Box<Exchanged>),
    /// A wait for an Order in one of its feeds, and what came of it.
    Watch(Box<Watched>),
    /// A wait for capacity in the opportunity feeds, and what came of it.
    Capacity(Box<CapacityWatched>),
    /// A look for opportunities in their feeds, and what came of it.
    Look(Box<Looked>),
    /// A rule of the configuration that a step is about.
    Configuration(Configured),
    /// An observation of authentication.
    Fact(Box<Fact>),
    /// Something that a step needs was not there.
    Lack(Lack),
    /// The target need not have what the step is about, and has not: there is nothing to judge.
    Nothing(Nothing),
    /// Stage of the events from now on; `None`: any stage.
    At(At),
    /// Exchanges of authentication, which later events may rest on.
    Exchanges(ExchangeNumbers),
    /// A step was not made, because of an earlier one.
    Skipped(Skipped),
    /// The step ended.
    End(End),
}

/// A stage.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct At {
    /// The stage; `None`: any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<Stage>,
}

/// Exchanges by their numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExchangeNumbers {
    /// Their numbers, in order.
    pub exchanges: Vec<ExchangeId>,
}

/// A step that was not made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Skipped {
    /// The keyword of the step.
    pub keyword: String,
    /// Its title.
    pub title: String,
}

/// The identity of an Order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Identity {
    /// Its UUID.
    pub uuid: String,
    /// Its customer.
    pub customer: Value,
}

/// A part of a test begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartBegun {
    /// Its name, where there are several.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// Its Order.
    pub order: Identity,
    /// Whether the UUID is that of the part before.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub same_uuid: bool,
    /// The key of the Seller of the Order in the configuration.
    pub seller: String,
}

/// A step begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepBegun {
    /// The keyword of the step.
    pub keyword: String,
    /// Its title.
    pub title: String,
    /// The number of the step among those of the test, from 0, part after part. `None`: no step of the test.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<usize>,
    /// The stage that it is about; `None`: any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<Stage>,
}

/// A step ends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct End {
    /// Milliseconds that it took.
    pub duration_ms: u64,
    /// Why it could not be ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cut: Option<String>,
}

/// OrderItems that are requested from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Items {
    /// In the order of their positions.
    pub items: Vec<OrderItem>,
    /// Where their opportunities were just found in the feeds, so that their capacity is known: how many were needed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub needed: Option<usize>,
}

/// There is nothing to judge.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Nothing {
    /// Why.
    pub reason: String,
}

/// Something that a step needs was not there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lack {
    /// What, such as `OrderProposal`.
    pub what: String,
    /// Why, where an earlier step is not the reason.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub problem: Option<StepProblem>,
}

/// Purpose of a request: it decides which checks judge the response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// C1 or C2, by the stage.
    Quote,
    /// C1 or C2 for many of each opportunity.
    Batch(Batch),
    /// P.
    Proposal,
    /// B without P.
    Order,
    /// B after P.
    OrderAfterProposal,
    /// B at the same time as others for the same opportunities.
    Simultaneous,
    /// C1, C2, P or B as before.
    Repetition,
    /// Cancellation by the customer of the OrderItems with these `@id`s.
    Cancellation(Vec<String>),
    /// Rejection of an OrderProposal by the customer.
    Rejection,
    /// Order Deletion or OrderQuote Deletion, by the stage.
    Deletion,
    /// Order Status.
    Status,
    /// Order Status while there is an OrderQuote or OrderProposal only: its `@type`.
    EarlyStatus(String),
    /// A simulate action.
    Action(Action),
    /// Creation of an opportunity of this `@type` by the Test Interface.
    Creation(String),
    /// Creation of an opportunity that cannot be.
    ImpossibleCreation(CriteriaName),
    /// The dataset site.
    DatasetSite,
    /// The first page of a feed of Orders, for somebody who may not see it.
    ForbiddenFeed,
    /// A request with wrong credentials, which must be rejected with one of these HTTP statuses.
    WrongCredentials(Vec<u16>),
    /// A page of the Orders feed.
    FeedPage,
    /// Anything else.
    Other,
}

/// An OrderQuote for many of each opportunity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The remaining capacity that every OrderItem must show.
    pub shows: i64,
    /// OrderItems of each opportunity by their errors: without, reserved by lease, with insufficient capacity. `None` where
    /// any error may do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub errors: Option<(usize, usize, usize)>,
}

/// Expected outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// Success, with one of these HTTP statuses. The first one is named in findings.
    Success(Vec<u16>),
    /// Rejection with this error.
    Error(ErrorName),
    /// Rejection with errors of OrderItems.
    ItemErrors,
    /// Rejection with any error.
    AnyError,
    /// Any response.
    Response,
}

/// A request, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exchanged {
    /// The stage.
    pub stage: Stage,
    /// Name of the request in findings, such as `C1`.
    pub what: String,
    /// Its purpose.
    pub purpose: Purpose,
    /// Its expected outcome.
    pub wanted: Wanted,
    /// The body of a response that says that the request succeeded.
    #[serde(default)]
    pub body: Body,
    /// The section of the specification.
    pub spec: String,
    /// Hint if credentials are rejected.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub credentials: String,
    /// Hint for any other error response.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// `true` if a wrong response is not itself tested, but blocks the test.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub prepares: bool,
    /// Which checks that the feature file asks for judge the response.
    #[serde(skip_serializing_if = "Asked::is_nothing", default)]
    pub asked: Asked,
    /// Capacity in the feed of opportunities that should be full, so that leases may explain the response.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub leased: Option<Leased>,
    /// The path below the base URL of the Open Booking API.
    #[serde(default)]
    pub path: String,
    /// The request body.
    #[serde(skip)]
    pub sent: Option<Value>,
    /// The response.
    pub reply: Reply,
}

/// The body that a response must have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// None is needed.
    #[default]
    None,
    /// A JSON object.
    Object,
    /// An Order, OrderQuote or OrderProposal.
    Document,
}

/// Which checks that a feature file asks for judge something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// None.
    #[default]
    Nothing,
    /// Those under `expect`.
    Expect,
    /// Those under `expect-proposal`.
    ExpectProposal,
}

impl Asked {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

/// Opportunities that were picked as full, and are not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leased {
    /// Those that a lease holds, by the response.
    pub leased: Vec<String>,
    /// Those of which the feeds show remaining capacity again.
    pub free: Vec<String>,
}

/// Expected state of an item of the Orders or OrderProposals feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// An update that satisfies what the feature file asks for.
    Update,
    /// An update that shows that the Seller accepted.
    Acceptance,
    /// The item becomes `deleted`.
    Deletion,
    /// An OrderProposal that was booked leaves its feed; `true`: as `deleted`, `false`: by any update.
    EndOfProposal(bool),
    /// No update.
    Nothing,
    /// The Order of another Booking Partner is not in the feed.
    Absence,
    /// An OrderQuote, or an Order or OrderProposal before its first update, is not in the feed.
    AbsenceOfNew,
    /// After a while, the feed still has the deleted Order for readers from the first page.
    Retention,
}

/// A wait for an Order in one of its feeds, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Watched {
    /// The feed.
    pub feed: FeedName,
    /// The expected state.
    pub awaited: Awaited,
    /// The action that should cause it, as findings name it.
    pub cause: String,
    /// The exchange of that action.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent: Option<ExchangeId>,
    /// The section of the specification.
    pub spec: String,
    /// The number of the last exchange before the watch was opened.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub opened: Option<ExchangeId>,
    /// Every update that was seen, in order. The last one is what was waited for, if `met`.
    pub seen: Vec<Update>,
    /// Whether the wait was over by what came.
    pub met: bool,
    /// Pages of the feed that were read, in all.
    #[serde(default)]
    pub pages: u64,
    /// Why the feed could not be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unreadable: Option<Unreadable>,
}

impl Watched {
    /// The stage of the feed.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.feed.stage()
    }
}

/// Why a feed could not be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unreadable {
    /// In words.
    pub reason: String,
    /// Whether the feed responds, and with something that is no page.
    pub responds: bool,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Hint for the next look.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
}

/// One update of an Order, as its feed showed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Update {
    /// The exchange that brought it.
    pub exchange: ExchangeId,
    /// `id` of the item.
    pub id: String,
    /// `modified` of the item.
    pub modified: String,
    /// `kind` of the item.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kind: Option<String>,
    /// `data`; `None` where the item is deleted. In a saved trace, it stands in the record of the exchange.
    #[serde(skip)]
    pub data: Option<Value>,
    /// `data` as it was sent.
    #[serde(skip)]
    pub text: Option<std::sync::Arc<str>>,
    /// Whether the page that brought it starts with a byte order mark.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub marked: bool,
}

/// Which capacity the opportunity feeds must come to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CapacityRule {
    /// Capacity after an OrderQuote or booking that succeeded, by the leasing features.
    Requested,
    /// Capacity after a repeated booking.
    Repeated,
    /// Capacity before the Order, for all of its opportunities: the request was rejected.
    Rejected,
    /// Current capacity.
    Unchanged,
    /// Current capacity: the OrderProposal retains the lease of its OrderQuote. `true`: after the lease expired.
    Held(bool),
    /// Capacity when the opportunities were found.
    Restored,
    /// Capacity before, for opportunities that are no longer in the OrderQuote.
    Amended,
    /// Capacity after a cancellation or deletion.
    Changed(CapacityChange),
    /// This capacity, for each of these opportunities.
    Exactly(i64, Vec<String>),
    /// Any result: the state is unknown from here on.
    Unknown,
}

/// A wait for capacity in the opportunity feeds, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CapacityWatched {
    /// Which capacity was waited for.
    pub rule: CapacityRule,
    /// The preceding action, as findings name it.
    pub after: String,
    /// The stage; `None`: that of the step.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<Stage>,
    /// The only profile that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub profile: Option<Profile>,
    /// Capacity of each opportunity in the feeds.
    pub sights: Vec<Sight>,
    /// Why the feeds could not be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unreadable: Option<String>,
}

/// Capacity of an opportunity in the feeds at the end of a wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sight {
    /// `@id` of the opportunity.
    pub id: String,
    /// Its remaining capacity, if it has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub capacity: Option<i64>,
    /// The property that has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub property: Option<String>,
    /// The exchange that showed it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Why nothing is known of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing: Option<String>,
}

impl Event {
    /// The exchange that an event rests on last, if any.
    #[must_use]
    pub fn exchange(&self) -> Option<ExchangeId> {
        match self {
            Self::Exchange(exchanged) => exchanged.reply.exchange,
            Self::Watch(watched) => watched.seen.last().map(|update| update.exchange),
            Self::Fact(fact) => fact.exchange,
            Self::Look(looked) => looked.exchange,
            _ => None,
        }
    }
}

impl Update {
    /// The update in a few words.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.data {
            None => format!("an item with state \"deleted\" (modified {})", self.modified),
            Some(data) => data.to_string(),
        }
    }
}

/// Kinds of searches in the opportunity feeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sought {
    /// Opportunities that were created or picked, as they were requested.
    Requested,
    /// Another value at one of these JSON pointers.
    Change(Vec<String>),
    /// The opportunities that replace what was booked.
    Replacements,
    /// The opportunities of a test dataset that was deleted: they must leave their feeds.
    Deletion,
    /// The opportunities of another test dataset: they must stay.
    OtherDataset,
    /// An opportunity of a type that meets criteria in a booking flow; there must be none.
    Forbidden {
        /// The criteria.
        criteria: CriteriaName,
        /// The booking flow.
        flow: Flow,
        /// The type.
        opportunity_type: OpportunityType,
    },
    /// An opportunity in a situation, which the feeds need not have.
    Situation(Situation),
}

/// A look for opportunities in their feeds, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Looked {
    /// Kind of the search.
    pub sought: Sought,
    /// The section of the specification.
    pub spec: String,
    /// `true` if the defect is not itself tested, but blocks the test.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub prepares: bool,
    /// The opportunities that were seen, or looked for in vain.
    pub opportunities: Vec<OpportunitySeen>,
    /// The exchange that should cause what was looked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Why the feeds could not be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unreadable: Option<String>,
}

/// An opportunity, as the feeds showed it at the end of a look.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OpportunitySeen {
    /// Its `@id`.
    pub id: String,
    /// The opportunity with its parents embedded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub data: Option<Value>,
    /// In a saved trace: what of `data` is not as the item in the record of the exchange has it, which are the parents. `data` is
    /// left out then.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub beyond: Option<Map<String, Value>>,
    /// The exchange that showed it, or that created it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Why it is not what was looked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing: Option<String>,
    /// Its requested properties.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requested: Option<Requested>,
}

/// Requested properties of an opportunity.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Requested {
    /// Its type.
    pub opportunity_type: OpportunityType,
    /// The criteria that it must meet.
    pub criteria: CriteriaName,
    /// The booking flow of its offer.
    pub flow: Flow,
    /// `@id` of its Seller.
    pub seller: String,
    /// The key of the Seller in the configuration.
    pub role: String,
    /// Whether another OrderItem for the same opportunity stands before it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub again: bool,
}

/// A problem that leaves nothing to judge.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct StepProblem {
    /// In words.
    pub message: String,
    /// The expected and the found value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub difference: Option<(String, String)>,
    /// Where in a document, as a JSON path.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// The section of the specification.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub spec: Option<String>,
    /// Hint for the next look.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Whether nothing can be judged because of it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub blocks: bool,
    /// Whether it is a wait that was cut short, since the same wait had timed out before.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub cut: bool,
}

/// A rule of the configuration that a step is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Configured {
    /// The rule.
    pub rule: ConfigurationRule,
    /// The feature of the test.
    pub feature: String,
    /// The section of the specification.
    pub spec: String,
}

/// An observation of authentication that only the live run could make, because it depends on secrets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Fact {
    /// The identifier of the check that judges it.
    pub check: String,
    /// The observation; its members depend on the check.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub observed: Value,
    /// A problem that prevented the observation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub problem: Option<StepProblem>,
    /// The section of the specification.
    pub spec: String,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
}
