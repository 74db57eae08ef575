//! Validation of what a target sends, by tables and rules. Knows nothing of HTTP.
//!
//! Today: the root type of each response, which properties an Order and its OrderItems must and must not have, and
//! which must be given in full rather than by reference.

mod modes;
mod order;

pub use modes::Mode;
pub use order::{Issue, validate_order};
