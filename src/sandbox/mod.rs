//! The booking system that is built in: a real HTTP server, written from the specification.
//!
//! It shares the names of the field with the rest of the program and nothing that decides anything: prices,
//! capacities, the order of feeds and the choice of errors are its own.

mod access;
mod alteration;
mod booking;
mod churn;
mod clock;
mod criteria;
mod database;
mod dataset_site;
mod details;
mod deviations;
mod errors;
mod faults;
mod feed;
mod generated;
mod headers;
mod http;
mod identity;
mod landing;
mod misstatements;
mod money;
mod offer;
mod opportunity;
mod order;
mod publication;
mod seed;
mod seller;
mod server;
mod shared;
mod store;
mod switches;
mod test_interface;
mod variants;

pub use alteration::{Alteration, AlterationOptions, ExchangeKind, MemberChange};
pub use faults::{Fault, Faults};
pub use seed::{Furnishing, Stocked};
pub use server::{Sandbox, SandboxOptions};
pub use switches::{Switch, Switches};
pub use variants::{Variant, VariantGroup, Variants};
