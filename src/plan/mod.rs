//! From configuration and catalogue to cells, and to the opportunities that they need.

mod cells;
mod needs;
mod reserve;
mod select;
mod supply;

pub use cells::{Cell, Plan, plan};
pub use needs::{Need, NeedCount, needs};
pub use reserve::{OpportunitySource, Reservations, reserve};
pub use select::Selection;
pub use supply::{Stock, Stocktaking};

pub use crate::steps::{ItemSpec, OpportunityScope};

pub use crate::opportunity::{
    Clock, Digest, Match, capacity, capacity_property, evaluate, id_of, offers, offers_in, opportunity_type, requires,
    seller, seller as seller_of, seller_id, type_of,
};
