//! Severity of an unmet requirement.

use super::named::named_enumeration as named;

named! {
    /// The grade of a check and of what it finds (RFC 2119), the gravest first.
    "grade"
    pub enum Grade {
        /// The target does not conform.
        Must = "must",
        /// There should be good reasons for it: a warning.
        Should = "should",
        /// It is worth knowing.
        May = "may",
    }
}
