//! The catalogue: every feature with its tests, read from the documents in `features/`.

mod checks;
mod embedded;
mod load;
mod read_check;
mod read_feature;
mod read_step;
mod schema;
mod types;
mod words;

pub use checks::{Check, CheckKind, CountOf, Expectation, NamedCheck, ValueKind};
pub use embedded::FEATURE_FILES;
pub use load::{Catalogue, CatalogueError};
pub use schema::feature_schema;
pub use types::{
    Act, BrokerRole, CapacityChange, Checkpoint, Condition, CustomerDetails, Feature, FeedName, ItemChoice, LeaseBatch,
    LeaseErrors, Multiple, Opportunities, OrderChoice, Part, PartnerName, Requirement, SellerChoice, Step, Template,
    Test, Version, Wanted, When,
};
