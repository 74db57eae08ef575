//! The crate of [`error`]: every other crate may return its errors.

pub use oa_test_vocabulary::vocabulary;

#[path = "mod.rs"]
pub mod error;
