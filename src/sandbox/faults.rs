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

/// Declares the faults: name, identifier, what it does, and the section of the specification that it violates.
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
            /// What it does, in one line.
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
    DatasetSiteWithoutJsonLd = "dataset-site-without-json-ld", "the dataset site is a page without JSON-LD",
        api!("#endpoints");
    DatasetSiteStatus500 = "dataset-site-status-500", "the dataset site answers with HTTP 500",
        api!("#endpoints");
    C1Status401 = "c1-status-401", "C1 answers with HTTP 401",
        api!("#orderquote-creation-c1");
    C1Status404 = "c1-status-404", "C1 answers with HTTP 404",
        api!("#orderquote-creation-c1");
    C1Status500 = "c1-status-500", "C1 answers with HTTP 500",
        api!("#orderquote-creation-c1");
    C1Html = "c1-html", "C1 answers with a web page",
        api!("#orderquote-creation-c1");
    C1BrokenJson = "c1-broken-json", "C1 answers with JSON that breaks off",
        api!("#orderquote-creation-c1");
    C1Hangs = "c1-hangs", "C1 never answers",
        api!("#orderquote-creation-c1");
    C1WrongMediaType = "c1-wrong-media-type", "C1 answers with the media type application/json",
        api!("#media-types");
    C1DropsItem = "c1-drops-item", "C1 leaves out the last OrderItem",
        api!("#orderquote-creation-c1");
    C1CountsOwnLease = "c1-counts-own-lease", "C1 counts its own lease in the capacity that it shows",
        api!("#leasing");
    C1TakesNoLease = "c1-takes-no-lease", "C1 tells of a lease and takes none",
        api!("#leasing");
    C2WithoutSeller = "c2-without-seller", "C2 leaves out the Seller",
        api!("#orderquote-creation-c2");
    BStatus200 = "b-status-200", "B answers with HTTP 200",
        api!("#order-creation-b");
    BWithoutOrderedItem = "b-without-ordered-item", "B answers without orderedItem",
        api!("#order-creation-b");
    BWithoutItemIds = "b-without-item-ids", "B gives OrderItems no @id",
        api!("#order-creation-b");
    BNotConfirmed = "b-not-confirmed", "B leaves OrderItems unconfirmed",
        api!("#order-creation-b");
    BTakesCapacityTwice = "b-takes-capacity-twice", "B takes capacity that the lease has taken already",
        api!("#leasing");
    PWithoutVersion = "p-without-version", "P answers without orderProposalVersion",
        api!("#orderproposal-creation-p");
    PAcceptedAtOnce = "p-accepted-at-once", "P answers that the Seller has accepted already",
        api!("#orderproposal-creation-p");
    AcceptanceNotPublished = "acceptance-not-published", "the acceptance of an OrderProposal never shows in its feed",
        api!("#proposal-approval");
    ProposalStaysInFeed = "proposal-stays-in-feed", "an OrderProposal stays in its feed after B",
        api!("#orders-rpde-feed");
    ActionsNotImplemented = "actions-not-implemented", "no simulate action for attendance or access codes is implemented",
        INTERFACE;
    AttendanceNotPublished = "attendance-not-published", "attendance is accepted and never shows in the Orders feed",
        api!("#opportunity-attendance-updates");
    AttendanceNotRecorded = "attendance-not-recorded", "attendance is published without a change of status",
        api!("#opportunity-attendance-updates");
    AttendanceFirstItemOnly = "attendance-first-item-only", "only the first OrderItem gets the new attendance status",
        api!("#opportunity-attendance-updates");
    AttendanceLegacyStatus = "attendance-legacy-status", "attendance is told with the old word, CustomerAttended",
        api!("#opportunity-attendance-updates");
    AttendanceSwapped = "attendance-swapped", "who came is absent, and who stayed away came",
        api!("#opportunity-attendance-updates");
    OrdersFeedDropsItem = "orders-feed-drops-item", "the Orders feed leaves out an OrderItem",
        api!("#orders-rpde-feed");
    AccessCodeUnchanged = "access-code-unchanged", "new access codes are the old ones",
        api!("#other-notifications");
    AccessCodeReordered = "access-code-reordered", "new access codes are the old ones in another order",
        api!("#other-notifications");
    AccessCodeFirstItemOnly = "access-code-first-item-only", "only the first OrderItem gets a new access code",
        api!("#other-notifications");
    AccessCodeRemoved = "access-code-removed", "the Orders feed has no access codes",
        api!("#other-notifications");
    CancelsOutsideWindow = "cancels-outside-window", "customers can cancel what may not be cancelled any more",
        api!("#customer-requested-cancellation");
    CancelsFirstItemOnly = "cancels-first-item-only", "of several OrderItems only the first is cancelled",
        api!("#customer-requested-cancellation");
    CancellationNotPublished = "cancellation-not-published", "cancellations never show in the Orders feed",
        api!("#orders-rpde-feed");
    SellerCancelsFirstItemOnly = "seller-cancels-first-item-only", "the Seller cancels the first OrderItem only",
        api!("#seller-requested-cancellation");
    CancellationMessageMissing = "cancellation-message-missing", "the Seller cancels without the message",
        api!("#seller-requested-cancellation");
    ReplacementKeepsOpportunity = "replacement-keeps-opportunity", "a replacement leaves the opportunity as it was",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    NoticeFirstItemOnly = "notice-first-item-only", "only the first OrderItem gets the customer notice",
        api!("#other-notifications");
    AccessPassUnchanged = "access-pass-unchanged", "new access passes are the old ones",
        api!("#other-notifications");
    AccessChannelUnchanged = "access-channel-unchanged", "a new access channel is the old one",
        api!("#other-notifications");
    LogisticsNotChanged = "logistics-not-changed", "time, name and place stay as they were",
        api!("#change-of-logistics-notifications");
    LogisticsNotPublished = "logistics-not-published", "changes of time, name and place never show in the Orders feed",
        api!("#change-of-logistics-notifications");
    AcceptanceChangesVersion = "acceptance-changes-version", "an OrderProposal gets another version when the Seller accepts it",
        api!("#proposal-approval");
    RejectionNotPublished = "rejection-not-published", "the Seller's rejection never shows in the OrderProposals feed",
        api!("#proposal-rejection");
    UnfulfillableProposalsKept = "unfulfillable-proposals-kept", "an OrderProposal that others have left no room for stays open",
        api!("#proposal-leasing");
    AmendmentNotPublished = "amendment-not-published", "an amendment never shows in the OrderProposals feed",
        api!("#proposal-amendment");
    AmendmentKeepsVersion = "amendment-keeps-version", "an amended OrderProposal keeps its version",
        api!("#proposal-amendment");
    DeleteKeepsOrder = "delete-keeps-order", "Order Deletion leaves the Order as it is",
        api!("#order-deletion");
    QuoteDeletionKeepsLease = "quote-deletion-keeps-lease", "OrderQuote Deletion keeps the lease",
        api!("#orderquote-deletion");
    CreateStatus404 = "create-status-404", "the Test Interface creates nothing",
        INTERFACE;
    CreateWrongType = "create-wrong-type", "the Test Interface answers with another type than was asked for",
        INTERFACE;
    CreateWrongSeller = "create-wrong-seller", "the Test Interface creates an opportunity of another Seller",
        INTERFACE;
    CreateWrongCriteria = "create-wrong-criteria", "the Test Interface creates an opportunity that is full",
        INTERFACE;
    CreatePublishesOtherType = "create-publishes-other-type", "the Test Interface publishes an opportunity of another type than was asked for",
        INTERFACE;
    CreateNotPublished = "create-not-published", "the Test Interface answers with an opportunity that no feed shows",
        INTERFACE;
    CreateWithoutParent = "create-without-parent", "the Test Interface publishes an opportunity whose parent is in no feed",
        INTERFACE;
    OrdersFeedStatus401 = "orders-feed-status-401", "the Orders feed answers with HTTP 401",
        api!("#orders-rpde-feed");
    OrdersFeedStatus500 = "orders-feed-status-500", "the Orders feed answers with HTTP 500",
        api!("#orders-rpde-feed");
    OrdersFeedWithoutItems = "orders-feed-without-items", "pages of the Orders feed have no items",
        RPDE;
    OrdersFeedHtml = "orders-feed-html", "the Orders feed answers with a web page",
        api!("#orders-rpde-feed");
    FeedsLoop = "feeds-loop", "the pages of the opportunity feeds lead back to the first one",
        RPDE;
    FeedsNotInOrder = "feeds-not-in-order", "the items of the opportunity feeds stand in the wrong order",
        RPDE;
    ErrorsShowCredentials = "errors-show-credentials", "errors repeat the credentials that came with the request",
        api!("#errors");
    DatasetSiteBrokenJson = "dataset-site-broken-json", "the JSON-LD of the dataset site breaks off", api!("#endpoints");
    DatasetSiteWithoutFeeds = "dataset-site-without-feeds", "the dataset site names no feeds", api!("#endpoints");
    C1Status201 = "c1-status-201", "C1 answers with HTTP 201", api!("#orderquote-creation-c1");
    C1RepeatsCustomer = "c1-repeats-customer", "C1 repeats the customer, whom it must not know", api!("#orderquote-creation-c1");
    C2Status201 = "c2-status-201", "C2 answers with HTTP 201", api!("#orderquote-creation-c2");
    C2DropsItem = "c2-drops-item", "C2 leaves out the last OrderItem", api!("#orderquote-creation-c2");
    C2WithoutCustomer = "c2-without-customer", "C2 leaves out the customer", api!("#orderquote-creation-c2");
    PStatus200 = "p-status-200", "P answers with HTTP 200", api!("#orderproposal-creation-p");
    PDropsItem = "p-drops-item", "P leaves out the last OrderItem", api!("#orderproposal-creation-p");
    PTakesNoLease = "p-takes-no-lease", "P gives up the lease of the quote", api!("#proposal-leasing");
    BDropsItem = "b-drops-item", "B leaves out the last OrderItem", api!("#order-creation-b");
    BWithoutCustomer = "b-without-customer", "B leaves out the customer", api!("#order-creation-b");
    BWithoutPayment = "b-without-payment", "B leaves out the payment", api!("#order-creation-b");
    BFailsAtFirst = "b-fails-at-first", "the first B is answered with HTTP 500, and all later ones rightly",
        api!("#order-creation-b");
    BWrongMediaType = "b-wrong-media-type", "B answers with the media type text/html", api!("#media-types");
    PositionsShifted = "positions-shifted", "answers number the OrderItems anew, from 100", api!("#orderquote-creation-c1");
    BrokerRoleReplaced = "broker-role-replaced", "answers tell another brokerRole than the request", api!("#orderquote-creation-c1");
    SellerTermsMissing = "seller-terms-missing", "the Seller is shown without terms of service",
        api!("#delivery-of-terms-and-conditions-and-privacy-policy");
    SystemTermsMissing = "system-terms-missing", "the booking system is shown without terms of service",
        api!("#delivery-of-terms-and-conditions-and-privacy-policy");
    SellerAddressIncomplete = "seller-address-incomplete", "the address of the Seller has no addressRegion",
        api!("#schema-postaladdress");
    SellerTermsWithoutTls = "seller-terms-without-tls", "terms of the Seller in the opportunity feeds have a URL without encryption",
        api!("#oa-terms");
    ConsentNotRequested = "consent-not-requested", "no terms of service ask for explicit consent", api!("#oa-terms");
    ConsentUndated = "consent-undated", "terms of service have no dateModified", api!("#oa-terms");
    OffersWithTerms = "offers-with-terms", "offers have terms of service of their own",
        api!("#delivery-of-terms-and-conditions-and-privacy-policy");
    ServiceMissing = "service-missing", "answers have no bookingService", api!("#oa-bookingservice");
    OrderRequiresApprovalMissing = "order-requires-approval-missing", "quotes do not tell that approval is needed", api!("#oa-orderquote");
    ApprovalSkipped = "approval-skipped", "B books what needs the approval of the Seller", api!("#step-by-step-process-description-0");
    BooksUnacceptedProposal = "books-unaccepted-proposal", "B books an OrderProposal that the Seller has not accepted", api!("#proposal-approval");
    VersionNotChecked = "version-not-checked", "B books an OrderProposal whatever version is asked for", api!("#proposal-amendment");
    CustomerRejectionIgnored = "customer-rejection-ignored", "the customer's rejection of an OrderProposal has no effect",
        api!("#proposal-rejection");
    LeaseMissing = "lease-missing", "quotes do not tell of the lease that they take", api!("#leasing");
    LeaseInThePast = "lease-in-the-past", "quotes tell of a lease that is over already", api!("#leasing");
    LeaseKeepsLargest = "lease-keeps-largest", "a quote for less keeps what the quote before it held", api!("#leasing");
    LeaseNeverExpires = "lease-never-expires", "a lease goes on when its time is over", api!("#leasing");
    FailedQuoteTakesLease = "failed-quote-takes-lease", "a quote with errors holds what it could have",
        api!("#orderquote-creation-c2");
    CapacityNotPublished = "capacity-not-published", "the opportunity feeds never show capacity as it changes",
        api!("#opportunity-data-properties");
    CapacityInResponsesStale = "capacity-in-responses-stale", "answers show the capacity that there was in the beginning",
        api!("#opportunity-data-properties");
    Oversells = "oversells", "B books more than there is room for", api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    FullAsInsufficient = "full-as-insufficient", "what is full has insufficient capacity instead",
        api!("#order-creation-orderitem-errors");
    LeasedAsInsufficient = "leased-as-insufficient", "what is leased by others has insufficient capacity instead",
        api!("#order-creation-orderitem-errors");
    CancelledBookable = "cancelled-bookable", "what is cancelled or postponed can be booked",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    UnavailableBookable = "unavailable-bookable", "offers that cannot be booked in advance can be booked in advance",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    StartedNotBookable = "started-not-bookable", "what has begun cannot be booked, though it is not over",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    OverrideIgnored = "override-ignored", "the listed offer is charged in the place of an OfferOverride",
        api!("#offer-overrides");
    OverrideTaxedAsListed = "override-taxed-as-listed", "tax of an OfferOverride is that of the listed offer",
        api!("#offer-overrides");
    OverridePrepaidAsListed = "override-prepaid-as-listed", "an OfferOverride is prepaid as the listed offer is",
        api!("#offer-overrides");
    OverrideCancelledAsListed = "override-cancelled-as-listed",
        "an OfferOverride can be cancelled only where the listed offer can",
        api!("#offer-overrides");
    OverridesOfFreeAccepted = "overrides-of-free-accepted", "an OfferOverride is accepted where everything is free",
        api!("#offer-overrides");
    DynamicPaymentWithoutAccount = "dynamic-payment-without-account", "a DynamicPayment needs no accountId",
        api!("#dynamicpayment");
    DynamicPaymentOfAnybody = "dynamic-payment-of-anybody", "a DynamicPayment may come from any account",
        api!("#dynamicpayment");
    DynamicPaymentPrepaid = "dynamic-payment-prepaid", "what is booked with a DynamicPayment is paid in advance all the same",
        api!("#dynamicpayment");
    PastBookable = "past-bookable", "what is over can be booked", api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    BookingWindowIgnored = "booking-window-ignored", "offers can be booked before their window opens",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    ItemErrorsStatus200 = "item-errors-status-200", "OrderItems with errors come with HTTP 200",
        api!("#order-creation-orderitem-errors");
    ItemErrorsAtRoot = "item-errors-at-root", "the error of an OrderItem is the whole answer", api!("#order-creation-orderitem-errors");
    ItemErrorsFirstOnly = "item-errors-first-only", "only the first OrderItem with errors tells them",
        api!("#order-creation-orderitem-errors");
    ItemErrorsOnAll = "item-errors-on-all", "where one OrderItem has errors, every OrderItem has them",
        api!("#order-creation-orderitem-errors");
    ConflictNotReported = "conflict-not-reported", "what must and what cannot be paid go into one Order", api!("#booking-without-payment");
    TotalOffByOne = "total-off-by-one", "totalPaymentDue is a penny too much", api!("#totalpaymentdue-invariant");
    TotalNotChecked = "total-not-checked", "B takes any totalPaymentDue", api!("#totalpaymentdue-invariant");
    TaxNotAdded = "tax-not-added", "totals of prices without tax leave the tax out", api!("#tax-mode");
    TaxMissing = "tax-missing", "answers tell no tax, and not that it is excluded",
        api!("#business-to-consumer-tax-calculation-by-booking-system-is-mandatory");
    TaxOfItemsMissing = "tax-of-items-missing", "OrderItems have no unitTaxSpecification",
        api!("#business-to-consumer-tax-calculation-by-booking-system-is-mandatory");
    PrepaymentMissing = "prepayment-missing", "totals do not tell when payment is made", api!("#booking-without-payment");
    PrepaymentAlwaysOptional = "prepayment-always-optional", "totals tell that payment is optional, whatever the offers say",
        api!("#booking-without-payment");
    PrepaymentOptionalPublished = "prepayment-optional-published", "every offer in the opportunity feeds has an optional prepayment",
        api!("#booking-without-payment");
    PaymentNotRequired = "payment-not-required", "B takes no payment where one is required", api!("#payment-error-conditions");
    PaymentAlwaysTaken = "payment-always-taken", "B takes a payment where none can be made", api!("#payment-error-conditions");
    PaymentIdentifierNotRequired = "payment-identifier-not-required", "B takes a payment without identifier",
        api!("#payment-reconciliation-identifiers");
    ReconciliationNotChecked = "reconciliation-not-checked", "payments are taken whatever accountId they carry",
        api!("#payment-reconciliation-detail-validation");
    CustomerNotRequired = "customer-not-required", "C2, P and B take a customer without an email", api!("#customer-details-capture");
    CustomerShortened = "customer-shortened", "the customer is shown without names and telephone", api!("#customer-details-capture");
    BrokerNotRequired = "broker-not-required", "a Broker need not be named", api!("#schema-organization-for-broker");
    AttendeeDetailsNotRequested = "attendee-details-not-requested", "answers do not tell which details of attendees are needed",
        api!("#attendee-details-capture");
    AttendeeDetailsNotChecked = "attendee-details-not-checked", "details of attendees may be left out",
        api!("#attendee-details-capture");
    AttendeeNotReflected = "attendee-not-reflected", "answers leave out the attendee", api!("#attendee-details-capture");
    IntakeFormNotRequested = "intake-form-not-requested", "answers leave out the intake form", api!("#additional-details-capture");
    IntakeFormNotChecked = "intake-form-not-checked", "intake forms may be filled in in any way, or not at all",
        api!("#form-validation-and-auto-fill");
    IntakeResponseNotReflected = "intake-response-not-reflected", "answers leave out the answers to the intake form",
        api!("#additional-details-capture");
    AccessCodeMissing = "access-code-missing", "B gives no access codes", api!("#text-based-access-control");
    AccessCodeEmpty = "access-code-empty", "B gives an empty list of access codes", api!("#text-based-access-control");
    AccessPassMissing = "access-pass-missing", "B gives no access passes", api!("#image-based-access-control");
    BrokerBarcodeDropped = "broker-barcode-dropped", "barcodes that the Broker brings along are dropped",
        api!("#extension-point-for-barcode-based-access-control");
    AccessChannelMissing = "access-channel-missing", "B gives no access channel", api!("#remote-access-control");
    BNotIdempotent = "b-not-idempotent", "a B that is repeated is refused", api!("#order-endpoint-restful-semantics");
    UuidReused = "uuid-reused", "another B under the same UUID replaces the Order", api!("#order-endpoint-restful-semantics");
    IdsElsewhere = "ids-elsewhere", "documents have the @id of something else", api!("#schema-order");
    BrokerRenamed = "broker-renamed", "answers name another Broker than was sent",
        api!("#step-by-step-process-description");
    QuotePaymentMissing = "quote-payment-missing", "C1 and C2 do not tell the payment again",
        api!("#step-by-step-process-description");
    CustomerExtended = "customer-extended", "answers tell more of customers than was sent",
        api!("#schema-person-for-customer-or-attendee");
    ExtensionsReflected = "extensions-reflected", "properties of extensions come back",
        api!("#general-extension-mechanism");
    PaymentAdded = "payment-added", "B and P tell of a payment that nobody made",
        api!("#booking-without-payment");
    AttendeeAtC1 = "attendee-at-c1", "C1 tells who attends", api!("#orderquote-creation-c1");
    ChannelInQuotes = "channel-in-quotes", "C1 and C2 tell where something online takes place",
        api!("#schema-orderitem");
    OrderStatusTold = "order-status-told", "B tells an orderStatus", api!("#order-statuses-in-the-booking-system");
    FormFieldsAbstract = "form-fields-abstract", "fields of intake forms do not say what kind of field they are",
        api!("#schema-propertyvaluespecification");
    TermsAlike = "terms-alike", "all terms have the same name", api!("#oa-terms");
    PassesInTwoFormats = "passes-in-two-formats", "a pass is given as two pictures", api!("#access-control");
    NoticeOnCancelled = "notice-on-cancelled", "what was cancelled still has a notice", api!("#schema-orderitem");
    NotePublished = "note-published", "the OrderProposals feed shows the note of the customer",
        api!("#message-exchange");
    CurrenciesMixed = "currencies-mixed", "taxes have another currency than prices", api!("#currency-support");
    RejectedItemsCounted = "rejected-items-counted", "totals of refused OrderQuotes count what cannot be booked",
        api!("#orderquote-creation-c1");
    CancelledTaxKept = "cancelled-tax-kept", "the tax on what was cancelled is still told",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    TaxModeFlipped = "tax-mode-flipped", "the Seller has another taxMode than in the feeds", api!("#tax-mode");
    OffersRenamed = "offers-renamed", "offers have other names than in the feeds", api!("#acceptedoffer-properties");
    OpportunitiesMoved = "opportunities-moved", "opportunities begin at another time than in the feeds",
        api!("#opportunity-data-properties");
    OrderRequiresApprovalAlways = "order-requires-approval-always", "every OrderQuote requires approval",
        api!("#minimal-proposal-implementation");
    FeedIdentifierOther = "feed-identifier-other", "the Orders feed shows another identifier than the UUID",
        api!("#broker-processing-the-orders-feed");
    FeedShortensOffers = "feed-shortens-offers", "the Orders feed leaves out properties of offers",
        api!("#broker-processing-the-orders-feed");
    FeedRenamesOffers = "feed-renames-offers", "the Orders feed shows offers otherwise than they were booked",
        api!("#totalpaymentdue-invariant");
    FeedWithoutTax = "feed-without-tax", "the Orders feed does not show the tax",
        api!("#broker-processing-the-orders-feed");
    FeedWithoutItemTax = "feed-without-item-tax", "the Orders feed does not show the tax on OrderItems",
        api!("#broker-processing-the-orders-feed");
    FeedSaysNotExcluded = "feed-says-not-excluded", "the Orders feed shows taxCalculationExcluded where it is false",
        api!("#broker-processing-the-orders-feed");
    TotalRises = "total-rises", "the Orders feed shows a higher total than was booked",
        api!("#totalpaymentdue-invariant");
    CancellationUndone = "cancellation-undone", "what was cancelled is confirmed again once everything is cancelled",
        api!("#cancellation-after-b");
    FormsMissingInFeed = "forms-missing-in-feed", "the OrderProposals feed does not show intake forms",
        api!("#broker-processing-the-orders-feed");
    CustomerNotRetained = "customer-not-retained", "Order Status does not know the customer",
        api!("#broker-processing-the-orders-feed");
    ErrorsUndescribed = "errors-undescribed", "errors do not say in words what is wrong",
        api!("#form-validation-and-auto-fill");
    BookingErrorInQuotes = "booking-error-in-quotes", "OrderItems of OrderQuotes have the error of bookings",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    ReferencesUnnamed = "references-unnamed", "opportunities and offers that do not exist are merely not bookable",
        api!("#order-creation-orderitem-errors");
    SellerNotFoundUnnamed = "seller-not-found-unnamed", "a Seller who does not exist is one of another Order",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    OrderTypeIgnored = "order-type-ignored", "endpoints take every type",
        api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    VerbsUnnamed = "verbs-unnamed", "a verb that an endpoint does not have is an endpoint that does not exist",
        api!("#generic-errors");
    ItemsByIndex = "items-by-index", "OrderItems are known by their place in the list", api!("#schema-orderitem");
    CustomerNamesRequired = "customer-names-required", "customers must tell their names", api!("#customer-details-capture");
    UnknownBrokersRejected = "unknown-brokers-rejected", "Brokers who were not introduced are refused",
        api!("#middleware-as-a-catalyst");
    ExtensionsRejected = "extensions-rejected", "requests with properties of extensions are refused",
        api!("#general-extension-mechanism");
    PatchExtensionsRejected = "patch-extensions-rejected", "a PATCH with a property of an extension is refused",
        api!("#order-cancellation");
    ResponsesVary = "responses-vary", "the same request is never answered in the same way twice", api!("#endpoints");
    UnseenDeletionPublished = "unseen-deletion-published", "the deletion of an Order that the Orders feed never showed is in it",
        api!("#order-deletion");
    ImpossibleCreated = "impossible-created", "the Test Interface creates what contradicts itself", INTERFACE;
    AcceptanceFinal = "acceptance-final", "what the Seller accepted cannot be rejected",
        api!("#orderproposal-statuses");
    SellerCannotReject = "seller-cannot-reject", "a Seller who accepted cannot reject", api!("#orderproposal-statuses");
    RepeatedRejectionPublished = "repeated-rejection-published", "a rejection that is repeated is published again",
        api!("#endpoints");
    ReplacementMoreExpensive = "replacement-more-expensive", "replacements cost more", api!("#totalpaymentdue-invariant");
    ReplacementRepriced = "replacement-repriced", "the price of a replacement is not that of its offer in the feeds",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    LogisticsNotInFeeds = "logistics-not-in-feeds", "a change of logistics is told in the Orders feed alone",
        api!("#customer-notice-notifications");
    DatasetDeletionNotLimited = "dataset-deletion-not-limited", "deleting a test dataset deletes the others, too", INTERFACE;
    UnknownCredentialsAccepted = "unknown-credentials-accepted", "credentials that were never given are those of the first Booking Partner",
        api!("#api-authentication");
    SecondSellerUnpublished = "second-seller-unpublished", "the Orders feed has Orders of the first Seller only",
        api!("#authentication");
    EndpointWithoutTls = "endpoint-without-tls", "the dataset site names an endpoint without encryption", api!("#security");
    EndpointWithTrailingSlash = "endpoint-with-trailing-slash", "the dataset site names an endpoint that ends with a slash",
        api!("#paths-and-verbs");
    BookingReconciliationNotChecked = "booking-reconciliation-not-checked", "the details of a payment are looked at in quotes only",
        api!("#payment-error-conditions");
    TaxNeedsBroker = "tax-needs-broker", "tax is not calculated where there is no Broker",
        api!("#business-to-consumer-tax-calculation-by-booking-system-is-mandatory");
    PaymentMethodIncluded = "payment-method-included", "payments have a paymentMethod", api!("#oa-payment");
    ExcludedTaxIncluded = "excluded-tax-included", "tax is told where it is not calculated", api!("#schema-order");
    FlowRequirementEmpty = "flow-requirement-empty", "offers in the opportunity feeds have an empty openBookingFlowRequirement",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    FlowRequirementRepeated = "flow-requirement-repeated", "answers repeat what booking an offer needs",
        api!("#definition-of-a-bookable-opportunity-and-offer-pair");
    InvalidPersonTypesAccepted = "invalid-person-types-accepted", "Brokers and customers may be of any type", api!("#order-creation-orderquote-orderproposal-and-order-error-responses");
    ResellerPricesGross = "reseller-prices-gross", "a reseller sees prices with tax, though tax is not calculated",
        api!("#business-to-business-tax-calculation-by-booking-system-is-optional");
    SellerNotChecked = "seller-not-checked", "credentials of one Seller book for another",
        api!("#api-level-authentication-and-data-security");
    PartnersShareFeed = "partners-share-feed", "Booking Partners see each other's Orders in their feeds",
        api!("#api-level-authentication-and-data-security");
    AuthorityMissing = "authority-missing", "the dataset site does not name the OpenID provider",
        api!("#openid-connect-booking-partner-authentication-for-multiple-seller-systems");
    DiscoveryMissing = "discovery-missing", "the OpenID provider has no discovery document",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig";
    DiscoveryOtherIssuer = "discovery-other-issuer", "the discovery document names another issuer",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig";
    DiscoveryWithoutSubjectTypes = "discovery-without-subject-types", "the discovery document has no subject_types_supported",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata";
    DiscoveryWithoutTokenEndpoint = "discovery-without-token-endpoint", "the discovery document names no token endpoint",
        "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig";
    RegistrationOpen = "registration-open", "anybody can register, without an initial access token",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationRejected = "registration-rejected", "nobody can register",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationStatus200 = "registration-status-200", "registration answers with HTTP 200",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationWithoutSecret = "registration-without-secret", "registration answers without a client secret",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    RegistrationUnchecked = "registration-unchecked", "registration takes metadata without redirect URIs",
        "https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration";
    ClientSecretIgnored = "client-secret-ignored", "the token endpoint does not look at client secrets",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.2.1";
    ClientCredentialsRejected = "client-credentials-rejected", "the token endpoint refuses client credentials",
        api!("#client-credentials-flow");
    CodeReusable = "code-reusable", "an authorization code can be redeemed twice",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1";
    CodeOfAnyClient = "code-of-any-client", "an authorization code can be redeemed by another client",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1";
    PkceIgnored = "pkce-ignored", "the token endpoint does not look at code_verifier",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    PkceNotRequired = "pkce-not-required", "requests without code_challenge are accepted, and redeemed with any code_verifier",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    PkcePlainAccepted = "pkce-plain-accepted", "the authorization endpoint accepts code_challenge_method plain",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    RedirectUriLoose = "redirect-uri-loose", "the authorization endpoint redirects to URIs that nobody registered",
        "https://www.rfc-editor.org/rfc/rfc9700#section-2.1";
    RedirectUriUnchecked = "redirect-uri-unchecked", "the token endpoint does not look at redirect_uri",
        "https://www.rfc-editor.org/rfc/rfc9700#section-2.1";
    StateDropped = "state-dropped", "the authorization endpoint does not send state back",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1";
    RedirectIssuerOther = "redirect-issuer-other", "the authorization response names another issuer",
        "https://www.rfc-editor.org/rfc/rfc9207#section-2.4";
    CodeInFragment = "code-in-fragment", "the authorization response is in the fragment of the redirect URI",
        "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2";
    IdTokenNotYetValid = "id-token-not-yet-valid", "ID tokens become valid in an hour",
        "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5";
    NonceDropped = "nonce-dropped", "ID tokens have no nonce",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenMissing = "id-token-missing", "there is no ID token",
        api!("#authorization-code-flow");
    IdTokenUnsigned = "id-token-unsigned", "ID tokens are not signed",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenWrongSignature = "id-token-wrong-signature", "ID tokens have a wrong signature",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenOtherAudience = "id-token-other-audience", "ID tokens are for another client",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenExpired = "id-token-expired", "ID tokens have expired when they are given",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation";
    IdTokenWithoutSeller = "id-token-without-seller", "ID tokens do not name the Seller",
        api!("#id-token-claims");
    IdTokenOtherSeller = "id-token-other-seller", "ID tokens name another Seller",
        api!("#id-token-claims");
    IdTokenOtherName = "id-token-other-name", "ID tokens have another name of the Seller than the feeds",
        api!("#id-token-claims");
    RefreshTokenMissing = "refresh-token-missing", "there is no refresh token",
        api!("#authorization-code-flow");
    RefreshRejected = "refresh-rejected", "refresh tokens are refused",
        api!("#authorization-code-flow");
    RefreshTokenOfAnyClient = "refresh-token-of-any-client", "a refresh token can be used by another client",
        "https://www.rfc-editor.org/rfc/rfc9700#section-4.14";
    ConsentSkipped = "consent-skipped", "nobody is asked for consent",
        api!("#oauth-flows-and-scopes");
    ConsentNotRetained = "consent-not-retained", "consent is asked for again",
        api!("#oauth-flows-and-scopes");
    LoginPagesStatus500 = "login-pages-status-500", "the pages for logging in answer with HTTP 500",
        api!("#authorization-code-flow");
    PkceMethodsPlainOnly = "pkce-methods-plain-only", "the discovery document offers no code_challenge method but plain",
        "https://www.rfc-editor.org/rfc/rfc7636#section-4";
    TokenTypeOther = "token-type-other", "the token endpoint returns another token_type than Bearer",
        "https://www.rfc-editor.org/rfc/rfc6749#section-7.1";
    TokenScopeOther = "token-scope-other", "the token endpoint returns another scope than was requested",
        "https://www.rfc-editor.org/rfc/rfc6749#section-3.3";
    RefreshKeepsAccessToken = "refresh-keeps-access-token", "a refresh returns the same access token as before",
        "https://www.rfc-editor.org/rfc/rfc6749#section-6";
    RefreshChangesSubject = "refresh-changes-subject", "a refresh returns an ID token of another subject",
        "https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse";
    TokenSignatureIgnored = "token-signature-ignored", "access tokens work with a wrong signature",
        api!("#api-authentication");
    TokenAlgNoneAccepted = "token-alg-none-accepted", "access tokens work without a signature, where their header says so",
        api!("#api-authentication");
    TokenAudienceIgnored = "token-audience-ignored", "ID tokens work as access tokens",
        api!("#api-authentication");
    TokenExpiryIgnored = "token-expiry-ignored", "access tokens live for two seconds, and work for longer",
        api!("#api-authentication");
    TokenScopesIgnored = "token-scopes-ignored", "access tokens work whatever their scope",
        api!("#oauth-flows-and-scopes");
    OrdersOfOthersReadable = "orders-of-others-readable", "Booking Partners can read each other's Orders",
        api!("#api-level-authentication-and-data-security");
    OrdersOfOthersChangeable = "orders-of-others-changeable", "Booking Partners can cancel each other's Orders",
        api!("#api-level-authentication-and-data-security");
    CredentialsNotRequired = "credentials-not-required", "requests without credentials are those of the first Booking Partner",
        api!("#api-authentication");
    ErrorsStatus400 = "errors-status-400", "every error comes with HTTP 400", api!("#errors");
    ErrorsUntyped = "errors-untyped", "every error is an OpenBookingError", api!("#errors");
    ErrorsWithoutContext = "errors-without-context", "errors have no @context", api!("#errors");
    ErrorsHtml = "errors-html", "errors are web pages", api!("#errors");
    UnknownEndpointStatus200 = "unknown-endpoint-status-200", "endpoints that do not exist answer with HTTP 200",
        api!("#generic-errors");
    OrderStatusOfOrdersOnly = "order-status-of-orders-only", "Order Status knows neither OrderQuotes nor OrderProposals",
        api!("#order-endpoint-restful-semantics");
    ItemIdsByNumber = "item-ids-by-number", "the @id of an OrderItem is made in a way of its own",
        api!("#schema-orderitem");
    PlacesWithoutCoordinates = "places-without-coordinates", "places have no geo", api!("#opportunity-data-properties");
    InstructionsMissing = "instructions-missing", "what is online does not say how to take part",
        api!("#remote-access-control");
    ParentsOmitted = "parents-omitted", "an Event that is part of something is shown without it",
        api!("#opportunity-data-properties");
    ChannelsWithoutDetails = "channels-without-details", "virtual locations have neither accessId nor accessCode",
        api!("#remote-access-control");
    ErrorNamesVary = "error-names-vary", "errors of one type have different names", api!("#oa-openbookingerror");
    ServerErrorsUnspecific = "server-errors-unspecific", "an error of the booking system itself does not say what is wrong",
        api!("#oa-internalopenbookingerror-subclasses");
    PLeaseNotExtended = "p-lease-not-extended", "the lease of an OrderProposal ends with that of its OrderQuote",
        api!("#proposal-leasing");
    OpportunitiesNeverFree = "opportunities-never-free", "what may be free or not is never free",
        "https://openactive.io/test-interface/#testopportunitybookable";
    TokensLongLived = "tokens-long-lived", "access tokens live an hour", api!("#oauth-flows-and-scopes");
    DeletedItemsNotRetained = "deleted-items-not-retained", "who reads a feed of Orders from its beginning finds nothing deleted",
        "https://openactive.io/realtime-paged-data-exchange/EditorsDraft/#deleted-items";
    PricesHuge = "prices-huge", "every offer costs more than there is money", api!("#acceptedoffer-properties");
    OrderStatusMissing = "order-status-missing", "there is no Order Status endpoint", api!("#order-status");
    OrderStatusDropsItem = "order-status-drops-item", "Order Status leaves out the last OrderItem", api!("#order-status");
    OrderStatusStale = "order-status-stale", "Order Status shows OrderItems as they were at B", api!("#order-status");
    CancellationKeepsCapacity = "cancellation-keeps-capacity", "what is cancelled stays taken", api!("#order-cancellation");
    CancellationKeepsTotal = "cancellation-keeps-total", "what is cancelled is still due",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    CancelsPartially = "cancels-partially", "of several OrderItems those are cancelled that can be, without a word of the others",
        api!("#customer-requested-cancellation");
    RepeatedCancellationRejected = "repeated-cancellation-rejected", "a cancellation that is repeated is refused",
        api!("#customer-requested-cancellation");
    RepeatedCancellationPublished = "repeated-cancellation-published", "a cancellation that is repeated is published again",
        api!("#booking-system-updating-the-orders-feed");
    PatchStatus200 = "patch-status-200", "PATCH answers with HTTP 200", api!("#paths-and-verbs");
    PatchAcceptsAnything = "patch-accepts-anything", "a PATCH may have properties that it may not have",
        api!("#order-cancellation-orderquote-orderproposal-and-order-error-responses");
    PatchAlwaysCancels = "patch-always-cancels", "a PATCH to any status cancels",
        api!("#order-cancellation-orderquote-orderproposal-and-order-error-responses");
    DeletionKeepsCapacity = "deletion-keeps-capacity", "what a deleted Order held stays taken", api!("#order-deletion");
    DeletionNotRepeatable = "deletion-not-repeatable", "an Order that was deleted cannot be deleted again", api!("#order-deletion");
    DeletedOrderStatusShown = "deleted-order-status-shown", "Order Status still shows an Order that was deleted",
        api!("#order-deletion");
    ReplacementNotPublished = "replacement-not-published", "a replacement never shows in the Orders feed",
        api!("#cancellation-replacement-refund-calculation-and-notification");
    AccessUpdateNotPublished = "access-update-not-published", "new access codes, passes and channels never show in the Orders feed",
        api!("#other-notifications");
    NoticeNotPublished = "notice-not-published", "customer notices never show in the Orders feed",
        api!("#customer-notice-notifications");
    OrdersFeedOnBooking = "orders-feed-on-booking", "an Order enters the Orders feed when it is booked, before any update",
        api!("#new-orders-and-orderproposals");
    OrdersFeedWrongKind = "orders-feed-wrong-kind", "items of the Orders feed are of another kind", api!("#orders-rpde-feed");
    OrdersFeedShowsCustomer = "orders-feed-shows-customer", "the Orders feed shows who the customer is", api!("#orders-rpde-feed");
    DatasetDeletionIgnored = "dataset-deletion-ignored", "deleting a test dataset deletes nothing", INTERFACE;
    DatasetDeletionKeepsOrders = "dataset-deletion-keeps-orders", "deleting a test dataset keeps its Orders", INTERFACE;
    ActionsStatus200 = "actions-status-200", "simulate actions answer with HTTP 200", INTERFACE;
    CreateStatus200 = "create-status-200", "the Test Interface creates with HTTP 200", INTERFACE;
    FeedsWithoutNext = "feeds-without-next", "pages of the opportunity feeds have no next", RPDE;
    FeedsModifiedText = "feeds-modified-text", "modified is text in the opportunity feeds of sessions", RPDE;
    FeedsDeletedWithData = "feeds-deleted-with-data", "deleted items of the opportunity feeds still have data", RPDE;
    FeedsWithoutKind = "feeds-without-kind", "items of the opportunity feeds have no kind", RPDE;
    FeedsNeverEnd = "feeds-never-end", "the last page of an opportunity feed leads on for ever", RPDE;
    FeedsOddItems = "feeds-odd-items", "items of the opportunity feeds have a property that nobody knows, and a url that is none", "https://openactive.io/modelling-opportunity-data/";
    FeedsLoseItems = "feeds-lose-items", "opportunity feeds that are read again from their start lack their first item", RPDE;
    FeedsCached = "feeds-cached", "every page of the opportunity feeds may be cached for an hour, the last one too", RPDE;
    DuplicateKeys = "duplicate-keys", "JSON-LD has its @context twice", "https://www.rfc-editor.org/rfc/rfc8259#section-4";
    ByteOrderMark = "byte-order-mark", "every response starts with a byte order mark",
        "https://www.rfc-editor.org/rfc/rfc8259#section-8.1";
    FeedsWrongMediaType = "feeds-wrong-media-type", "the opportunity feeds are text/html", RPDE;
    OrderFeedsWrongMediaType = "order-feeds-wrong-media-type", "the Orders feed and OrderProposals feed have the media type application/json",
        api!("#realtime-paged-data-exchange-1-0");
    OrderFeedsModifiedText = "order-feeds-modified-text", "modified is text in the Orders feed and OrderProposals feed", RPDE;
    OrderFeedsDeletedWithData = "order-feeds-deleted-with-data", "deleted items of the Orders feed and OrderProposals feed have data", RPDE;
    OrderFeedsWithoutKind = "order-feeds-without-kind", "items of the Orders feed and OrderProposals feed have no kind", RPDE;
    OrderFeedsRepeatItems = "order-feeds-repeat-items", "pages of the Orders feed and OrderProposals feed have their last item twice", RPDE;
    OrderFeedsWithoutAfterId = "order-feeds-without-after-id", "next of the Orders feed and OrderProposals feed has no afterId", RPDE;
    OrderFeedsCached = "order-feeds-cached", "shared caches may keep pages of the Orders feed and OrderProposals feed",
        api!("#orders-feed-notifications-updates-and-refunds");
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

    /// Whether it behaves.
    pub(super) const fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a fault is on.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }
}
