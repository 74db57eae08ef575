//! Whether what is said makes sense.

use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member, exact, lookup};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Saying, Walk};

const ADDRESS: &[&str] = &["streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"];
const ACTIVE: &[&str] = &[
    "Event",
    "FacilityUse",
    "IndividualFacilityUse",
    "CourseInstance",
    "EventSeries",
    "HeadlineEvent",
    "SessionSeries",
    "Course",
];
const PRICED: &[&str] = &["Offer", "OfferOverride", "PriceSpecification", "TaxChargeSpecification"];

/// Rules that look at one property.
pub(super) fn member(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>) {
    let value = &member.value;
    let at = At::Key(&member.key);
    if let Json::Text(content) = value {
        let entities = &walk.model.vocabularies.entities;
        if member.key != "beta:formattedDescription" && text::html(content, |name| entities.contains(name)) {
            let message = "a text has mark-up or character references in it";
            walk.say(node, at, Saying::new(Rule::NoHtml, K::NoHtml, message).quality().found(value));
        }
        let last = content.as_bytes().last().copied().unwrap_or_default();
        let comma = last == b',' || ((last <= b' ' || last >= 0x80) && content.trim_end().ends_with(','));
        if comma && node.is(&["PostalAddress"]) && ADDRESS.contains(&member.key.as_ref()) {
            let message = "a part of an address ends without a comma";
            let saying = Saying::new(Rule::AddressTrailingComma, K::AddressHasTrailingComma, message);
            walk.say(node, at, saying.quality().severity(Severity::Warning).found(value));
        }
    }
    let is = |name| member.names.is(name);
    let known = &walk.model.known;
    if is(known.age_range) && node.is(&["Event"]) {
        let ends = value
            .as_object()
            .is_some_and(|range| lookup(range, known.min_value).is_some() || lookup(range, known.max_value).is_some());
        if !ends {
            let message = "an age range has `minValue` or `maxValue`";
            walk.say(node, at, Saying::new(Rule::AgeRangeMinOrMax, K::MissingRequiredField, message).found(value));
        }
    }
    if is(known.activity) && node.is(ACTIVE) {
        super::activities::member(walk, node, member);
    }
    if is(known.available_channel) {
        channel(walk, node, member);
    }
    if is(known.event_schedule) && node.is(&["SessionSeries"]) {
        schedule_types(walk, node, member);
    }
    if is(known.duration) && node.kind.is_some_and(|kind| kind.scheduled) && text::no_duration(value) {
        let message = "a duration lasts";
        walk.say(node, at, Saying::new(Rule::NoZeroDuration, K::NoZeroDuration, message).quality().found(value));
    }
    if is(known.thumbnail) && node.is(&["ImageObject"]) && node.parent.is_some_and(|parent| parent.is(&["ImageObject"]))
    {
        let message = "a thumbnail has no thumbnail of its own";
        walk.say(node, at, Saying::new(Rule::ThumbnailHasNoThumbnail, K::ThumbnailHasNoThumbnail, message));
    }
}

fn channel(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>) {
    if !node.is(&["Offer"]) {
        return;
    }
    let prepaid = exact(node.object, "prepayment").and_then(Json::as_text);
    if !matches!(prepaid, Some("https://openactive.io/Required" | "https://openactive.io/Optional")) {
        return;
    }
    let wanted = ["OpenBookingPrepayment", "TelephonePrepayment", "OnlinePrepayment"]
        .map(|name| format!("https://openactive.io/{name}"));
    let good = match &member.value {
        Json::Text(text) => wanted.iter().any(|channel| text.contains(channel)),
        Json::List(items) => items.iter().filter_map(Json::as_text).any(|text| wanted.iter().any(|w| w == text)),
        _ => false,
    };
    if !good {
        let message = "what is paid in advance has a channel for it";
        let saying = Saying::new(Rule::AvailableChannelPrepayment, K::FieldNotInDefinedValues, message);
        walk.say(node, At::Key(&member.key), saying.found(&member.value));
    }
}

fn schedule_types(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>) {
    let known = &walk.model.known;
    let (kind, wanted) = (known.kind, known.scheduled_event_type);
    for (index, item) in member.value.as_list().into_iter().flatten().enumerate() {
        let Some(schedule) = item.as_object() else { continue };
        let typed = lookup(schedule, kind).and_then(Json::as_text) == Some("Schedule");
        if typed && lookup(schedule, wanted).and_then(Json::as_text) != Some("ScheduledSession") {
            let message = "a schedule of a SessionSeries makes ScheduledSessions";
            let saying = Saying::new(Rule::SessionSeriesScheduleType, K::FieldNotInDefinedValues, message);
            walk.say(node, At::Deep(&member.key, wanted, index), saying);
        }
    }
}

/// Rules that look at the whole object.
pub(super) fn node(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    urls(walk, node);
    let Some(kind) = node.kind else { return };
    if kind.scheduled {
        dates(walk, node);
    }
    match kind.name {
        "QuantitativeValue" => range(walk, node),
        "Concept" => concept(walk, node),
        "Place" => place(walk, node),
        "Event" => {
            let known = &walk.model.known;
            if node.lookup(known.event_schedule).is_some() || node.lookup(known.sub_event).is_some() {
                let message =
                    "an Event has no schedule and no parts: a SessionSeries, HeadlineEvent or CourseInstance has";
                let saying = Saying::new(Rule::EventNoScheduleSubevent, K::InvalidType, message);
                walk.say(node, At::Node, saying.severity(Severity::Warning));
            }
        }
        "SessionSeries" | "CourseInstance" => series(walk, node),
        "ScheduledSession" => session(walk, node),
        _ => {}
    }
    if PRICED.contains(&kind.name) {
        let known = &walk.model.known;
        let price = node.lookup(known.price);
        let free = price.and_then(Json::as_number) == Some(0.0);
        if price.is_some() && !free && node.lookup(known.price_currency).is_none() {
            let message = "a price that is not nothing has `priceCurrency`";
            let saying = Saying::new(Rule::CurrencyIfNonZeroPrice, K::MissingRequiredField, message);
            walk.say(node, At::Node, saying.quality());
        }
    }
    if kind.event {
        offers(walk, node);
    }
}

fn urls(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let Some(context) = exact(node.object, "@context").filter(|_| node.json_ld()) else { return };
    let wrong = |value: &Json<'_>| {
        value.as_text().is_some_and(|url| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let loose = rest.is_some_and(|rest| {
                let without = rest
                    .strip_prefix("www")
                    .and_then(|rest| rest.char_indices().nth(1).and_then(|(at, _)| rest.get(at..)));
                rest.starts_with("openactive.io") || without.is_some_and(|rest| rest.starts_with("openactive.io"))
            });
            loose && !url.starts_with("https://openactive.io")
        })
    };
    let any = match context {
        Json::List(items) => items.iter().any(wrong),
        one => wrong(one),
    };
    if any {
        let message = "URLs of OpenActive begin with https://openactive.io";
        let saying = Saying::new(Rule::OpenactiveUrlsCorrect, K::InvalidFormat, message);
        walk.say(node, At::Key("@context"), saying.found(context));
    }
}

fn dates(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let (model, known) = (walk.model, &walk.model.known);
    let (start, end) = (node.inherited(model, known.start_date), node.inherited(model, known.end_date));
    let instant = |value: Option<&Json<'_>>| {
        let text = value?.as_text()?;
        text::date_time(text).or_else(|| text::date(text))
    };
    if let (Some(from), Some(to)) = (instant(start), instant(end))
        && from > to
    {
        let message = "`startDate` is after `endDate`";
        let saying = Saying::new(Rule::EndBeforeStart, K::StartDateAfterEndDate, message);
        walk.say(node, At::Name(known.start_date), saying.quality());
    }
    if walk.mode.feed() && start.is_some() && end.is_some() && node.inherited(model, known.duration).is_none() {
        let message = "what has `startDate` and `endDate` has `duration`";
        let saying = Saying::new(Rule::DatesMustHaveDuration, K::DatesMustHaveDuration, message);
        walk.say(node, At::Name(known.duration), saying.quality());
    }
}

fn range(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let known = &walk.model.known;
    let (Some(least), Some(most)) = (node.lookup(known.min_value), node.lookup(known.max_value)) else { return };
    let upside_down = match (least, most) {
        (Json::Null, _) | (_, Json::Null) => false,
        (Json::Text(_) | Json::List(_), Json::Text(_) | Json::List(_)) => {
            most.coerced().encode_utf16().lt(least.coerced().encode_utf16())
        }
        _ => match (as_number(least), as_number(most)) {
            (Some(least), Some(most)) => most < least,
            _ => false,
        },
    };
    if upside_down {
        let message = "`minValue` is more than `maxValue`";
        let saying = Saying::new(Rule::MaxLessThenMin, K::MinValueGreaterThanMaxValue, message);
        walk.say(node, At::Name(known.min_value), saying.quality().severity(Severity::Warning));
    }
}

/// The number that a value is taken for where it is compared with one.
fn as_number(value: &Json<'_>) -> Option<f64> {
    match value {
        Json::Null => Some(0.0),
        Json::Bool(value) => Some(f64::from(u8::from(*value))),
        Json::Number(number) => Some(*number),
        Json::Text(_) | Json::List(_) => match value.coerced().trim() {
            "" => Some(0.0),
            text => text.parse().ok(),
        },
        Json::Object(_) => None,
    }
}

fn concept(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let known = &walk.model.known;
    let (id_name, scheme_name) = (known.id, known.in_scheme);
    let scheme = node.lookup(scheme_name).is_some();
    for member in node.object.iter().filter(|member| member.names.is(id_name) || member.names.is(scheme_name)) {
        let other = if member.names.alias == id_name { scheme_name } else { id_name };
        if node.lookup(other).is_none() {
            let message = "a Concept has `@id` and `inScheme`, or neither";
            let saying = Saying::new(Rule::ConceptIdInScheme, K::ConceptIdAndInSchemeTogether, message);
            walk.say(node, At::Key(&member.key), saying.quality().severity(Severity::Warning));
        }
    }
    if scheme {
        for name in [known.broader, known.narrower, known.definition, known.related] {
            if node.lookup(name).is_some() {
                let message = format!("`{}` is left to the scheme of the Concept", walk.model.name(name));
                let saying = Saying::new(Rule::ConceptNoPropsIfInScheme, K::ConceptNoNonCoreProps, message);
                walk.say(node, At::Name(name), saying.quality().severity(Severity::Warning));
            }
        }
    }
}

fn place(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let address = node.lookup(walk.model.known.address);
    if matches!(address, Some(Json::Text(_) | Json::Number(_) | Json::Bool(_))) {
        let message = "an address in parts (PostalAddress) can be used by more readers";
        let saying = Saying::new(Rule::AddressWarning, K::TypeLimitsUse, message);
        walk.say(node, At::Node, saying.quality().severity(Severity::Warning));
    }
}

fn series(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let known = &walk.model.known;
    let none = |value: Option<&Json<'_>>| match value {
        None => true,
        Some(Json::List(items)) => items.is_empty(),
        Some(_) => false,
    };
    let missing = none(node.lookup(known.event_schedule)) && none(node.lookup(known.sub_event));
    if missing && node.key() != Some("superEvent") {
        let message = "it has neither `subEvent` nor `eventSchedule`";
        let saying = Saying::new(Rule::SessionCourseHasSubeventOrSchedule, K::MissingRequiredField, message);
        walk.say(node, At::Node, saying);
    }
}

fn session(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let mode = walk.mode;
    let alone = node.key() != Some("subEvent") && exact(node.object, "superEvent").is_none();
    if (mode.feed() || mode.response()) && alone {
        let message = "a ScheduledSession has a `superEvent`, or is the `subEvent` of one";
        walk.say(node, At::Node, Saying::new(Rule::ScheduledSessionMustBeSubevent, K::ModelMustBeChild, message));
    }
}

fn offers(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let (model, known) = (walk.model, &walk.model.known);
    let offers = node.inherited(model, known.offers);
    let each = || {
        let list = offers.and_then(Json::as_list).map(Vec::as_slice).unwrap_or_default();
        list.iter().chain(offers.filter(|one| one.as_object().is_some())).filter_map(Json::as_object)
    };
    let free = each().any(|offer| lookup(offer, known.price).and_then(Json::as_number) == Some(0.0));
    let says_so = matches!(node.lookup(known.is_accessible_for_free), Some(Json::Bool(true)));
    if free && !says_so {
        let message = "what has a free offer says `isAccessibleForFree`: true";
        let saying = Saying::new(Rule::IsAccessibleForFree, K::MissingIsAccessibleForFree, message);
        walk.say(node, At::Name(known.is_accessible_for_free), saying.quality().severity(Severity::Warning));
    }
    let needs_booking = matches!(exact(node.object, "isAccessibleWithoutBooking"), Some(Json::Bool(false)));
    let bookable = each()
        .any(|offer| [known.id, known.url].iter().any(|name| lookup(offer, *name).and_then(Json::as_text).is_some()));
    if needs_booking && !bookable {
        let message = "what must be booked has an offer with `@id` or `url`";
        let saying =
            Saying::new(Rule::IfNeedsBookingMustHaveValidOffer, K::EventRequiringBookingMustHaveValidOffer, message);
        walk.say(node, At::Node, saying);
    }
}
