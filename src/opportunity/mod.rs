//! What opportunities and offers of the feeds are: their parts, the criteria that they meet, and whether they can be booked.
//!
//! Everything here is a pure function of the JSON of a feed.

mod criteria;
mod document;
mod situation;

pub use criteria::{Clock, Digest, IN_FLOW, Match, evaluate, evaluate_created, possible};
pub use document::{
    capacity, capacity_property, id_of, integer, offers, opportunity_type, requires, seller, seller_id, type_of,
};
pub use situation::offers_in;
