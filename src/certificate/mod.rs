//! Certificates of conformance: a page that says what was shown to conform, with the whole record of the run that showed
//! it, so that readers need not trust it.
//!
//! A certificate is a function of its evidence. [`award`] creates it; [`verify`] creates it again, replays every cell of the run
//! from the record, and reports each difference.

mod award;
mod claims;
mod evidence;
mod page;
mod sign;
mod verify;

pub use award::{Award, award, obstacles};
pub use page::page;
pub use sign::{PublicKey, SigningKey};
pub use verify::{ExpectedCertificate, Verification, VerificationCheck, verify};
