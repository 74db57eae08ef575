//! Errors that a command ends with: their kinds, their hints, and the exit codes that follow from them.
//!
//! A finding about a target is part of a report, and no error. An error is the reason why there is no report.

mod exit;
mod kind;
mod reason;

pub use exit::Exit;
pub use kind::ErrorKind;
pub use reason::{Error, ErrorContext};
