//! Comparison of values of JSON documents by what they mean: instants, decimals, durations, URLs, sets, and whole documents.
//!
//! Everything here is pure and total: for any two values, comparison ends, in time that grows with their size, and
//! without a panic. What cannot be read as what its property holds is compared as text, so that a value that is not
//! understood never equals a different one.
//!
//! [`difference`] compares two documents under a [`Policy`]; each kind of value has a function of its own, for callers that
//! hold single values.

mod canonical;
mod decimal;
mod defaults;
mod difference;
mod duration;
mod enumeration;
mod instant;
mod matching;
mod members;
mod path;
mod policy;
mod property;
mod quoted;
mod scalar;
mod set;
mod url;

pub use decimal::{LARGEST_AMOUNT, amount, same_number, sum};
pub use defaults::default_of;
pub use difference::{Difference, DifferenceKind, difference, differences, property_difference, same};
pub use duration::{Span, same_duration};
pub use enumeration::{is_term, term};
pub use instant::{instant, same_instant};
pub use policy::{Extras, Policy};
pub use property::Meaning;
pub use quoted::{QUOTED_LENGTH, quoted};
pub use set::{SetDifference, as_list, same_set, set_difference};
pub use url::{normalised, same_url};

/// How deep documents are compared. What lies deeper is different from everything, itself included.
pub const MAX_DEPTH: usize = 128;
