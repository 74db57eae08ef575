//! The catalogue: every feature with its tests, read from the documents in `features/`.

mod acts;
mod checks;
mod embedded;
mod load;
mod openid;
mod read_check;
mod read_feature;
mod read_step;
mod schema;
mod types;
mod words;

pub use acts::{
    Act, CapacityChange, Checkpoint, ItemChoice, LeaseBatch, LeaseErrors, OrderChoice, Requirement, Step, Template,
    Version,
};
pub use checks::{Check, CheckKind, CountOf, Expectation, NamedCheck, ValueKind};
pub use embedded::FEATURE_FILES;
pub use load::{Catalogue, CatalogueError};
pub use openid::{
    AuthorizationTemplate, ClientChoice, Consent, FeedReader, GrantTemplate, OpenIdAct, RedemptionTemplate,
    RefreshTemplate, Registrant, RegistrationTemplate, TokenFlaw,
};
pub use schema::feature_schema;
pub use types::{
    BrokerRole, Condition, CustomerDetails, Feature, FeedName, Multiple, Opportunities, Part, PartnerName,
    SellerChoice, Test, Wanted, When,
};
