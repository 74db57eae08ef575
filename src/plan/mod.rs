//! From configuration and catalogue to cells, and to the opportunities that they need.

mod cells;
mod criteria;
mod needs;
mod opportunity;
mod reserve;
mod select;
mod situation;
mod supply;

pub use cells::{Cell, ItemSpec, Plan, Scope, plan};
pub use criteria::{Clock, Digest, Match, evaluate};
pub use needs::{Need, NeedCount, needs};
pub(crate) use opportunity::requires;
pub use opportunity::{
    capacity, capacity_property, id_of, offers, opportunity_type, seller, seller as seller_of, seller_id, type_of,
};
pub use reserve::{Opportunities, Reservations, reserve};
pub use select::{Selection, SelectionError};
pub use situation::offers_in;
pub use supply::{Stock, Stocktaking};
