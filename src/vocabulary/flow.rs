//! Booking flows.

use super::named::named_enumeration as named;

named! {
    /// A booking flow of the Open Booking API (Test Interface: `test:TestOpenBookingFlowEnumeration`).
    "booking flow"
    pub enum Flow {
        /// C1, C2, B.
        Simple = "OpenBookingSimpleFlow",
        /// C1, C2, P, acceptance by the Seller, B.
        Approval = "OpenBookingApprovalFlow",
    }
}

impl Flow {
    /// The IRI that the Test Interface knows this flow by.
    #[must_use]
    pub fn iri(self) -> String {
        super::test_interface(self.name())
    }

    /// A word short enough for a table heading.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Simple => "Simple",
            Self::Approval => "Approval",
        }
    }
}
