//! The standard checks: what every step of its kind must stand, whatever the test, and the requirements that they judge.

use crate::vocabulary::{ErrorName, Place, named_enumeration as named};

/// Requirements by the places in which a check judges them.
type Judged = &'static [(&'static [Place], &'static [&'static str])];

/// Declares the standard checks: name, sentence, and the requirements that they judge in each place.
macro_rules! standard_checks {
    ($( $variant:ident = $name:literal : $summary:literal { $( $($place:ident)+ : [$($id:literal),* $(,)?], )* } )+) => {
        named! {
            /// A check that steps make by themselves.
            "standard check"
            pub enum StandardCheck {
                $( #[doc = $summary] $variant = $name, )+
            }
        }

        impl StandardCheck {
            /// What it asserts, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$variant => $summary, )+ }
            }

            /// The requirements that it judges, by place.
            #[must_use]
            pub const fn judged(self) -> Judged {
                match self { $( Self::$variant => &[ $( (&[$(Place::$place),+], &[$($id),*]), )* ], )+ }
            }
        }
    };
}

/// Declares which requirements an error shows to be kept.
macro_rules! errors {
    ($( $variant:ident : [$($id:literal),* $(,)?], )+) => {
        /// The requirements that a request is judged by which must be refused with an error, at least those that show in
        /// the place of the request.
        #[must_use]
        pub const fn judged_by_error(error: ErrorName) -> &'static [&'static str] {
            match error { $( ErrorName::$variant => &[$($id),*], )+ }
        }
    };
}

impl StandardCheck {
    /// The requirements that it judges in a place.
    pub fn judges(self, place: Place) -> impl Iterator<Item = &'static str> {
        self.judged()
            .iter()
            .filter(move |(places, _)| places.contains(&place) || places.contains(&Place::Any))
            .flat_map(|(_, ids)| ids.iter().copied())
    }
}

standard_checks! {
    Status = "status": "a request that must succeed is answered with its status" {
        C1: [
            "OB-step-by-step-process-description-4",
            "OB-booking-system-contract-with-the-broker-1",
            "OB-paths-and-verbs-7",
            "OB-orderquote-creation-c1-1",
            "OB-orderquote-creation-c1-2",
            "OB-paths-and-verbs-1",
            "OB-paths-and-verbs-5",
        ],
        C2: [
            "OB-step-by-step-process-description-25",
            "OB-booking-system-contract-with-the-broker-3",
            "OB-paths-and-verbs-8",
            "OB-orderquote-creation-c2-1",
            "OB-orderquote-creation-c2-2",
        ],
        P: [
            "OB-booking-system-contract-with-the-broker-0-1",
            "OB-step-by-step-process-description-0-19",
        ],
        B: [
            "OB-booking-system-contract-with-the-broker-5",
            "OB-paths-and-verbs-12",
            "OB-order-creation-b-1",
            "OB-order-creation-b-2",
            "OB-step-by-step-process-description-57",
            "OB-leasing-6",
        ],
        OrderPatch: [
            "OB-customer-requested-cancellation-7",
            "OB-customer-requested-cancellation-8",
            "OB-paths-and-verbs-14",
            "OB-order-cancellation-1",
        ],
        ProposalPatch: ["OB-orderproposal-update-2"],
        OrderDelete: ["OB-paths-and-verbs-13", "OB-order-deletion-1", "OB-order-deletion-8"],
        QuoteDelete: [
            "OB-paths-and-verbs-9",
            "OB-orderquote-deletion-1",
            "OB-orderquote-deletion-4",
            "OB-amending-the-orderquote-before-b-7",
        ],
        OrderStatus: ["OB-paths-and-verbs-16", "OB-order-status-1", "OB-order-status-2"],
        TestInterface: [
            "TI-overview-1",
            "TI-test-interface-endpoints-1",
            "TI-datasets-endpoints-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-3",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-5",
            "TI-post-test-interfaceactions-1",
            "TI-post-test-interfaceactions-4",
            "TI-post-test-interfaceactions-5",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-11",
        ],
    }
    Object = "object": "the answer is a JSON object" {
        Any: ["OB-response-formats-1"],
    }
    MediaType = "media-type": "the answer has the media type of the Open Booking API" {
        Any: ["OB-media-types-2", "OB-media-types-3"],
    }
    ErrorMediaType = "error-media-type": "the error has the media type of the Open Booking API" {
        Any: ["OB-errors-3", "OB-media-types-3"],
    }
    Valid = "valid": "the document is what the data model demands of it" {
        Any: ["OB-response-formats-4"],
    }
    AllItems = "all-items": "the answer has every OrderItem of the request" {
        C1 C2 P B: ["OB-schema-orderitem-11"],
    }
    SameItems = "same-items": "each OrderItem is for the opportunity and offer of the request" {
        C1 C2 P B: [
            "OB-schema-orderitem-11",
            "OB-change-of-logistics-notifications-1",
            "OB-globally-unique-identifiers-2",
        ],
        B: ["OB-schema-orderitem-10"],
    }
    Confirmed = "confirmed": "every OrderItem of a new Order is confirmed" {
        B: ["OB-step-by-step-process-description-73"],
    }
    OwnItemIds = "own-item-ids": "every OrderItem has an @id of its own" {
        B: ["OB-order-creation-b-3", "OB-order-creation-b-4", "OB-schema-orderitem-5"],
    }
    AwaitsSeller = "awaits-seller": "a new OrderProposal awaits the confirmation of the Seller" {
        P: [
            "OB-orderproposal-statuses-5",
            "OB-orderproposal-creation-p-2",
            "OB-step-by-step-process-description-0-19",
        ],
    }
    ItemsOfProposal = "items-of-proposal": "the OrderItems of the Order are those of the OrderProposal" {
        B: ["OB-step-by-step-process-description-0-69"],
    }
    ProposalDropped = "proposal-dropped": "the OrderProposals feed drops an OrderProposal that was booked" {
        ProposalsFeed: [
            "OB-orders-feed-inconsistencies-4",
            "OB-step-by-step-process-description-0-73",
            "OB-order-endpoint-restful-semantics-7",
        ],
    }
    SellerAccepted = "seller-accepted": "the OrderProposals feed shows that the Seller accepted" {
        ProposalsFeed: [
            "OB-proposal-approval-1",
            "OB-orderproposal-statuses-7",
            "OB-orderproposal-statuses-8",
            "OB-step-by-step-process-description-0-52",
            "OB-step-by-step-process-description-0-54",
            "OB-booking-system-contract-with-the-broker-0-3",
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-orders-feed-notifications-updates-and-refunds-4",
        ],
    }
    CapacityInAnswer = "capacity-in-answer": "an answer shows the capacity that is left to the customer" {
        C1: [
            "OB-step-by-step-process-description-8",
            "OB-step-by-step-process-description-9",
            "OB-step-by-step-process-description-10",
            "OB-booking-system-contract-with-the-broker-12",
            "OB-opportunity-data-properties-21",
        ],
        C2: ["OB-booking-system-contract-with-the-broker-12"],
    }
    CapacityInFeeds = "capacity-in-feeds": "the opportunity feeds come to show the capacity that is left" {
        Any: ["OB-booking-pre-conditions-3"],
        C1: ["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        C2: [
            "OB-booking-system-contract-with-the-broker-29",
            "OB-orderquote-creation-c2-4",
            "OB-leasing-5",
        ],
        P: ["OB-leasing-6"],
        B: ["OB-leasing-6"],
    }
    NothingTaken = "nothing-taken": "a request that was refused takes no capacity, and gives none back" {
        C1: ["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        C2: ["OB-booking-system-contract-with-the-broker-29", "OB-orderquote-creation-c2-4"],
        P: [
            "OB-step-by-step-process-description-0-14",
            "OB-step-by-step-process-description-0-34",
            "OB-step-by-step-process-description-0-31",
            "OB-booking-system-contract-with-the-broker-0-2",
        ],
        B: [
            "OB-step-by-step-process-description-53",
            "OB-step-by-step-process-description-50",
            "OB-booking-system-contract-with-the-broker-6",
        ],
    }
    SameAnswer = "same-answer": "a request that is made once more is answered as before" {
        B: [
            "OB-step-by-step-process-description-55",
            "OB-step-by-step-process-description-67",
            "OB-booking-system-contract-with-the-broker-22",
            "OB-endpoints-4",
            "OB-order-creation-orderquote-orderproposal-and-order-error-responses-14",
        ],
        C1: ["OB-booking-system-contract-with-the-broker-19", "OB-endpoints-1"],
        C2: ["OB-booking-system-contract-with-the-broker-20", "OB-endpoints-2"],
        P: [
            "OB-booking-system-contract-with-the-broker-21",
            "OB-endpoints-3",
            "OB-step-by-step-process-description-0-36",
            "OB-step-by-step-process-description-0-46",
        ],
    }
    UpdateInFeed = "update-in-feed": "a feed shows an Order or OrderProposal that was changed" {
        OrdersFeed: [
            "OB-orders-feed-inconsistencies-6",
            "OB-step-by-step-process-description-79",
            "OB-step-by-step-process-description-81",
            "OB-booking-system-contract-with-the-broker-7",
            "OB-booking-system-contract-with-the-broker-8",
            "OB-cancellation-after-b-2",
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-orders-feed-notifications-updates-and-refunds-4",
            "OB-orders-feed-notifications-updates-and-refunds-7",
            "OB-paths-and-verbs-15",
            "OB-orders-rpde-feed-1",
            "OB-booking-system-updating-the-orders-feed-1",
            "OB-booking-system-updating-the-orders-feed-2",
            "OB-broker-processing-the-orders-feed-8",
            "OB-booking-system-contract-with-the-broker-9",
        ],
        ProposalsFeed: [
            "OB-orderproposal-statuses-8",
            "OB-step-by-step-process-description-0-52",
            "OB-booking-system-contract-with-the-broker-0-3",
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-orders-feed-notifications-updates-and-refunds-4",
            "OB-booking-system-updating-the-orders-feed-1",
            "OB-booking-system-updating-the-orders-feed-2",
            "OB-broker-processing-the-orders-feed-8",
            "OB-order-endpoint-restful-semantics-3",
        ],
    }
    ItemKind = "item-kind": "the item of a feed says what it is" {
        OrdersFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
        ProposalsFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
    }
    ItemDeleted = "item-deleted": "a feed shows that an Order or OrderProposal is no more" {
        OrdersFeed: ["OB-order-deletion-2"],
    }
    NotInFeed = "not-in-feed": "a feed does not show what does not belong into it" {
        OrdersFeed: [
            "OB-booking-system-contract-with-the-broker-17",
            "OB-step-by-step-process-description-80",
            "OB-orders-feed-notifications-updates-and-refunds-3",
            "OB-orders-feed-notifications-updates-and-refunds-5",
            "OB-api-level-authentication-and-data-security-1",
            "OB-api-level-authentication-and-data-security-2",
            "OB-middleware-as-a-catalyst-4",
            "OB-middleware-as-a-catalyst-7",
        ],
        ProposalsFeed: [
            "OB-orders-feed-notifications-updates-and-refunds-3",
            "OB-orders-feed-notifications-updates-and-refunds-5",
            "OB-api-level-authentication-and-data-security-1",
            "OB-middleware-as-a-catalyst-4",
        ],
    }
    FeedRefused = "feed-refused": "a feed of Orders is not shown without credentials" {
        OrdersFeed: [
            "OB-step-by-step-process-description-80",
            "OB-booking-system-contract-with-the-broker-16",
            "OB-orders-feed-notifications-updates-and-refunds-2",
        ],
    }
    CreationRefused = "creation-refused": "the Test Interface refuses what cannot be" {
        TestInterface: [],
    }
    NoUpdate = "no-update": "what changes nothing shows in no feed" {
        OrdersFeed: [
            "OB-endpoints-5",
            "OB-booking-system-contract-with-the-broker-23",
            "OB-orders-feed-notifications-updates-and-refunds-5",
        ],
        ProposalsFeed: [
            "OB-endpoints-6",
            "OB-booking-system-contract-with-the-broker-24",
            "OB-orders-feed-notifications-updates-and-refunds-5",
        ],
    }
    ItemsOfOrder = "items-of-order": "Order Status has the OrderItems of B" {
        OrderStatus: [
            "OB-booking-system-contract-with-the-broker-9",
            "OB-cancellation-after-b-1",
            "OB-totalpaymentdue-invariant-1",
        ],
    }
    Refused = "refused": "a request that must be refused has the status of its error" {
        C1: ["OB-orderquote-creation-c1-6", "OB-step-by-step-process-description-12", "OB-errors-1"],
        C2: ["OB-orderquote-creation-c2-8", "OB-step-by-step-process-description-31", "OB-errors-1"],
        Any: ["OB-errors-1"],
    }
    ErrorType = "error-type": "the error is the one that says what is wrong" {
        C1: ["OB-orderquote-creation-c1-10", "OB-orderproposal-creation-p-7", "OB-order-creation-b-9"],
        C2: ["OB-orderquote-creation-c2-12", "OB-orderproposal-creation-p-6", "OB-order-creation-b-8"],
        P: ["OB-orderproposal-creation-p-3", "OB-step-by-step-process-description-0-28"],
        B: ["OB-order-creation-b-5", "OB-step-by-step-process-description-47"],
        Any: ["OB-errors-2"],
    }
    ErrorContext = "error-context": "the error has an @context" {
        Any: ["OB-response-formats-3"],
    }
    ItemErrors = "item-errors": "every OrderItem with something wrong has the error that says so, and no other OrderItem has it" {
        C1: [
            "OB-orderquote-creation-c1-7",
            "OB-step-by-step-process-description-13",
            "OB-order-creation-orderitem-errors-1",
        ],
        C2: [
            "OB-orderquote-creation-c2-9",
            "OB-step-by-step-process-description-31",
            "OB-order-creation-orderitem-errors-1",
        ],
    }
    CleanControls = "clean-controls": "an OrderItem with nothing wrong has no error" {
        Any: [],
    }
    NoCredentials = "no-credentials": "an error does not repeat credentials" {
        Any: [],
    }
    OwnUrl = "own-url": "@id is the URL of the OrderQuote, OrderProposal or Order" {
        C1 C2: ["OB-schema-order-4"],
        P: [
            "OB-schema-order-5",
            "OB-step-by-step-process-description-0-9",
            "OB-orderproposal-creation-p-2",
        ],
        B: ["OB-schema-order-6", "OB-step-by-step-process-description-40"],
    }
    RootType = "root-type": "@type is what the request or the feed is about" {
        C1 C2: ["OB-oa-orderquote-3"],
        P: ["OB-oa-orderproposal-6"],
        B OrderStatus: ["OB-schema-order-2"],
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-27"],
    }
    BrokerSent = "broker-sent": "broker and brokerRole are those that were sent" {
        C1: ["OB-step-by-step-process-description-15"],
        P: ["OB-step-by-step-process-description-0-39"],
        B: ["OB-step-by-step-process-description-59"],
        C1 C2 P B: ["OB-schema-order-14", "OB-schema-order-16", "OB-schema-order-19"],
    }
    Reflected = "reflected": "every property that was sent is reflected" {
        C1: ["OB-step-by-step-process-description-14"],
        C2: ["OB-step-by-step-process-description-25"],
        P: ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        B: [
            "OB-step-by-step-process-description-58",
            "OB-step-by-step-process-description-0-69",
            "OB-schema-order-22",
        ],
    }
    CustomerSent = "customer-sent": "customer and attendees are told again with what was sent, and with nothing else" {
        C2 P B: [
            "OB-schema-person-for-customer-or-attendee-9",
            "OB-schema-person-for-customer-or-attendee-10",
            "OB-schema-organization-for-customer-8",
            "OB-schema-organization-for-customer-9",
        ],
    }
    NoExtensions = "no-extensions": "no property of an extension that was sent is told again" {
        C1: ["OB-step-by-step-process-description-16"],
        P: ["OB-step-by-step-process-description-0-40"],
        B: ["OB-step-by-step-process-description-60", "OB-step-by-step-process-description-0-70"],
    }
    NoOrderStatus = "no-order-status": "there is no orderStatus" {
        B OrdersFeed OrderStatus: ["OB-order-statuses-in-the-booking-system-2"],
    }
    NoFlowRequirement = "no-flow-requirement": "offers do not have openBookingFlowRequirement" {
        C1 C2 P B OrdersFeed OrderStatus: ["OB-definition-of-a-bookable-opportunity-and-offer-pair-20", "OB-schema-offer-24"],
    }
    NoPaymentMethod = "no-payment-method": "payment does not have paymentMethod" {
        C1 C2 P B: ["OB-oa-payment-4"],
    }
    PaymentAsSent = "payment-as-sent": "payment is there when it was sent, and only then" {
        P: [
            "OB-step-by-step-process-description-0-27",
            "OB-booking-without-payment-13",
            "OB-booking-without-payment-14",
            "OB-schema-order-36",
        ],
        B: [
            "OB-step-by-step-process-description-45",
            "OB-step-by-step-process-description-46",
            "OB-booking-without-payment-13",
            "OB-booking-without-payment-14",
            "OB-schema-order-36",
        ],
    }
    OneCurrency = "one-currency": "every price has the same currency" {
        C1 C2 P B OrdersFeed: ["OB-currency-support-1"],
    }
    TotalOfItems = "total-of-items": "totalPaymentDue is the sum of the OrderItems that count" {
        C1: [
            "OB-orderquote-creation-c1-8",
            "OB-orderquote-creation-c1-9",
            "OB-booking-system-contract-with-the-broker-14",
        ],
        C2: [
            "OB-orderquote-creation-c2-10",
            "OB-orderquote-creation-c2-11",
            "OB-booking-system-contract-with-the-broker-14",
        ],
        C1 C2 P B: ["OB-tax-mode-7", "OB-schema-order-28", "OB-free-opportunities-5"],
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-5"],
    }
    TaxOfItems = "tax-of-items": "totalPaymentTax is the sum of unitTaxSpecification of the OrderItems that count" {
        C1 C2 P B: ["OB-tax-mode-8"],
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-6"],
    }
    TaxTold = "tax-told": "totalPaymentTax, unitTaxSpecification and taxCalculationExcluded are there" {
        C1 C2 P B: ["OB-schema-order-11", "OB-schema-order-29", "OB-schema-orderitem-18"],
    }
    NoTaxWhereExcluded = "no-tax-where-excluded": "there is no tax where taxCalculationExcluded is true" {
        C1 C2 P B: ["OB-schema-order-30", "OB-schema-orderitem-19"],
    }
    TaxModeOfFeed = "tax-mode-of-feed": "taxMode of the Seller is that of the opportunity feed" {
        C1 C2 P B: ["OB-tax-mode-4", "OB-tax-mode-6"],
    }
    OfferOfFeed = "offer-of-feed": "acceptedOffer is what the opportunity feed shows" {
        C1 C2 P B: ["OB-acceptedoffer-properties-1", "OB-schema-offer-1"],
    }
    OpportunityOfFeed = "opportunity-of-feed": "orderedItem is what the opportunity feed shows" {
        C1 C2 P B: ["OB-opportunity-data-properties-4", "OB-opportunity-data-properties-5"],
        OrderStatus: [
            "OB-opportunity-data-properties-4",
            "OB-opportunity-data-properties-5",
            "OB-order-status-4",
        ],
    }
    NeedsOfFeed = "needs-of-feed": "what booking needs is what the offers of the opportunity feed announce" {
        C1 C2: [
            "OB-minimal-proposal-implementation-1",
            "OB-step-by-step-process-description-0-1",
            "OB-step-by-step-process-description-0-3",
            "OB-oa-orderquote-6",
            "OB-attendee-details-capture-6",
            "OB-additional-details-capture-1",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-18",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-19",
            "OB-schema-offer-22",
        ],
    }
    PrepaymentOfTotal = "prepayment-of-total": "totalPaymentDue says whether to pay in advance, as its offers do" {
        C1 C2: [
            "OB-booking-without-payment-2",
            "OB-booking-without-payment-3",
            "OB-booking-without-payment-4",
            "OB-booking-without-payment-5",
            "OB-schema-pricespecification-7",
        ],
    }
    SellerAddress = "seller-address": "the address of an Organization that sells is complete" {
        C1 C2 P B: [
            "OB-schema-postaladdress-4",
            "OB-schema-postaladdress-6",
            "OB-schema-postaladdress-8",
            "OB-schema-postaladdress-10",
            "OB-schema-postaladdress-12",
        ],
    }
    TermsApart = "terms-apart": "terms have different names" {
        C1 C2 P B: ["OB-oa-terms-3"],
    }
    ConcreteFields = "concrete-fields": "the fields of intake forms are of a particular kind" {
        C1 C2 P B: ["OB-schema-propertyvaluespecification-1"],
    }
    WaysApart = "ways-apart": "access codes and passes are different ways of getting in" {
        B OrdersFeed: ["OB-access-control-3", "OB-access-control-4", "OB-image-based-access-control-2"],
    }
    NoAnswersAtC1 = "no-answers-at-c1": "OrderItems have neither attendee nor answers to forms at C1" {
        C1: ["OB-orderquote-creation-c1-4"],
    }
    NoChannelYet = "no-channel-yet": "OrderItems of an OrderQuote have no accessChannel" {
        C1 C2: ["OB-schema-orderitem-35"],
    }
    Described = "described": "an error that a customer must understand has a description" {
        C2 P B: ["OB-form-validation-and-auto-fill-5"],
        OrderPatch: [
            "OB-customer-requested-cancellation-10",
            "OB-order-cancellation-6",
            "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-2",
        ],
    }
    NoneOfBooking = "none-of-booking": "an OrderQuote is not refused with an error of bookings" {
        C1 C2: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-12"],
    }
    FeedIdentity = "feed-identity": "an Order stays the same Order in its feed: @type, @id, identifier, its OrderItems" {
        OrdersFeed: [
            "OB-broker-processing-the-orders-feed-26",
            "OB-broker-processing-the-orders-feed-29",
            "OB-broker-processing-the-orders-feed-31",
            "OB-schema-order-8",
            "OB-cancellation-after-b-1",
            "OB-totalpaymentdue-invariant-1",
            "OB-amending-the-order-after-b-1",
        ],
        ProposalsFeed: [
            "OB-broker-processing-the-orders-feed-29",
            "OB-broker-processing-the-orders-feed-26",
            "OB-broker-processing-the-orders-feed-31",
            "OB-schema-order-8",
        ],
    }
    PartOfAnswer = "part-of-answer": "a feed shows properties of the answer to B or P, with what is nested in them" {
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-2", "OB-broker-processing-the-orders-feed-33"],
    }
    TaxInFeed = "tax-in-feed": "a feed shows tax where there is any, and taxCalculationExcluded where it is true" {
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-4", "OB-broker-processing-the-orders-feed-32"],
    }
    OfferInFeed = "offer-in-feed": "a feed shows the offer and the tax of OrderItems, where they can be replaced" {
        OrdersFeed: [
            "OB-broker-processing-the-orders-feed-18",
            "OB-broker-processing-the-orders-feed-19",
            "OB-change-of-logistics-notifications-3",
        ],
    }
    ReplacedFairly = "replaced-fairly": "a replacement costs no more, and is paid for at the same time" {
        OrdersFeed: [
            "OB-totalpaymentdue-invariant-3",
            "OB-totalpaymentdue-invariant-4",
            "OB-cancellation-replacement-refund-calculation-and-notification-10",
        ],
    }
    ReplacedOffer = "replaced-offer": "the offer of a replacement is one of its opportunity" {
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-8"],
    }
    ChangeInFeed = "change-in-feed": "a material change of an opportunity is in its feed" {
        OpportunityFeed: ["OB-customer-notice-notifications-3"],
    }
    OtherDatasets = "other-datasets": "other test datasets are left alone" {
        TestInterface: ["TI-datasets-endpoints-3"],
    }
    IdTokenClaims = "id-token-claims": "the ID token has the claims about the Seller by their names" {
        Auth: ["OB-id-token-claims-1", "OB-id-token-claims-2"],
    }
    OfferKept = "offer-kept": "offer and tax of an OrderItem stay as they were booked" {
        OrdersFeed: [
            "OB-totalpaymentdue-invariant-5",
            "OB-cancellation-replacement-refund-calculation-and-notification-9",
            "OB-cancellation-replacement-refund-calculation-and-notification-4",
            "OB-orders-rpde-feed-4",
            "OB-acceptedoffer-properties-2",
        ],
        OrderStatus: [
            "OB-totalpaymentdue-invariant-5",
            "OB-cancellation-replacement-refund-calculation-and-notification-4",
        ],
    }
    NothingUndone = "nothing-undone": "an OrderItem that was cancelled stays so" {
        OrdersFeed: [
            "OB-cancellation-after-b-3",
            "OB-totalpaymentdue-invariant-6",
            "OB-cancellation-replacement-refund-calculation-and-notification-3",
        ],
        OrderStatus: ["OB-totalpaymentdue-invariant-6"],
    }
    TotalsFall = "totals-fall": "the total of an Order never rises, and only cancellations and replacements change it" {
        OrdersFeed: ["OB-totalpaymentdue-invariant-7", "OB-totalpaymentdue-invariant-8"],
    }
    NoNote = "no-note": "a feed does not show the note of the customer" {
        ProposalsFeed: ["OB-message-exchange-10"],
    }
    MessagesInPlace = "messages-in-place": "messages to the customer stand where they may" {
        OrdersFeed: ["OB-schema-orderitem-38", "OB-schema-orderitem-39"],
    }
    FormsInFeed = "forms-in-feed": "the OrderProposals feed shows intake forms and their answers" {
        ProposalsFeed: ["OB-broker-processing-the-orders-feed-23", "OB-broker-processing-the-orders-feed-24"],
    }
    RestAsBooked = "rest-as-booked": "what the Orders feed does not show stays as it was booked" {
        OrderStatus: ["OB-broker-processing-the-orders-feed-35"],
    }
    Retained = "retained": "a feed keeps what was deleted, so that nobody misses it" {
        OrdersFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-4"],
    }
    WholePlace = "whole-place": "where it takes place has an address and a position" {
        C1 C2 P B OrderStatus: ["OB-opportunity-data-properties-12"],
    }
    ParentTold = "parent-told": "an opportunity is shown with what it is part of" {
        C1 C2 P B OrderStatus: ["OB-opportunity-data-properties-25"],
    }
    ItemIdForm = "item-id-form": "the @id of an OrderItem is that of the Order and #/orderedItem/ with something of its own" {
        B OrdersFeed: ["OB-schema-orderitem-4"],
    }
    ChannelWhole = "channel-whole": "a virtual location has everything to get in, by itself and by hand" {
        B OrdersFeed: ["OB-remote-access-control-1", "OB-remote-access-control-2"],
    }
    Instructions = "instructions": "what is online says how to take part" {
        C1 C2 B: ["OB-remote-access-control-4"],
    }
    StatusOfAll = "status-of-all": "Order Status shows whatever has the UUID" {
        OrderStatus: ["OB-order-endpoint-restful-semantics-2"],
    }
    ConstantNames = "constant-names": "errors of one type have one name" {
        C1 C2 P B OrderPatch OrderDelete OrderStatus: ["OB-oa-openbookingerror-4"],
    }
    SpecificFault = "specific-fault": "an error of the booking system itself says which kind it is" {
        Any: ["OB-oa-internalopenbookingerror-subclasses-1"],
    }
    LeaseCarried = "lease-carried": "an OrderProposal holds what its OrderQuote has leased" {
        P: ["OB-proposal-leasing-1"],
    }
    LeaseExtended = "lease-extended": "an OrderProposal holds it after the lease of its OrderQuote is over" {
        P: ["OB-proposal-leasing-2"],
    }
    TokenLife = "token-life": "an access token lives 15 minutes at most" {
        Auth: ["OB-oauth-flows-and-scopes-2"],
    }
    ClaimsAsShown = "claims-as-shown": "what the ID token says of Seller and booking system is what the feeds and the dataset site say" {
        Auth: [
            "OB-id-token-claims-3",
            "OB-id-token-claims-4",
            "OB-id-token-claims-5",
            "OB-id-token-claims-7",
            "OB-id-token-claims-8",
        ],
    }
    Preferred = "preferred-authentication": "Booking Partners and Sellers are known by OpenID Connect" {
        Any: [],
    }
    FreeOrPaid = "free-or-paid": "what may be free or not is sometimes free and sometimes not" {
        TestInterface: [
            "TI-TestOpportunityBookable-2",
            "TI-TestOpportunityBookableAttendeeDetails-2",
            "TI-TestOpportunityOnlineBookable-2",
            "TI-TestOpportunityOfflineBookable-2",
            "TI-TestOpportunityBookableWithNegotiation-2",
        ],
    }
    Criteria = "criteria": "an opportunity meets the criteria that it was asked for" {
        TestInterface: [
            "TI-testOpportunityCriteria-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-9",
            "TI-overview-2",
        ],
    }
    CreatedType = "created-type": "what was created is of the type that was asked for" {
        TestInterface: [
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-6",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-8",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-12",
        ],
    }
    CreatedSeller = "created-seller": "what was created belongs to the Seller that was asked for" {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-7"],
    }
    NoneMeets = "none-meets": "no opportunity of the feeds meets criteria that none may meet" {
        Any: [],
    }
    FeedPages = "feed-pages": "the pages of a feed are what RPDE demands" {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-2"],
        OrdersFeed: ["OB-realtime-paged-data-exchange-1-0-4"],
    }
    Created = "created": "what was created is in the feeds" {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1"],
    }
    DatasetGone = "dataset-gone": "what was created in a dataset is deleted with it" {
        TestInterface: [
            "TI-delete-test-interfacedatasetstestdatasetidentifier-1",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-10",
        ],
    }
    FeedItems = "feed-items": "the feeds of opportunities hold what the data model demands" {
        OpportunityFeed: [
            "OB-booking-system-contract-with-the-broker-18",
            "OB-opportunity-data-extensions-5",
            "OB-model-1",
        ],
    }
    DatasetSite = "dataset-site": "the dataset site describes the feeds and where to book" {
        DatasetSite: ["OB-paths-and-verbs-2"],
    }
    Configuration = "configuration": "the configuration says what it must say" {
        Any: [],
    }
    Preparation = "preparation": "what the step builds on is there" {
        Any: [],
    }
}

errors! {
    IncompleteCustomerDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-1",
        "OB-step-by-step-process-description-27",
    ],
    IncompleteBrokerDetails: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-3"],
    UnnecessaryPaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-5",
        "OB-payment-error-conditions-2",
        "OB-booking-without-payment-6",
    ],
    MissingPaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-6",
        "OB-payment-error-conditions-1",
        "OB-booking-without-payment-6",
    ],
    IncompletePaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-7",
        "OB-payment-error-conditions-3",
        "OB-booking-without-payment-6",
    ],
    InvalidPaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-8",
        "OB-step-by-step-process-description-26",
        "OB-payment-reconciliation-detail-validation-1",
        "OB-payment-reconciliation-detail-validation-5",
        "OB-payment-error-conditions-4",
    ],
    TotalPaymentDueMismatch: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-9",
        "OB-step-by-step-process-description-49",
        "OB-step-by-step-process-description-0-30",
        "OB-booking-system-contract-with-the-broker-15",
    ],
    OrderAlreadyExists: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-13",
        "OB-step-by-step-process-description-68",
        "OB-step-by-step-process-description-0-47",
        "OB-booking-system-contract-with-the-broker-11",
        "OB-order-deletion-6",
    ],
    OrderProposalVersionOutdated: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-15",
        "OB-step-by-step-process-description-0-68",
    ],
    OrderCreationFailed: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-16"],
    SellerMismatch: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-19",
        "OB-booking-pre-conditions-6",
    ],
    CancellationNotPermitted: [
        "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-1",
        "OB-customer-requested-cancellation-9",
        "OB-order-cancellation-5",
    ],
    OrderItemNotWithinOrder: ["OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-3"],
    OrderItemIdInvalid: ["OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-4"],
    IncompleteAttendeeDetails: [
        "OB-order-creation-orderitem-errors-2",
        "OB-attendee-details-capture-7",
        "OB-step-by-step-process-description-28",
    ],
    IncompleteOrderItem: ["OB-order-creation-orderitem-errors-3"],
    IncompleteIntakeForm: [
        "OB-order-creation-orderitem-errors-4",
        "OB-form-validation-and-auto-fill-1",
        "OB-step-by-step-process-description-29",
        "OB-step-by-step-process-description-33",
        "OB-booking-system-contract-with-the-broker-4",
    ],
    InvalidIntakeForm: [
        "OB-order-creation-orderitem-errors-5",
        "OB-form-validation-and-auto-fill-3",
        "OB-form-validation-and-auto-fill-6",
        "OB-step-by-step-process-description-29",
    ],
    OpportunityOfferPairNotBookable: [
        "OB-order-creation-orderitem-errors-10",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-17",
    ],
    OpportunityIsInConflict: ["OB-order-creation-orderitem-errors-12", "OB-step-by-step-process-description-32"],
    OpportunityIsFull: [
        "OB-order-creation-orderitem-errors-13",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-11",
        "OB-step-by-step-process-description-52",
        "OB-step-by-step-process-description-0-33",
        "OB-booking-system-contract-with-the-broker-13",
    ],
    OpportunityHasInsufficientCapacity: [
        "OB-order-creation-orderitem-errors-14",
        "OB-order-creation-orderitem-errors-15",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-11",
    ],
    OpportunityCapacityIsReservedByLease: ["OB-order-creation-orderitem-errors-16", "OB-order-creation-orderitem-errors-17"],
    UnknownOrder: ["OB-generic-errors-1", "OB-order-deletion-9"],
    UnknownOrIncorrectEndpoint: ["OB-generic-errors-2"],
    UnexpectedOrderType: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-17"],
    SellerNotFound: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-18"],
    UnacceptableOffer: ["OB-order-creation-orderitem-errors-6"],
    UnknownOffer: ["OB-order-creation-orderitem-errors-7"],
    UnknownOpportunity: ["OB-order-creation-orderitem-errors-8"],
    InvalidOpportunityOrOfferId: ["OB-order-creation-orderitem-errors-9"],
    MethodNotAllowed: ["OB-generic-errors-4"],
    InvalidApiToken: ["OB-api-authentication-3"],
    PatchContainsExcessiveProperties: ["OB-generic-errors-5", "OB-order-cancellation-10", "OB-orderproposal-update-5"],
    PatchNotAllowedOnProperty: ["OB-generic-errors-6", "OB-order-cancellation-9", "OB-orderproposal-update-4"],
    Gone: ["OB-generic-errors-7"],
    Unauthenticated: ["OB-api-authentication-1", "OB-api-authentication-2", "OB-authentication-1"],
    InvalidAuthorizationDetails: ["OB-api-authentication-4"],
}
