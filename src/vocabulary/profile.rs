//! How much a run asserts.

use super::named::named_enumeration as named;

named! {
    /// A profile, and the profile that a check belongs to.
    "profile"
    pub enum Profile {
        /// The assertions of the public Node.js suite.
        Compatible = "compatible",
        /// All of it without its known faults, and all other requirements of the specification.
        Strict = "strict",
    }
}
