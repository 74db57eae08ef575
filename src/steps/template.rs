//! How requests differ from the plain ones.

use crate::vocabulary::named_enumeration as named;

named! {
    /// How a request differs from the plain one.
    "request"
    pub enum Template {
        /// The plain request.
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
        /// Every OrderItem has an `attendee` without the first property that C1 requires of it.
        WithoutFirstAttendeeDetail = "without-first-attendee-detail",
        /// Every OrderItem has an `attendee` without the second property that C1 requires of it, or the last one.
        WithoutSecondAttendeeDetail = "without-second-attendee-detail",
        /// Every OrderItem has an `attendee` without the third property that C1 requires of it, or the last one.
        WithoutThirdAttendeeDetail = "without-third-attendee-detail",
        /// Every OrderItem has an `attendee` without the fourth property that C1 requires of it, or the last one.
        WithoutFourthAttendeeDetail = "without-fourth-attendee-detail",
        /// Every OrderItem has an `attendee` without the fifth property that C1 requires of it, or the last one.
        WithoutFifthAttendeeDetail = "without-fifth-attendee-detail",
        /// Every OrderItem has an `attendee` without the sixth property that C1 requires of it, or the last one.
        WithoutSixthAttendeeDetail = "without-sixth-attendee-detail",
        /// Every OrderItem has an `attendee` without the last property that C1 requires of it.
        WithoutLastAttendeeDetail = "without-last-attendee-detail",
        /// `orderItemIntakeFormResponse` is complete for every intake form of C1.
        WithIntakeForms = "with-intake-forms",
        /// `orderItemIntakeFormResponse` has invalid values for every intake form of C1.
        WithWrongIntakeForms = "with-wrong-intake-forms",
        /// `orderItemIntakeFormResponse` has an unknown option for every Dropdown field of C1; without one, all values are invalid.
        WithUnknownChoices = "with-unknown-choices",
        /// `orderItemIntakeFormResponse` has text for every Boolean field of C1; without one, all values are invalid.
        WithInvalidBooleans = "with-invalid-booleans",
        /// C1 has a `customer`, which it does not need.
        WithCustomer = "with-customer",
        /// The customer is another one than before.
        ForAnotherCustomer = "for-another-customer",
        /// `customer` is another one than in the requests before.
        WithAnotherCustomer = "with-another-customer",
        /// The customer is an Organization.
        ForBusiness = "for-business",
        /// `payment` is there whatever the total.
        WithPayment = "with-payment",
        /// `payment` is not there whatever the total.
        WithoutPayment = "without-payment",
        /// `payment` is there and has no `identifier`.
        WithoutPaymentIdentifier = "without-payment-identifier",
        /// `totalPaymentDue.price` is 1 more than the total of C2.
        WithWrongTotal = "with-wrong-total",
        /// `payment` has other reconciliation details than were agreed.
        WithWrongReconciliation = "with-wrong-reconciliation",
        /// `payment` has no reconciliation details.
        WithoutReconciliation = "without-reconciliation",
        /// A PATCH has a status that the Customer cannot set.
        WrongStatus = "wrong-status",
        /// A PATCH has a property that the specification does not permit.
        ExcessiveProperties = "excessive-properties",
        /// Properties of an unknown extension, and more than `@type` and `@id` in `orderedItem` and `acceptedOffer`.
        WithExtensions = "with-extensions",
        /// The OrderItems are in the reverse order of their `position`.
        Reversed = "reversed",
        /// `broker` is one that the booking system has not seen before.
        FromAnotherBroker = "from-another-broker",
        /// `brokerRole` is AgentBroker, whatever the test has.
        AsAgent = "as-agent",
        /// `broker` is no Organization.
        WithInvalidBroker = "with-invalid-broker",
        /// `customer` is neither a Person nor an Organization.
        WithInvalidCustomer = "with-invalid-customer",
        /// `@type` is that of another request.
        OfAnotherType = "of-another-type",
        /// `seller` is unknown to the booking system.
        WithUnknownSeller = "with-unknown-seller",
        /// The opportunities of the OrderItems under test do not exist.
        WithUnknownOpportunity = "with-unknown-opportunity",
        /// The offers of the OrderItems under test do not exist.
        WithUnknownOffer = "with-unknown-offer",
        /// The offers of the OrderItems under test are those of another opportunity.
        WithForeignOffer = "with-foreign-offer",
        /// Opportunity and offer of the OrderItems under test have an `@id` in a URL format that is not the booking system's.
        WithForeignIds = "with-foreign-ids",
        /// Every OrderItem has an `OfferOverride` as `acceptedOffer`.
        WithOfferOverrides = "with-offer-overrides",
        /// `payment` is a `DynamicPayment`, without prices and `acceptedOffer`.
        WithDynamicPayment = "with-dynamic-payment",
        /// As `with-dynamic-payment`, without `accountId`.
        WithDynamicPaymentWithoutAccount = "with-dynamic-payment-without-account",
        /// As `with-dynamic-payment`, with an `accountId` that was not agreed.
        WithDynamicPaymentOfNobody = "with-dynamic-payment-of-nobody",
    }
}

impl Template {
    /// How it differs from the plain request, in a few words; empty for the plain request.
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
            Self::WithoutFirstAttendeeDetail => "without the first required attendee detail",
            Self::WithoutSecondAttendeeDetail => "without the second required attendee detail",
            Self::WithoutThirdAttendeeDetail => "without the third required attendee detail",
            Self::WithoutFourthAttendeeDetail => "without the fourth required attendee detail",
            Self::WithoutFifthAttendeeDetail => "without the fifth required attendee detail",
            Self::WithoutSixthAttendeeDetail => "without the sixth required attendee detail",
            Self::WithoutLastAttendeeDetail => "without the last required attendee detail",
            Self::WithIntakeForms => "with complete intake forms",
            Self::WithWrongIntakeForms => "with invalid intake forms",
            Self::WithUnknownChoices => "with unknown options for Dropdown fields",
            Self::WithInvalidBooleans => "with text for Boolean fields",
            Self::WithCustomer => "with a customer",
            Self::ForAnotherCustomer => "for another customer",
            Self::WithAnotherCustomer => "with another customer",
            Self::ForBusiness => "with an Organization as customer",
            Self::WithPayment => "with payment",
            Self::WithoutPayment => "without payment",
            Self::WithoutPaymentIdentifier => "with payment but without payment.identifier",
            Self::WithWrongTotal => "with a wrong totalPaymentDue",
            Self::WithWrongReconciliation => "with invalid reconciliation details",
            Self::WithoutReconciliation => "without reconciliation details",
            Self::WrongStatus => "with another status",
            Self::ExcessiveProperties => "with an extra property",
            Self::WithExtensions => "with unknown extension properties",
            Self::Reversed => "with OrderItems in reverse order",
            Self::FromAnotherBroker => "from an unknown Broker",
            Self::AsAgent => "as AgentBroker",
            Self::WithInvalidBroker => "with a broker that is no Organization",
            Self::WithInvalidCustomer => "with a customer that is neither Person nor Organization",
            Self::OfAnotherType => "with the @type of another endpoint",
            Self::WithUnknownSeller => "with an unknown seller",
            Self::WithUnknownOpportunity => "with unknown opportunities",
            Self::WithUnknownOffer => "with unknown Offers",
            Self::WithForeignOffer => "with Offers of another opportunity",
            Self::WithForeignIds => "with @ids in an unknown URL format",
            Self::WithOfferOverrides => "with an OfferOverride in every OrderItem",
            Self::WithDynamicPayment => "with DynamicPayment",
            Self::WithDynamicPaymentWithoutAccount => "with DynamicPayment but without accountId",
            Self::WithDynamicPaymentOfNobody => "with DynamicPayment and an unknown accountId",
        }
    }

    /// The request followed by how it differs from the plain one.
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
