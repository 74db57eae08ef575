//! `oa-test` tests whether a booking system conforms to the OpenActive Open Booking API, and reports each deviation.

pub mod catalogue;
pub mod certificate;
pub mod checks;
pub mod cli;
pub mod client;
pub mod compare;
pub mod config;
pub mod document;
pub mod harvest;
pub mod opportunity;
pub mod plan;
pub mod recording;
pub mod report;
pub mod requirement;
pub mod results;
pub mod run;
pub mod steps;
pub mod survey;
pub mod trace;

pub use oa_test_error::error;
pub use oa_test_json::json;
pub use oa_test_sandbox::sandbox;
pub use oa_test_validate::validate;
pub use oa_test_vocabulary::vocabulary;
