//! The checks of steps, typed.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::vocabulary::{Profile, named_enumeration as named};

use super::row::Row;
use super::value::{brief, number_of};

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
    /// The requirements that it covers in this place and that its findings need not break, by their identifiers.
    pub covers: Vec<String>,
    /// The requirements that its findings prove broken in this place, the most specific first; where empty, those of its row.
    pub violates: Vec<String>,
}

/// What a check asserts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The list at `at` has exactly this number of entries.
    Count {
        /// Dotted path of the list.
        at: String,
        /// How many.
        equals: CountOf,
    },
    /// There is at least one entry in the list, and each holds what is expected at `at`.
    Each {
        /// Dotted path of the list.
        list: String,
        /// Dotted path within each entry.
        at: String,
        /// What is expected.
        expected: Expectation,
    },
    /// The value at `at` is what is expected.
    Value {
        /// Dotted path.
        at: String,
        /// What is expected.
        expected: Expectation,
    },
    /// A check that is written in Rust.
    Named(NamedCheck),
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// This value.
    Equals(Value),
    /// A value of this kind.
    Is(ValueKind),
}

named! {
    /// A kind of value.
    "kind of value"
    pub enum ValueKind {
        /// The property is omitted.
        Absent = "absent",
        /// The property is included, and not null.
        Present = "present",
        /// A string.
        Text = "text",
        /// A string that is not empty.
        NonEmptyText = "non-empty-text",
        /// An absolute https URL.
        HttpsUrl = "https-url",
        /// A date-time in the future.
        FutureTime = "future-time",
    }
}

impl ValueKind {
    /// The kind in words, to follow "is".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Absent => "omitted",
            Self::Present => "included",
            Self::Text => "a string",
            Self::NonEmptyText => "a string that is not empty",
            Self::HttpsUrl => "an https URL",
            Self::FutureTime => "a date-time in the future",
        }
    }
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

    /// Its identifier; `None` where the feature file words it itself.
    #[must_use]
    pub const fn id(&self) -> Option<&'static str> {
        match &self.kind {
            CheckKind::Named(named) => Some(named.name()),
            _ => None,
        }
    }

    /// Its row; `None` where the feature file words it itself.
    #[must_use]
    pub const fn row(&self) -> Option<&'static Row> {
        match &self.kind {
            CheckKind::Named(named) => Some(named.row()),
            _ => None,
        }
    }

    /// Every requirement that it covers.
    pub fn covered(&self) -> impl Iterator<Item = &str> {
        let named = match &self.kind {
            CheckKind::Named(named) => Some(named),
            _ => None,
        };
        let own = self.covers.iter().chain(&self.violates).map(String::as_str);
        own.chain(named.into_iter().flat_map(|named| named.covered().map(|id| id as &str)))
    }

    /// What it asserts, in words: `orderedItem[*].orderItemStatus is "https://openactive.io/AttendeeAttended"`.
    #[must_use]
    pub fn title(&self) -> String {
        let words = |expected: &Expectation| match expected {
            Expectation::Equals(value) => brief(value),
            Expectation::Is(kind) => kind.words().to_owned(),
        };
        match &self.kind {
            CheckKind::Count { at, equals: CountOf::Items } => format!("{at} has an entry for every OrderItem"),
            CheckKind::Count { at, equals: CountOf::Exactly(n) } => {
                format!("{at} has {}", number_of(*n, "entry", "entries"))
            }
            CheckKind::Each { list, at, expected } => format!("{list}[*].{at} is {}", words(expected)),
            CheckKind::Value { at, expected } => format!("{at} is {}", words(expected)),
            CheckKind::Named(named) => named.summary().to_owned(),
        }
    }
}

/// A check that is used by name, because no matcher expresses it.
#[derive(Debug, Clone, Copy)]
pub struct NamedCheck(&'static Row);

impl NamedCheck {
    /// The check of a row that feature files ask for.
    #[must_use]
    pub(super) const fn of(row: &'static Row) -> Self {
        Self(row)
    }

    /// Its row.
    #[must_use]
    pub const fn row(self) -> &'static Row {
        self.0
    }

    /// Its identifier.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.id
    }

    /// What it asserts, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        self.0.summary
    }

    /// The requirements that it covers wherever it is used.
    pub fn covered(self) -> impl Iterator<Item = &'static str> + use<> {
        self.0.covers.iter().flat_map(|(_, ids)| ids.iter().copied())
    }
}

impl PartialEq for NamedCheck {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl fmt::Display for NamedCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for NamedCheck {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
