//! Certificates of conformance: a page that says what was shown to conform, with the whole record of the run that showed
//! it, so that whoever reads it need not believe it.
//!
//! A certificate is a function of its evidence. [`award`] makes it; [`verify`] makes it again, makes every cell of the run
//! again out of the record, and tells where anything differs.

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
