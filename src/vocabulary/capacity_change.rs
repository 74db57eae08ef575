//! Effects of cancellations and deletions on remaining capacity.

use super::named::named_enumeration as named;

named! {
    /// Expected change of the capacity of opportunities.
    "value of `capacity`"
    pub enum CapacityChange {
        /// It stays as it is.
        Unchanged = "unchanged",
        /// The OrderItems that the step is about give theirs back.
        GivenBack = "given-back",
        /// It is what it was before the Order.
        Restored = "restored",
    }
}
