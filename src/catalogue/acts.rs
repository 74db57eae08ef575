//! What the steps of a test do, and what must come of it.

use serde::Serialize;

use crate::vocabulary::{
    Action, ActionTarget, CapacityChange, ConfigurationRule, CriteriaName, ErrorName, FeedName, Profile, Situation,
};

use crate::vocabulary::named_enumeration as named;

use super::openid::OpenIdAct;
use super::templates::Template;
use crate::checks::Check;

named! {
    /// Which OrderItems an act is about.
    "choice of OrderItems"
    pub enum ItemChoice {
        /// All of them.
        All = "all",
        /// The first one.
        First = "first",
        /// All but the first one.
        Rest = "rest",
        /// One that does not exist.
        Unknown = "unknown",
    }
}

named! {
    /// Which Order an act is about.
    "choice of Order"
    pub enum OrderChoice {
        /// The Order of this part.
        Own = "own",
        /// One that does not exist.
        Unknown = "unknown",
    }
}

named! {
    /// Which version of an OrderProposal is booked.
    "version"
    pub enum Version {
        /// The one that P returned.
        Proposed = "proposed",
        /// The one that the feed showed last.
        Latest = "latest",
    }
}

named! {
    /// A request that is made once more.
    "repeated request"
    pub enum Repeated {
        /// C1
        C1 = "repeat-c1",
        /// C2
        C2 = "repeat-c2",
        /// P
        P = "repeat-p",
    }
}

named! {
    /// What has the UUID of an Order before there is an Order.
    "stage of an Order"
    pub enum Before {
        /// An OrderQuote that holds a lease.
        OrderQuote = "order-quote",
        /// An OrderProposal.
        OrderProposal = "order-proposal",
    }
}

impl Before {
    /// Its `@type`.
    #[must_use]
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::OrderQuote => "OrderQuote",
            Self::OrderProposal => "OrderProposal",
        }
    }
}

named! {
    /// Which checkpoint.
    "checkpoint"
    pub enum Checkpoint {
        /// C1
        C1 = "c1",
        /// C2
        C2 = "c2",
    }
}

/// Capacity that is asked for many times over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LeaseBatch {
    /// The checkpoint at which capacity is leased.
    pub at: Checkpoint,
    /// How often each opportunity is in the OrderQuote.
    pub count: usize,
    /// The remaining capacity that every OrderItem shows.
    pub shows: i64,
    /// The remaining capacity that the feeds show afterwards.
    pub leaves: i64,
    /// Whether the OrderQuote is refused.
    pub refused: bool,
    /// What becomes of the OrderItems of one opportunity, where the OrderQuote is refused.
    pub errors: Option<LeaseErrors>,
    /// Whether the same request is made once more.
    pub again: bool,
    /// Whether it replaces the OrderQuote before it, rather than being somebody else's.
    pub same_order: bool,
}

impl LeaseBatch {
    /// Whether the OrderQuote must be refused.
    #[must_use]
    pub const fn refused(&self) -> bool {
        self.refused || self.errors.is_some()
    }
}

/// OrderItems of one opportunity, by their error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LeaseErrors {
    /// Without an error.
    pub none: usize,
    /// `OpportunityCapacityIsReservedByLeaseError`
    pub reserved: usize,
    /// `OpportunityHasInsufficientCapacityError`
    pub insufficient: usize,
}

/// One act of a test, and what must come of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// The error that it must bring, where it must not succeed.
    pub fails: Option<ErrorName>,
    /// The feed in which its effect shows.
    pub awaits: Option<FeedName>,
    /// Whether the item of that feed must be deleted.
    pub deleted: bool,
    /// The feed in which nothing of it must show.
    pub quiet: Option<FeedName>,
    /// What must hold of the answer, or of the item in the feed.
    pub expect: Vec<Check>,
    /// What must hold of the answer to P, where B is what `expect` speaks of.
    pub expect_proposal: Vec<Check>,
    /// What becomes of the capacity.
    pub capacity: Option<CapacityChange>,
    /// The only profile that it belongs to; none when it belongs to both.
    pub profile: Option<Profile>,
    /// The section of the specification that justifies it, where it is not the feature's own.
    pub spec: Option<String>,
    /// The requirements that the step as a whole judges in this test, besides those of its standard checks.
    pub judges: Vec<String>,
}

impl Step {
    /// A step without anything special about it.
    #[must_use]
    pub const fn plain(act: Act) -> Self {
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
            judges: Vec::new(),
        }
    }

    /// Whether it takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Get the opportunities: create or pick them, and find them in the feeds.
    Fetch,
    /// As `fetch`, and judge the Test Interface's answers too: the Test Interface itself is under test.
    Create,
    /// C1.
    C1(Template),
    /// C1, which must be refused with whatever error.
    C1Refused(Template),
    /// C2.
    C2(Template),
    /// B; in the approval flow P, acceptance by the Seller, B. Where it must fail, the first request only.
    Book(Template),
    /// B without C1 and C2 before it.
    BookAtOnce(Template),
    /// B, whatever the booking flow.
    BookDirectly(Template),
    /// P.
    Propose(Template),
    /// B for an OrderProposal.
    Confirm(Version),
    /// The last B once more.
    RepeatB,
    /// The last C1, C2 or P once more.
    Repeat(Repeated),
    /// A simulate action.
    Simulate {
        /// The action.
        action: Action,
        /// What it is applied to.
        on: ActionTarget,
    },
    /// Cancellation by the customer.
    Cancel {
        /// The request.
        template: Template,
        /// What is cancelled.
        items: ItemChoice,
        /// Of which Order.
        order: OrderChoice,
    },
    /// Rejection of an OrderProposal by the customer.
    Reject(Template),
    /// Deletion of an Order.
    DeleteOrder(OrderChoice),
    /// Deletion of an OrderQuote.
    DeleteQuote,
    /// Order Status.
    OrderStatus,
    /// Order Status, before there is an Order.
    StatusBefore(Before),
    /// The OrderProposal holds what its OrderQuote has leased.
    LeaseKept,
    /// Leasing of as much capacity as is wanted.
    Lease(LeaseBatch),
    /// No opportunity of the feeds meets a criterion.
    NoneMeets(Vec<CriteriaName>),
    /// An opportunity that happens to be in the feeds takes the place of what a test would fetch.
    LookFor(Situation),
    /// The configuration says what it must say.
    Require(ConfigurationRule),
    /// The dataset site.
    DatasetSite,
    /// An endpoint that does not exist.
    UnknownEndpoint,
    /// The Order is not in a feed of this part's Booking Partner.
    NotInFeed(FeedName),
    /// After a while, who reads the feed from its beginning still finds that the Order was deleted.
    Retained(FeedName),
    /// A verb that the endpoint does not have.
    WrongVerb,
    /// The end of the lease.
    LeaseEnd,
    /// A feed, which is not shown to the Booking Partner of this part.
    FeedRefused(FeedName),
    /// The Test Interface is asked for what cannot be.
    CreateRefused(Vec<CriteriaName>),
    /// Somebody else books what this part's OrderProposal is for.
    RivalBooks,
    /// What is created from now on is in a test dataset of its own.
    OwnDataset,
    /// Deletion of that test dataset.
    DeleteDataset,
    /// Something with an OpenID provider.
    OpenId(OpenIdAct),
}

impl Act {
    /// The word that a feature file uses for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Create => "create",
            Self::C1(_) => "c1",
            Self::C1Refused(_) => "c1-refused",
            Self::C2(_) => "c2",
            Self::Book(_) => "book",
            Self::BookAtOnce(_) => "book-at-once",
            Self::BookDirectly(_) => "book-directly",
            Self::Propose(_) => "propose",
            Self::Confirm(_) => "confirm",
            Self::RepeatB => "repeat-b",
            Self::Repeat(repeated) => repeated.name(),
            Self::WrongVerb => "wrong-verb",
            Self::LeaseEnd => "lease-end",
            Self::FeedRefused(_) => "feed-refused",
            Self::CreateRefused(_) => "create-refused",
            Self::Simulate { .. } => "simulate",
            Self::Cancel { .. } => "cancel",
            Self::Reject(_) => "reject",
            Self::DeleteOrder(_) => "delete-order",
            Self::DeleteQuote => "delete-quote",
            Self::OrderStatus => "order-status",
            Self::StatusBefore(_) => "status-before",
            Self::LeaseKept => "lease-kept",
            Self::Lease(_) => "lease",
            Self::NoneMeets(_) => "none-meets",
            Self::LookFor(_) => "look-for",
            Self::Require(_) => "require",
            Self::DatasetSite => "dataset-site",
            Self::UnknownEndpoint => "unknown-endpoint",
            Self::NotInFeed(_) => "not-in-feed",
            Self::Retained(_) => "retained",
            Self::RivalBooks => "rival-books",
            Self::OwnDataset => "own-dataset",
            Self::DeleteDataset => "delete-dataset",
            Self::OpenId(act) => act.word(),
        }
    }

    /// Every word.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().chain(OpenIdAct::WORDS).map(|(word, _)| *word)
    }

    /// Every word, with what it does, but for those of OpenID Connect.
    pub const WORDS: &[(&'static str, &'static str)] = &[
        ("fetch", "get the opportunities, find them in the feeds, and see that they match their criteria"),
        ("create", "as fetch, and judge what the Test Interface answered"),
        ("c1", "PUT an OrderQuote to order-quote-templates; capacity as leasing demands"),
        ("c1-refused", "as c1, which must be refused with whatever error"),
        ("c2", "PUT an OrderQuote to order-quotes; capacity as leasing demands"),
        ("book", "PUT an Order to orders; in the approval flow P and acceptance by the Seller come first"),
        ("book-at-once", "as book, without C1 and C2 before it"),
        ("book-directly", "PUT an Order to orders, whatever the booking flow"),
        ("propose", "PUT an OrderProposal to order-proposals"),
        ("confirm", "PUT an Order to orders for the OrderProposal"),
        ("repeat-b", "PUT the same Order once more: the answer must be the same"),
        ("repeat-c1", "C1 once more: the answer must be the same"),
        ("repeat-c2", "C2 once more: the answer must be the same"),
        ("repeat-p", "P once more: the answer must be the same"),
        ("lease-end", "wait until the lease is over, and see what it held come back"),
        ("wrong-verb", "POST to the Order: the endpoint has no such verb"),
        ("feed-refused", "GET the feed, which must be refused"),
        ("create-refused", "ask the Test Interface for opportunities that cannot be, which must be refused"),
        ("simulate", "POST a simulate action to the Test Interface, and await its effect in a feed"),
        ("cancel", "PATCH the Order: the customer cancels OrderItems"),
        ("reject", "PATCH the OrderProposal: the customer rejects it"),
        ("delete-order", "DELETE the Order"),
        ("delete-quote", "DELETE the OrderQuote"),
        ("order-status", "GET the Order"),
        ("status-before", "GET the Order while there is an OrderQuote or OrderProposal only, which should show that"),
        ("lease-kept", "see that the OrderProposal holds what its OrderQuote has leased"),
        ("lease", "PUT an OrderQuote that asks for each opportunity several times"),
        ("none-meets", "see that no opportunity of the feeds meets the criteria"),
        ("look-for", "find such an opportunity in the feeds; where there is none, there is nothing to judge"),
        ("require", "see that the configuration says what it must say"),
        ("dataset-site", "judge the JSON-LD of the dataset site"),
        ("unknown-endpoint", "PUT and GET at an endpoint that does not exist"),
        ("not-in-feed", "read the feed of the Booking Partner to its end, and see that the Order is not in it"),
        ("retained", "wait, read the feed from its beginning, and see that it still has the deleted Order"),
        ("rival-books", "somebody else books what the OrderProposal is for, and its effect shows in a feed"),
        ("own-dataset", "let what is created be in a test dataset of its own"),
        ("delete-dataset", "DELETE that test dataset, and see its opportunities leave the feeds"),
    ];
}
