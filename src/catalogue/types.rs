//! Features, tests, parts and steps, typed.

use serde::Serialize;

use crate::vocabulary::{Action, ActionTarget, CriteriaName, ErrorName, Flow, OpportunityType, Profile};

use crate::vocabulary::named_enumeration as named;

use super::checks::Check;

named! {
    /// Which value of `implementedFeatures` a test belongs to.
    "value of `when`"
    pub enum When {
        /// The feature is configured `true`.
        Implemented = "implemented",
        /// The feature is configured `false`.
        NotImplemented = "not-implemented",
    }
}

named! {
    /// A feed that a step waits on.
    "feed"
    pub enum FeedName {
        /// `{base}/orders-rpde`
        Orders = "orders-feed",
        /// `{base}/order-proposals-rpde`
        OrderProposals = "order-proposals-feed",
    }
}

/// One feature of the Open Booking API.
#[derive(Debug, Clone, Serialize)]
pub struct Feature {
    /// The category that it is filed under.
    pub category: String,
    /// Its identifier, as in `implementedFeatures`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub summary: String,
    /// The section of the specification.
    pub spec: String,
    /// Whether every booking system must implement it.
    pub required: bool,
    /// When it is required, if not always.
    pub required_when: Option<String>,
    /// Features of which at least one must be implemented with it.
    pub needs_one_of: Vec<String>,
    /// How much of the feature its tests cover: `complete`, `partial` or `none`.
    pub coverage: String,
    /// What a reader should know: deviations, history, choices.
    pub notes: Option<String>,
    /// Its tests.
    pub tests: Vec<Test>,
}

named! {
    /// What several OrderItems in one Order are made of.
    "value of `multiple`"
    pub enum Multiple {
        /// For each type two items under test and a control item.
        WithControl = "with-control",
        /// One item under test for each type.
        OnePerType = "one-per-type",
        /// There is no such cell.
        No = "no",
    }
}

named! {
    /// The Seller that an Order is placed with.
    "Seller"
    pub enum SellerChoice {
        /// `sellers.primary`
        Primary = "primary",
        /// `sellers.secondary`
        Secondary = "secondary",
        /// The one that is configured with `taxMode` TaxGross.
        TaxGross = "tax-gross",
        /// The one that is configured with `taxMode` TaxNet.
        TaxNet = "tax-net",
    }
}

named! {
    /// `brokerRole`
    "broker role"
    pub enum BrokerRole {
        /// The Broker acts for the Seller.
        AgentBroker = "AgentBroker",
        /// The Broker sells on its own account.
        ResellerBroker = "ResellerBroker",
        /// There is no Broker.
        NoBroker = "NoBroker",
    }
}

named! {
    /// How much a customer tells.
    "customer"
    pub enum CustomerDetails {
        /// The email, and by chance more.
        Any = "any",
        /// Everything.
        All = "all",
    }
}

/// One test of a feature.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Test {
    /// Its identifier, unique among the tests of its feature with the same `when`.
    pub id: String,
    /// Which value of `implementedFeatures` it belongs to.
    pub when: When,
    /// What is tested.
    pub name: String,
    /// What happens, and what must come of it.
    pub summary: String,
    /// The opportunities that it needs; none for a test without opportunities.
    pub opportunities: Option<Opportunities>,
    /// Whether it has a cell for each flow and type, although it books nothing.
    pub each_type: bool,
    /// Whether there is a cell that books several opportunities of every type together.
    pub multiple: Multiple,
    /// What must hold for that cell.
    pub multiple_only_if: Vec<Condition>,
    /// The booking flows in which it runs; none named: all.
    pub flows: Vec<Flow>,
    /// Types for which it does not run.
    pub without_types: Vec<OpportunityType>,
    /// The Seller of its Orders.
    pub seller: SellerChoice,
    /// The Seller whose credentials it uses, where that is not the Seller of its Orders.
    pub credentials: Option<SellerChoice>,
    /// `brokerRole` of its requests.
    pub broker_role: BrokerRole,
    /// How much its customer tells.
    pub customer: CustomerDetails,
    /// What must hold for it to run.
    pub only_if: Vec<Condition>,
    /// The only profile that it belongs to; none when it belongs to both.
    pub profile: Option<Profile>,
    /// The section of the specification that justifies it, where it is not the feature's own.
    pub spec: Option<String>,
    /// The simulate actions that it must use.
    pub actions: Vec<Action>,
    /// What it does: each part with an Order of its own.
    pub parts: Vec<Part>,
}

impl Test {
    /// Whether it takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }

    /// Every step, part after part.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.parts.iter().flat_map(|part| &part.steps)
    }

    /// How often it gets opportunities in a run of this profile.
    #[must_use]
    pub fn fetches(&self, profile: Profile) -> usize {
        self.parts
            .iter()
            .filter(|part| part.applies(profile))
            .flat_map(|part| &part.steps)
            .filter(|step| step.applies(profile) && matches!(step.act, Act::Fetch | Act::Create))
            .count()
    }
}

/// The opportunities of a test.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Opportunities {
    /// The OrderItems of a cell with one type.
    pub single: Vec<Wanted>,
    /// The OrderItems for each type of a `Multiple` cell.
    pub multiple: Vec<Wanted>,
}

/// One OrderItem that a test wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Wanted {
    /// What its opportunity must be.
    pub criteria: CriteriaName,
    /// Its Seller, where it is not the Seller of the Order.
    pub seller: Option<SellerChoice>,
    /// Whether it stands beside the items under test to see that they are told apart.
    pub control: bool,
    /// Whether it shares the opportunity of the item before it, where that holds more than one booking.
    pub shared: bool,
}

/// What must hold for a test to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Opportunities are created through the Test Interface.
    ControlledMode,
    /// Opportunities are picked from the feeds.
    RandomMode,
    /// The feature is configured `true`, or not named at all.
    Implemented(String),
    /// The feature is not configured `true`.
    NotImplemented(String),
}

/// Part of a test: it has an Order of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Part {
    /// Its name, where there are several.
    pub name: Option<String>,
    /// The Booking Partner who acts.
    pub partner: PartnerName,
    /// Whether it goes on with the UUID of the part before it.
    pub same_uuid: bool,
    /// The only profile that it belongs to; none when it belongs to both.
    pub profile: Option<Profile>,
    /// What it does.
    pub steps: Vec<Step>,
}

impl Part {
    /// Whether it takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }
}

named! {
    /// A Booking Partner of the configuration.
    "Booking Partner"
    pub enum PartnerName {
        /// `broker.bookingPartners.primary`
        Primary = "primary",
        /// `broker.bookingPartners.secondary`
        Secondary = "secondary",
        /// Somebody without credentials.
        Nobody = "nobody",
    }
}

named! {
    /// How a request differs from the plain one.
    "request"
    pub enum Template {
        /// Everything that belongs into it, and nothing else.
        Standard = "standard",
        /// `broker` has no `name`.
        WithoutBrokerName = "without-broker-name",
        /// There is no `broker`.
        WithoutBroker = "without-broker",
        /// There is no `customer`.
        WithoutCustomer = "without-customer",
        /// `customer` has no `email`.
        WithoutCustomerEmail = "without-customer-email",
        /// There is neither `broker` nor `customer`.
        WithoutBrokerAndCustomer = "without-broker-and-customer",
        /// The OrderItems under test have no `orderedItem`.
        WithoutOpportunity = "without-opportunity",
        /// The OrderItems under test have no `acceptedOffer`.
        WithoutOffer = "without-offer",
        /// Every OrderItem has an `attendee`.
        WithAttendees = "with-attendees",
        /// Every intake form of C1 is answered.
        WithIntakeForms = "with-intake-forms",
        /// Every intake form of C1 is answered wrongly.
        WithWrongIntakeForms = "with-wrong-intake-forms",
        /// C1 has a customer, whom it need not have.
        WithCustomer = "with-customer",
        /// The customer is another one than before.
        ForAnotherCustomer = "for-another-customer",
        /// The customer is an Organization.
        ForBusiness = "for-business",
        /// `payment` is there whatever the total.
        WithPayment = "with-payment",
        /// `payment` is not there whatever the total.
        WithoutPayment = "without-payment",
        /// `payment` is there and has no `identifier`.
        WithoutPaymentIdentifier = "without-payment-identifier",
        /// `totalPaymentDue.price` is one too many.
        WithWrongTotal = "with-wrong-total",
        /// `payment` has other reconciliation details than were agreed.
        WithWrongReconciliation = "with-wrong-reconciliation",
        /// `payment` has no reconciliation details.
        WithoutReconciliation = "without-reconciliation",
        /// A PATCH asks for a status that only the Seller can give.
        WrongStatus = "wrong-status",
        /// A PATCH has a property that it must not have.
        ExcessiveProperties = "excessive-properties",
    }
}

impl Template {
    /// What it is, in a few words.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Standard => "",
            Self::WithoutBrokerName => "without broker.name",
            Self::WithoutBroker => "without broker",
            Self::WithoutCustomer => "without customer",
            Self::WithoutCustomerEmail => "without customer.email",
            Self::WithoutBrokerAndCustomer => "without broker and customer",
            Self::WithoutOpportunity => "without orderedItem in the OrderItems under test",
            Self::WithoutOffer => "without acceptedOffer in the OrderItems under test",
            Self::WithAttendees => "with an attendee in every OrderItem",
            Self::WithIntakeForms => "with every intake form answered",
            Self::WithWrongIntakeForms => "with every intake form answered wrongly",
            Self::WithCustomer => "with a customer",
            Self::ForAnotherCustomer => "for another customer",
            Self::ForBusiness => "with an Organization as customer",
            Self::WithPayment => "with payment",
            Self::WithoutPayment => "without payment",
            Self::WithoutPaymentIdentifier => "with payment, but without its identifier",
            Self::WithWrongTotal => "with a total that is one too many",
            Self::WithWrongReconciliation => "with reconciliation details that were not agreed",
            Self::WithoutReconciliation => "without reconciliation details in payment",
            Self::WrongStatus => "with a status that the customer cannot set",
            Self::ExcessiveProperties => "with a property that does not belong into it",
        }
    }
}

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
    /// What becomes of the capacity of the opportunities.
    "value of `capacity`"
    pub enum CapacityChange {
        /// It stays as it is.
        Unchanged = "unchanged",
        /// The OrderItems that the step is about give theirs back.
        GivenBack = "given-back",
        /// It is what it was before the Order.
        Restored = "restored",
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

named! {
    /// Something that the configuration itself must say.
    "rule"
    pub enum Requirement {
        /// The feature cannot be left out.
        FeatureImplemented = "feature-implemented",
        /// `single-seller` is implemented.
        SingleSellerImplemented = "single-seller-implemented",
        /// `multiple-sellers` is implemented.
        MultipleSellersImplemented = "multiple-sellers-implemented",
        /// Only the primary Seller is configured.
        OnlyPrimarySeller = "only-primary-seller",
        /// The approval flow is out of scope.
        NoApprovalFlow = "no-approval-flow",
        /// `prepayment-required` and `prepayment-unavailable` are not both implemented.
        NotBothPrepayments = "not-both-prepayments",
        /// `multiple-sellers` and `booking-partner-openid-authentication` are implemented.
        OpenIdForMultipleSellers = "openid-for-multiple-sellers",
        /// `named-leasing` is implemented.
        NamedLeasingImplemented = "named-leasing-implemented",
        /// The primary Seller has reconciliation details.
        ReconciliationDetails = "reconciliation-details",
    }
}

impl Requirement {
    /// What it demands, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::FeatureImplemented => "the feature is implemented: every booking system must have it",
            Self::SingleSellerImplemented => "`single-seller` is true",
            Self::MultipleSellersImplemented => "`multiple-sellers` is true",
            Self::OnlyPrimarySeller => "`sellers.primary` is configured and `sellers.secondary` is not",
            Self::NoApprovalFlow => "OpenBookingApprovalFlow is not in scope",
            Self::NotBothPrepayments => "`prepayment-required` and `prepayment-unavailable` are not both true",
            Self::OpenIdForMultipleSellers => "`multiple-sellers` and `booking-partner-openid-authentication` are true",
            Self::NamedLeasingImplemented => "`named-leasing` is true: who leases at C1 leases at C2",
            Self::ReconciliationDetails => {
                "`sellers.primary.paymentReconciliationDetails` has a name, accountId or paymentProviderId"
            }
        }
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
    /// Leasing of as much capacity as is wanted.
    Lease(LeaseBatch),
    /// No opportunity of the feeds meets a criterion.
    NoneMeets(Vec<CriteriaName>),
    /// The configuration says what it must say.
    Require(Requirement),
    /// The dataset site.
    DatasetSite,
    /// An endpoint that does not exist.
    UnknownEndpoint,
    /// The Order is not in a feed of this part's Booking Partner.
    NotInFeed(FeedName),
    /// Somebody else books what this part's OrderProposal is for.
    RivalBooks,
    /// What is created from now on is in a test dataset of its own.
    OwnDataset,
    /// Deletion of that test dataset.
    DeleteDataset,
}

impl Act {
    /// The word that a feature file uses for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Create => "create",
            Self::C1(_) => "c1",
            Self::C2(_) => "c2",
            Self::Book(_) => "book",
            Self::BookAtOnce(_) => "book-at-once",
            Self::BookDirectly(_) => "book-directly",
            Self::Propose(_) => "propose",
            Self::Confirm(_) => "confirm",
            Self::RepeatB => "repeat-b",
            Self::Simulate { .. } => "simulate",
            Self::Cancel { .. } => "cancel",
            Self::Reject(_) => "reject",
            Self::DeleteOrder(_) => "delete-order",
            Self::DeleteQuote => "delete-quote",
            Self::OrderStatus => "order-status",
            Self::Lease(_) => "lease",
            Self::NoneMeets(_) => "none-meets",
            Self::Require(_) => "require",
            Self::DatasetSite => "dataset-site",
            Self::UnknownEndpoint => "unknown-endpoint",
            Self::NotInFeed(_) => "not-in-feed",
            Self::RivalBooks => "rival-books",
            Self::OwnDataset => "own-dataset",
            Self::DeleteDataset => "delete-dataset",
        }
    }

    /// Every word, with what it does.
    pub const WORDS: &[(&'static str, &'static str)] = &[
        ("fetch", "get the opportunities, find them in the feeds, and see that they match their criteria"),
        ("create", "as fetch, and judge what the Test Interface answered"),
        ("c1", "PUT an OrderQuote to order-quote-templates; capacity as leasing demands"),
        ("c2", "PUT an OrderQuote to order-quotes; capacity as leasing demands"),
        ("book", "PUT an Order to orders; in the approval flow P and acceptance by the Seller come first"),
        ("book-at-once", "as book, without C1 and C2 before it"),
        ("book-directly", "PUT an Order to orders, whatever the booking flow"),
        ("propose", "PUT an OrderProposal to order-proposals"),
        ("confirm", "PUT an Order to orders for the OrderProposal"),
        ("repeat-b", "PUT the same Order once more: the answer must be the same"),
        ("simulate", "POST a simulate action to the Test Interface, and await its effect in a feed"),
        ("cancel", "PATCH the Order: the customer cancels OrderItems"),
        ("reject", "PATCH the OrderProposal: the customer rejects it"),
        ("delete-order", "DELETE the Order"),
        ("delete-quote", "DELETE the OrderQuote"),
        ("order-status", "GET the Order"),
        ("lease", "PUT an OrderQuote that asks for each opportunity several times"),
        ("none-meets", "see that no opportunity of the feeds meets the criteria"),
        ("require", "see that the configuration says what it must say"),
        ("dataset-site", "judge the JSON-LD of the dataset site"),
        ("unknown-endpoint", "PUT and GET at an endpoint that does not exist"),
        ("not-in-feed", "read the feed of the Booking Partner to its end, and see that the Order is not in it"),
        ("rival-books", "somebody else books what the OrderProposal is for, and its effect shows in a feed"),
        ("own-dataset", "let what is created be in a test dataset of its own"),
        ("delete-dataset", "DELETE that test dataset, and see its opportunities leave the feeds"),
    ];
}
