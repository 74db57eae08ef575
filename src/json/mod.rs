//! JSON read in part: the members of an object and the entries of a list as they were written, without reading what is in them.

mod members;
mod rows;

pub use members::{Members, members};
pub use rows::{entries, rows};
