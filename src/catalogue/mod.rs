//! The catalogue: every feature with its tests, read from the documents in `features/`.

mod acts;
mod coverage;
mod embedded;
mod load;
mod openid;
mod read_check;
mod read_feature;
mod read_judges;
mod read_step;
mod schema;
mod templates;
mod types;
mod words;

pub use acts::{Act, Before, Checkpoint, ItemChoice, LeaseBatch, LeaseErrors, OrderChoice, Repeated, Step, Version};
pub use coverage::{Covered, Judge, Share, State, coverage, share};
pub use embedded::FEATURE_FILES;
pub use load::Catalogue;
pub use openid::{
    AuthorizationTemplate, ClientChoice, Consent, FeedReader, GrantTemplate, OpenIdAct, RedemptionTemplate,
    RefreshTemplate, Registrant, RegistrationTemplate, TokenFlaw,
};
pub use schema::feature_schema;
pub use templates::Template;
pub use types::{
    BrokerRole, Condition, CustomerDetails, Feature, Multiple, Opportunities, Part, PartnerName, SellerChoice, Test,
    Wanted, When,
};

pub use crate::vocabulary::{FeedName, Situation};
