//! Every check, one row each, and the function that judges documents by them.
//!
//! A row has an identifier, a summary, the stages at which it is made, its profile, the requirements that it covers, and when
//! it is made. Checks of documents and named checks are pure functions from what the cell saw to findings. Checks that are
//! made by steps have their row here and their code under `steps`. The rows of one theme stand in one file.

pub mod advice;
mod asked;
pub mod authentication;
pub mod capacity;
mod cite;
mod errors;
pub mod feeds;
pub mod identity;
mod judge;
pub mod money;
mod named;
pub mod opportunity;
pub mod order_in_feed;
pub mod order_items;
pub mod orders_feed;
mod outcome;
pub mod preconditions;
pub mod presence;
pub mod proposal;
pub mod reflection;
pub mod rejection;
pub mod repetition;
pub mod response;
mod row;
mod seen;
mod site;
mod step_log;
pub mod test_interface;
mod validity;
mod value;

pub use asked::{Check, CheckKind, CountOf, Expectation, NamedCheck, ValueKind};
pub use capacity::expected as expected_capacity;
pub use cite::{Called, Says, cite, cited, remark};
pub use errors::covered_by_error;
pub use judge::{is_over, remember, see};
pub use named::asked as asked_of;
pub use outcome::Outcome;
pub use row::{Made, Row};
pub use seen::{Context, Demands, Seen, cancelled_items, errors, items, position_of};
pub use step_log::StepLog;
pub use validity::{marked, valid};
pub use value::{brief, shown};

use crate::results::Finding;

/// The rows of every theme, but for those of named checks.
const THEMES: &[&[&Row]] = &[
    advice::ROWS,
    authentication::ROWS,
    capacity::ROWS,
    feeds::ROWS,
    identity::ROWS,
    money::ROWS,
    opportunity::ROWS,
    order_in_feed::ROWS,
    order_items::ROWS,
    orders_feed::ROWS,
    preconditions::ROWS,
    presence::ROWS,
    proposal::ROWS,
    reflection::ROWS,
    rejection::ROWS,
    repetition::ROWS,
    response::ROWS,
    test_interface::ROWS,
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

/// Judges a document by every check that is made on documents at its stage; what is wrong, if anything.
#[must_use]
pub fn judge(seen: &Seen<'_>) -> Vec<(&'static Row, Option<Finding>)> {
    let here = rows().filter(|row| row.stages.contains(&seen.stage));
    let here = here.filter(|row| row.profile.is_none_or(|only| only == seen.profile));
    here.filter_map(|row| match row.made {
        Made::Document(judge) => Some((row, judge(seen))),
        _ => None,
    })
    .collect()
}
