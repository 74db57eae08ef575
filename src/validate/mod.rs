//! Validation of what a target sends, against the OpenActive data model. Knows nothing of HTTP, and asks nobody.
//!
//! The model stands in `fixtures/` as names, types and numbers, and is compiled once (`model.rs`). A document is read
//! into a tree whose keys are numbers of names (`json.rs`), and walked (`visit.rs`): every object is shown to every rule
//! (`rules/`).

mod activity_lists;
mod compile;
mod context;
mod contexts;
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
pub use validator::{Options, Validated, Validator};
