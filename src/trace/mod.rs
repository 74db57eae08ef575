//! What a cell sees: the OrderItems that it requests, what they cost, and what became of its Order so far.
//!
//! Steps write it, checks read it. It knows neither.

mod history;
mod order_item;
mod people;
mod total;

pub use history::{History, Made};
pub use order_item::{EXTENSION, OrderItem, is_override};
pub use people::{attendee, broker, must_be_answered};
pub use total::{Total, number};
