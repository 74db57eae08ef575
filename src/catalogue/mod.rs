//! The catalogue: every feature with its tests, read from the documents in `features/`.

mod embedded;
mod load;
mod read_check;
mod read_feature;
mod read_step;
mod schema;
mod types;

pub use embedded::FEATURE_FILES;
pub use load::{Catalogue, CatalogueError};
pub use schema::feature_schema;
pub use types::{Check, CheckKind, Condition, CountOf, Criteria, Feature, FeedName, NamedCheck, Step, Test, When};
