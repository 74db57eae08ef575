//! The crate of [`validate`]: compiled for speed, beside the other crates.

pub use oa_test_vocabulary::vocabulary;

#[path = "mod.rs"]
pub mod validate;
