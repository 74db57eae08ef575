//! What a cell sees: the OrderItems that it requests, what they cost, and what became of its Order so far.
//!
//! Steps write it, checks read it. It knows neither.

mod event;
mod history;
mod order_item;
mod people;
mod reply;
mod saved;
mod total;

pub use event::{
    Asked, At, Awaited, Batch, Body, CapacityRule, CapacityWatched, Configured, End, Event, ExchangeNumbers, Exchanged,
    Fact, Identity, Items, Lack, Leased, Looked, Nothing, OpportunitySeen, PartBegun, Purpose, Requested, Sight,
    Skipped, Sought, StepBegun, StepProblem, Unreadable, Update, Wanted, Watched,
};
pub use history::{History, PastRequest};
pub use order_item::{EXTENSION, OrderItem, is_override};
pub use people::{attendee, attendee_with, broker, must_be_answered};
pub use reply::Reply;
pub use saved::{read as read_saved, write as to_saved};
pub use total::{Total, number};
