//! The crate of [`sandbox`]: it cannot use anything of the tester but [`vocabulary`] and [`error`].

pub use oa_test_error::error;
pub use oa_test_vocabulary::vocabulary;

#[path = "mod.rs"]
pub mod sandbox;
