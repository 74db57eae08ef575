//! How requests differ from the plain ones.

use crate::vocabulary::named_enumeration as named;

named! {
    /// How a request differs from the plain one.
    "request"
    pub enum Template {
        /// Everything that belongs into it, and nothing else.
        Standard = "standard",
        /// `broker` has no `name`.
        WithoutBrokerName = "without-broker-name",
        /// There is no `broker`.
        WithoutBroker = "without-broker",
        /// There is no `customer`.
        WithoutCustomer = "without-customer",
        /// `customer` has no `email`.
        WithoutCustomerEmail = "without-customer-email",
        /// There is neither `broker` nor `customer`.
        WithoutBrokerAndCustomer = "without-broker-and-customer",
        /// The OrderItems under test have no `orderedItem`.
        WithoutOpportunity = "without-opportunity",
        /// The OrderItems under test have no `acceptedOffer`.
        WithoutOffer = "without-offer",
        /// Every OrderItem has an `attendee`.
        WithAttendees = "with-attendees",
        /// Every intake form of C1 is answered.
        WithIntakeForms = "with-intake-forms",
        /// Every intake form of C1 is answered wrongly.
        WithWrongIntakeForms = "with-wrong-intake-forms",
        /// C1 has a customer, whom it need not have.
        WithCustomer = "with-customer",
        /// The customer is another one than before.
        ForAnotherCustomer = "for-another-customer",
        /// The customer is an Organization.
        ForBusiness = "for-business",
        /// `payment` is there whatever the total.
        WithPayment = "with-payment",
        /// `payment` is not there whatever the total.
        WithoutPayment = "without-payment",
        /// `payment` is there and has no `identifier`.
        WithoutPaymentIdentifier = "without-payment-identifier",
        /// `totalPaymentDue.price` is one too many.
        WithWrongTotal = "with-wrong-total",
        /// `payment` has other reconciliation details than were agreed.
        WithWrongReconciliation = "with-wrong-reconciliation",
        /// `payment` has no reconciliation details.
        WithoutReconciliation = "without-reconciliation",
        /// A PATCH asks for a status that only the Seller can give.
        WrongStatus = "wrong-status",
        /// A PATCH has a property that it must not have.
        ExcessiveProperties = "excessive-properties",
        /// With properties of an extension that no booking system knows, and with more than references in OrderItems.
        WithExtensions = "with-extensions",
        /// The OrderItems stand in another order than their positions.
        Reversed = "reversed",
        /// The Broker is one that the booking system has never met.
        FromAnotherBroker = "from-another-broker",
        /// `brokerRole` is AgentBroker, whatever the test has.
        AsAgent = "as-agent",
        /// `broker` is no Organization.
        WithInvalidBroker = "with-invalid-broker",
        /// `customer` is neither a Person nor an Organization.
        WithInvalidCustomer = "with-invalid-customer",
        /// `@type` is that of another request.
        OfAnotherType = "of-another-type",
        /// `seller` is nobody whom the booking system knows.
        WithUnknownSeller = "with-unknown-seller",
        /// The opportunities of the OrderItems under test do not exist.
        WithUnknownOpportunity = "with-unknown-opportunity",
        /// The offers of the OrderItems under test do not exist.
        WithUnknownOffer = "with-unknown-offer",
        /// The offers of the OrderItems under test are those of another opportunity.
        WithForeignOffer = "with-foreign-offer",
        /// Opportunity and offer of the OrderItems under test have identifiers of somebody else.
        WithForeignIds = "with-foreign-ids",
        /// Every OrderItem has an `OfferOverride` in the place of its offer.
        WithOfferOverrides = "with-offer-overrides",
        /// `payment` is a `DynamicPayment`, and there are neither prices nor offers.
        WithDynamicPayment = "with-dynamic-payment",
        /// As `with-dynamic-payment`, without `accountId`.
        WithDynamicPaymentWithoutAccount = "with-dynamic-payment-without-account",
        /// As `with-dynamic-payment`, with an `accountId` that was not agreed.
        WithDynamicPaymentOfNobody = "with-dynamic-payment-of-nobody",
    }
}

impl Template {
    /// What it is, in a few words.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Standard => "",
            Self::WithoutBrokerName => "without broker.name",
            Self::WithoutBroker => "without broker",
            Self::WithoutCustomer => "without customer",
            Self::WithoutCustomerEmail => "without customer.email",
            Self::WithoutBrokerAndCustomer => "without broker and customer",
            Self::WithoutOpportunity => "without orderedItem in the OrderItems under test",
            Self::WithoutOffer => "without acceptedOffer in the OrderItems under test",
            Self::WithAttendees => "with an attendee in every OrderItem",
            Self::WithIntakeForms => "with every intake form answered",
            Self::WithWrongIntakeForms => "with every intake form answered wrongly",
            Self::WithCustomer => "with a customer",
            Self::ForAnotherCustomer => "for another customer",
            Self::ForBusiness => "with an Organization as customer",
            Self::WithPayment => "with payment",
            Self::WithoutPayment => "without payment",
            Self::WithoutPaymentIdentifier => "with payment, but without its identifier",
            Self::WithWrongTotal => "with a total that is one too many",
            Self::WithWrongReconciliation => "with reconciliation details that were not agreed",
            Self::WithoutReconciliation => "without reconciliation details in payment",
            Self::WrongStatus => "with a status that the customer cannot set",
            Self::ExcessiveProperties => "with a property that does not belong into it",
            Self::WithExtensions => "with properties that nobody knows",
            Self::Reversed => "with the OrderItems in another order",
            Self::FromAnotherBroker => "from another Broker",
            Self::AsAgent => "as AgentBroker",
            Self::WithInvalidBroker => "with a broker that is no Organization",
            Self::WithInvalidCustomer => "with a customer that is neither Person nor Organization",
            Self::OfAnotherType => "with the @type of another request",
            Self::WithUnknownSeller => "with a seller that does not exist",
            Self::WithUnknownOpportunity => "with opportunities that do not exist",
            Self::WithUnknownOffer => "with offers that do not exist",
            Self::WithForeignOffer => "with offers of another opportunity",
            Self::WithForeignIds => "with identifiers that are not those of the booking system",
            Self::WithOfferOverrides => "with an OfferOverride in every OrderItem",
            Self::WithDynamicPayment => "with DynamicPayment",
            Self::WithDynamicPaymentWithoutAccount => "with DynamicPayment, but without its accountId",
            Self::WithDynamicPaymentOfNobody => "with DynamicPayment from an account that was not agreed",
        }
    }

    /// A request with what makes it differ, in words.
    #[must_use]
    pub fn titled(self, request: &str) -> String {
        match self.summary() {
            "" => request.to_owned(),
            summary => format!("{request} {summary}"),
        }
    }

    /// Whether prices are left to Broker and Seller.
    #[must_use]
    pub const fn is_dynamic(self) -> bool {
        matches!(
            self,
            Self::WithDynamicPayment | Self::WithDynamicPaymentWithoutAccount | Self::WithDynamicPaymentOfNobody
        )
    }
}
