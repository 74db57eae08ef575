//! Recordings of HTTP traffic that others made, read as exchanges without secrets.

mod har;

pub use har::{Recording, read};
