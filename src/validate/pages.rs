//! Documentation of each rule: summary, reason, source, and two examples.

use super::mode::ValidationMode;
use super::rule::Rule;

/// Documentation of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RulePage {
    /// The rule.
    pub rule: Rule,
    /// The requirement, in one sentence.
    pub summary: &'static str,
    /// The reason for the requirement.
    pub reason: &'static str,
    /// URL of the specification.
    pub spec: &'static str,
    /// Mode of the examples.
    pub mode: ValidationMode,
    /// A document that violates the rule.
    pub failing: &'static str,
    /// A document that satisfies the rule.
    pub passing: &'static str,
}

const MODEL: &str = "https://openactive.io/modelling-opportunity-data/EditorsDraft/";
const BOOKING: &str = "https://openactive.io/open-booking-api/EditorsDraft/";
const JSON: &str = "https://www.rfc-editor.org/rfc/rfc8259";
const RPDE: &str = "https://openactive.io/realtime-paged-data-exchange/";

impl Rule {
    /// The documentation of the rule.
    #[must_use]
    pub fn page(self) -> Option<&'static RulePage> {
        PAGES.iter().find(|page| page.rule == self)
    }
}

macro_rules! pages {
    ($( $rule:ident: $summary:literal, $reason:literal, $spec:expr, $mode:ident, $failing:literal, $passing:literal; )+) => {
        const PAGES: &[RulePage] = &[ $( RulePage {
            rule: Rule::$rule,
            summary: $summary,
            reason: $reason,
            spec: $spec,
            mode: ValidationMode::$mode,
            failing: $failing,
            passing: $passing,
        }, )+ ];
    };
}

pages! {
    ValidInput: "The input is a JSON object or a list of objects.",
        "Nothing else can be validated. Each document of a list is validated, with a warning.",
        MODEL, RpdeFeed, r#"42"#, r#"{ "@type": "Person" }"#;
    RpdeFeed: "Pages and items of RPDE feeds are recognised as such.",
        "The data of the items is validated. The notice shows how the input was read.",
        RPDE, RpdeFeed, r#"{ "items": [{ "state": "deleted", "id": "1", "modified": 1, "kind": "Event" }] }"#, r#"{ "@type": "Event" }"#;
    ValidModelType: "Each object has an `@type` of the OpenActive model.",
        "`@type` identifies the properties of an object. Objects of other vocabularies are not checked.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "ageRestriction": { "minValue": 5 } }"#, r#"{ "@type": "Offer", "ageRestriction": { "@type": "QuantitativeValue", "minValue": 5 } }"#;
    RequiredFields: "An object has the properties that the mode requires of its type, or inherits them.",
        "Consumers and Brokers depend on them. An online-only event must omit `location`.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer" }"#, r#"{ "@type": "Offer", "price": 5 }"#;
    RequiredOptionalFields: "An object has at least one property of each required group.",
        "Each property of the group gives consumers what they need.",
        MODEL, RpdeFeed, r#"{ "@type": "Place" }"#, r#"{ "@type": "Place", "geo": { "@type": "GeoCoordinates" } }"#;
    ShallNotIncludeFields: "An object omits the properties that the mode forbids.",
        "They are not known yet, belong elsewhere, or must not be disclosed.",
        BOOKING, C1Response, r#"{ "@type": "OrderQuote", "orderNumber": "1", "customer": {} }"#, r#"{ "@type": "OrderQuote" }"#;
    DeprecatedFields: "Deprecated properties are absent.",
        "Consumers stop reading them. In open feeds this is a warning.",
        MODEL, BookableRpdeFeed, r#"{ "@type": "Offer", "ageRange": { "@type": "QuantitativeValue" } }"#, r#"{ "@type": "Offer", "ageRestriction": { "@type": "QuantitativeValue" } }"#;
    FieldsNotInModel: "Each property is a property of its type, or of an extension that a context of the document defines.",
        "Consumers ignore unknown properties. Terms of schema.org outside the model are only noted.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "prices": 5 }"#, r#"{ "@type": "Offer", "price": 5 }"#;
    FieldsCorrectType: "Each value has a type that its property allows.",
        "A consumer that expects a number fails on text.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "price": "5" }"#, r#"{ "@type": "Offer", "price": 5 }"#;
    RecommendedFields: "An object has the properties that the mode recommends for its type.",
        "They help people to find and choose activities. Booking works without them.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer" }"#, r#"{ "@type": "Offer", "name": "Adult", "ageRestriction": {} }"#;
    NoEmptyValues: "No property is null, empty text or an empty list.",
        "Consumers cannot distinguish an empty value from a missing one. `items` of an empty page of a feed is exempt.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "name": "" }"#, r#"{ "@type": "Offer", "name": "Adult" }"#;
    ValueInOptions: "A value of an enumeration is one of the allowed values.",
        "Consumers know the meaning of these values only.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "openBookingInAdvance": "https://openactive.io/Maybe" }"#, r#"{ "@type": "Offer", "openBookingInAdvance": "https://openactive.io/Required" }"#;
    ValueIsRequiredContent: "A fixed value is as the model fixes it.",
        "For instance, each error type has its own `statusCode`.",
        BOOKING, OpenBookingError, r#"{ "@type": "UnknownOrderError", "statusCode": 400 }"#, r#"{ "@type": "UnknownOrderError", "statusCode": 404 }"#;
    Precision: "Prices have at most two decimal places, coordinates at least three.",
        "A tenth of a penny cannot be paid. Two decimal places of a degree are a kilometre.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "price": 5.005 }"#, r#"{ "@type": "Offer", "price": 5.05 }"#;
    NoPrefixOrNamespace: "Names are short: `name` instead of `schema:name`, `@type` instead of `type`.",
        "Consumers look for the short name only.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "schema:name": "Adult" }"#, r#"{ "@type": "Offer", "name": "Adult" }"#;
    ContextInRootNode: "`@context` is at the root and starts with the OpenActive context.",
        "Without it the document is not JSON-LD of OpenActive.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer" }"#, r#"{ "@context": "https://openactive.io/", "@type": "Offer" }"#;
    ValueConstraint: "URI templates have an expression, and UUIDs are in lower case.",
        "Consumers expand the templates and compare the UUIDs.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "urlTemplate": "https://example.com/" }"#, r#"{ "@type": "Schedule", "urlTemplate": "https://example.com/{startDate}" }"#;
    MinValueInclusive: "Numbers are not less than their minimum.",
        "For instance, a remaining capacity is 0 or more.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "remainingUses": -1 }"#, r#"{ "@type": "Slot", "remainingUses": 0 }"#;
    Id: "`@id` is an absolute http or https URL.",
        "Only such identifiers are globally unique.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "@id": "offers/1" }"#, r#"{ "@type": "Offer", "@id": "https://example.com/offers/1" }"#;
    IdReferencesRequired: "A property is a reference where the mode requires one.",
        "The recipient of the request has the object already; a copy could contradict it.",
        BOOKING, BRequest, r#"{ "@type": "Order", "seller": { "@type": "Organization" } }"#, r#"{ "@type": "Order", "seller": "https://example.com/sellers/1" }"#;
    IdReferencesNotPermitted: "A property is an object where the mode permits no reference.",
        "The Broker shows it to the Customer without another request.",
        BOOKING, BResponse, r#"{ "@type": "Order", "seller": "https://example.com/sellers/1" }"#, r#"{ "@type": "Order", "seller": { "@type": "Organization" } }"#;
    DurationFormat: "Durations are ISO 8601 durations.",
        "Consumers read no other format.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "duration": "P1H" }"#, r#"{ "@type": "Event", "duration": "PT1H" }"#;
    DatetimeFormat: "Date-times have seconds, no fractions of a second, and a UTC offset.",
        "Without a UTC offset the instant is ambiguous.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "startDate": "2030-01-31T18:00:00" }"#, r#"{ "@type": "Slot", "startDate": "2030-01-31T18:00:00Z" }"#;
    TimeFormat: "Times have two digits for hours and minutes.",
        "Consumers read no other format.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "startTime": "8:30" }"#, r#"{ "@type": "Schedule", "startTime": "08:30" }"#;
    DateFormat: "Dates are existing days as YYYY-MM-DD.",
        "For instance, 30 February does not exist.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "startDate": "2030-02-30" }"#, r#"{ "@type": "Schedule", "startDate": "2030-02-28" }"#;
    CurrencyCodeFormat: "Currencies are ISO 4217 codes.",
        "Payment providers accept no other codes.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "priceCurrency": "POUNDS" }"#, r#"{ "@type": "Offer", "priceCurrency": "GBP" }"#;
    CountryCodeFormat: "Countries are ISO 3166-1 alpha-2 codes.",
        "For instance, the code of the United Kingdom is GB, not UK.",
        MODEL, RpdeFeed, r#"{ "@type": "PostalAddress", "addressCountry": "UK" }"#, r#"{ "@type": "PostalAddress", "addressCountry": "GB" }"#;
    LatLongFormat: "`latitude` is a number from -90 to 90, `longitude` from -180 to 180.",
        "Maps show no other coordinates.",
        MODEL, RpdeFeed, r#"{ "@type": "GeoCoordinates", "latitude": 151.234 }"#, r#"{ "@type": "GeoCoordinates", "latitude": 51.234 }"#;
    RruleFormat: "`byDay` has days of schema.org or iCalendar.",
        "Consumers generate events from them.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "byDay": ["Mondays"] }"#, r#"{ "@type": "Schedule", "byDay": ["https://schema.org/Monday"] }"#;
    EndBeforeStart: "`startDate` is not after `endDate`.",
        "One of the two dates is wrong.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T09:00:00Z" }"#, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T11:00:00Z" }"#;
    DatesMustHaveDuration: "`duration` is present with `startDate` and `endDate`.",
        "It distinguishes a month of opening from an event that lasts a month.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T11:00:00Z" }"#, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T11:00:00Z", "duration": "PT1H" }"#;
    NoZeroDuration: "`duration` is longer than zero.",
        "An event of no length cannot be attended.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "duration": "PT0S" }"#, r#"{ "@type": "Slot", "duration": "PT1H" }"#;
    MaxLessThenMin: "`minValue` is not greater than `maxValue`.",
        "No value is within such a range.",
        MODEL, RpdeFeed, r#"{ "@type": "QuantitativeValue", "minValue": 18, "maxValue": 5 }"#, r#"{ "@type": "QuantitativeValue", "minValue": 5, "maxValue": 18 }"#;
    AgeRangeMinOrMax: "`ageRange` has `minValue` or `maxValue`.",
        "A range without ends restricts nothing.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "ageRange": { "@type": "QuantitativeValue" } }"#, r#"{ "@type": "Event", "ageRange": { "@type": "QuantitativeValue", "minValue": 5 } }"#;
    ActivityInActivityList: "Activities are in the OpenActive activity list, by `@id` and `prefLabel`.",
        "People search by the activities of this list. The verdict is undetermined without the list.",
        MODEL, RpdeFeed, r#"{ "@type": "SessionSeries", "activity": [{ "@type": "Concept", "prefLabel": "Walking" }] }"#, r#"{ "@type": "SessionSeries", "activity": [{ "@type": "Concept", "@id": "https://openactive.io/activity-list#1", "prefLabel": "Walking", "inScheme": "https://openactive.io/activity-list" }] }"#;
    IsAccessibleForFree: "`isAccessibleForFree` is true where an Offer has `price` 0.",
        "People search for free activities by this property.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "offers": [{ "@type": "Offer", "price": 0 }] }"#, r#"{ "@type": "Event", "offers": [{ "@type": "Offer", "price": 0 }], "isAccessibleForFree": true }"#;
    AddressTrailingComma: "Parts of an address end without a comma.",
        "Consumers add commas between the parts.",
        MODEL, RpdeFeed, r#"{ "@type": "PostalAddress", "streetAddress": "1 Mill Lane," }"#, r#"{ "@type": "PostalAddress", "streetAddress": "1 Mill Lane" }"#;
    NoHtml: "Text contains no HTML.",
        "Consumers show text as it is, outside of web pages too.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "name": "<b>Adult</b>" }"#, r#"{ "@type": "Offer", "name": "Adult & child" }"#;
    ConceptIdInScheme: "A Concept has both `@id` and `inScheme`, or neither.",
        "Each is of no use without the other.",
        MODEL, RpdeFeed, r#"{ "@type": "Concept", "prefLabel": "Easy", "inScheme": "https://example.com/levels" }"#, r#"{ "@type": "Concept", "prefLabel": "Easy" }"#;
    ConceptNoPropsIfInScheme: "A Concept with `inScheme` omits its relations and definition.",
        "The scheme defines them; a copy can contradict it.",
        MODEL, RpdeFeed, r#"{ "@type": "Concept", "@id": "https://example.com/levels#1", "inScheme": "https://example.com/levels", "definition": "For all" }"#, r#"{ "@type": "Concept", "prefLabel": "Easy", "definition": "For all" }"#;
    OpenactiveUrlsCorrect: "OpenActive URLs in `@context` start with https://openactive.io.",
        "Consumers compare them as text.",
        MODEL, RpdeFeed, r#"{ "@context": "http://openactive.io/", "@type": "Offer" }"#, r#"{ "@context": "https://openactive.io/", "@type": "Offer" }"#;
    ThumbnailHasNoThumbnail: "A `thumbnail` contains no `thumbnail`.",
        "A thumbnail is the smallest version of an image.",
        MODEL, RpdeFeed, r#"{ "@type": "ImageObject", "thumbnail": [{ "@type": "ImageObject", "thumbnail": [{ "@type": "ImageObject" }] }] }"#, r#"{ "@type": "ImageObject", "thumbnail": [{ "@type": "ImageObject" }] }"#;
    AddressWarning: "`address` is a PostalAddress.",
        "Consumers can search it by town and postcode.",
        MODEL, RpdeFeed, r#"{ "@type": "Place", "address": "1 Mill Lane, Exampleton" }"#, r#"{ "@type": "Place", "address": { "@type": "PostalAddress" } }"#;
    EventNoScheduleSubevent: "An Event has neither `eventSchedule` nor `subEvent`.",
        "SessionSeries, HeadlineEvent, EventSeries and CourseInstance are the types for that.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "subEvent": [{ "@type": "Event" }] }"#, r#"{ "@type": "HeadlineEvent", "subEvent": [{ "@type": "Event" }] }"#;
    SessionCourseHasSubeventOrSchedule: "A SessionSeries or CourseInstance has `subEvent` or `eventSchedule`.",
        "Without them its dates are unknown. In a feed, its events may be in another feed.",
        MODEL, RpdeFeed, r#"{ "@type": "SessionSeries" }"#, r#"{ "@type": "SessionSeries", "eventSchedule": [{ "@type": "PartialSchedule" }] }"#;
    ScheduledSessionMustBeSubevent: "A ScheduledSession has a `superEvent`, or is a `subEvent`.",
        "Most of its properties are those of the SessionSeries.",
        MODEL, RpdeFeed, r#"{ "@type": "ScheduledSession" }"#, r#"{ "@type": "ScheduledSession", "superEvent": "https://example.com/series/1" }"#;
    SessionSeriesScheduleType: "`scheduledEventType` of a Schedule in a SessionSeries is ScheduledSession.",
        "A SessionSeries has no events of another type.",
        MODEL, RpdeFeed, r#"{ "@type": "SessionSeries", "eventSchedule": [{ "@type": "Schedule", "scheduledEventType": "Event" }] }"#, r#"{ "@type": "SessionSeries", "eventSchedule": [{ "@type": "Schedule", "scheduledEventType": "ScheduledSession" }] }"#;
    CurrencyIfNonZeroPrice: "A `price` other than 0 has `priceCurrency`.",
        "A price without a currency cannot be paid.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "price": 5 }"#, r#"{ "@type": "Offer", "price": 0 }"#;
    IfNeedsBookingMustHaveValidOffer: "An event that requires booking has an Offer with `@id` or `url`.",
        "`@id` allows booking through the API, `url` booking elsewhere.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "isAccessibleWithoutBooking": false, "offers": [{ "@type": "Offer" }] }"#, r#"{ "@type": "Event", "isAccessibleWithoutBooking": false, "offers": [{ "@type": "Offer", "@id": "https://example.com/offers/1" }] }"#;
    AvailableChannelPrepayment: "`availableChannel` has a channel for prepayment where `prepayment` is Required or Optional.",
        "The rule is for offers of an older version of the model.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "prepayment": "https://openactive.io/Required", "availableChannel": ["https://openactive.io/Nowhere"] }"#, r#"{ "@type": "Offer", "prepayment": "https://openactive.io/Required", "availableChannel": ["https://openactive.io/OnlinePrepayment"] }"#;
    AssumeNoGenderRestriction: "An event has `genderRestriction`.",
        "Consumers assume no restriction where it is missing.",
        MODEL, RpdeFeed, r#"{ "@type": "Event" }"#, r#"{ "@type": "Event", "genderRestriction": "https://openactive.io/NoRestriction" }"#;
    AssumeAgeRange: "An event has `ageRange` with `minValue` and `maxValue`.",
        "Consumers assume a range where it is missing.",
        MODEL, RpdeFeed, r#"{ "@type": "Event" }"#, r#"{ "@type": "Event", "ageRange": { "@type": "QuantitativeValue", "minValue": 5, "maxValue": 18 } }"#;
    AssumeEventStatus: "An event has `eventStatus`.",
        "Consumers assume EventScheduled where it is missing.",
        MODEL, RpdeFeed, r#"{ "@type": "Event" }"#, r#"{ "@type": "Event", "eventStatus": "https://schema.org/EventScheduled" }"#;
    BookingRootTypeCorrect: "The root has the `@type` of the mode.",
        "C1 and C2 exchange OrderQuotes, P OrderProposals, B Orders.",
        BOOKING, BResponse, r#"{ "@context": "https://openactive.io/", "@type": "OrderQuote" }"#, r#"{ "@context": "https://openactive.io/", "@type": "Order" }"#;
    BookingRootTypeError: "An error has a specific `@type` of the Open Booking API.",
        "Brokers act on the type of an error.",
        BOOKING, OpenBookingError, r#"{ "@context": "https://openactive.io/", "@type": "OpenBookingError" }"#, r#"{ "@context": "https://openactive.io/", "@type": "UnknownOrderError" }"#;
    DuplicateKeys: "Each key of an object is unique.",
        "RFC 8259, section 4: SHOULD. Most consumers use the last value, and so do the other rules.",
        JSON, RpdeFeed, r#"{ "@type": "Offer", "price": 5, "price": 6 }"#, r#"{ "@type": "Offer", "price": 6 }"#;
    ByteOrderMark: "A document starts without a byte order mark (U+FEFF).",
        "RFC 8259, section 8.1: MUST NOT. Some consumers ignore it, others reject the document.",
        JSON, RpdeFeed, "\u{feff}{ \"@type\": \"Offer\" }", r#"{ "@type": "Offer" }"#;
}
