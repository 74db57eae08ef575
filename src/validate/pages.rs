//! A page about each rule: what it says, why, where that comes from, what breaks it and what does not.

use super::mode::ValidationMode;
use super::rule::Rule;

/// What there is to know of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RulePage {
    /// The rule.
    pub rule: Rule,
    /// What it says.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Where that comes from.
    pub spec: &'static str,
    /// The mode of the examples.
    pub mode: ValidationMode,
    /// A document that breaks it.
    pub fails: &'static str,
    /// A document that does not.
    pub passes: &'static str,
}

const MODEL: &str = "https://openactive.io/modelling-opportunity-data/EditorsDraft/";
const BOOKING: &str = "https://openactive.io/open-booking-api/EditorsDraft/";
const JSON: &str = "https://www.rfc-editor.org/rfc/rfc8259";
const RPDE: &str = "https://openactive.io/realtime-paged-data-exchange/";

impl Rule {
    /// The page about it.
    #[must_use]
    pub fn page(self) -> Option<&'static RulePage> {
        PAGES.iter().find(|page| page.rule == self)
    }
}

macro_rules! pages {
    ($( $rule:ident: $what:literal, $why:literal, $spec:expr, $mode:ident, $fails:literal, $passes:literal; )+) => {
        const PAGES: &[RulePage] = &[ $( RulePage {
            rule: Rule::$rule, what: $what, why: $why, spec: $spec, mode: ValidationMode::$mode, fails: $fails, passes: $passes,
        }, )+ ];
    };
}

pages! {
    ValidInput: "The input is a JSON object.",
        "Nothing can be said of anything else. A list of documents is taken apart, with a warning.",
        MODEL, RpdeFeed, r#"42"#, r#"{ "@type": "Person" }"#;
    RpdeFeed: "A page of an RPDE feed is told as such.",
        "Its items are validated rather than the page being taken for an object without a type.",
        RPDE, RpdeFeed, r#"{ "items": [{ "state": "deleted", "id": "1", "modified": 1, "kind": "Event" }] }"#, r#"{ "@type": "Event" }"#;
    ValidModelType: "Every object has an `@type` that the model knows.",
        "Readers choose by the type what an object is. What has a type of another vocabulary is not checked.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "ageRestriction": { "minValue": 5 } }"#, r#"{ "@type": "Offer", "ageRestriction": { "@type": "QuantitativeValue", "minValue": 5 } }"#;
    RequiredFields: "A type has the properties that its mode requires, itself or by inheritance from what it is part of.",
        "Readers and Brokers cannot do their work without them. What is online only must not have a `location`.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer" }"#, r#"{ "@type": "Offer", "price": 5 }"#;
    RequiredOptionalFields: "Of some properties a type has one at least.",
        "Each of them alone tells readers what they need, and none of them does not.",
        MODEL, RpdeFeed, r#"{ "@type": "Place" }"#, r#"{ "@type": "Place", "geo": { "@type": "GeoCoordinates" } }"#;
    ShallNotIncludeFields: "A type has none of the properties that its mode forbids.",
        "They would tell what is not known yet, what belongs elsewhere, or what is none of the reader's business.",
        BOOKING, C1Response, r#"{ "@type": "OrderQuote", "orderNumber": "1", "customer": {} }"#, r#"{ "@type": "OrderQuote" }"#;
    DeprecatedFields: "Properties that are going away are not used.",
        "Readers stop looking at them. In open feeds it is a warning.",
        MODEL, BookableRpdeFeed, r#"{ "@type": "Offer", "ageRange": { "@type": "QuantitativeValue" } }"#, r#"{ "@type": "Offer", "ageRestriction": { "@type": "QuantitativeValue" } }"#;
    FieldsNotInModel: "Every property is one of its type, or of an extension that the document's contexts define.",
        "Nobody reads a misspelt property. Terms of schema.org that the model does not use are noted only.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "prices": 5 }"#, r#"{ "@type": "Offer", "price": 5 }"#;
    FieldsCorrectType: "Values have one of the types that their property may have.",
        "Programs read numbers where numbers are promised, and stop where they find text.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "price": "5" }"#, r#"{ "@type": "Offer", "price": 5 }"#;
    RecommendedFields: "A type has the properties that its mode recommends.",
        "They help people to find and choose, though booking works without them.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer" }"#, r#"{ "@type": "Offer", "name": "Adult", "ageRestriction": {} }"#;
    NoEmptyValues: "A property has a value, or is left out.",
        "null, empty text and empty lists mean nothing, and readers cannot tell whether something is missing.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "name": "" }"#, r#"{ "@type": "Offer", "name": "Adult" }"#;
    ValueInOptions: "A value of a closed list is one of that list.",
        "Programs know what each value of the list means, and no other.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "openBookingInAdvance": "https://openactive.io/Maybe" }"#, r#"{ "@type": "Offer", "openBookingInAdvance": "https://openactive.io/Required" }"#;
    ValueIsRequiredContent: "A value that is fixed is that value.",
        "The status code of an error, for one, belongs to its type.",
        BOOKING, OpenBookingError, r#"{ "@type": "UnknownOrderError", "statusCode": 400 }"#, r#"{ "@type": "UnknownOrderError", "statusCode": 404 }"#;
    Precision: "Prices have two decimal places at most, coordinates three at least.",
        "Nobody can pay a tenth of a penny, and two places of a degree are a kilometre.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "price": 5.005 }"#, r#"{ "@type": "Offer", "price": 5.05 }"#;
    NoPrefixOrNamespace: "Names are written the short way: `name`, not `schema:name`; and `@type`, not `type`.",
        "Readers look for the short name only.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "schema:name": "Adult" }"#, r#"{ "@type": "Offer", "name": "Adult" }"#;
    ContextInRootNode: "`@context` stands at the top of a document, and begins with that of OpenActive.",
        "Without it the document is not JSON-LD of OpenActive.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer" }"#, r#"{ "@context": "https://openactive.io/", "@type": "Offer" }"#;
    ValueConstraint: "Templates are URI templates with an expression, and UUIDs are UUIDs in lower case.",
        "Programs fill in the one and compare the other.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "urlTemplate": "https://example.com/" }"#, r#"{ "@type": "Schedule", "urlTemplate": "https://example.com/{startDate}" }"#;
    MinValueInclusive: "Counts are not less than nothing.",
        "There are no fewer than no spaces.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "remainingUses": -1 }"#, r#"{ "@type": "Slot", "remainingUses": 0 }"#;
    Id: "An identifier is an absolute http or https URL.",
        "Only such identifiers are unique all over the world.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "@id": "offers/1" }"#, r#"{ "@type": "Offer", "@id": "https://example.com/offers/1" }"#;
    IdReferencesRequired: "Where a mode wants a reference, a URL is given and no object.",
        "Whoever receives the request knows the thing already, and must not be told another truth about it.",
        BOOKING, BRequest, r#"{ "@type": "Order", "seller": { "@type": "Organization" } }"#, r#"{ "@type": "Order", "seller": "https://example.com/sellers/1" }"#;
    IdReferencesNotPermitted: "Where a mode wants an object, no reference is given.",
        "The Broker has to show it to the customer without asking again.",
        BOOKING, BResponse, r#"{ "@type": "Order", "seller": "https://example.com/sellers/1" }"#, r#"{ "@type": "Order", "seller": { "@type": "Organization" } }"#;
    DurationFormat: "Durations are written as ISO 8601 has them.",
        "Programs cannot read others.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "duration": "P1H" }"#, r#"{ "@type": "Event", "duration": "PT1H" }"#;
    DatetimeFormat: "A date with a time has seconds and a zone.",
        "Without a zone nobody knows which instant is meant.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "startDate": "2030-01-31T18:00:00" }"#, r#"{ "@type": "Slot", "startDate": "2030-01-31T18:00:00Z" }"#;
    TimeFormat: "Times have two digits for hours and minutes.",
        "Programs cannot read others.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "startTime": "8:30" }"#, r#"{ "@type": "Schedule", "startTime": "08:30" }"#;
    DateFormat: "Dates are days that there are.",
        "There is no 30 February.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "startDate": "2030-02-30" }"#, r#"{ "@type": "Schedule", "startDate": "2030-02-28" }"#;
    CurrencyCodeFormat: "A currency is a code of ISO 4217.",
        "Payment providers know no others.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "priceCurrency": "POUNDS" }"#, r#"{ "@type": "Offer", "priceCurrency": "GBP" }"#;
    CountryCodeFormat: "A country is a two-letter code of ISO 3166-1.",
        "UK is none: it is GB.",
        MODEL, RpdeFeed, r#"{ "@type": "PostalAddress", "addressCountry": "UK" }"#, r#"{ "@type": "PostalAddress", "addressCountry": "GB" }"#;
    LatLongFormat: "Coordinates are numbers on Earth.",
        "Maps show nothing beyond 90 and 180 degrees.",
        MODEL, RpdeFeed, r#"{ "@type": "GeoCoordinates", "latitude": 151.234 }"#, r#"{ "@type": "GeoCoordinates", "latitude": 51.234 }"#;
    RruleFormat: "Days of a schedule are days of schema.org or of recurrence rules.",
        "Programs make events of them.",
        MODEL, RpdeFeed, r#"{ "@type": "Schedule", "byDay": ["Mondays"] }"#, r#"{ "@type": "Schedule", "byDay": ["https://schema.org/Monday"] }"#;
    EndBeforeStart: "What ends does not end before it starts.",
        "One of the two dates is wrong.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T09:00:00Z" }"#, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T11:00:00Z" }"#;
    DatesMustHaveDuration: "What has a start and an end has a duration.",
        "An opening time of a month is not an event that lasts a month.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T11:00:00Z" }"#, r#"{ "@type": "Slot", "startDate": "2030-01-02T10:00:00Z", "endDate": "2030-01-02T11:00:00Z", "duration": "PT1H" }"#;
    NoZeroDuration: "A duration is not nothing.",
        "Nothing takes no time.",
        MODEL, RpdeFeed, r#"{ "@type": "Slot", "duration": "PT0S" }"#, r#"{ "@type": "Slot", "duration": "PT1H" }"#;
    MaxLessThenMin: "The greatest value of a range is not less than the least.",
        "Nobody is both over 18 and under 5.",
        MODEL, RpdeFeed, r#"{ "@type": "QuantitativeValue", "minValue": 18, "maxValue": 5 }"#, r#"{ "@type": "QuantitativeValue", "minValue": 5, "maxValue": 18 }"#;
    AgeRangeMinOrMax: "An age range of an Event has one end at least.",
        "Otherwise it says nothing.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "ageRange": { "@type": "QuantitativeValue" } }"#, r#"{ "@type": "Event", "ageRange": { "@type": "QuantitativeValue", "minValue": 5 } }"#;
    ActivityInActivityList: "Activities are of the OpenActive activity list, by identifier and label.",
        "People search by the activities of that list. Without the list itself this is left open.",
        MODEL, RpdeFeed, r#"{ "@type": "SessionSeries", "activity": [{ "@type": "Concept", "prefLabel": "Walking" }] }"#, r#"{ "@type": "SessionSeries", "activity": [{ "@type": "Concept", "@id": "https://openactive.io/activity-list#1", "prefLabel": "Walking", "inScheme": "https://openactive.io/activity-list" }] }"#;
    IsAccessibleForFree: "What has a free offer says `isAccessibleForFree`.",
        "People look for what is free by that property.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "offers": [{ "@type": "Offer", "price": 0 }] }"#, r#"{ "@type": "Event", "offers": [{ "@type": "Offer", "price": 0 }], "isAccessibleForFree": true }"#;
    AddressTrailingComma: "A part of an address ends without a comma.",
        "Whoever shows the address puts commas between its parts.",
        MODEL, RpdeFeed, r#"{ "@type": "PostalAddress", "streetAddress": "1 Mill Lane," }"#, r#"{ "@type": "PostalAddress", "streetAddress": "1 Mill Lane" }"#;
    NoHtml: "Texts have neither mark-up nor character references in them.",
        "They are shown as they are, in many places that are no web pages.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "name": "<b>Adult</b>" }"#, r#"{ "@type": "Offer", "name": "Adult & child" }"#;
    ConceptIdInScheme: "A Concept of a scheme has its identifier, and one with an identifier its scheme.",
        "Either is useless without the other.",
        MODEL, RpdeFeed, r#"{ "@type": "Concept", "prefLabel": "Easy", "inScheme": "https://example.com/levels" }"#, r#"{ "@type": "Concept", "prefLabel": "Easy" }"#;
    ConceptNoPropsIfInScheme: "A Concept of a scheme leaves its relations to the scheme.",
        "Two descriptions of one concept would differ sooner or later.",
        MODEL, RpdeFeed, r#"{ "@type": "Concept", "@id": "https://example.com/levels#1", "inScheme": "https://example.com/levels", "definition": "For all" }"#, r#"{ "@type": "Concept", "prefLabel": "Easy", "definition": "For all" }"#;
    OpenactiveUrlsCorrect: "URLs of OpenActive in `@context` begin with https://openactive.io.",
        "Readers compare them letter by letter.",
        MODEL, RpdeFeed, r#"{ "@context": "http://openactive.io/", "@type": "Offer" }"#, r#"{ "@context": "https://openactive.io/", "@type": "Offer" }"#;
    ThumbnailHasNoThumbnail: "A thumbnail has no thumbnail of its own.",
        "It is small enough.",
        MODEL, RpdeFeed, r#"{ "@type": "ImageObject", "thumbnail": [{ "@type": "ImageObject", "thumbnail": [{ "@type": "ImageObject" }] }] }"#, r#"{ "@type": "ImageObject", "thumbnail": [{ "@type": "ImageObject" }] }"#;
    AddressWarning: "An address is given in parts.",
        "Readers can search by town and postcode then.",
        MODEL, RpdeFeed, r#"{ "@type": "Place", "address": "1 Mill Lane, Exampleton" }"#, r#"{ "@type": "Place", "address": { "@type": "PostalAddress" } }"#;
    EventNoScheduleSubevent: "An Event has neither schedule nor parts.",
        "SessionSeries, HeadlineEvent, EventSeries and CourseInstance are for that.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "subEvent": [{ "@type": "Event" }] }"#, r#"{ "@type": "HeadlineEvent", "subEvent": [{ "@type": "Event" }] }"#;
    SessionCourseHasSubeventOrSchedule: "A series or course has events or a schedule.",
        "Otherwise nobody knows when it takes place. In a feed, its events may stand in a feed of their own.",
        MODEL, RpdeFeed, r#"{ "@type": "SessionSeries" }"#, r#"{ "@type": "SessionSeries", "eventSchedule": [{ "@type": "PartialSchedule" }] }"#;
    ScheduledSessionMustBeSubevent: "A ScheduledSession is part of a series.",
        "Nearly all that is to be known of it stands there.",
        MODEL, RpdeFeed, r#"{ "@type": "ScheduledSession" }"#, r#"{ "@type": "ScheduledSession", "superEvent": "https://example.com/series/1" }"#;
    SessionSeriesScheduleType: "A Schedule of a series makes ScheduledSessions.",
        "Nothing else is part of a SessionSeries.",
        MODEL, RpdeFeed, r#"{ "@type": "SessionSeries", "eventSchedule": [{ "@type": "Schedule", "scheduledEventType": "Event" }] }"#, r#"{ "@type": "SessionSeries", "eventSchedule": [{ "@type": "Schedule", "scheduledEventType": "ScheduledSession" }] }"#;
    CurrencyIfNonZeroPrice: "A price has a currency, unless it is nothing.",
        "Five of what?",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "price": 5 }"#, r#"{ "@type": "Offer", "price": 0 }"#;
    IfNeedsBookingMustHaveValidOffer: "What must be booked has an offer that can be.",
        "With an identifier it can be booked through the API, with a URL elsewhere.",
        MODEL, RpdeFeed, r#"{ "@type": "Event", "isAccessibleWithoutBooking": false, "offers": [{ "@type": "Offer" }] }"#, r#"{ "@type": "Event", "isAccessibleWithoutBooking": false, "offers": [{ "@type": "Offer", "@id": "https://example.com/offers/1" }] }"#;
    AvailableChannelPrepayment: "What is paid in advance has a channel for it.",
        "It comes from an older form of the model, and concerns offers that still use it.",
        MODEL, RpdeFeed, r#"{ "@type": "Offer", "prepayment": "https://openactive.io/Required", "availableChannel": ["https://openactive.io/Nowhere"] }"#, r#"{ "@type": "Offer", "prepayment": "https://openactive.io/Required", "availableChannel": ["https://openactive.io/OnlinePrepayment"] }"#;
    AssumeNoGenderRestriction: "Events say for which genders they are.",
        "Readers assume that everybody may come where they do not.",
        MODEL, RpdeFeed, r#"{ "@type": "Event" }"#, r#"{ "@type": "Event", "genderRestriction": "https://openactive.io/NoRestriction" }"#;
    AssumeAgeRange: "Events say for which ages they are, with both ends.",
        "Readers assume something where they do not.",
        MODEL, RpdeFeed, r#"{ "@type": "Event" }"#, r#"{ "@type": "Event", "ageRange": { "@type": "QuantitativeValue", "minValue": 5, "maxValue": 18 } }"#;
    AssumeEventStatus: "Events say whether they take place.",
        "Readers assume that they do.",
        MODEL, RpdeFeed, r#"{ "@type": "Event" }"#, r#"{ "@type": "Event", "eventStatus": "https://schema.org/EventScheduled" }"#;
    BookingRootTypeCorrect: "The document of each operation has the type that belongs to it.",
        "C1 and C2 speak of OrderQuotes, P of OrderProposals, B of Orders.",
        BOOKING, BResponse, r#"{ "@context": "https://openactive.io/", "@type": "OrderQuote" }"#, r#"{ "@context": "https://openactive.io/", "@type": "Order" }"#;
    BookingRootTypeError: "An error is one of the Open Booking API, of a type of its own.",
        "Brokers act by the type of an error.",
        BOOKING, OpenBookingError, r#"{ "@context": "https://openactive.io/", "@type": "OpenBookingError" }"#, r#"{ "@context": "https://openactive.io/", "@type": "UnknownOrderError" }"#;
    DuplicateKeys: "An object has each key once.",
        "RFC 8259 (section 4) has SHOULD. Most readers use the last value, and so do the other rules; some use the first one or none.",
        JSON, RpdeFeed, r#"{ "@type": "Offer", "price": 5, "price": 6 }"#, r#"{ "@type": "Offer", "price": 6 }"#;
    ByteOrderMark: "A document starts without a byte order mark (U+FEFF).",
        "RFC 8259 (section 8.1) lets no sender add one. Some readers ignore it, others reject the document.",
        JSON, RpdeFeed, "\u{feff}{ \"@type\": \"Offer\" }", r#"{ "@type": "Offer" }"#;
}
