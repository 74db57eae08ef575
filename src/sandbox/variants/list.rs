//! Conforming designs that differ from the sandbox's own, so that each check can be shown to object to none of them.

use std::collections::BTreeSet;

use crate::sandbox::switches::Switch;
use crate::vocabulary::named_enumeration as named;

/// How instants are written.
const INSTANTS: &str = "instants";
/// How numbers are written.
const NUMBERS: &str = "numbers";
/// How durations are written.
const DURATIONS: &str = "durations";
/// Type of `identifier`.
const IDENTIFIERS: &str = "identifiers";
/// URLs of the `@id`s of opportunities and offers.
const IDS: &str = "ids";
/// How `@context` is written.
const CONTEXTS: &str = "contexts";
/// In which order properties are written.
const ORDER: &str = "property-order";
/// How JSON is written.
const JSON: &str = "json";
/// Where SessionSeries stand.
const SERIES: &str = "series";
/// Where FacilityUses stand.
const FACILITIES: &str = "facilities";
/// Properties of a place.
const PLACES: &str = "places";
/// Properties of an opportunity.
const DETAIL: &str = "detail";
/// Properties of an OrderItem of the Orders feed.
const ORDERS_FEED: &str = "orders-feed";
/// State of a deleted Order.
const DELETION: &str = "deletion";
/// Presence of Order Status.
const STATUS: &str = "order-status";
/// How the media type is written.
const MEDIA: &str = "media-type";
/// How feeds of opportunities are paged.
const PAGING: &str = "paging";
/// How Orders feeds are paged.
const ORDERS_PAGING: &str = "orders-paging";
/// How Orders feeds are cached.
const CACHING: &str = "orders-caching";
/// When updates of Orders are published.
const PUBLISHING: &str = "publishing";
/// When changes of opportunities are published.
const OPPORTUNITIES: &str = "opportunity-publishing";
/// How long windows are open.
const WINDOWS: &str = "windows";
/// When leases are taken.
const LEASING: &str = "leasing";
/// Means of access.
const ACCESS: &str = "access";
/// Attendance mode.
const ATTENDANCE: &str = "attendance";
/// How errors are written.
const ERRORS: &str = "errors";
/// How many Sellers there are.
const SELLERS: &str = "sellers";
/// Number and properties of offers.
const OFFERS: &str = "offers";
/// The first pages of open feeds: an empty feed has nothing to filter.
const BEGINNING: &str = "beginning-of-feeds";
/// Time to read the feeds.
const READING: &str = "reading";
/// How clients of the OpenID provider authenticate.
const CLIENT_AUTHENTICATION: &str = "client-authentication";
/// How `modified` is written.
const MODIFIED: &str = "modified";
/// How `id` of items is written.
const FEED_IDS: &str = "feed-ids";
/// How the dataset site presents its Dataset.
const SITE: &str = "dataset-site";
/// No other variant is about the same.
const ALONE: &str = "";

named! {
    /// Groups of variants.
    "group of variants"
    pub enum VariantGroup {
        /// Notation of values.
        Values = "values",
        /// Which properties and objects there are, and where.
        Shape = "shape",
        /// HTTP, statuses and errors.
        Protocol = "protocol",
        /// When things happen.
        Time = "time",
        /// Content of the system other than the test data.
        State = "state",
        /// Optional features.
        Features = "features",
        /// The OpenID provider: its documents, grants, tokens and pages.
        OpenId = "openid",
    }
}

/// Declares the variants of each group: name, identifier, what it differs in (of two with the same, one can be on), the design,
/// why the specification allows it, and the checks that could object.
macro_rules! variants {
    ($( $group:ident { $( $variant:ident = $id:literal, $axis:expr, $summary:literal, $allowed:literal,
        [$($check:literal),+]; )+ } )+) => {
        named! {
            /// A conforming design other than the sandbox's own, off unless it is asked for.
            "variant"
            pub enum Variant {
                $( $( #[doc = $summary] $variant = $id, )+ )+
            }
        }

        impl Variant {
            /// Its group.
            #[must_use]
            pub const fn group(self) -> VariantGroup {
                match self { $( $( Self::$variant => VariantGroup::$group, )+ )+ }
            }

            /// The aspect that it changes: two variants of one aspect cannot both be on. Empty if no other variant changes it.
            #[must_use]
            pub const fn axis(self) -> &'static str {
                match self { $( $( Self::$variant => $axis, )+ )+ }
            }

            /// The design, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( $( Self::$variant => $summary, )+ )+ }
            }

            /// The requirement or section that allows it, and why.
            #[must_use]
            pub const fn allowed(self) -> &'static str {
                match self { $( $( Self::$variant => $allowed, )+ )+ }
            }

            /// The checks that could object, by their identifiers.
            #[must_use]
            pub const fn checks(self) -> &'static [&'static str] {
                match self { $( $( Self::$variant => &[$($check),+], )+ )+ }
            }
        }
    };
}

variants! {
    Values {
        InstantsWithZeroOffset = "instants-with-zero-offset", INSTANTS, "instants end with +00:00 instead of Z",
            "RPDE 1.0, date and time formats: +hh:mm is a time zone designator, and winter time in London is +00:00",
            ["valid", "opportunity-of-feed", "request-reflected"];
        InstantsInLocalTime = "instants-in-local-time", INSTANTS, "instants are in local time with the offset +01:00",
            "RPDE 1.0, date and time formats: local time with an offset is allowed as well as UTC",
            ["valid", "opportunity-of-feed", "capacity-in-feeds"];
        InstantsInResponsesInLocalTime = "instants-in-responses-in-local-time", INSTANTS,
            "instants of booking responses have the offset +05:45, those of the open feeds are in UTC",
            "OB-schema-pricespecification and ISO 8601: the same instant has many notations",
            ["opportunity-of-feed", "feed-matches-response", "valid"];
        InstantsWithoutSeconds = "instants-without-seconds", INSTANTS, "instants at a full minute have no seconds",
            "RPDE 1.0, date and time formats: YYYY-MM-DDThh:mmTZD is one of the formats", ["valid", "opportunity-of-feed"];
        PricesWithTwoDecimals = "prices-with-two-decimals", NUMBERS, "prices and rates have two decimals: 0.00, 15.00",
            "RFC 8259, section 6: 15.00 and 15 are the same number", ["valid", "offer-of-feed", "total-of-order-items"];
        PricesWithOneDecimal = "prices-with-one-decimal", NUMBERS, "whole prices and rates have one decimal: 0.0, 15.0",
            "RFC 8259, section 6: 15.0 and 15 are the same number", ["valid", "offer-of-feed", "total-of-order-items"];
        PricesWithExponents = "prices-with-exponents", NUMBERS, "prices and rates are written with an exponent: 1.499e1",
            "RFC 8259, section 6: a number may have an exponent", ["valid", "offer-of-feed", "total-of-order-items"];
        DurationsInMinutes = "durations-in-minutes", DURATIONS, "durations of hours are written in minutes: PT60M",
            "ISO 8601: one duration has several notations", ["valid", "opportunity-of-feed", "offer-of-feed"];
        DurationsInSeconds = "durations-in-seconds", DURATIONS, "durations of hours and minutes are written in seconds: PT3600S",
            "ISO 8601: one duration has several notations", ["valid", "criteria", "offer-of-feed"];
        DurationsInDays = "durations-in-days", DURATIONS, "durations of whole days are written in days: P4D for PT96H",
            "ISO 8601: one duration has several notations", ["valid", "criteria", "offer-of-feed"];
        IdentifiersAsText = "identifiers-as-text", IDENTIFIERS, "identifiers of opportunities are texts",
            "Data model: identifier is a Text, an Integer, a PropertyValue or a list of these", ["valid", "opportunity-of-feed"];
        IdentifiersAsPropertyValues = "identifiers-as-property-values", IDENTIFIERS,
            "identifiers of opportunities, offers and places are PropertyValues",
            "Data model: identifier is a Text, an Integer, a PropertyValue or a list of these", ["valid", "offer-of-feed"];
        IdentifiersAsLists = "identifiers-as-lists", IDENTIFIERS,
            "identifiers of opportunities, offers and places are lists of two PropertyValues",
            "Data model: identifier is a Text, an Integer, a PropertyValue or a list of these", ["valid", "offer-of-feed"];
        SetsReversed = "sets-reversed", ALONE,
            "lists without an order are reversed: terms, access codes and passes, tax, fields of forms, errors",
            "JSON-LD 1.1: the values of a property are a set unless its context says otherwise",
            ["feed-matches-response", "request-reflected", "access-codes"];
        OrderItemsReversed = "order-items-reversed", ALONE, "responses and Orders feeds list OrderItems in reverse",
            "OB-schema-orderitem, position: responses are matched by position or @id, not by their place in the list",
            ["requested-order-items", "order-item-errors", "feed-matches-response"];
        IdsOnOtherHost = "ids-on-other-host", IDS, "@ids of opportunities and offers have another host and path",
            "OB-globally-unique-identifiers-3: an @id is any absolute URI, which need not resolve",
            ["requested-order-items", "opportunity-of-feed"];
        IdsWithQuery = "ids-with-query", IDS, "@ids of opportunities and offers have a query",
            "RFC 3986: the query is part of an absolute URI", ["requested-order-items", "offer-of-feed"];
        IdsWithPortAndCapitals = "ids-with-port-and-capitals", IDS, "@ids have a host in capitals and a port",
            "RFC 3986: port and letter case are part of the URI that names the resource",
            ["requested-order-items", "opportunity-of-feed"];
        IdsPercentEncoded = "ids-percent-encoded", IDS, "@ids of opportunities and offers have encoded spaces and letters",
            "RFC 3986: a path may have percent-encoded octets", ["requested-order-items", "opportunity-of-feed"];
        ContextsInLists = "contexts-in-lists", CONTEXTS, "every @context is a list",
            "JSON-LD 1.1: one context and a list of one context are the same", ["valid", "error-context", "document-type"];
        ContextsWithNamespaces = "contexts-with-namespaces", CONTEXTS,
            "every @context also has the beta namespace and a custom namespace",
            "OB-general-extension-mechanism-1: custom namespaces are allowed in every response", ["valid", "error-context"];
        OpportunitiesExtended = "opportunities-extended", ALONE, "opportunities have properties of a custom namespace",
            "OB-opportunity-data-extensions-3: opportunities may have properties of custom vocabularies",
            ["valid", "extensions-omitted", "opportunity-of-feed"];
        OffersExtended = "offers-extended", ALONE, "offers have properties of a custom namespace",
            "OB-opportunity-data-extensions-1: acceptedOffer may have additional properties",
            ["valid", "offer-of-feed", "extensions-omitted"];
        OrdersExtended = "orders-extended", ALONE, "Orders, OrderItems, totals and leases have properties of a custom namespace",
            "OB-general-extension-mechanism-1: extension terms are allowed in every response",
            ["valid", "repeated-response", "extensions-omitted"];
        SchemaOrgProperties = "schema-org-properties", ALONE, "opportunities have a property of schema.org",
            "OB-opportunity-data-extensions-4: orderedItem may have properties of schema.org", ["valid", "opportunity-of-feed"];
        PropertiesReversed = "properties-reversed", ORDER, "properties are in reverse order, @type and @context last",
            "RFC 8259, section 4: an object is an unordered collection", ["valid", "invalid_json", "repeated-response"];
        PropertiesByLength = "properties-by-length", ORDER, "properties are in the order of their length",
            "RFC 8259, section 4: an object is an unordered collection", ["valid", "invalid_json"];
        JsonIndented = "json-indented", JSON, "JSON has line breaks, tabs and spaces",
            "RFC 8259, section 2: insignificant whitespace is allowed", ["valid", "invalid_json"];
        JsonSlashesEscaped = "json-slashes-escaped", JSON, "JSON escapes every slash",
            "RFC 8259, section 7: a slash may be escaped", ["valid", "invalid_json", "document-id"];
        JsonAsciiOnly = "json-ascii-only", JSON, "JSON escapes every character that is not ASCII, and <, >, & and '",
            "RFC 8259, section 7: any character may be escaped", ["valid", "name-changed"];
        NamesInOtherScripts = "names-in-other-scripts", ALONE, "names of opportunities and places have letters of many scripts",
            "RFC 8259, section 8.1: text is Unicode; the data model restricts no script", ["opportunity-of-feed", "name-changed"];
        BrokerUrlsNormalised = "broker-urls-normalised", ALONE, "broker.url is reflected with a slash as its path",
            "RFC 3986, section 6.2.3: an empty path and a slash are equivalent", ["broker-as-sent", "request-reflected"];
        ProposalsOfKindOrder = "proposals-of-kind-order", ALONE, "items of OrderProposals feeds have kind Order",
            "RPDE 1.0: the publisher chooses kind; no specification names it for an OrderProposal", ["item-kind", "update-published"];
        TaxTotalsRounded = "tax-totals-rounded", ALONE, "totalPaymentTax is a penny more than the sum of the taxes of OrderItems",
            "OB section Tax mode: taxes of OrderItems are rounded one by one, and totals are sums before rounding",
            ["tax-of-order-items", "tax-gross-exact", "tax-net-exact"];
        ModifiedInTicks = "modified-in-ticks", MODIFIED, "modified counts ticks of 100 nanoseconds, and exceeds 2^53",
            "RPDE 1.0, ordering strategies: modified is compared with itself only, and its unit is free",
            ["items_out_of_order", "after_param_should_increase", "last_page_no_items"];
        ModifiedAsText = "modified-as-text", MODIFIED,
            "modified is a date-time with milliseconds, but in feeds that are paged by change number",
            "RPDE 1.0, modified: a string that is compared in lexical order, or an integer",
            ["invalid_type", "items_out_of_order", "last_item_not_matching_next"];
        FeedIdsAsIntegers = "feed-ids-as-integers", FEED_IDS, "id of items of open feeds is an integer",
            "RPDE 1.0, id: a string or an integer", ["invalid_format", "last_item_not_matching_next"];
        FeedIdsAsUrls = "feed-ids-as-urls", FEED_IDS, "id of items of open feeds is a URL with a query",
            "RPDE 1.0, id: any string that identifies the item in its feed",
            ["last_item_not_matching_next", "no_duplicate_items", "creation-published"];
        FeedKindsOwn = "feed-kinds-own", ALONE, "kind of items of open feeds is a word of the system",
            "RPDE 1.0, kind: the publisher names the types of its items", ["kind_not_distinct", "creation-published"];
        UrlsWithQueries = "urls-with-queries", ALONE, "pages of opportunities and places have a query and a fragment",
            "RFC 3986: query and fragment are part of a URL", ["valid", "opportunity-of-feed"];
    }
    Shape {
        SeriesEmbedded = "series-embedded", SERIES, "sessions embed their SessionSeries, which has no feed of its own",
            "Data model: superEvent is a SessionSeries or a reference to one", ["criteria", "opportunity-of-feed", "creation-published"];
        SeriesWithParent = "series-with-parent", SERIES, "SessionSeries have an EventSeries as superEvent",
            "Data model: the superEvent of an event may have a superEvent", ["valid", "opportunity-of-feed", "parent-included"];
        SeriesRepeated = "series-repeated", SERIES, "sessions repeat name, url, activity and location of their SessionSeries",
            "Data model: an event may repeat inherited properties", ["opportunity-of-feed", "name-changed", "location-changed"];
        OffersOnSessions = "offers-on-sessions", SERIES, "offers are on the sessions as well as on their SessionSeries",
            "Data model: `offers` is a property of ScheduledSession as well", ["offer-of-feed", "bookable-pair", "criteria"];
        FacilitiesEmbedded = "facilities-embedded", FACILITIES, "Slots embed their FacilityUse, which has no feed of its own",
            "Data model: facilityUse is an object or a reference to one", ["criteria", "opportunity-of-feed", "creation-published"];
        CourtsNested = "courts-nested", FACILITIES,
            "FacilityUses embed their IndividualFacilityUses, which have no feed of their own",
            "Data model: individualFacilityUse of a FacilityUse is a list of objects", ["criteria", "opportunity-of-feed"];
        CourtsAbsent = "courts-absent", FACILITIES, "facilities have no single courts: there is no IndividualFacilityUse",
            "Data model: individualFacilityUse of a FacilityUse is optional", ["criteria", "creation-published", "bookable-pair"];
        EndsOmitted = "ends-omitted", ALONE, "sessions that have not begun have no endDate",
            "OB-opportunity-data-properties-15: endDate is recommended", ["valid", "criteria", "time-changed"];
        ChannelsSparse = "channels-sparse", ALONE, "an accessChannel has its url alone",
            "OB-remote-access-control-2: name, accessId and accessCode are recommended",
            ["valid", "access-channel-details", "access-channel-changed"];
        CancellationMessages = "cancellation-messages", ALONE, "every cancellation by the Seller has a message",
            "OB-seller-requested-cancellation-2: a cancellationMessage is optional", ["message-placement", "valid"];
        SellerNotes = "seller-notes", ALONE, "OrderProposals have a note of the Seller",
            "OB-oa-orderproposal-10: orderSellerNote is optional", ["feed-matches-response", "proposal-as-proposed", "valid"];
        SlotsInOneFeed = "slots-in-one-feed", ALONE, "Slots of facilities and of single courts are in one feed",
            "RPDE 1.0: several kinds may share an endpoint", ["creation-published", "capacity-in-feeds", "deletion-published"];
        OpportunitiesSparse = "opportunities-sparse", DETAIL, "opportunities have no identifier, eventStatus or total capacity",
            "OB-opportunity-data-properties-19 and 20: eventStatus and the total capacity are recommended",
            ["valid", "criteria", "opportunity-of-feed"];
        OpportunitiesRich = "opportunities-rich", DETAIL,
            "opportunities have a description, images, ages, a gender restriction, levels and more",
            "OB-opportunity-data-properties-17 and 18, OB-model-2: recommended properties should be there",
            ["valid", "opportunity-of-feed", "change-published"];
        CapacityOmittedInResponses = "capacity-omitted-in-responses", ALONE, "booking responses omit the remaining capacity",
            "OB-opportunity-data-properties-21: the remaining capacity is recommended in responses",
            ["capacity-in-quote", "capacity-as-in-feed"];
        SellersSparse = "sellers-sparse", SELLERS, "Sellers have no email, telephone, logo, page or identifier",
            "OB-schema-organization-or-schema-person-for-seller: these are recommended or optional",
            ["valid", "tax-mode-of-feed", "id-token-claims-match"];
        SellersArePersons = "sellers-are-persons", SELLERS, "Sellers are of type Person, and have no facilities",
            "OB section seller: a Seller is an Organization or a Person; organizer is either, provider of facilities is not", ["valid", "seller-address", "bookable-pair"];
        OpenBookingUnstated = "open-booking-unstated", ALONE, "Sellers have no isOpenBookingAllowed",
            "Data model: isOpenBookingAllowed is optional, and the definition of a bookable pair does not mention it",
            ["criteria", "bookable-pair", "valid"];
        OffersSparse = "offers-sparse", OFFERS, "offers have no name or identifier, and openBookingInAdvance only where it is Unavailable",
            "OB-schema-offer-10 and 12: name is recommended, openBookingInAdvance is optional", ["valid", "offer-of-feed"];
        OffersSeveral = "offers-several", OFFERS, "opportunities have a second offer, which cannot be booked in advance",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair: a pair is bookable; other offers are allowed",
            ["criteria", "bookable-pair", "offer-of-feed"];
        OffersEqual = "offers-equal", OFFERS, "opportunities have two offers on the same terms",
            "Data model: offers is a list, in which several offers may be bookable", ["criteria", "free-and-paid", "offer-of-feed"];
        RefundOmittedWhereFalse = "refund-omitted-where-false", ALONE,
            "allowCustomerCancellationFullRefund is omitted where it is false",
            "OB-schema-offer-20: the property is recommended", ["criteria", "offer-of-feed"];
        PrepaymentOmittedWhereRequired = "prepayment-omitted-where-required", ALONE,
            "offers omit openBookingPrepayment where it is Required",
            "OB-schema-offer-14: the property is optional; its absence with a price means Required",
            ["criteria", "prepayment-of-total", "prepayment-required"];
        PrepaymentOmittedWhereFree = "prepayment-omitted-where-free", ALONE,
            "totalPaymentDue has no openBookingPrepayment where its price is 0",
            "OB-schema-pricespecification-7: with price 0, it is Unavailable or unspecified",
            ["prepayment-of-free", "prepayment-of-total"];
        CurrencyOmittedWhereFree = "currency-omitted-where-free", ALONE, "prices of 0 have no currency",
            "OB-free-opportunities-3: priceCurrency may be omitted where the price is 0", ["valid", "single-currency"];
        PlacesWithoutAddress = "places-without-address", PLACES, "places have geo and no address",
            "OB section Opportunity data properties: a place has address or geo", ["valid", "location-changed"];
        PlacesWithoutPosition = "places-without-position", PLACES, "places have an address and no geo",
            "OB section Opportunity data properties: a place has address or geo", ["valid", "location-changed"];
        BookingServiceSparse = "booking-service-sparse", ALONE, "bookingService has only name and termsOfService",
            "OB-oa-bookingservice-3: url is optional", ["valid", "id-token-claims-match"];
        TaxOmittedWhereFree = "tax-omitted-where-free", ALONE, "free items and free Orders have no tax properties",
            "OB-schema-order-29, OB-schema-orderitem-18: the data model does not require tax where none is due",
            ["tax-included", "tax-in-feed", "tax-of-order-items"];
        TaxChargesSparse = "tax-charges-sparse", ALONE, "tax charges have no rate, and no currency where they are 0",
            "OB-oa-taxchargespecification-9: rate is optional; a charge of 0 needs no currency",
            ["tax-gross-exact", "tax-net-exact", "single-currency"];
        TaxTotalsOfOwnName = "tax-totals-of-own-name", ALONE,
            "tax charges of totalPaymentTax have another name than those of OrderItems, and no rate",
            "OB-oa-taxchargespecification-9: rate is optional, and nothing relates the names of both",
            ["tax-of-order-items", "tax-at-rate", "tax-gross-exact", "tax-net-exact"];
        TaxChargesIdentified = "tax-charges-identified", ALONE, "tax charges have an identifier",
            "OB-oa-taxchargespecification-7: identifier is optional", ["valid", "tax-of-order-items"];
        LeasesIdentified = "leases-identified", ALONE, "leases have an identifier",
            "OB-oa-lease-3: identifier is optional", ["valid", "order-status-before-order"];
        OrderNumbers = "order-numbers", ALONE, "responses to B and Order Status have an orderNumber",
            "OB-schema-order-20: orderNumber is optional", ["valid", "order-status-as-booked"];
        OrderIdentifiersOmitted = "order-identifiers-omitted", ALONE, "responses have no identifier of the Order",
            "OB-schema-order-7: identifier is optional but in the Orders feed", ["order-identity-in-feed", "valid"];
        OrderItemIdsNamed = "order-item-ids-named", ALONE, "@ids of OrderItems end with a text instead of a number",
            "OB-schema-orderitem-4: the identifier of an OrderItem may be a string", ["order-item-id-format", "same-order-items"];
        OrdersFeedMinimal = "orders-feed-minimal", ORDERS_FEED,
            "without Replacement, OrderItems of the Orders feed have no orderedItem, acceptedOffer or unitTaxSpecification",
            "OB-cancellation-replacement-refund-calculation-and-notification-17: they may be omitted together",
            ["offer-in-feed", "tax-in-feed", "feed-matches-response"];
        OrdersFeedReferences = "orders-feed-references", ORDERS_FEED,
            "orderedItem of the Orders feed has only @type and @id",
            "OB-opportunity-data-properties-2: the specification requires it", ["valid", "order-identity-in-feed", "feed-matches-response"];
        TermsOfGeneralType = "terms-of-general-type", ALONE, "terms of service have @type Terms",
            "OB section Terms: PrivacyPolicy and TermsOfUse are subclasses of it", ["valid", "distinct-terms"];
    }
    Protocol {
        OrdersDeletedHard = "orders-deleted-hard", DELETION, "a deleted Order is unknown from then on",
            "OB-order-deletion-4: Order Deletion should remove the Order entirely; an unknown Order returns 404",
            ["rejection-status", "error-type", "status"];
        SecondDeletionUnknown = "second-deletion-unknown", DELETION, "a second Order Deletion returns 404",
            "OB-order-deletion-9: 404 where the Order is not recognised, as after its deletion", ["status", "rejection-status"];
        DeletedOrdersGone = "deleted-orders-gone", DELETION, "cancellation of a deleted Order returns GoneError",
            "OB section Generic errors: GoneError is for an Order that was deleted", ["error-type", "rejection-status"];
        DeletionOfUnknownNotFound = "deletion-of-unknown-not-found", ALONE,
            "deletion of an unknown Order returns NotFoundError",
            "OB-order-deletion-10: the 404 should be a NotFoundError", ["error-type"];
        OrderStatusAbsent = "order-status-absent", STATUS, "Order Status is not implemented: UnknownOrIncorrectEndpointError",
            "OB-order-status-1: Order Status is recommended", ["status", "order-status-as-booked"];
        OrderStatusNotAllowed = "order-status-not-allowed", STATUS, "Order Status is not implemented: MethodNotAllowedError",
            "OB-order-status-1: Order Status is recommended, and its path has other methods", ["status", "order-status-before-order"];
        BookingsAnswer200 = "bookings-answer-200", ALONE, "P and B return HTTP 200",
            "OB sections Step-by-step process description: the call is successful where it returns a 200 response", ["status"];
        UnknownSellersUnauthorized = "unknown-sellers-unauthorized", ALONE,
            "a request for an unknown Seller returns InvalidAuthorizationDetailsError",
            "OB section API authentication: the credentials are not for the Seller of the request, who is unknown",
            ["rejection-status", "error-type"];
        PatchesOfUnknownOrders = "patches-of-unknown-orders", ALONE,
            "a cancellation in an unknown Order returns UnknownOrderError",
            "OB-generic-errors-1: UnknownOrderError where the Order is not recognised", ["rejection-status", "error-type"];
        CreationsAnswer200 = "creations-answer-200", ALONE, "the creation of an opportunity returns HTTP 200",
            "Test Interface, datasets endpoints: status 201 is in an example only", ["status", "creation-response"];
        BookingsRejectedWhole = "bookings-rejected-whole", ALONE,
            "P and B reject OrderItems with one UnableToProcessOrderItemError or OpportunityHasInsufficientCapacityError",
            "OB-order-creation-b-6: issues of orderedItem cause only the appropriate OpenBookingError",
            ["order-item-errors", "rejection-status", "error-type"];
        ForeignIdsUnknown = "foreign-ids-unknown", ALONE,
            "an @id of another system is an unknown opportunity or offer, not an invalid one",
            "OB section OrderItem errors: UnknownOpportunityError is for every @id that is not an Opportunity of the system",
            ["order-item-errors"];
        UnknownOffersUnacceptable = "unknown-offers-unacceptable", ALONE, "an unknown offer returns UnacceptableOfferError",
            "OB section OrderItem errors: UnacceptableOfferError is for every @id that is not an applicable Offer",
            ["order-item-errors"];
        CredentialsMissingAsNoToken = "credentials-missing-as-no-token", ALONE,
            "requests without credentials return NoAPITokenError",
            "OB section API authentication: NoAPITokenError where no API key was supplied", ["credentials-error", "error-type"];
        CredentialsInvalidAsApiToken = "credentials-invalid-as-api-token", ALONE,
            "requests with wrong credentials return InvalidAPITokenError",
            "OB section API authentication: InvalidAPITokenError where the key is malformed or expired", ["credentials-error"];
        ErrorsDetailed = "errors-detailed", ERRORS, "errors have requestId and properties of a custom namespace",
            "OB-oa-openbookingerror-9: requestId is optional", ["valid", "errors-name-the-field"];
        ErrorsWithoutStatusCode = "errors-without-status-code", ERRORS, "errors have no statusCode, and no instance but that of a field",
            "OB-oa-openbookingerror-6 and 7: instance is recommended, statusCode optional", ["valid", "order-item-errors"];
        ErrorsLocalised = "errors-localised", ERRORS, "errors have names and descriptions in another language",
            "OB-oa-openbookingerror-4: names may differ for the sake of localisation", ["constant-error-name", "error-description"];
        ErrorsSparse = "errors-sparse", ERRORS,
            "errors have @type alone, but for the description and instance that the text requires of some",
            "OB-oa-openbookingerror-2, 5 and 6: name, description and instance are recommended",
            ["valid", "error-description", "errors-name-the-field"];
        FullNotBookable = "full-not-bookable", ALONE, "a full opportunity returns OpportunityOfferPairNotBookableError",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-17: a pair without enough capacity is not bookable",
            ["order-item-errors", "rejection-status"];
        MediaTypesUnspaced = "media-types-unspaced", MEDIA, "the media type has no space before its parameter",
            "RFC 9110, section 8.3.1: whitespace around the semicolon is optional", ["media-type", "invalid_content_type"];
        MediaTypesQuoted = "media-types-quoted", MEDIA, "the version of the media type is quoted",
            "RFC 9110, section 5.6.6: a quoted parameter is the same as a bare one", ["media-type", "invalid_content_type"];
        MediaTypesWithCharset = "media-types-with-charset", MEDIA, "the media type has a charset in addition to its version",
            "RFC 9110, section 8.3.1: parameters may be added, and their order does not matter", ["media-type", "invalid_content_type"];
        MediaTypesInCapitals = "media-types-in-capitals", MEDIA, "the media type has capitals",
            "RFC 9110, section 8.3.1: type and subtype are case-insensitive", ["media-type", "invalid_content_type"];
        FeedsAsJson = "feeds-as-json", ALONE, "open feeds have media type application/json",
            "RPDE 1.0, content type: application/json", ["invalid_content_type"];
        BodiesChunked = "bodies-chunked", ALONE, "bodies are sent in small chunks without Content-Length",
            "RFC 9112, section 7.1: chunked transfer coding", ["invalid_json", "json-object"];
        BodiesUncompressed = "bodies-uncompressed", ALONE, "bodies are never compressed",
            "RFC 9110, section 12.5.3: a server may ignore Accept-Encoding", ["json-object"];
        ConnectionsClosed = "connections-closed", ALONE, "every connection is closed after its response",
            "RFC 9112, section 9.6: a server may close a connection after any response", ["step-ends", "status"];
        FeedsRedirected = "feeds-redirected", ALONE, "addresses of open feeds on the dataset site are redirected",
            "RFC 9110, section 15.4.8: a resource may be at another address for a while",
            ["base_url_mismatch", "invalid_status_code"];
        DatasetSiteRedirected = "dataset-site-redirected", ALONE, "the address of the dataset site is redirected",
            "RFC 9110, section 15.4.9: a resource may have moved", ["dataset-site"];
        DatasetSiteWithScripts = "dataset-site-with-scripts", SITE,
            "the dataset site has other scripts, and the JSON-LD has attributes in quotes of another kind",
            "HTML: a page may have several scripts, attributes may be in single quotes", ["dataset-site"];
        DatasetSiteSecondBlock = "dataset-site-second-block", SITE,
            "the Dataset is the last of three blocks of JSON-LD",
            "JSON-LD 1.1, section 7: a page may have several script elements", ["dataset-site"];
        DatasetSiteGraph = "dataset-site-graph", SITE, "the Dataset is in a @graph",
            "JSON-LD 1.1, section 4.9: a document may hold a graph", ["dataset-site", "valid"];
        DatasetSiteList = "dataset-site-list", SITE, "the Dataset is in a list",
            "JSON-LD 1.1, section 9: a document is an object or an array of them", ["dataset-site", "valid"];
        DatasetSiteTypes = "dataset-site-types", SITE, "@type of the Dataset is a list of two types",
            "JSON-LD 1.1, section 4.1.2: an object may have several types", ["dataset-site", "valid"];
        DatasetSiteCharset = "dataset-site-charset", SITE,
            "the script element with the Dataset has a charset, and is at the end of the body",
            "JSON-LD 1.1, section 7.2: the type is application/ld+json, optionally with parameters", ["dataset-site"];
        DatasetSiteMarked = "dataset-site-marked", SITE, "the dataset site starts with a byte order mark",
            "HTML, 13.2.3.2: a byte order mark names the encoding of a page", ["dataset-site"];
        DatasetSiteDownloads = "dataset-site-downloads", SITE, "distribution has downloads that are no feeds",
            "Schema.org: distribution is any download of the Dataset", ["dataset-site", "feed-page"];
        FeedsUnidentified = "feeds-unidentified", ALONE, "entries of distribution have no identifier, so that some have one name",
            "Data model: identifier of a DataDownload is optional, and name is that of the type of feed",
            ["dataset-site", "creation-published"];
        SingleFeed = "single-feed", SERIES, "there are sessions alone: distribution is one object, not a list",
            "JSON-LD 1.1, section 4.3: one value and a list of one value are the same",
            ["dataset-site", "criteria", "creation-published"];
        HeadersAdded = "headers-added", ALONE, "responses have ETag, Vary, Server-Timing and Set-Cookie",
            "RFC 9110: recipients ignore headers that they do not need", ["missing_cache_control", "status"];
        EmptyResponsesTyped = "empty-responses-typed", ALONE, "responses without a body have a media type",
            "Test Interface, example responses: a 204 with Content-Type", ["status", "media-type"];
        RequestsRateLimited = "requests-rate-limited", ALONE, "occasional requests return 429 with Retry-After",
            "OB-rate-limiting-1: requests may be rate-limited", ["status", "step-ends", "rejection-status"];
        OrdersFeedPrivate = "orders-feed-private", CACHING, "Orders feeds have Cache-Control: private, max-age=0",
            "RFC 9111, section 5.2.2.7: private responses are not for shared caches", ["excessive_cache_control"];
        OrdersFeedWithoutCaching = "orders-feed-without-caching", CACHING, "Orders feeds have no Cache-Control",
            "RPDE 1.0: nothing requires the header", ["excessive_cache_control", "missing_cache_control"];
        FeedsInSmallPages = "feeds-in-small-pages", READING, "pages of feeds have at most seven items",
            "RPDE 1.0, core concepts: pages are of arbitrary size", ["minimum_items_per_page", "last_item_not_matching_next"];
        FeedsFiltered = "feeds-filtered", BEGINNING, "some pages of open feeds have no items before the last page",
            "RPDE 1.0, in-stream filtering: an empty page is the last one only if `next` is the page itself",
            ["last_page_no_items", "feed_loops", "last_item_not_matching_next"];
        CreatedWithLocation = "created-with-location", ALONE, "HTTP 201 responses have Location",
            "RFC 9110, section 15.3.2: Location names what was created", ["status"];
    }
    Time {
        OrdersFeedLate = "orders-feed-late", PUBLISHING, "Orders feeds publish updates after 800 ms",
            "OB section Orders feed: no time limit; RPDE advises to delay items by seconds",
            ["update-published", "no-update-published", "not-in-feed"];
        OrdersFeedBatched = "orders-feed-batched", PUBLISHING, "Orders feeds publish updates in batches, once a second",
            "OB section Orders feed: no time limit, several updates of an Order are one item",
            ["update-published", "not-in-feed"];
        OrdersFeedRepeats = "orders-feed-repeats", PUBLISHING, "Orders feeds publish each update once more when it was read, unchanged",
            "RPDE 1.0: an item may move in the list whenever it is updated", ["no-update-published", "update-published"];
        OpportunityFeedsLate = "opportunity-feeds-late", OPPORTUNITIES, "open feeds publish changes of opportunities after 800 ms",
            "OB-booking-pre-conditions-3: no time limit; RPDE advises to delay items by seconds",
            ["capacity-in-feeds", "capacity-as-in-feed", "creation-published"];
        OpportunityFeedsBatched = "opportunity-feeds-batched", OPPORTUNITIES,
            "open feeds publish changes of opportunities in batches, once a second",
            "OB-booking-pre-conditions-3: no time limit", ["capacity-in-feeds", "creation-published", "change-published"];
        FeedsCached = "feeds-cached", ALONE, "pages of open feeds come from a cache, for up to max-age",
            "RPDE 1.0 and RFC 9111: pages are public, and a cached page may be as old as max-age",
            ["capacity-in-feeds", "no_duplicate_items", "creation-published"];
        ResponsesSlow = "responses-slow", ALONE, "every response of the Open Booking API takes 400 ms",
            "No requirement limits the time of a response", ["step-ends", "status"];
        BookingsSlow = "bookings-slow", ALONE, "P and B take 900 ms", "No requirement limits the time of a response",
            ["step-ends", "update-published"];
        FeedPagesSlow = "feed-pages-slow", READING, "every page of a feed takes 150 ms",
            "No requirement limits the time of a response", ["update-published", "creation-published"];
        BookingWindowsOpening = "booking-windows-opening", WINDOWS, "closed booking windows open a minute after creation",
            "TI-TestOpportunityBookableOutsideValidFromBeforeStartDate-1: closed at the time is enough",
            ["criteria", "order-item-errors"];
        BookingWindowsJustOpened = "booking-windows-just-opened", WINDOWS, "booking windows opened a second before creation",
            "TI-TestOpportunityBookableWithinValidFromBeforeStartDate-1: open at the time is enough", ["criteria", "status"];
        CancellationWindowsClosing = "cancellation-windows-closing", WINDOWS,
            "cancellation windows close two minutes after creation",
            "TI-TestOpportunityBookableCancellableWithinWindow-1: open at the time is enough", ["criteria", "status"];
        CancellationWindowsJustClosed = "cancellation-windows-just-closed", WINDOWS,
            "cancellation windows closed a second before creation",
            "TI-TestOpportunityBookableCancellableOutsideWindow-1: closed at the time is enough", ["criteria", "rejection-status"];
        LeasesShort = "leases-short", ALONE, "leases last forty seconds",
            "OB-leasing: the Booking System chooses how long a lease lasts", ["lease-carried-over", "capacity-in-quote"];
        RejectionEndsLease = "rejection-ends-lease", ALONE, "a rejected C1, C2, P or B ends the lease of its OrderQuote",
            "OB-leasing: the Booking System chooses how long a lease lasts; no sentence says that one outlives a rejection",
            ["capacity-kept-after-rejection", "capacity-in-quote"];
        ModifiedCounted = "modified-counted", MODIFIED, "modified is a count of changes, not a timestamp",
            "RPDE 1.0, ordering strategies: the timestamp need not reflect actual time",
            ["after_param_should_increase", "items_out_of_order", "update-published"];
        OpportunitiesChurning = "opportunities-churning", ALONE, "twenty other opportunities change, appear or disappear each second",
            "RPDE 1.0, core concepts: records move in the list as they are updated",
            ["no_duplicate_items", "item_vanished", "capacity-in-feeds"];
    }
    State {
        TombstonesKept = "tombstones-kept", READING, "feeds have a thousand deleted items",
            "RPDE 1.0, deleted items: they are retained for at least seven days", ["no_deleted_items", "minimum_items_per_page"];
        ManyItems = "many-items", READING, "feeds have 100,000 other opportunities",
            "No requirement limits the size of a feed", ["creation-published", "step-ends"];
        ManySellers = "many-sellers", READING, "feeds have the opportunities of three hundred other Sellers",
            "OB section Orders feed and multiple Sellers: feeds are those of the whole system", ["criteria", "created-seller"];
        SellersClosed = "sellers-closed", ALONE, "feeds have opportunities of Sellers that allow no booking",
            "Data model: isOpenBookingAllowed may be false", ["valid", "criteria", "feed-items"];
        CapacitiesHuge = "capacities-huge", ALONE, "opportunities have a capacity of a million, unless criteria specify one",
            "TI-TestOpportunityBookable-1: a capacity of more than one", ["capacity-in-feeds", "capacity-in-quote"];
        ItemsUncounted = "items-uncounted", ALONE, "feeds have events without a capacity",
            "Data model: capacity is recommended in the open feeds", ["valid", "feed-items", "criteria"];
        ItemsUnpriced = "items-unpriced", ALONE, "feeds have free offers without a currency, and prices of 0.00",
            "OB-free-opportunities-3: priceCurrency may be omitted where the price is 0", ["valid", "feed-items", "single-currency"];
        EarlierOrders = "earlier-orders", ALONE, "Orders feeds have Orders of earlier runs",
            "OB section Orders feed: the feed includes all updated Orders of the Booking Partner",
            ["update-published", "not-in-feed", "deletion-published"];
        YearsOfOrders = "years-of-orders", READING, "the Orders feed has five thousand Orders, most of them deleted",
            "RPDE 1.0: updated items are retained without limit, deleted ones may be", ["update-published", "feed-page"];
        EarlierDatasets = "earlier-datasets", ALONE, "feeds have opportunities of other test datasets",
            "Test Interface, datasets: several instances may test one system", ["other-datasets-unaffected", "dataset-deletion-published"];
        FeedsEmpty = "feeds-empty", BEGINNING, "feeds have only opportunities that the tester creates",
            "RPDE 1.0: a feed without items is its own last page", ["invalid_json", "feed-page", "last_page_reference_self"];
        CancelledSpacesKept = "cancelled-spaces-kept", ALONE, "cancellation does not release capacity",
            "OB-booking-pre-conditions-3: the remaining capacity is current; no sentence requires its release",
            ["capacity-released", "capacity-in-feeds"];
        NumbersLarge = "numbers-large", ALONE, "identifiers of opportunities are greater than four billion",
            "Data model: an Integer has no maximum", ["valid", "opportunity-of-feed"];
    }
    Features {
        LeasingAtC1 = "leasing-at-c1", LEASING, "C1 creates a lease, which C2 retains and does not extend",
            "OB-leasing-2: leases are created at C1 and C2 independently", ["lease-carried-over", "capacity-in-quote", "request-reflected"];
        LeasingAtC2 = "leasing-at-c2", LEASING, "C2 creates a lease, C1 does not",
            "OB-leasing-2: leases are created at C1 and C2 independently", ["capacity-in-quote", "order-status-before-order"];
        LeasingAbsent = "leasing-absent", LEASING, "leasing is not implemented",
            "OB-leasing-1: leasing is recommended", ["lease-carried-over", "status"];
        EventsMixed = "events-mixed", ATTENDANCE, "every event has MixedEventAttendanceMode",
            "TI-TestOpportunityOfflineBookable-1 and OnlineBookable-1: MixedEventAttendanceMode meets both",
            ["criteria", "access-codes-there", "access-channel-of-all"];
        OnlineMixed = "online-mixed", ATTENDANCE, "online events have MixedEventAttendanceMode",
            "TI-TestOpportunityOnlineBookable-1: MixedEventAttendanceMode or OnlineEventAttendanceMode",
            ["criteria", "access-channel-of-all"];
        OnlineOnly = "online-only", ATTENDANCE, "online events have no location",
            "TI-TestOpportunityOnlineBookable-1: MixedEventAttendanceMode or OnlineEventAttendanceMode",
            ["valid", "location-details", "access-codes-there"];
        OrdersFeedByChangeNumber = "orders-feed-by-change-number", ORDERS_PAGING, "Orders feeds are paged by change number",
            "RPDE 1.0, ordering strategies: one of two", ["after_id_with_timestamp", "update-published"];
        OrdersFeedOpaque = "orders-feed-opaque", ORDERS_PAGING, "next of Orders feeds has one opaque parameter",
            "RPDE 1.0, ordering strategies: others may be used if the invariants hold",
            ["unknown_ordering_strategy", "update-published"];
        FeedsByChangeNumber = "feeds-by-change-number", PAGING, "open feeds are paged by change number",
            "RPDE 1.0, ordering strategies: one of two", ["last_item_not_matching_next", "after_param_should_increase"];
        FeedsByTimestamp = "feeds-by-timestamp", PAGING, "open feeds are paged by modified timestamp and id",
            "RPDE 1.0, ordering strategies: one of two", ["after_id_with_timestamp", "last_item_not_matching_next"];
        FeedsWithParameters = "feeds-with-parameters", ALONE, "URLs of open feeds and their next have another parameter",
            "RPDE 1.0: next is a URL that the system chooses", ["base_url_mismatch", "unknown_ordering_strategy"];
        BaseUriElsewhere = "base-uri-elsewhere", ALONE, "the Base URI has another path, with a dot and a number",
            "OB section Paths and verbs: Base URIs vary with the conventions of each system",
            ["document-id", "order-item-id-format", "proposal-version"];
        ReplacementsCheaper = "replacements-cheaper", ALONE, "a replacement has a lower price",
            "OB-totalpaymentdue-invariant-2: a replacement has the same price or a lower one", ["replacement-terms", "total-never-rises", "tax-in-feed"];
        AccessByCode = "access-by-code", ACCESS, "OrderItems have access codes and no access passes",
            "OB-schema-orderitem-28 and 31: access passes are recommended", ["access-pass-urls", "access-codes-there"];
        AccessByPass = "access-by-pass", ACCESS, "OrderItems have access passes and no access codes",
            "OB-schema-orderitem-28 and 31: access codes are recommended", ["access-codes", "access-pass-images"];
        NoticesForChannels = "notices-for-channels", ALONE, "OrderItems of online events have a customerNotice instead of an accessChannel",
            "OB-schema-orderitem-34: accessChannel is recommended", ["access-channel-or-notice", "access-channel-of-all"];
        PaymentUnreconciled = "payment-unreconciled", ALONE, "payments are not reconciled",
            "OB-payment-reconciliation-detail-validation-11: InvalidPaymentDetailsError may be omitted", ["payment-details"];
        ApprovalAbsent = "approval-absent", ALONE, "no booking requires approval by the Seller",
            "OB-booking-flow-with-approval-1: approval is optional", ["status", "feed-page"];
        AmendmentAbsent = "amendment-absent", ALONE, "OrderProposals are accepted or rejected, never amended",
            "OB-proposal-amendment-1: amendment is optional", ["other-proposal-version"];
        BusinessTaxAbsent = "business-tax-absent", ALONE, "tax is not calculated for businesses",
            "OB-business-to-business-tax-calculation-by-booking-system-is-optional-1: it is optional",
            ["no-tax-where-excluded", "net-of-tax", "tax-included"];
        PrepaymentAbsent = "prepayment-absent", ALONE, "openBookingPrepayment is omitted everywhere",
            "OB-booking-without-payment-1: the feature is optional", ["prepayment-of-total", "prepayment-required"];
        NotificationsAbsent = "notifications-absent", ALONE,
            "the Seller sends no notices, and Orders change after B only by cancellation",
            "OB-customer-notice-notifications-1, OB-other-notifications-2: notifications are optional", ["update-published"];
        TermsWithConsent = "terms-with-consent", ALONE, "terms of service require consent and have dateModified",
            "OB-oa-terms-7 and 8: dateModified is optional, and recommended with consent", ["consent-asked", "consent-dated"];
    }
    OpenId {
        CodeReplayRevokesGrant = "code-replay-revokes-grant", ALONE,
            "a code that is redeemed twice revokes all tokens and the consent of its client for the Seller",
            "RFC 6749, 4.1.2: the server should revoke all tokens issued on a code that is used more than once",
            ["token-request-rejected", "credentials"];
        OfflineNeedsPrompt = "offline-needs-prompt", ALONE, "refresh tokens are only issued with prompt=consent",
            "OpenID Connect Core, 11: offline_access must be ignored without prompt=consent or another permission",
            ["refresh-token", "refresh", "consent"];
        ScopesStrict = "scopes-strict", ALONE,
            "clients can only register for scopes_supported, and only request registered scopes",
            "RFC 7591, 2 and 3.2.2: the server may restrict scopes, and reject metadata with others",
            ["registration", "authorization", "client-credentials"];
        IdentityScopeMissing = "identity-scope-missing", ALONE, "the scope openactive-identity does not exist",
            "OB-id-token-claims-1: openactive-openbooking adds the claims by itself", ["authorization", "id-token-claims"];
        ClientSecretPostOnly = "client-secret-post-only", CLIENT_AUTHENTICATION,
            "clients authenticate by client_secret_post only",
            "OpenID Connect Discovery, 3: token_endpoint_auth_methods_supported lists the methods of the provider",
            ["client-credentials", "token-request-rejected"];
        RegisteredForPost = "registered-for-post", CLIENT_AUTHENTICATION,
            "registered clients authenticate by client_secret_post, according to the registration response",
            "RFC 7591, 3.2.1: the server may replace token_endpoint_auth_method, and returns the effective one",
            ["client-credentials", "registration", "token-request-rejected"];
        ExpiresInMissing = "expires-in-missing", ALONE, "token responses omit expires_in",
            "RFC 6749, 5.1: expires_in is recommended", ["access-token-lifetime", "client-credentials"];
        TokenScopeOmitted = "token-scope-omitted", ALONE, "token responses omit scope",
            "RFC 6749, 5.1: scope is optional if it is the requested one", ["token-scope", "refresh-token"];
        AccessTokensOpaque = "access-tokens-opaque", ALONE, "access tokens are random strings",
            "RFC 6749, 1.4: an access token is a string that is usually opaque to the client",
            ["credentials-rejected", "judged-tokens", "new-access-token"];
        RefreshTokenKept = "refresh-token-kept", ALONE, "refresh tokens can be used several times",
            "RFC 6749, 6: the server may issue a new refresh token", ["refresh", "token-request-rejected"];
        RefreshWithoutIdToken = "refresh-without-id-token", ALONE, "responses to refresh tokens omit id_token",
            "OpenID Connect Core, 12.2: a refresh response might not contain an id_token", ["refresh", "same-subject"];
        UnneededMembersOdd = "unneeded-members-odd", ALONE, "optional members have unexpected types",
            "OpenID Connect Core, 5.1 and Discovery, 3: they are optional, and clients ignore unknown members",
            ["discovery", "provider-members", "authorization"];
        ChallengeMethodsUnpublished = "challenge-methods-unpublished", ALONE,
            "code_challenge_methods_supported is not published, and plain is accepted",
            "RFC 8414, 2 and RFC 7636, 4.2: the member is optional, and plain is one of the methods",
            ["pkce-methods", "plain-challenge"];
        RedirectIssuerUnpublished = "redirect-issuer-unpublished", ALONE,
            "authorization responses omit iss, and the discovery document does not promise it",
            "RFC 9207, 3: authorization_response_iss_parameter_supported is false if it is omitted", ["redirect-issuer"];
        ErrorPagesStatus200 = "error-pages-status-200", ALONE,
            "error pages of the authorization endpoint have HTTP 200",
            "RFC 6749, 4.1.2.1: the server informs the resource owner, by a page of any status",
            ["redirect-uri", "token-request-rejected"];
        LoginInTwoSteps = "login-in-two-steps", ALONE, "login has a page for the name and a page for the password",
            "OpenID Connect Core, 3.1.2.3: the provider chooses how to authenticate the End-User", ["authorization"];
        LoginBesideSignUp = "login-beside-sign-up", ALONE, "the login page begins with a form for signing up",
            "OpenID Connect Core, 3.1.2.3: the provider chooses how to authenticate the End-User", ["authorization"];
        LoginBesideBanner = "login-beside-banner", ALONE,
            "the login page begins with a form for cookies, with the same button",
            "OpenID Connect Core, 3.1.2.3: the provider chooses how to authenticate the End-User",
            ["authorization", "redirect-uri"];
        LoginBase = "login-base", ALONE, "links of the login page are relative to its base",
            "HTML, 4.2.3: a base element sets the base URL of all links of a document", ["authorization"];
        LoginRefresh = "login-refresh", ALONE, "a page with http-equiv=refresh redirects to the login page",
            "HTML, 4.2.5.3: a meta element with http-equiv=refresh redirects", ["authorization"];
        LoginRejectedStatus401 = "login-rejected-status-401", ALONE, "a rejected login returns HTTP 401",
            "OpenID Connect Core, 3.1.2.3: the provider chooses how to authenticate the End-User", ["authorization"];
        ConsentNamesUser = "consent-names-user", ALONE, "the consent page has a hidden input with the username",
            "OpenID Connect Core, 3.1.2.4: consent is obtained by an interactive dialogue or by other means",
            ["authorization", "consent"];
        ConsentOffersOtherUser = "consent-offers-other-user", ALONE,
            "the consent page has a form for logging in as another user",
            "OpenID Connect Core, 3.1.2.4: consent is obtained by an interactive dialogue or by other means",
            ["authorization", "consent"];
    }
}

impl Variant {
    /// The switches that it brings: the configuration of a run must say the same of the features by their names.
    #[must_use]
    pub const fn switches(self) -> &'static [(Switch, bool)] {
        match self {
            Self::LeasingAtC1 => &[(Switch::AnonymousLeasing, true), (Switch::NamedLeasing, false)],
            Self::LeasingAtC2 => &[(Switch::AnonymousLeasing, false), (Switch::NamedLeasing, true)],
            Self::LeasingAbsent => &[(Switch::AnonymousLeasing, false), (Switch::NamedLeasing, false)],
            Self::OrdersFeedMinimal => &[(Switch::SellerRequestedReplacement, false)],
            Self::AccessByCode => &[
                (Switch::AccessPassImage, false),
                (Switch::AccessPassBarcode, false),
                (Switch::AccessPassUpdates, false),
            ],
            Self::AccessByPass => &[(Switch::AccessCode, false), (Switch::AccessCodeUpdates, false)],
            Self::NoticesForChannels => &[(Switch::AccessChannelUpdates, false)],
            Self::PaymentUnreconciled => &[(Switch::PaymentReconciliation, false)],
            Self::ApprovalAbsent => &[(Switch::MinimalProposal, false), (Switch::ProposalAmendment, false)],
            Self::AmendmentAbsent => &[(Switch::ProposalAmendment, false)],
            Self::BusinessTaxAbsent => {
                &[(Switch::TaxBusinessGross, false), (Switch::TaxBusinessNet, false), (Switch::TaxReseller, false)]
            }
            Self::PrepaymentAbsent => &[(Switch::PrepaymentOptional, false), (Switch::PrepaymentUnavailable, false)],
            Self::NotificationsAbsent => &[
                (Switch::CustomerNotices, false),
                (Switch::AttendanceUpdates, false),
                (Switch::AccessCodeUpdates, false),
                (Switch::AccessPassUpdates, false),
                (Switch::AccessChannelUpdates, false),
                (Switch::ChangeOfLogistics, false),
            ],
            Self::TermsWithConsent => &[(Switch::TermsWithConsent, true), (Switch::TermsWithConsentDated, true)],
            _ => &[],
        }
    }

    /// Whether both can be on at once.
    #[must_use]
    pub fn goes_with(self, other: Self) -> bool {
        let one_matter = !self.axis().is_empty() && self.axis() == other.axis();
        let switches = |(switch, on): &(Switch, bool)| other.switches().contains(&(*switch, !on));
        self == other || !(one_matter || self.switches().iter().any(switches))
    }
}

/// The variants that are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variants(BTreeSet<Variant>);

impl Variants {
    /// These variants.
    #[must_use]
    pub fn new(variants: &[Variant]) -> Self {
        Self(variants.iter().copied().collect())
    }

    /// Whether none is on.
    #[must_use]
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a variant is on.
    #[must_use]
    pub fn has(&self, variant: Variant) -> bool {
        self.0.contains(&variant)
    }

    /// The variants, in the order of their declaration.
    pub fn iter(&self) -> impl Iterator<Item = Variant> {
        self.0.iter().copied()
    }

    /// Two that cannot both be on, if there are any.
    #[must_use]
    pub fn conflict(&self) -> Option<(Variant, Variant)> {
        self.iter().find_map(|one| self.iter().find(|other| !one.goes_with(*other)).map(|other| (one, other)))
    }
}
