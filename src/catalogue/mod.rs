//! The catalogue: every feature with its tests, read from the documents in `features/`.

mod coverage;
mod embedded;
mod load;
mod read_check;
mod read_feature;
mod read_requirements;
mod read_step;
mod schema;
mod types;
mod words;

pub use coverage::{Covered, Judge, Share, State, coverage, share};
pub use embedded::FEATURE_FILES;
pub use load::Catalogue;
pub use schema::feature_schema;
pub use types::{Condition, Feature, Multiple, Opportunities, Part, SellerChoice, Test, WantedItem, When};

pub use crate::steps::{BrokerRole, CustomerDetails, PartnerName, Step};
pub use crate::vocabulary::{FeedName, Situation};
