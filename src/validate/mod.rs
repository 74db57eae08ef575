//! Validation of documents against the OpenActive data model. Uses no network.
//!
//! The model is data in `fixtures/`, compiled once (`model.rs`). A document is parsed into a tree whose keys are numbers of
//! names (`json.rs`) and traversed (`visit.rs`): each rule (`rules/`) is applied to each object. Findings that follow from
//! another one are marked (`consequences.rs`).

mod activity_lists;
mod compile;
mod consequences;
mod context;
mod contexts;
mod expected;
mod finding;
mod json;
mod kinds;
mod mode;
mod model;
mod node;
mod pages;
mod remote;
mod repeats;
mod rule;
mod rules;
mod text;
mod validator;
mod visit;
mod walk;

pub use finding::{Category, FindingKind, ModelFinding, Severity};
pub use mode::ValidationMode;
pub use pages::RulePage;
pub use remote::Remote;
pub use rule::Rule;
pub use validator::{Options, Validation, Validator};
