//! Names of opportunity criteria.

use super::named::named_enumeration as named;

named! {
    /// A `test:TestOpportunityCriteriaEnumeration` value, and the three names that are in use without being in
    /// that namespace. Tester and sandbox decide separately what each one requires.
    "opportunity criterion"
    pub enum CriteriaName {
        /// Bookable, with room for two.
        Bookable = "TestOpportunityBookable",
        /// Bookable at no price.
        BookableFree = "TestOpportunityBookableFree",
        /// Bookable at a price.
        BookableNonFree = "TestOpportunityBookableNonFree",
        /// Bookable at a price that can be prepaid.
        BookableUsingPayment = "TestOpportunityBookableUsingPayment",
        /// Full.
        BookableNoSpaces = "TestOpportunityBookableNoSpaces",
        /// One space left.
        BookableOneSpace = "TestOpportunityBookableOneSpace",
        /// A capacity of five.
        BookableFiveSpaces = "TestOpportunityBookableFiveSpaces",
        /// Inside its booking window.
        BookableWithinValidFromBeforeStartDate = "TestOpportunityBookableWithinValidFromBeforeStartDate",
        /// Inside its booking window, as the namespace also names it.
        BookableWithinValidFromBeforeStartDateWindow = "TestOpportunityBookableWithinValidFromBeforeStartDateWindow",
        /// Cancellable by the customer.
        BookableCancellable = "TestOpportunityBookableCancellable",
        /// Not cancellable by the customer.
        BookableNotCancellable = "TestOpportunityBookableNotCancellable",
        /// Cancellable, at no price.
        BookableFreeCancellable = "TestOpportunityBookableFreeCancellable",
        /// Cancellable, at a price.
        BookableNonFreeCancellable = "TestOpportunityBookableNonFreeCancellable",
        /// Ended already.
        BookableInPast = "TestOpportunityBookableInPast",
        /// Outside its booking window.
        BookableOutsideValidFromBeforeStartDate = "TestOpportunityBookableOutsideValidFromBeforeStartDate",
        /// Outside its booking window, as the namespace also names it.
        BookableOutsideValidFromBeforeStartDateWindow = "TestOpportunityBookableOutsideValidFromBeforeStartDateWindow",
        /// Cancellable at any time.
        BookableCancellableNoWindow = "TestOpportunityBookableCancellableNoWindow",
        /// Cancellable, and the window is open.
        BookableCancellableWithinWindow = "TestOpportunityBookableCancellableWithinWindow",
        /// Cancellable, but the window has closed.
        BookableCancellableOutsideWindow = "TestOpportunityBookableCancellableOutsideWindow",
        /// At a price, by a Seller whose prices exclude tax.
        BookableNonFreeTaxNet = "TestOpportunityBookableNonFreeTaxNet",
        /// At a price, by a Seller whose prices include tax.
        BookableNonFreeTaxGross = "TestOpportunityBookableNonFreeTaxGross",
        /// At a price, prepayment optional.
        BookableNonFreePrepaymentOptional = "TestOpportunityBookableNonFreePrepaymentOptional",
        /// At a price, prepayment unavailable.
        BookableNonFreePrepaymentUnavailable = "TestOpportunityBookableNonFreePrepaymentUnavailable",
        /// At a price, prepayment required.
        BookableNonFreePrepaymentRequired = "TestOpportunityBookableNonFreePrepaymentRequired",
        /// Against the specification: free with optional prepayment.
        BookableFreePrepaymentOptional = "TestOpportunityBookableFreePrepaymentOptional",
        /// Against the specification: free with required prepayment.
        BookableFreePrepaymentRequired = "TestOpportunityBookableFreePrepaymentRequired",
        /// Attendee details are needed.
        BookableAttendeeDetails = "TestOpportunityBookableAttendeeDetails",
        /// An intake form is needed.
        BookableAdditionalDetails = "TestOpportunityBookableAdditionalDetails",
        /// The Seller has terms of service.
        BookableSellerTermsOfService = "TestOpportunityBookableSellerTermsOfService",
        /// Online.
        OnlineBookable = "TestOpportunityOnlineBookable",
        /// At a place.
        OfflineBookable = "TestOpportunityOfflineBookable",
        /// Open to negotiation.
        BookableWithNegotiation = "TestOpportunityBookableWithNegotiation",
    }
}

impl CriteriaName {
    /// The IRI that the Test Interface knows this criterion by.
    #[must_use]
    pub fn iri(self) -> String {
        super::test_interface(self.name())
    }
}
