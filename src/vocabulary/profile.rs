//! How much a run asserts.

use super::named::named_enumeration as named;

named! {
    /// A profile, and the profile that a check belongs to.
    "profile"
    pub enum Profile {
        /// What the public Node.js suite asserts.
        Compatible = "compatible",
        /// That, with its known faults closed, and what the specification demands beyond it.
        Strict = "strict",
    }
}
