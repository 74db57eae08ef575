//! Every check, one row each, and the functions that judge a trace by them.
//!
//! A row has an identifier, a summary, the stages at which it is made, its profile, the requirements that it covers, and when
//! it is made, and a function from what was seen to what it comes to. The rows of one theme stand in one file; `table.rs` has
//! every theme. [`judge`] judges a whole trace, [`see`] one event of it. The rules of RPDE are judged on pages of feeds.

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
mod open;
pub mod opportunity;
pub mod order_in_feed;
pub mod order_items;
pub mod orders_feed;
mod outcome;
mod outlook;
pub mod preconditions;
pub mod presence;
pub mod proposal;
pub mod reflection;
pub mod rejection;
pub mod repetition;
pub mod response;
mod row;
pub mod rpde;
mod seen;
mod site;
mod step_log;
mod table;
pub mod test_interface;
#[cfg(test)]
mod tests;
mod validity;
mod value;
mod view;

pub use asked::{Check, CheckKind, CountOf, Expectation, NamedCheck, ValueKind};
pub use capacity::{expected as expected_capacity, kept_after_cancellation, lease_ended};
pub use cite::{CheckIdentity, cite, cited, remark};
pub use errors::{covered_by_error, violated_by_error};
pub use judge::{StepDemands, judge, judge_part, not_made, remember, see};
pub use named::asked as asked_of;
pub use open::{OPEN_QUESTIONS, OpenQuestion, Sentence, open_question};
pub use opportunity::differing_from_feed;
pub use outcome::Outcome;
pub use outlook::{classify_update, is_over};
pub use row::{Made, Row, Violation};
pub use seen::{Seen, cancelled_items, errors, items, position_of};
pub use step_log::StepLog;
pub use table::{row, rows};
pub use value::{brief, shown};
pub use view::{Context, Demands, Expected};
