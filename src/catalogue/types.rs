//! Features, tests and their parts, typed.

use serde::Serialize;

use crate::vocabulary::{Action, CriteriaName, Flow, OpportunityType, Profile};

use crate::vocabulary::named_enumeration as named;

use crate::steps::{BrokerRole, CustomerDetails, OpportunityOrigin, PartnerName, Step};

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

/// One feature of the Open Booking API.
#[derive(Debug, Clone, Serialize)]
pub struct Feature {
    /// The category that it is filed under.
    pub category: String,
    /// Its identifier, as in `implementedFeatures`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its summary.
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
    /// Notes for readers: deviations, history, choices.
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

/// One test of a feature.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Test {
    /// Its identifier, unique among the tests of its feature with the same `when`.
    pub id: String,
    /// Which value of `implementedFeatures` it belongs to.
    pub when: When,
    /// Its title: subject and expected outcome, unique in the catalogue.
    pub name: String,
    /// Its requests and their expected outcome.
    pub summary: String,
    /// The opportunities that it needs; none for a test without opportunities.
    pub opportunities: Option<Opportunities>,
    /// Whether it has a cell for each flow and type, although it books nothing.
    pub each_type: bool,
    /// `true` when it waits long, so that it only runs with `--slow`.
    pub slow: bool,
    /// Whether there is a cell that books several opportunities of every type together.
    pub multiple: Multiple,
    /// The conditions for that cell.
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
    /// The details that its `customer` contains.
    pub customer: CustomerDetails,
    /// The conditions for it to run.
    pub only_if: Vec<Condition>,
    /// The only profile that it belongs to; none when it belongs to both.
    pub profile: Option<Profile>,
    /// The section of the specification that justifies it, where it is not the feature's own.
    pub spec: Option<String>,
    /// The simulate actions that it must use.
    pub actions: Vec<Action>,
    /// Its parts, each with an Order of its own.
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
            .filter(|step| step.applies(profile) && step.act.source() == OpportunityOrigin::Fetched)
            .count()
    }
}

/// The opportunities of a test.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Opportunities {
    /// The OrderItems of a cell with one type.
    pub single: Vec<WantedItem>,
    /// The OrderItems for each type of a `Multiple` cell.
    pub multiple: Vec<WantedItem>,
}

/// One OrderItem that a test wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WantedItem {
    /// What its opportunity must be.
    pub criteria: CriteriaName,
    /// Its Seller, where it is not the Seller of the Order.
    pub seller: Option<SellerChoice>,
    /// `true` for a control item: it must succeed where the items under test must not.
    pub control: bool,
    /// Whether it shares the opportunity of the item before it, where that holds more than one booking.
    pub shared: bool,
    /// The booking flow of its offer, where it is not that of the cell.
    pub flow: Option<Flow>,
}

/// A condition for a test to run.
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
    /// Its steps.
    pub steps: Vec<Step>,
}

impl Part {
    /// Whether it takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }
}
