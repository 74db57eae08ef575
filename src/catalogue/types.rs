//! Features, tests, steps and checks, typed.

use serde::Serialize;
use serde_json::Value;

use crate::vocabulary::{Action, ActionTarget, CriteriaName, Profile};

use crate::vocabulary::named_enumeration as named;

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

named! {
    /// A check that is written in Rust and used by name, because no matcher says it well.
    "named check"
    pub enum NamedCheck {
        /// Every physical OrderItem, matched by `@id`, has an `accessCode` whose content differs from the one at B;
        /// the order of its entries does not count.
        AccessCodeChanged = "access-code-changed",
        /// The `accessCode` of the n-th physical OrderItem differs from that of the n-th one at B, order included.
        AccessCodeChangedByIndex = "access-code-changed-by-index",
    }
}

impl NamedCheck {
    /// What it asserts, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::AccessCodeChanged => {
                "every physical OrderItem, matched by @id, has an accessCode whose content differs from the one at B"
            }
            Self::AccessCodeChangedByIndex => {
                "the accessCode of each physical OrderItem differs from that of the one in the same place at B"
            }
        }
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
    /// How much of the feature its tests cover: `complete`, `partial` or `none`.
    pub coverage: String,
    /// What a reader should know: deviations, history, choices.
    pub notes: Option<String>,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// One test of a feature.
#[derive(Debug, Clone, Serialize)]
pub struct Test {
    /// Its identifier, unique in the catalogue.
    pub id: String,
    /// Which value of `implementedFeatures` it belongs to.
    pub when: When,
    /// What is tested.
    pub name: String,
    /// What happens, and what must come of it.
    pub summary: String,
    /// The opportunities that it needs; none for a test without opportunities.
    pub criteria: Option<Criteria>,
    /// Whether there is a cell that books several opportunities of every type together.
    pub multiple: bool,
    /// What must hold for it to run.
    pub only_if: Vec<Condition>,
    /// The simulate actions that it must use.
    pub actions: Vec<Action>,
    /// What it does.
    pub steps: Vec<Step>,
}

/// The criteria of the opportunities of a test.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Criteria {
    /// Of the opportunities under test.
    pub test: CriteriaName,
    /// Of the control opportunity that stands beside them in `Multiple` cells.
    pub control: CriteriaName,
}

named! {
    /// What must hold for a test to run.
    "condition"
    pub enum Condition {
        /// Opportunities are created through the Test Interface.
        ControlledMode = "controlled-mode",
        /// Opportunities are picked from the feeds.
        RandomMode = "random-mode",
    }
}

/// One act of a test.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Get the opportunities: create or pick them, and find them in the feeds.
    Fetch,
    /// As `fetch`, and judge the Test Interface's answers too: the Test Interface itself is under test.
    Create,
    /// C1.
    C1,
    /// C2.
    C2,
    /// B; in the approval flow P, acceptance by the Seller, B.
    Book,
    /// A simulate action, and what must come of it.
    Simulate {
        /// The action.
        action: Action,
        /// What it is applied to.
        on: ActionTarget,
        /// The feed in which its effect shows.
        awaits: Option<FeedName>,
        /// What must hold of the item in that feed.
        expect: Vec<Check>,
    },
}

impl Step {
    /// The word that a feature file uses for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Create => "create",
            Self::C1 => "c1",
            Self::C2 => "c2",
            Self::Book => "book",
            Self::Simulate { .. } => "simulate",
        }
    }

    /// Every word, with what it does.
    pub const WORDS: &[(&'static str, &'static str)] = &[
        ("fetch", "get the opportunities, find them in the feeds, and see that they match their criteria"),
        ("create", "as fetch, and judge what the Test Interface answered"),
        ("c1", "PUT an OrderQuote to order-quote-templates; capacity as leasing demands"),
        ("c2", "PUT an OrderQuote to order-quotes; capacity as leasing demands"),
        ("book", "PUT an Order to orders; in the approval flow P and acceptance by the Seller come first"),
        ("simulate", "POST a simulate action to the Test Interface, and await its effect in a feed"),
    ];
}

/// One assertion of a step.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What is asserted.
    #[serde(flatten)]
    pub kind: CheckKind,
    /// The only profile that it belongs to; none when it belongs to both.
    pub profile: Option<Profile>,
    /// The section of the specification that justifies it, where it is not the feature's own.
    pub spec: Option<String>,
}

/// What a check asserts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The list at `at` has exactly so many entries.
    Count {
        /// Dotted path of the list.
        at: String,
        /// How many.
        equals: CountOf,
    },
    /// There is at least one entry in the list, and each holds `equals` at `at`.
    Each {
        /// Dotted path of the list.
        list: String,
        /// Dotted path within each entry.
        at: String,
        /// The value.
        equals: Value,
    },
    /// The value at `at` equals `equals`.
    Value {
        /// Dotted path.
        at: String,
        /// The value.
        equals: Value,
    },
    /// A check that is written in Rust.
    Named(NamedCheck),
}

/// A number that a list must have entries.
#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum CountOf {
    /// As many as the cell has OrderItems (`$items`).
    Items,
    /// This many.
    Exactly(usize),
}

impl Check {
    /// Whether the check takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }

    /// What it asserts, in words.
    #[must_use]
    pub fn title(&self) -> String {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match &self.kind {
            CheckKind::Count { at, equals: CountOf::Items } => format!("{at} lists every OrderItem"),
            CheckKind::Count { at, equals: CountOf::Exactly(n) } => format!("{at} has {n} entries"),
            CheckKind::Each { list, at, equals } => format!("{list}[*].{at} is {}", plain(equals)),
            CheckKind::Value { at, equals } => format!("{at} is {}", plain(equals)),
            CheckKind::Named(named) => named.summary().to_owned(),
        }
    }
}
