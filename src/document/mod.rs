//! Documents that people write (configuration, feature files), read so that every value knows where it stands.
//!
//! Both JSON and YAML become one tree of [`Node`]s; readers take typed values out of it with [`Fields`] and collect
//! every [`Problem`] with file, line, column and, where one is near, a suggestion, instead of stopping at the first.

mod excerpt;
mod fields;
mod json;
mod node;
mod problem;
mod yaml;

pub use fields::{Fields, Problems};
pub use json::parse_json;
pub use node::{Excerpts, Key, Node, NodeKind, Source, Spot};
pub use problem::{Problem, problems_as_error};
pub use yaml::parse_yaml;
