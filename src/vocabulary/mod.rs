//! The words of the field, shared by every room: names, enumerations, media types and identifiers of the
//! Open Booking API, the Opportunity data model, RPDE and the Test Interface.
//!
//! Nothing here decides anything: the tester and the sandbox share these words and no judgement.

mod action;
mod capacity_change;
mod configuration_rule;
mod criteria;
mod error_name;
mod feature_names;
mod feed_name;
mod flow;
mod grade;
mod iri;
mod named;
mod numbered;
mod opportunity_type;
mod packed;
mod profile;
mod situation;
mod stage;
mod suggestion;
mod utf8;

pub use action::{Action, ActionTarget};
pub use capacity_change::CapacityChange;
pub use configuration_rule::ConfigurationRule;
pub use criteria::CriteriaName;
pub use error_name::ErrorName;
pub use feature_names::FEATURE_NAMES;
pub use feed_name::FeedName;
pub use flow::Flow;
pub use grade::Grade;
pub use iri::{
    BOOKING_MEDIA_TYPE, OPENACTIVE, OPENACTIVE_CONTEXT, RPDE_MEDIA_TYPE, SCHEMA_ORG, TEST_INTERFACE_CONTEXT,
    TEST_INTERFACE_NAMESPACE, openactive, schema_org, test_interface,
};
pub use named::UnknownName;
pub use named::named_enumeration;
pub use numbered::in_order;
pub use opportunity_type::OpportunityType;
pub use packed::{CompressedText, unpacked};
pub use profile::Profile;
pub use situation::Situation;
pub use stage::Stage;
pub use suggestion::{closest, nearest};
pub use utf8::{BYTE_ORDER_MARK, STARTS_WITH_MARK, utf8, without_mark};
