//! The crate of [`json`]: compiled for speed, since whole feeds go through it.

#[path = "mod.rs"]
pub mod json;
