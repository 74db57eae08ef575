//! Every check, theme after theme.

use std::str::FromStr;

use crate::vocabulary::{UnknownName, closest};

use super::asked::NamedCheck;
use super::row::{Made, Row};
use super::{
    advice, authentication, capacity, feeds, identity, money, named, opportunity, order_in_feed, order_items,
    orders_feed, preconditions, presence, proposal, reflection, rejection, repetition, response, rpde, test_interface,
};

/// The rows of every theme, but for those of named checks.
const THEMES: &[&[&Row]] = &[
    // The response itself comes first: what it is not, its parts cannot be.
    response::ROWS,
    preconditions::ROWS,
    rejection::ROWS,
    order_items::ROWS,
    proposal::ROWS,
    repetition::ROWS,
    capacity::ROWS,
    orders_feed::ROWS,
    test_interface::ROWS,
    authentication::ROWS,
    advice::ROWS,
    feeds::ROWS,
    identity::ROWS,
    // A price that differs from the feed is the cause of a total that differs from the prices.
    opportunity::ROWS,
    money::ROWS,
    order_in_feed::ROWS,
    presence::ROWS,
    reflection::ROWS,
    rpde::ROWS,
];

/// Every check.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    THEMES.iter().chain(named::THEMES).flat_map(|theme| theme.iter().copied())
}

/// The check of an identifier.
#[must_use]
pub fn row(id: &str) -> Option<&'static Row> {
    rows().find(|row| row.id == id)
}

impl NamedCheck {
    /// Every named check.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().filter(|row| matches!(row.made, Made::Asked(_))).map(Self::of)
    }
}

impl FromStr for NamedCheck {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|named| named.name() == text).ok_or_else(|| UnknownName {
            what: "named check",
            given: text.to_owned(),
            closest: closest(text, Self::all().map(Self::name)),
        })
    }
}
