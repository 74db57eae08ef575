//! Deliberate deviations. Each is one behaviour that a booking system could get wrong, so that each check can be shown
//! to fail when it should.

use crate::vocabulary::named_enumeration as named;

/// A section of the Open Booking API.
macro_rules! api {
    ($anchor:literal) => {
        concat!("https://openactive.io/open-booking-api/EditorsDraft/", $anchor)
    };
}

const INTERFACE: &str = "https://openactive.io/test-interface/";
const RPDE: &str = "https://openactive.io/realtime-paged-data-exchange/";

/// Declares the faults: name, identifier, summary, and the section of the specification that each violates.
macro_rules! faults {
    ($( $variant:ident = $id:literal, $summary:literal, $spec:expr; )+) => {
        named! {
            /// A deviation from the specification, off unless it is asked for.
            "fault"
            pub enum Fault {
                $( #[doc = $summary] $variant = $id, )+
            }
        }

        impl Fault {
            /// The deviation in one line: its subject and what is wrong with it.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$variant => $summary, )+ }
            }

            /// The section of the specification that it violates.
            #[must_use]
            pub const fn spec(self) -> &'static str {
                match self { $( Self::$variant => $spec, )+ }
            }
        }
    };
}

faults! {
    DatasetSiteWithoutJsonLd = "dataset-site-without-json-ld", "Dataset site has no JSON-LD", api!("#paths-and-verbs");
    DatasetSiteStatus500 = "dataset-site-status-500", "Dataset site responds with HTTP 500", api!("#paths-and-verbs");
    C1Status401 = "c1-status-401", "C1 responds with HTTP 401", api!("#orderquote-creation-c1");
    C1Status404 = "c1-status-404", "C1 responds with HTTP 404", api!("#orderquote-creation-c1");
    C1Status500 = "c1-status-500", "C1 responds with HTTP 500", api!("#orderquote-creation-c1");
    C1Html = "c1-html", "C1 response is an HTML page", api!("#orderquote-creation-c1");
    C1BrokenJson = "c1-broken-json", "C1 response is truncated JSON", api!("#orderquote-creation-c1");
    C1Hangs = "c1-hangs", "C1 never responds", api!("#orderquote-creation-c1");
    C1WrongMediaType = "c1-wrong-media-type", "C1 response has media type application/json", api!("#media-types");
    C1DropsItem = "c1-drops-item", "C1 response omits the last OrderItem", api!("#orderquote-creation-c1");
    C1CountsOwnLease = "c1-counts-own-lease", "C1 deducts the Customer's own lease from the remaining capacity",
        api!("#step-by-step-process-description");
    C1TakesNoLease = "c1-takes-no-lease", "C1 returns a lease but leases no capacity", api!("#leasing");
    C2TypedOrder = "c2-typed-order", "C2 response has @type Order", api!("#oa-orderquote");
    C2WithoutSeller = "c2-without-seller", "C2 response omits seller", api!("#schema-order");
    BStatus202 = "b-status-202", "B responds with HTTP 202", api!("#order-creation-b");
    BWithoutOrderedItem = "b-without-ordered-item", "B response omits orderedItem", api!("#schema-order");
    BWithoutItemIds = "b-without-item-ids", "B response omits @id of OrderItems", api!("#order-creation-b");
    BNotConfirmed = "b-not-confirmed", "B response has OrderItems that are not OrderItemConfirmed",
        api!("#step-by-step-process-description");
    BTakesCapacityTwice = "b-takes-capacity-twice", "B deducts capacity that the lease has already deducted",
        api!("#leasing");
    PWithoutVersion = "p-without-version", "P response omits orderProposalVersion",
        api!("#step-by-step-process-description-0");
    PAcceptedAtOnce = "p-accepted-at-once", "P response has orderProposalStatus SellerAccepted",
        api!("#orderproposal-creation-p");
    AcceptanceNotPublished = "acceptance-not-published",
        "OrderProposals feed update is missing after acceptance by the Seller",
        api!("#proposal-approval");
    ProposalStaysInFeed = "proposal-stays-in-feed",
        "OrderProposals feed does not show the OrderProposal as deleted after B",
        api!("#orders-feed-inconsistencies");
    ActionsNotImplemented = "actions-not-implemented",
        "Test Interface rejects every simulate action on Orders and opportunities",
        INTERFACE;
    AttendanceNotPublished = "attendance-not-published", "Orders feed update is missing after attendance is recorded",
        api!("#opportunity-attendance-updates");
    AttendanceNotRecorded = "attendance-not-recorded",
        "Orders feed update after attendance does not change orderItemStatus",
        api!("#opportunity-attendance-updates");
    AttendanceFirstItemOnly = "attendance-first-item-only",
        "Attendance changes orderItemStatus of the first OrderItem only",
        api!("#opportunity-attendance-updates");
    AttendanceLegacyStatus = "attendance-legacy-status",
        "Attendance sets the obsolete orderItemStatus CustomerAttended",
        api!("#opportunity-attendance-updates");
    AttendanceSwapped = "attendance-swapped", "AttendeeAttended and AttendeeAbsent are swapped",
        api!("#opportunity-attendance-updates");
    OrdersFeedDropsItem = "orders-feed-drops-item", "Orders feed omits an OrderItem",
        api!("#broker-processing-the-orders-feed");
    AccessCodeUnchanged = "access-code-unchanged", "accessCode is unchanged after an access code update",
        api!("#broker-processing-the-orders-feed");
    AccessCodeReordered = "access-code-reordered", "Access code update only reorders the accessCode entries",
        api!("#broker-processing-the-orders-feed");
    AccessCodeFirstItemOnly = "access-code-first-item-only",
        "Access code update changes accessCode of the first OrderItem only",
        api!("#broker-processing-the-orders-feed");
    AccessCodeRemoved = "access-code-removed", "Orders feed omits accessCode",
        api!("#broker-processing-the-orders-feed");
    CancelsOutsideWindow = "cancels-outside-window", "Customer cancellation succeeds outside the cancellation window",
        api!("#customer-requested-cancellation");
    CancelsFirstItemOnly = "cancels-first-item-only",
        "Customer cancellation of several OrderItems cancels the first only",
        api!("#customer-requested-cancellation");
    CancellationNotPublished = "cancellation-not-published", "Orders feed update is missing after a cancellation",
        api!("#cancellation-after-b");
    SellerCancelsFirstItemOnly = "seller-cancels-first-item-only",
        "Seller cancellation cancels the first OrderItem only",
        api!("#seller-requested-cancellation");
    CancellationMessageMissing = "cancellation-message-missing", "Seller cancellation omits cancellationMessage",
        api!("#seller-requested-cancellation");
    ReplacementKeepsOpportunity = "replacement-keeps-opportunity", "Replacement leaves orderedItem unchanged",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    NoticeFirstItemOnly = "notice-first-item-only", "Customer notice is added to the first OrderItem only",
        api!("#broker-processing-the-orders-feed");
    AccessPassUnchanged = "access-pass-unchanged", "accessPass is unchanged after an access pass update",
        api!("#broker-processing-the-orders-feed");
    AccessChannelUnchanged = "access-channel-unchanged", "accessChannel is unchanged after an access channel update",
        api!("#broker-processing-the-orders-feed");
    LogisticsNotChanged = "logistics-not-changed", "Name, time and location are unchanged after a change of logistics",
        api!("#change-of-logistics-notifications");
    LogisticsNotPublished = "logistics-not-published", "Orders feed update is missing after a change of logistics",
        api!("#change-of-logistics-notifications");
    AcceptanceChangesVersion = "acceptance-changes-version", "Acceptance by the Seller changes orderProposalVersion",
        api!("#proposal-approval");
    RejectionNotPublished = "rejection-not-published",
        "OrderProposals feed update is missing after rejection by the Seller",
        api!("#proposal-rejection");
    UnfulfillableProposalsKept = "unfulfillable-proposals-kept",
        "OrderProposal is not SellerRejected when capacity is gone",
        api!("#proposal-leasing");
    AmendmentNotPublished = "amendment-not-published", "OrderProposals feed update is missing after an amendment",
        api!("#proposal-amendment");
    AmendmentKeepsVersion = "amendment-keeps-version", "Amendment leaves orderProposalVersion unchanged",
        api!("#proposal-amendment");
    DeleteKeepsOrder = "delete-keeps-order", "Order Deletion does not delete the Order", api!("#order-deletion");
    QuoteDeletionKeepsLease = "quote-deletion-keeps-lease", "OrderQuote Deletion does not release the lease",
        api!("#orderquote-deletion");
    CreateStatus404 = "create-status-404", "Test Interface responds to creation of an opportunity with HTTP 404",
        INTERFACE;
    CreateWrongType = "create-wrong-type", "Test Interface response has another @type than requested", INTERFACE;
    CreateWrongSeller = "create-wrong-seller", "Test Interface creates an opportunity of another Seller than requested",
        INTERFACE;
    CreateWrongCriteria = "create-wrong-criteria", "Test Interface creates a full opportunity for any criteria",
        INTERFACE;
    CreatePublishesOtherType = "create-publishes-other-type",
        "Test Interface publishes an opportunity of another type than requested",
        INTERFACE;
    CreateNotPublished = "create-not-published", "Test Interface creates an opportunity that is missing from the feeds",
        INTERFACE;
    CreateWithoutParent = "create-without-parent",
        "Test Interface creates an opportunity whose parent is missing from the feeds",
        INTERFACE;
    OrdersFeedStatus401 = "orders-feed-status-401", "Orders feed responds with HTTP 401", api!("#orders-rpde-feed");
    OrdersFeedStatus500 = "orders-feed-status-500", "Orders feed responds with HTTP 500", api!("#orders-rpde-feed");
    OrdersFeedWithoutItems = "orders-feed-without-items", "Orders feed pages omit items", RPDE;
    OrdersFeedHtml = "orders-feed-html", "Orders feed response is an HTML page", api!("#orders-rpde-feed");
    FeedsLoop = "feeds-loop", "Opportunity feeds have pages whose next leads back to the first page", RPDE;
    FeedsNotInOrder = "feeds-not-in-order", "Opportunity feeds have items in the wrong order", RPDE;
    ErrorsShowCredentials = "errors-show-credentials", "Error responses repeat the credentials of the request",
        api!("#errors");
    DatasetSiteBrokenJson = "dataset-site-broken-json", "Dataset site has truncated JSON-LD", api!("#paths-and-verbs");
    DatasetSiteWithoutFeeds = "dataset-site-without-feeds", "Dataset site lists no feeds", api!("#paths-and-verbs");
    C1Status201 = "c1-status-201", "C1 responds with HTTP 201", api!("#step-by-step-process-description");
    C1RepeatsCustomer = "c1-repeats-customer", "C1 response includes customer", api!("#orderquote-creation-c1");
    C2Status201 = "c2-status-201", "C2 responds with HTTP 201", api!("#step-by-step-process-description");
    C2DropsItem = "c2-drops-item", "C2 response omits the last OrderItem", api!("#orderquote-creation-c2");
    C2WithoutCustomer = "c2-without-customer", "C2 response omits customer", api!("#schema-order");
    PStatus202 = "p-status-202", "P responds with HTTP 202", api!("#orderproposal-creation-p");
    PDropsItem = "p-drops-item", "P response omits the last OrderItem", api!("#orderproposal-creation-p");
    PTakesNoLease = "p-takes-no-lease", "P releases the lease of the OrderQuote", api!("#proposal-leasing");
    BDropsItem = "b-drops-item", "B response omits the last OrderItem", api!("#order-creation-b");
    BWithoutCustomer = "b-without-customer", "B response omits customer", api!("#schema-order");
    BWithoutPayment = "b-without-payment", "B response omits payment", api!("#schema-order");
    BFailsAtFirst = "b-fails-at-first", "First B responds with HTTP 500, every later B is correct",
        api!("#order-creation-b");
    BWrongMediaType = "b-wrong-media-type", "B response has media type text/html", api!("#media-types");
    PositionsShifted = "positions-shifted", "Responses renumber position of OrderItems from 100",
        api!("#schema-orderitem");
    BrokerRoleReplaced = "broker-role-replaced", "Responses have another brokerRole than the request",
        api!("#step-by-step-process-description");
    SellerTermsMissing = "seller-terms-missing", "Responses omit seller.termsOfService",
        api!("#delivery-of-terms-and-conditions-and-privacy-policy");
    SystemTermsMissing = "system-terms-missing", "Responses omit bookingService.termsOfService",
        api!("#delivery-of-terms-and-conditions-and-privacy-policy");
    SellerAddressIncomplete = "seller-address-incomplete", "Responses omit addressRegion of seller.address",
        api!("#schema-postaladdress");
    SellerTermsWithoutTls = "seller-terms-without-tls",
        "Opportunity feeds have termsOfService of the Seller with an http URL",
        api!("#oa-terms");
    ConsentNotRequested = "consent-not-requested", "No termsOfService has requiresExplicitConsent true",
        api!("#oa-terms");
    ConsentUndated = "consent-undated", "Responses omit dateModified of termsOfService", api!("#oa-terms");
    OffersWithTerms = "offers-with-terms", "Offers include termsOfService",
        api!("#delivery-of-terms-and-conditions-and-privacy-policy");
    ServiceMissing = "service-missing", "Responses omit bookingService", api!("#schema-order");
    OrderRequiresApprovalMissing = "order-requires-approval-missing", "C1 and C2 responses omit orderRequiresApproval",
        api!("#oa-orderquote");
    ApprovalSkipped = "approval-skipped", "B succeeds without the required OrderProposal",
        api!("#step-by-step-process-description-0");
    BooksUnacceptedProposal = "books-unaccepted-proposal",
        "B succeeds for an OrderProposal that the Seller has not accepted",
        api!("#proposal-approval");
    VersionNotChecked = "version-not-checked", "B succeeds with an outdated orderProposalVersion",
        api!("#step-by-step-process-description-0");
    CustomerRejectionIgnored = "customer-rejection-ignored", "Customer rejection of an OrderProposal has no effect",
        api!("#proposal-rejection");
    LeaseMissing = "lease-missing", "C1 and C2 responses omit lease", api!("#leasing");
    LeaseInThePast = "lease-in-the-past", "C1 and C2 responses have a leaseExpires in the past", api!("#leasing");
    LeaseKeepsLargest = "lease-keeps-largest",
        "Repeated C1 or C2 with fewer OrderItems does not release part of the lease",
        api!("#amending-the-orderquote-before-b");
    LeaseNeverExpires = "lease-never-expires", "Lease does not expire at leaseExpires", api!("#leasing");
    FailedQuoteTakesLease = "failed-quote-takes-lease", "Rejected C1 or C2 leases the available capacity",
        api!("#orderquote-creation-c2");
    CapacityNotPublished = "capacity-not-published", "Opportunity feeds do not publish changes of remaining capacity",
        api!("#booking-pre-conditions");
    CapacityInResponsesStale = "capacity-in-responses-stale", "Responses have the initial remaining capacity",
        api!("#step-by-step-process-description");
    Oversells = "oversells", "P and B accept OrderItems beyond the remaining capacity",
        api!("#step-by-step-process-description");
    FullAsInsufficient = "full-as-insufficient", "Full opportunity returns OpportunityHasInsufficientCapacityError",
        api!("#order-creation-orderitem-errors");
    LeasedAsInsufficient = "leased-as-insufficient",
        "Capacity leased by others returns OpportunityHasInsufficientCapacityError",
        api!("#order-creation-orderitem-errors");
    CancelledBookable = "cancelled-bookable", "Cancelled or postponed opportunity is bookable",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    UnavailableBookable = "unavailable-bookable", "Offer with openBookingInAdvance Unavailable is bookable",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    StartedNotBookable = "started-not-bookable", "Opportunity in progress is not bookable",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    OverrideIgnored = "override-ignored", "Total is calculated from the listed Offer instead of the OfferOverride",
        api!("#offer-overrides");
    OverrideTaxedAsListed = "override-taxed-as-listed", "Tax of an OfferOverride is calculated from the listed Offer",
        api!("#offer-overrides");
    OverridePrepaidAsListed = "override-prepaid-as-listed",
        "OfferOverride has openBookingPrepayment of the listed Offer",
        api!("#offer-overrides");
    OverrideCancelledAsListed = "override-cancelled-as-listed",
        "OfferOverride can be cancelled only if the listed Offer can",
        api!("#offer-overrides");
    OverridesOfFreeAccepted = "overrides-of-free-accepted",
        "OfferOverride is accepted although all opportunities are free",
        api!("#offer-overrides");
    DynamicPaymentWithoutAccount = "dynamic-payment-without-account", "DynamicPayment without accountId is accepted",
        api!("#dynamicpayment");
    DynamicPaymentOfAnybody = "dynamic-payment-of-anybody", "DynamicPayment with any accountId is accepted",
        api!("#dynamicpayment");
    DynamicPaymentPrepaid = "dynamic-payment-prepaid",
        "DynamicPayment has a totalPaymentDue with the prepayment of the listed Offer",
        api!("#dynamicpayment");
    PastBookable = "past-bookable", "Past opportunity is bookable",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    BookingWindowIgnored = "booking-window-ignored", "Offer is bookable before its booking window opens",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    ItemErrorsStatus200 = "item-errors-status-200", "C1 and C2 with OrderItem errors respond with HTTP 200",
        api!("#order-creation-orderitem-errors");
    ItemErrorsAtRoot = "item-errors-at-root", "OrderItem error is returned instead of the OrderQuote",
        api!("#order-creation-orderitem-errors");
    ItemErrorsFirstOnly = "item-errors-first-only", "Only the first of several OrderItems with an error includes it",
        api!("#order-creation-orderitem-errors");
    ItemErrorsOnAll = "item-errors-on-all", "OrderItems without a problem include the error of another OrderItem",
        api!("#order-creation-orderitem-errors");
    ConflictNotReported = "conflict-not-reported",
        "OrderItems with prepayment Required and Unavailable are accepted in one Order",
        api!("#order-creation-orderitem-errors");
    TotalOffByOne = "total-off-by-one", "totalPaymentDue is 0.01 too high", api!("#schema-order");
    TotalNotChecked = "total-not-checked", "P and B accept any totalPaymentDue",
        api!("#step-by-step-process-description");
    TaxNotAdded = "tax-not-added", "totalPaymentDue excludes tax for a Seller with taxMode TaxNet", api!("#tax-mode");
    TaxMissing = "tax-missing", "Responses omit totalPaymentTax and taxCalculationExcluded",
        api!("#business-to-consumer-tax-calculation-by-booking-system-is-mandatory");
    TaxOfItemsMissing = "tax-of-items-missing", "OrderItems omit unitTaxSpecification",
        api!("#business-to-consumer-tax-calculation-by-booking-system-is-mandatory");
    PrepaymentMissing = "prepayment-missing", "totalPaymentDue omits openBookingPrepayment",
        api!("#booking-without-payment");
    PrepaymentAlwaysOptional = "prepayment-always-optional",
        "totalPaymentDue always has openBookingPrepayment Optional",
        api!("#booking-without-payment");
    PrepaymentOptionalPublished = "prepayment-optional-published",
        "Opportunity feeds have openBookingPrepayment Optional on every Offer",
        api!("#free-opportunities");
    PaymentNotRequired = "payment-not-required", "P and B accept an Order without the required payment",
        api!("#payment-error-conditions");
    PaymentAlwaysTaken = "payment-always-taken", "P and B accept an unnecessary payment",
        api!("#payment-error-conditions");
    PaymentIdentifierNotRequired = "payment-identifier-not-required", "P and B accept a payment without identifier",
        api!("#payment-error-conditions");
    ReconciliationNotChecked = "reconciliation-not-checked", "Payment with any accountId is accepted",
        api!("#payment-reconciliation-detail-validation");
    CustomerNotRequired = "customer-not-required", "C2, P and B accept a customer without email",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    CustomerShortened = "customer-shortened", "Responses omit givenName, familyName and telephone of customer",
        api!("#step-by-step-process-description");
    BrokerNotRequired = "broker-not-required", "Request without broker.name is accepted",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    AttendeeDetailsNotRequested = "attendee-details-not-requested", "Responses omit attendeeDetailsRequired",
        api!("#attendee-details-capture");
    AttendeeDetailsNotChecked = "attendee-details-not-checked",
        "Request without the required attendee details is accepted",
        api!("#attendee-details-capture");
    AttendeeDetailsFirstOnly = "attendee-details-first-only",
        "C2 accepts an attendee without a required property other than givenName",
        api!("#attendee-details-capture");
    AttendeeErrorsOther = "attendee-errors-other",
        "IncompleteAttendeeDetailsError has an instance that is not the missing property",
        api!("#attendee-details-capture");
    AttendeeNotReflected = "attendee-not-reflected", "Responses omit attendee", api!("#attendee-details-capture");
    IntakeFormNotRequested = "intake-form-not-requested", "Responses omit orderItemIntakeForm",
        api!("#additional-details-capture");
    IntakeFormNotChecked = "intake-form-not-checked", "Missing or invalid orderItemIntakeFormResponse is accepted",
        api!("#form-validation-and-auto-fill");
    IntakeResponseNotReflected = "intake-response-not-reflected", "Responses omit orderItemIntakeFormResponse",
        api!("#additional-details-capture");
    AccessCodeMissing = "access-code-missing", "B response omits accessCode", api!("#text-based-access-control");
    AccessCodeEmpty = "access-code-empty", "B response has an empty accessCode array",
        api!("#text-based-access-control");
    AccessPassMissing = "access-pass-missing", "B response omits accessPass", api!("#image-based-access-control");
    BrokerBarcodeDropped = "broker-barcode-dropped", "B response omits the barcodes that the Broker supplied",
        api!("#extension-point-for-barcode-based-access-control");
    AccessChannelMissing = "access-channel-missing", "B response omits accessChannel", api!("#remote-access-control");
    BNotIdempotent = "b-not-idempotent", "Repeated B is rejected", api!("#order-endpoint-restful-semantics");
    UuidReused = "uuid-reused", "Different B with the same UUID replaces the Order",
        api!("#order-endpoint-restful-semantics");
    IdsElsewhere = "ids-elsewhere", "Responses have an @id that differs from the request URL", api!("#schema-order");
    BrokerRenamed = "broker-renamed", "Responses have another broker.name than the request",
        api!("#step-by-step-process-description");
    QuotePaymentMissing = "quote-payment-missing", "C1 and C2 responses omit payment",
        api!("#step-by-step-process-description");
    CustomerExtended = "customer-extended", "Responses add an identifier to customer that was not in the request",
        api!("#schema-person-for-customer-or-attendee");
    ExtensionsReflected = "extensions-reflected", "Responses reflect extension properties of the request",
        api!("#general-extension-mechanism");
    PaymentAdded = "payment-added", "P and B responses include payment although the request has none",
        api!("#booking-without-payment");
    AttendeeAtC1 = "attendee-at-c1", "C1 response includes attendee", api!("#orderquote-creation-c1");
    ChannelInQuotes = "channel-in-quotes", "C1 and C2 responses include accessChannel", api!("#schema-orderitem");
    OrderStatusIncluded = "order-status-included", "B response includes orderStatus",
        api!("#order-statuses-in-the-booking-system");
    FormFieldsAbstract = "form-fields-abstract",
        "orderItemIntakeForm has a field of the abstract type PropertyValueSpecification",
        api!("#schema-propertyvaluespecification");
    TermsAlike = "terms-alike", "All bookingService.termsOfService have the same name", api!("#oa-terms");
    PassesInTwoFormats = "passes-in-two-formats", "accessPass has the same image in two formats",
        api!("#access-control");
    NoticeOnCancelled = "notice-on-cancelled", "Orders feed has customerNotice on cancelled OrderItems",
        api!("#schema-orderitem");
    NotePublished = "note-published", "OrderProposals feed includes orderCustomerNote", api!("#message-exchange");
    CurrenciesMixed = "currencies-mixed", "unitTaxSpecification has another priceCurrency than the Offer",
        api!("#currency-support");
    RejectedItemsCounted = "rejected-items-counted", "Totals of rejected OrderQuotes include OrderItems with errors",
        api!("#orderquote-creation-c1");
    CancelledTaxKept = "cancelled-tax-kept", "Orders feed has totalPaymentTax that includes cancelled OrderItems",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    TaxModeFlipped = "tax-mode-flipped", "Responses have another seller.taxMode than the feeds", api!("#tax-mode");
    OffersRenamed = "offers-renamed", "acceptedOffer has another name than in the feeds",
        api!("#acceptedoffer-properties");
    OpportunitiesMoved = "opportunities-moved", "Opportunities in responses have another startDate than in the feeds",
        api!("#opportunity-data-properties");
    OrderRequiresApprovalAlways = "order-requires-approval-always",
        "C1 and C2 responses always have orderRequiresApproval true",
        api!("#minimal-proposal-implementation");
    FeedIdentifierOther = "feed-identifier-other", "Orders feed has an identifier that is not the Order UUID",
        api!("#broker-processing-the-orders-feed");
    FeedShortensOffers = "feed-shortens-offers", "Orders feed omits properties of acceptedOffer",
        api!("#broker-processing-the-orders-feed");
    FeedRenamesOffers = "feed-renames-offers", "Orders feed has another acceptedOffer.identifier than the B response",
        api!("#totalpaymentdue-invariant");
    FeedWithoutTax = "feed-without-tax", "Orders feed omits totalPaymentTax",
        api!("#broker-processing-the-orders-feed");
    FeedWithoutItemTax = "feed-without-item-tax", "Orders feed omits unitTaxSpecification",
        api!("#broker-processing-the-orders-feed");
    FeedSaysNotExcluded = "feed-says-not-excluded", "Orders feed includes taxCalculationExcluded false",
        api!("#broker-processing-the-orders-feed");
    TotalRises = "total-rises", "Orders feed has a higher totalPaymentDue than the B response",
        api!("#totalpaymentdue-invariant");
    CancellationUndone = "cancellation-undone", "Cancelled OrderItem becomes OrderItemConfirmed once all are cancelled",
        api!("#cancellation-after-b");
    FormsMissingInFeed = "forms-missing-in-feed",
        "OrderProposals feed omits orderItemIntakeForm and orderItemIntakeFormResponse",
        api!("#broker-processing-the-orders-feed");
    CustomerNotRetained = "customer-not-retained", "Order Status omits customer",
        api!("#broker-processing-the-orders-feed");
    ErrorsUndescribed = "errors-undescribed", "Error responses omit description",
        api!("#form-validation-and-auto-fill");
    BookingErrorInQuotes = "booking-error-in-quotes",
        "C1 and C2 responses have UnableToProcessOrderItemError on OrderItems",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    ReferencesUnnamed = "references-unnamed",
        "Unknown opportunity or Offer returns OpportunityOfferPairNotBookableError",
        api!("#order-creation-orderitem-errors");
    SellerNotFoundUnnamed = "seller-not-found-unnamed", "Unknown Seller returns SellerMismatchError",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    OrderTypeIgnored = "order-type-ignored", "Request with the @type of another endpoint is accepted",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    VerbsUnnamed = "verbs-unnamed", "Unsupported HTTP method returns UnknownOrIncorrectEndpointError",
        api!("#generic-errors");
    ItemsByIndex = "items-by-index", "Responses replace position of OrderItems with the array index",
        api!("#schema-orderitem");
    CustomerNamesRequired = "customer-names-required", "Customer without givenName and familyName is rejected",
        api!("#customer-details-capture");
    UnknownBrokersRejected = "unknown-brokers-rejected", "Unknown Broker is rejected",
        api!("#middleware-as-a-catalyst");
    ExtensionsRejected = "extensions-rejected", "Request with extension properties is rejected",
        api!("#general-extension-mechanism");
    PatchExtensionsRejected = "patch-extensions-rejected", "PATCH with an extension property is rejected",
        api!("#order-cancellation");
    ResponsesVary = "responses-vary", "Repeated requests return different responses", api!("#endpoints");
    UnseenDeletionPublished = "unseen-deletion-published",
        "Orders feed shows deletion of an Order that was never in the feed",
        api!("#order-deletion");
    ImpossibleCreated = "impossible-created", "Test Interface creates an opportunity for contradictory criteria",
        INTERFACE;
    AcceptanceFinal = "acceptance-final", "PATCH that rejects an accepted OrderProposal is rejected",
        api!("#orderproposal-statuses");
    SellerCannotReject = "seller-cannot-reject", "Rejection of an accepted OrderProposal by the Seller has no effect",
        api!("#orderproposal-statuses");
    RepeatedRejectionPublished = "repeated-rejection-published",
        "Repeated rejection of an OrderProposal is published again",
        api!("#endpoints");
    ReplacementMoreExpensive = "replacement-more-expensive", "Replacement has a higher price",
        api!("#totalpaymentdue-invariant");
    ReplacementRepriced = "replacement-repriced", "Replacement has another price than its Offer in the feeds",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    LogisticsNotInFeeds = "logistics-not-in-feeds",
        "Opportunity feeds omit a change of logistics that the Orders feed has",
        api!("#customer-notice-notifications");
    DatasetDeletionNotLimited = "dataset-deletion-not-limited",
        "Deletion of a test dataset also deletes other test datasets",
        INTERFACE;
    UnknownCredentialsAccepted = "unknown-credentials-accepted",
        "Unknown credentials are accepted as the first Booking Partner",
        api!("#api-authentication");
    SecondSellerUnpublished = "second-seller-unpublished", "Orders feed omits Orders of every Seller but the first",
        api!("#authentication");
    EndpointWithoutTls = "endpoint-without-tls", "Dataset site has a Base URI with http", api!("#security");
    EndpointWithTrailingSlash = "endpoint-with-trailing-slash", "Dataset site has a Base URI with a trailing slash",
        api!("#paths-and-verbs");
    BookingReconciliationNotChecked = "booking-reconciliation-not-checked",
        "P and B accept reconciliation details that C1 and C2 reject",
        api!("#payment-error-conditions");
    TaxNeedsBroker = "tax-needs-broker", "Tax is not calculated for brokerRole NoBroker",
        api!("#business-to-consumer-tax-calculation-by-booking-system-is-mandatory");
    PaymentMethodIncluded = "payment-method-included", "payment includes paymentMethod", api!("#oa-payment");
    ExcludedTaxIncluded = "excluded-tax-included",
        "totalPaymentTax is included although taxCalculationExcluded is true",
        api!("#schema-order");
    FlowRequirementEmpty = "flow-requirement-empty",
        "Opportunity feeds have an empty openBookingFlowRequirement on Offers",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    FlowRequirementRepeated = "flow-requirement-repeated", "Responses include openBookingFlowRequirement of Offers",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    InvalidPersonTypesAccepted = "invalid-person-types-accepted", "broker and customer of any @type are accepted",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    ResellerPricesGross = "reseller-prices-gross",
        "ResellerBroker gets gross prices although taxCalculationExcluded is true",
        api!("#business-to-business-tax-calculation-by-booking-system-is-optional");
    SellerNotChecked = "seller-not-checked", "Credentials of one Seller can book for another Seller",
        api!("#api-level-authentication-and-data-security");
    PartnersShareFeed = "partners-share-feed", "Orders feed includes Orders of other Booking Partners",
        api!("#api-level-authentication-and-data-security");
    AuthorityMissing = "authority-missing", "Dataset site omits authenticationAuthority",
        api!("#openid-connect-booking-partner-authentication-for-multiple-seller-systems");
    DiscoveryMissing = "discovery-missing", "OpenID provider has no discovery document",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig";
    DiscoveryOtherIssuer = "discovery-other-issuer", "Discovery document has another issuer than the OpenID provider",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig";
    DiscoveryWithoutSubjectTypes = "discovery-without-subject-types",
        "Discovery document omits subject_types_supported",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata";
    DiscoveryWithoutTokenEndpoint = "discovery-without-token-endpoint", "Discovery document omits token_endpoint",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig";
    RegistrationOpen = "registration-open", "Client registration succeeds without an initial access token",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationRejected = "registration-rejected", "Client registration is always rejected",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationStatus200 = "registration-status-200", "Client registration responds with HTTP 200",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationWithoutSecret = "registration-without-secret", "Client registration response omits client_secret",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationUnchecked = "registration-unchecked", "Client registration accepts metadata without redirect_uris",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    ClientSecretIgnored = "client-secret-ignored", "Token endpoint accepts any client secret",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.2.1";
    ClientCredentialsRejected = "client-credentials-rejected", "Token endpoint rejects the client credentials grant",
        api!("#client-credentials-flow");
    CodeReusable = "code-reusable", "Token endpoint accepts an authorization code twice",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1";
    CodeReplayKeepsTokens = "code-replay-keeps-tokens",
        "Tokens of an authorization code that is redeemed twice remain valid",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2";
    CodeOfAnyClient = "code-of-any-client", "Token endpoint accepts an authorization code of another client",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1";
    PkceIgnored = "pkce-ignored", "Token endpoint accepts any code_verifier",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    PkceVerifierOptional = "pkce-verifier-optional", "Token endpoint accepts a code without its code_verifier",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4.6";
    PkceNotRequired = "pkce-not-required", "Authorization request without code_challenge accepts any code_verifier",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    PkcePlainAccepted = "pkce-plain-accepted", "Authorization endpoint accepts code_challenge_method plain",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    RedirectUriLoose = "redirect-uri-loose", "Authorization endpoint redirects to unregistered redirect_uri values",
        "https://www.rfc-editor.org/rfc/rfc9700#section-2.1";
    RedirectUriUnchecked = "redirect-uri-unchecked", "Token endpoint accepts any redirect_uri",
        "https://www.rfc-editor.org/rfc/rfc9700#section-2.1";
    StateDropped = "state-dropped", "Authorization response omits state",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1";
    RedirectIssuerOther = "redirect-issuer-other", "Authorization response has another iss",
        "https://www.rfc-editor.org/rfc/rfc9207#section-2.4";
    RedirectIssuerMissing = "redirect-issuer-missing", "Authorization response omits iss, which discovery promises",
        "https://www.rfc-editor.org/rfc/rfc9207#section-2.4";
    CodeInFragment = "code-in-fragment", "Authorization response is in the fragment of the redirect URI",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2";
    IdTokenNotYetValid = "id-token-not-yet-valid", "ID tokens become valid in an hour",
        "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5";
    NonceDropped = "nonce-dropped", "ID token omits nonce",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenMissing = "id-token-missing", "Token response omits id_token", api!("#authorization-code-flow");
    IdTokenUnsigned = "id-token-unsigned", "ID token is unsigned",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenWrongSignature = "id-token-wrong-signature", "ID token has an invalid signature",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenOtherAudience = "id-token-other-audience", "ID token has another client as audience",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenExpired = "id-token-expired", "ID token is expired when issued",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenWithoutSeller = "id-token-without-seller", "ID token omits the Seller claims", api!("#id-token-claims");
    IdTokenOtherSeller = "id-token-other-seller", "ID token has another Seller", api!("#id-token-claims");
    IdTokenOtherName = "id-token-other-name", "ID token has another Seller name than the feeds",
        api!("#id-token-claims");
    RefreshTokenMissing = "refresh-token-missing", "Token response omits refresh_token",
        api!("#authorization-code-flow");
    RefreshRejected = "refresh-rejected", "Token endpoint rejects refresh tokens", api!("#authorization-code-flow");
    RefreshTokenOfAnyClient = "refresh-token-of-any-client", "Token endpoint accepts a refresh token of another client",
        "https://www.rfc-editor.org/rfc/rfc9700#section-4.14";
    ConsentSkipped = "consent-skipped", "Authorization succeeds without asking the Seller for consent",
        api!("#oauth-flows-and-scopes");
    ConsentNotRetained = "consent-not-retained", "Authorization asks for consent that was already given",
        api!("#oauth-flows-and-scopes");
    LoginPagesStatus500 = "login-pages-status-500", "Login pages respond with HTTP 500",
        api!("#authorization-code-flow");
    PkceMethodsPlainOnly = "pkce-methods-plain-only", "Discovery document lists only code_challenge_method plain",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    TokenTypeOther = "token-type-other", "Token response has another token_type than Bearer",
        "https://www.rfc-editor.org/rfc/rfc6749#section-7.1";
    TokenScopeOther = "token-scope-other", "Token response has another scope than requested",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.3";
    RefreshKeepsAccessToken = "refresh-keeps-access-token", "Refresh returns the previous access token",
        "https://www.rfc-editor.org/rfc/rfc6749#section-6";
    RefreshChangesSubject = "refresh-changes-subject", "Refresh returns an ID token with another subject",
        "https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse";
    TokenSignatureIgnored = "token-signature-ignored", "Access token with an invalid signature is accepted",
        api!("#api-authentication");
    TokenAlgNoneAccepted = "token-alg-none-accepted", "Unsigned access token with alg none is accepted",
        api!("#api-authentication");
    TokenAudienceIgnored = "token-audience-ignored", "ID token is accepted as access token",
        api!("#api-authentication");
    TokenExpiryIgnored = "token-expiry-ignored", "Expired access token is accepted (expires_in is 2 seconds)",
        api!("#api-authentication");
    TokenScopesIgnored = "token-scopes-ignored", "Access token without the required scope is accepted",
        api!("#oauth-flows-and-scopes");
    OrdersOfOthersReadable = "orders-of-others-readable", "Order Status returns Orders of other Booking Partners",
        api!("#api-level-authentication-and-data-security");
    OrdersOfOthersChangeable = "orders-of-others-changeable",
        "Order Cancellation cancels Orders of other Booking Partners",
        api!("#api-level-authentication-and-data-security");
    CredentialsNotRequired = "credentials-not-required",
        "Request without credentials is accepted as the first Booking Partner",
        api!("#api-authentication");
    DeletionUnguarded = "deletion-unguarded", "Order Deletion succeeds without valid credentials",
        api!("#api-authentication");
    PatchUnguarded = "patch-unguarded",
        "Order Cancellation and OrderProposal Update succeed without valid credentials",
        api!("#api-authentication");
    OrderStatusUnguarded = "order-status-unguarded", "Order Status succeeds without valid credentials",
        api!("#api-authentication");
    ProposalsFeedUnguarded = "proposals-feed-unguarded", "OrderProposals feed is returned without valid credentials",
        api!("#api-level-authentication-and-data-security");
    OrdersOfOthersDeletable = "orders-of-others-deletable", "Order Deletion deletes Orders of other Booking Partners",
        api!("#api-level-authentication-and-data-security");
    ProposalsOfOthersChangeable = "proposals-of-others-changeable",
        "OrderProposal Update rejects OrderProposals of other Booking Partners",
        api!("#api-level-authentication-and-data-security");
    OffersExtended = "offers-extended",
        "Responses add latestCancellationBeforeStartDate to the Offers of the feeds",
        api!("#acceptedoffer-properties");
    AgeRangeAdded = "age-range-added", "Responses have an ageRange that the opportunity feeds do not have",
        api!("#opportunity-data-properties");
    PlacesMoved = "places-moved", "Responses have another address of the location than the opportunity feeds",
        api!("#opportunity-data-properties");
    TaxRateOther = "tax-rate-other", "Tax charges have a rate that does not match their price", api!("#tax-mode");
    ProposalsFeedReprices = "proposals-feed-reprices",
        "OrderProposals feed has other prices with the same orderProposalVersion",
        api!("#proposal-approval");
    OrderStatusTotalsOther = "order-status-totals-other", "Order Status has another totalPaymentDue than B",
        api!("#order-status");
    EarlyStatusRepriced = "early-status-repriced",
        "Order Status of an OrderQuote or OrderProposal has another totalPaymentDue",
        api!("#order-endpoint-restful-semantics");
    DatasetSiteEndpointMisspelt = "dataset-site-endpoint-misspelt",
        "Dataset site has endpointURL instead of endpointUrl",
        api!("#paths-and-verbs");
    DatasetSiteWithoutService = "dataset-site-without-service", "Dataset site has no accessService",
        api!("#paths-and-verbs");
    CancellationUndoneLater = "cancellation-undone-later",
        "Orders feed shows a cancelled Order as confirmed after a later update",
        api!("#totalpaymentdue-invariant");
    DeletedOrdersReturn = "deleted-orders-return",
        "Orders feed shows a deleted Order again when another Order is published",
        api!("#order-deletion");
    CustomerOfReseller = "customer-of-reseller", "Responses include a customer that the request does not have",
        api!("#step-by-step-process-description");
    SellerRenamed = "seller-renamed", "Responses have another seller.telephone than the opportunity feeds",
        api!("#schema-order");
    FeedOpportunitiesRenamed = "feed-opportunities-renamed",
        "Orders feed has another name of the opportunity than B",
        api!("#broker-processing-the-orders-feed");
    UuidOfAnotherCustomerReused = "uuid-of-another-customer-reused",
        "B or P with the UUID of an existing Order succeeds for another customer",
        api!("#order-endpoint-restful-semantics");
    UuidOfOtherItemsReused = "uuid-of-other-items-reused",
        "B or P with the UUID of an existing Order succeeds for other opportunities",
        api!("#order-endpoint-restful-semantics");
    CancelsWholeOrder = "cancels-whole-order", "Cancellation of an OrderItem cancels every OrderItem of the Order",
        api!("#order-cancellation");
    BookedUuidQuotable = "booked-uuid-quotable", "C1 and C2 with the UUID of an existing Order succeed",
        api!("#order-endpoint-restful-semantics");
    DeletedUuidReusedAtB = "deleted-uuid-reused-at-b", "B or P with the UUID of a deleted Order succeeds",
        api!("#order-deletion");
    DeletedUuidReusedAtC1 = "deleted-uuid-reused-at-c1", "C1 with the UUID of a deleted Order succeeds",
        api!("#order-deletion");
    OffersShareId = "offers-share-id", "Opportunity feeds have two different Offers with the same @id",
        api!("#globally-unique-identifiers");
    ErrorsStatus400 = "errors-status-400", "Every error responds with HTTP 400", api!("#errors");
    ErrorsUntyped = "errors-untyped", "Every error has @type OpenBookingError", api!("#errors");
    ErrorsWithoutContext = "errors-without-context", "Error responses omit @context", api!("#errors");
    ErrorsHtml = "errors-html", "Error responses are HTML pages", api!("#errors");
    UnknownEndpointStatus200 = "unknown-endpoint-status-200", "Unknown endpoints respond with HTTP 200",
        api!("#generic-errors");
    OrderStatusOfOrdersOnly = "order-status-of-orders-only",
        "Order Status does not return OrderQuotes and OrderProposals",
        api!("#order-endpoint-restful-semantics");
    ItemIdsByNumber = "item-ids-by-number", "@id of OrderItems does not follow the required format",
        api!("#schema-orderitem");
    PlacesWithoutCoordinates = "places-without-coordinates", "Responses omit geo of locations",
        api!("#opportunity-data-properties");
    InstructionsMissing = "instructions-missing", "Responses omit attendeeInstructions", api!("#remote-access-control");
    ParentsOmitted = "parents-omitted", "Responses omit superEvent of opportunities of type Event",
        api!("#opportunity-data-properties");
    ChannelsWithoutDetails = "channels-without-details", "accessChannel omits accessId and accessCode",
        api!("#remote-access-control");
    ErrorNamesVary = "error-names-vary", "Errors of one type have different names", api!("#oa-openbookingerror");
    ServerErrorsUnspecific = "server-errors-unspecific", "Internal error is an unspecific InternalOpenBookingError",
        api!("#oa-internalopenbookingerror-subclasses");
    PLeaseNotExtended = "p-lease-not-extended", "Lease of an OrderProposal expires with that of its OrderQuote",
        api!("#proposal-leasing");
    OpportunitiesNeverFree = "opportunities-never-free", "Criteria that allow free opportunities never create one",
        "https://openactive.io/test-interface/#testopportunitybookable";
    TokensLongLived = "tokens-long-lived", "Access tokens are valid for an hour", api!("#oauth-flows-and-scopes");
    DeletedItemsNotRetained = "deleted-items-not-retained",
        "Orders feed and OrderProposals feed do not retain deleted items",
        "https://openactive.io/realtime-paged-data-exchange/EditorsDraft/#deleted-items";
    PricesHuge = "prices-huge", "Offers have a price of 7.9e28", api!("#acceptedoffer-properties");
    OrderStatusMissing = "order-status-missing", "Order Status is not implemented", api!("#order-status");
    OrderStatusDropsItem = "order-status-drops-item", "Order Status omits the last OrderItem", api!("#order-status");
    OrderStatusStale = "order-status-stale", "Order Status returns OrderItems as they were at B", api!("#order-status");
    CancellationKeepsTotal = "cancellation-keeps-total", "Cancellation does not reduce totalPaymentDue",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    CancelsPartially = "cancels-partially",
        "Cancellation of several OrderItems cancels only those that can be cancelled",
        api!("#customer-requested-cancellation");
    RepeatedCancellationRejected = "repeated-cancellation-rejected", "Repeated cancellation is rejected",
        api!("#order-cancellation");
    RepeatedCancellationPublished = "repeated-cancellation-published", "Repeated cancellation is published again",
        api!("#endpoints");
    PatchStatus200 = "patch-status-200", "PATCH responds with HTTP 200", api!("#customer-requested-cancellation");
    PatchAcceptsAnything = "patch-accepts-anything", "PATCH with excessive properties is accepted",
        api!("#order-cancellation");
    PatchAlwaysCancels = "patch-always-cancels", "PATCH with any orderItemStatus cancels the OrderItem",
        api!("#order-cancellation");
    DeletionKeepsCapacity = "deletion-keeps-capacity", "Order Deletion does not release capacity",
        api!("#booking-pre-conditions");
    DeletionNotRepeatable = "deletion-not-repeatable", "Repeated Order Deletion is rejected", api!("#endpoints");
    DeletedOrderStatusShown = "deleted-order-status-shown", "Order Status still returns a deleted Order",
        api!("#order-deletion");
    ReplacementNotPublished = "replacement-not-published", "Orders feed update is missing after a Replacement",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    AccessUpdateNotPublished = "access-update-not-published", "Orders feed update is missing after an access update",
        api!("#orders-feed-notifications-updates-and-refunds");
    NoticeNotPublished = "notice-not-published", "Orders feed update is missing after a customer notice",
        api!("#orders-feed-notifications-updates-and-refunds");
    OrdersFeedOnBooking = "orders-feed-on-booking", "Orders feed includes a new Order before its first update",
        api!("#new-orders-and-orderproposals");
    OrdersFeedWrongKind = "orders-feed-wrong-kind", "Orders feed items have a wrong kind", api!("#orders-rpde-feed");
    ResponseIdentifierOther = "response-identifier-other",
        "C1, C2, P and B responses have an identifier that is not the Order UUID",
        api!("#schema-order");
    OrdersFeedWithErrors = "orders-feed-with-errors", "OrderItems in the Orders feed have an error",
        api!("#schema-orderitem");
    OrdersFeedShowsCustomer = "orders-feed-shows-customer", "Orders feed includes customer",
        api!("#broker-processing-the-orders-feed");
    DatasetDeletionIgnored = "dataset-deletion-ignored", "Deletion of a test dataset has no effect", INTERFACE;
    DatasetDeletionKeepsOrders = "dataset-deletion-keeps-orders", "Deletion of a test dataset retains its Orders",
        INTERFACE;
    ActionsStatus200 = "actions-status-200", "Simulate actions respond with HTTP 200", INTERFACE;
    FeedsWithoutNext = "feeds-without-next", "Opportunity feeds have pages without next", RPDE;
    FeedsModifiedText = "feeds-modified-text", "Session feeds have modified as a string", RPDE;
    FeedsDeletedWithData = "feeds-deleted-with-data", "Opportunity feeds have deleted items with data", RPDE;
    FeedsWithoutKind = "feeds-without-kind", "Opportunity feeds have items without kind", RPDE;
    FeedsNeverEnd = "feeds-never-end", "Opportunity feeds have no last page", RPDE;
    FeedsOddItems = "feeds-odd-items", "Opportunity feeds have items with an unknown property and an invalid url",
        "https://openactive.io/modelling-opportunity-data/";
    FeedsLoseItems = "feeds-lose-items", "Opportunity feeds omit the first item when read again from the start", RPDE;
    FeedsCached = "feeds-cached", "Opportunity feeds allow caching of every page for an hour, even the last", RPDE;
    DuplicateKeys = "duplicate-keys", "JSON responses have @context twice",
        "https://www.rfc-editor.org/rfc/rfc8259#section-4";
    ByteOrderMark = "byte-order-mark", "Every response starts with a byte order mark",
        "https://www.rfc-editor.org/rfc/rfc8259#section-8.1";
    FeedsWrongMediaType = "feeds-wrong-media-type", "Opportunity feeds have media type text/html", RPDE;
    OrderFeedsWrongMediaType = "order-feeds-wrong-media-type",
        "Orders feed and OrderProposals feed have media type application/json",
        api!("#realtime-paged-data-exchange-1-0");
    OrderFeedsModifiedText = "order-feeds-modified-text",
        "Orders feed and OrderProposals feed have modified as a string",
        RPDE;
    OrderFeedsDeletedWithData = "order-feeds-deleted-with-data",
        "Orders feed and OrderProposals feed have deleted items with data",
        RPDE;
    OrderFeedsWithoutKind = "order-feeds-without-kind", "Orders feed and OrderProposals feed have items without kind",
        RPDE;
    OrderFeedsRepeatItems = "order-feeds-repeat-items",
        "Orders feed and OrderProposals feed repeat the last item of a page",
        RPDE;
    OrderFeedsWithoutAfterId = "order-feeds-without-after-id",
        "Orders feed and OrderProposals feed omit afterId in next",
        RPDE;
    OrderFeedsCached = "order-feeds-cached", "Orders feed and OrderProposals feed allow shared caches to store pages",
        api!("#orders-feed-notifications-updates-and-refunds");
    FeedsWithJsonLd = "feeds-with-json-ld", "Opportunity feeds have @context in pages and @type in items", RPDE;
    OrderFeedsWithJsonLd = "order-feeds-with-json-ld", "Orders feed and OrderProposals feed have @context in pages", RPDE;
    FeedsShareKind = "feeds-share-kind", "SessionSeries feed and ScheduledSession feed have the same kind", RPDE;
    EventFeedStatus500 = "event-feed-status-500", "Event feed responds with HTTP 500", RPDE;
    FeedsNextRelative = "feeds-next-relative", "Opportunity feeds have a relative URL as next", RPDE;
    FeedsGrow = "feeds-grow", "Opportunity feeds have a new item for ever at their end", RPDE;
    FeedsStartOver = "feeds-start-over", "Opportunity feeds repeat their first items for ever at their end", RPDE;
    CapacityNegative = "capacity-negative", "Opportunity feeds have a remaining capacity of -1 for full opportunities",
        api!("#booking-pre-conditions");
    OrdersAppearLater = "orders-appear-later", "Orders feed shows an unchanged Order once another Order is booked",
        api!("#orders-feed-notifications-updates-and-refunds");
    OrdersDeletedLater = "orders-deleted-later", "Orders feed shows an Order as deleted once another Order is booked",
        api!("#orders-feed-notifications-updates-and-refunds");
    CapacityReturnsLater = "capacity-returns-later",
        "Booked capacity of an opportunity returns once another Order is booked",
        api!("#booking-pre-conditions");
    CapacityVanishesLater = "capacity-vanishes-later",
        "Remaining capacity of an opportunity is 0 once another Order is booked",
        api!("#booking-pre-conditions");
    AccessDetailsShared = "access-details-shared", "OrderItems of an Order have the same accessCode and accessPass",
        api!("#access-control");
    BarcodesWithImage = "barcodes-with-image", "accessPass has an ImageObject with the url of a Barcode",
        api!("#image-based-access-control");
    FlowRequirementUnpublished = "flow-requirement-unpublished",
        "Opportunity feeds omit openBookingFlowRequirement of Offers",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    DatasetDeletionRedirects = "dataset-deletion-redirects", "Deletion of a test dataset responds with HTTP 302",
        INTERFACE;
    TelephoneListed = "telephone-listed", "Responses have customer.telephone as a list",
        api!("#schema-person-for-customer-or-attendee");
    AccessTokenEmpty = "access-token-empty", "Token response has an empty access_token",
        "https://www.rfc-editor.org/rfc/rfc6749#section-5.1";
    DeletedUuidReused = "deleted-uuid-reused", "C2, P and B with the UUID of a deleted Order succeed",
        api!("#order-deletion");
    QuotesBeyondCapacity = "quotes-beyond-capacity",
        "C1 and C2 accept more OrderItems than a not yet full opportunity has spaces",
        api!("#order-creation-orderitem-errors");
    BookingsBeyondCapacity = "bookings-beyond-capacity",
        "P and B accept more OrderItems than a not yet full opportunity has spaces",
        api!("#step-by-step-process-description");
    OversellsTogether = "oversells-together", "Simultaneous B requests all get the last space",
        api!("#step-by-step-process-description");
    ProposalsOversell = "proposals-oversell", "B requests of accepted OrderProposals all get the last space",
        api!("#step-by-step-process-description");
    IntakeChoicesNotChecked = "intake-choices-not-checked", "Responses to Dropdown fields with an unknown option are accepted",
        api!("#form-validation-and-auto-fill");
    IntakeBooleansNotChecked = "intake-booleans-not-checked", "Responses to Boolean fields with text are accepted",
        api!("#form-validation-and-auto-fill");
    AttendeeDetailsEndsOnly = "attendee-details-ends-only",
        "C2 accepts attendees without required properties between the first and the last",
        api!("#attendee-details-capture");
}

/// The faults that are on.
#[derive(Debug, Clone, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// These faults.
    #[must_use]
    pub const fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// Whether no fault is on.
    pub(super) const fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a fault is on.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }
}
