//! Rules about the quality and consistency of data.

use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member, exact, lookup};
use crate::validate::model::NameId;
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Draft, Walk, found_json};

const ADDRESS: &[&str] = &["streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"];
/// Types whose `activity` is looked up in the activity list.
pub(super) const ACTIVE: &[&str] = &[
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
            let draft = Draft::new(Rule::NoHtml, K::NoHtml, format!("`{}` contains HTML", member.key)).quality();
            walk.report(node, at, draft.expected("text without HTML tags and character references").found(value));
        }
        let last = content.as_bytes().last().copied().unwrap_or_default();
        let comma = last == b',' || ((last <= b' ' || last >= 0x80) && content.trim_end().ends_with(','));
        if comma && node.is(&["PostalAddress"]) && ADDRESS.contains(&member.key.as_ref()) {
            let message = format!("`{}` ends with a comma", member.key);
            let draft = Draft::new(Rule::AddressTrailingComma, K::AddressHasTrailingComma, message).quality();
            walk.report(node, at, draft.severity(Severity::Warning).expected("no comma at the end").found(value));
        }
    }
    let is = |name| member.names.is(name);
    let known = &walk.model.known;
    if is(known.age_range) && node.is(&["Event"]) {
        let ends = value
            .as_object()
            .is_some_and(|range| lookup(range, known.min_value).is_some() || lookup(range, known.max_value).is_some());
        if !ends {
            let message = "`ageRange` has neither `minValue` nor `maxValue`";
            let draft = Draft::new(Rule::AgeRangeMinOrMax, K::MissingRequiredField, message);
            walk.report(node, at, draft.expected("at least one of `minValue`, `maxValue`").found(value));
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
        let draft = Draft::new(Rule::NoZeroDuration, K::NoZeroDuration, "`duration` is zero").quality();
        walk.report(node, at, draft.expected("a duration longer than zero").found(value));
    }
    if is(known.thumbnail) && node.is(&["ImageObject"]) && node.parent.is_some_and(|parent| parent.is(&["ImageObject"]))
    {
        let message = "`thumbnail` contains another `thumbnail`";
        let draft = Draft::new(Rule::ThumbnailHasNoThumbnail, K::ThumbnailHasNoThumbnail, message);
        walk.report(node, at, draft.expected("no `thumbnail` in a `thumbnail`").found(value));
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
        let message = "`availableChannel` has no channel for prepayment";
        let draft = Draft::new(Rule::AvailableChannelPrepayment, K::FieldNotInDefinedValues, message);
        let expected = "at least one of \"https://openactive.io/OpenBookingPrepayment\", \
                        \"https://openactive.io/TelephonePrepayment\", \"https://openactive.io/OnlinePrepayment\"";
        walk.report(node, At::Key(&member.key), draft.expected(expected).found(&member.value));
    }
}

fn schedule_types(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>) {
    let known = &walk.model.known;
    let (kind, wanted) = (known.kind, known.scheduled_event_type);
    for (index, item) in member.value.as_list().into_iter().flatten().enumerate() {
        let Some(schedule) = item.as_object() else { continue };
        let typed = lookup(schedule, kind).and_then(Json::as_text) == Some("Schedule");
        let found = lookup(schedule, wanted);
        if typed && found.and_then(Json::as_text) != Some("ScheduledSession") {
            let message = match found {
                Some(_) => "`scheduledEventType` in a SessionSeries is not ScheduledSession",
                None => "`scheduledEventType` is missing from a Schedule of a SessionSeries",
            };
            let draft = Draft::new(Rule::SessionSeriesScheduleType, K::FieldNotInDefinedValues, message);
            let draft = draft.expected("\"ScheduledSession\"").maybe_found(found);
            let schedule = walk.model.type_named("Schedule");
            let required = walk.model.field_rules(schedule, walk.mode, Some(&member.key)).required.contains(&wanted);
            let draft = draft.caused_by(Rule::RequiredFields, found.is_none() && required);
            let draft = draft.caused_by(Rule::NoEmptyValues, found.is_some_and(Json::is_null));
            let options = schedule.and_then(|kind| kind.field_named(wanted)).map(|field| field.options.as_slice());
            let allowed = |text: &str| options.is_none_or(|options| options.contains(&text));
            let unknown = found.is_some_and(|found| !found.is_null() && !found.as_text().is_some_and(allowed));
            let draft = draft.caused_by(Rule::ValueInOptions, unknown);
            walk.report(node, At::Deep(&member.key, wanted, index), draft);
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
            let (schedule, events) = (node.lookup(known.event_schedule), node.lookup(known.sub_event));
            if let Some(found) = schedule.or(events) {
                let message = if schedule.is_some() { "Event has `eventSchedule`" } else { "Event has `subEvent`" };
                let draft = Draft::new(Rule::EventNoScheduleSubevent, K::InvalidType, message).found(found);
                let expected = "an Event without it, or `@type` SessionSeries, HeadlineEvent or CourseInstance";
                walk.report(node, At::Node, draft.severity(Severity::Warning).expected(expected));
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
        if let Some(price) = price.filter(|_| !free && node.lookup(known.price_currency).is_none()) {
            let rule = Rule::CurrencyIfNonZeroPrice;
            let draft = Draft::new(rule, K::MissingRequiredField, "`priceCurrency` is missing").quality();
            let draft = draft.expected("ISO 4217 code, e.g. \"GBP\", because `price` is not 0");
            let draft = draft.found_text(format!("`price` {}", found_json(price)));
            // The number 0 needs no currency.
            let zero_as_text = price.as_text().is_some_and(|text| text.trim().parse() == Ok(0.0));
            let draft = draft.caused_by(Rule::FieldsCorrectType, zero_as_text);
            walk.report(node, At::Node, draft.caused_by(Rule::NoEmptyValues, price.is_null()));
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
    let found = match context {
        Json::List(items) => items.iter().find(|item| wrong(item)),
        one => Some(one).filter(|one| wrong(one)),
    };
    if let Some(found) = found {
        let message = "`@context` has an OpenActive URL that does not start with https://openactive.io";
        let draft = Draft::new(Rule::OpenactiveUrlsCorrect, K::InvalidFormat, message);
        walk.report(node, At::Key("@context"), draft.expected("https://openactive.io/, without www").found(found));
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
        let draft =
            Draft::new(Rule::EndBeforeStart, K::StartDateAfterEndDate, "`startDate` is after `endDate`").quality();
        let draft = draft.expected("`startDate` at or before `endDate`");
        let shown = |value: Option<&Json<'_>>| value.map(found_json).unwrap_or_default();
        let found = format!("`startDate` {}, `endDate` {}", shown(start), shown(end));
        walk.report(node, At::Name(known.start_date), draft.found_text(found));
    }
    if walk.mode.feed() && start.is_some() && end.is_some() && node.inherited(model, known.duration).is_none() {
        let message = "`duration` is missing";
        let draft = Draft::new(Rule::DatesMustHaveDuration, K::DatesMustHaveDuration, message).quality();
        let expected = "a duration, because `startDate` and `endDate` are present";
        walk.report(node, At::Name(known.duration), draft.expected(expected));
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
        let message = "`minValue` is greater than `maxValue`";
        let draft = Draft::new(Rule::MaxLessThenMin, K::MinValueGreaterThanMaxValue, message).quality();
        let found = format!("`minValue` {}, `maxValue` {}", found_json(least), found_json(most));
        let draft = draft.expected("`minValue` up to `maxValue`").found_text(found);
        walk.report(node, At::Name(known.min_value), draft.severity(Severity::Warning));
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
    let Some(kind) = node.kind else { return };
    let (id_name, scheme_name) = (known.id, known.in_scheme);
    let scheme = node.lookup(scheme_name).is_some();
    for member in node.object.iter().filter(|member| member.names.is(id_name) || member.names.is(scheme_name)) {
        let other = if member.names.alias == id_name { scheme_name } else { id_name };
        if node.lookup(other).is_none() {
            let message = format!("`{}` is present without `{}`", member.key, walk.model.display_name(kind, other));
            let draft = Draft::new(Rule::ConceptIdInScheme, K::ConceptIdAndInSchemeTogether, message).quality();
            let draft = draft.expected("both `@id` and `inScheme`, or neither").found(&member.value);
            walk.report(node, At::Key(&member.key), draft.severity(Severity::Warning));
        }
    }
    if scheme {
        for name in [known.broader, known.narrower, known.definition, known.related] {
            if let Some(value) = node.lookup(name) {
                let name_text = walk.model.name(name);
                let message = format!("`{name_text}` is present on a Concept with `inScheme`");
                let draft = Draft::new(Rule::ConceptNoPropsIfInScheme, K::ConceptNoNonCoreProps, message).quality();
                let draft = draft.expected(format!("no `{name_text}`, which the scheme defines")).found(value);
                walk.report(node, At::Name(name), draft.severity(Severity::Warning));
            }
        }
    }
}

fn place(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let Some(address) = node.lookup(walk.model.known.address) else { return };
    if matches!(address, Json::Text(_) | Json::Number(_) | Json::Bool(_)) {
        let draft = Draft::new(Rule::AddressWarning, K::TypeLimitsUse, "`address` is not a PostalAddress").quality();
        let draft = draft.expected("an object of @type \"PostalAddress\"").found(address);
        walk.report(node, At::Node, draft.severity(Severity::Warning));
    }
}

fn series(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let known = &walk.model.known;
    let none = |value: Option<&Json<'_>>| match value {
        None => true,
        Some(Json::List(items)) => items.is_empty(),
        Some(_) => false,
    };
    let (schedule, events) = (node.lookup(known.event_schedule), node.lookup(known.sub_event));
    if none(schedule) && none(events) && node.key() != Some("superEvent") {
        let message = "`subEvent` and `eventSchedule` are missing";
        let draft = Draft::new(Rule::SessionCourseHasSubeventOrSchedule, K::MissingRequiredField, message);
        let draft = draft.expected("at least one of `subEvent`, `eventSchedule`");
        let groups = &walk.model.field_rules(node.kind, walk.mode, node.key()).groups;
        let missing = |group: &&Vec<NameId>| group.iter().all(|name| node.inherited(walk.model, *name).is_none());
        let required = groups.iter().filter(missing).any(|group| group.contains(&known.sub_event));
        let draft = draft.caused_by(Rule::RequiredOptionalFields, required);
        walk.report(node, At::Node, draft.caused_by(Rule::NoEmptyValues, schedule.is_some() || events.is_some()));
    }
}

fn session(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let mode = walk.mode;
    let alone = node.key() != Some("subEvent") && exact(node.object, "superEvent").is_none();
    if (mode.feed() || mode.response()) && alone {
        let message = "`superEvent` is missing from ScheduledSession";
        let draft = Draft::new(Rule::ScheduledSessionMustBeSubevent, K::ModelMustBeChild, message);
        walk.report(node, At::Node, draft.expected("a `superEvent`, or a place in the `subEvent` of a SessionSeries"));
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
    let stated = node.lookup(known.is_accessible_for_free);
    if free && !matches!(stated, Some(Json::Bool(true))) {
        let message = match stated {
            Some(_) => "`isAccessibleForFree` is not true",
            None => "`isAccessibleForFree` is missing",
        };
        let draft = Draft::new(Rule::IsAccessibleForFree, K::MissingIsAccessibleForFree, message).quality();
        let draft = draft.expected("true, because an Offer has `price` 0").maybe_found(stated);
        walk.report(node, At::Name(known.is_accessible_for_free), draft.severity(Severity::Warning));
    }
    let needs_booking = matches!(exact(node.object, "isAccessibleWithoutBooking"), Some(Json::Bool(false)));
    let bookable = each()
        .any(|offer| [known.id, known.url].iter().any(|name| lookup(offer, *name).and_then(Json::as_text).is_some()));
    if needs_booking && !bookable {
        let rule = Rule::IfNeedsBookingMustHaveValidOffer;
        let message = match offers {
            Some(_) => "no Offer has an `@id` or `url`",
            None => "`offers` is missing",
        };
        let draft = Draft::new(rule, K::EventRequiringBookingMustHaveValidOffer, message).maybe_found(offers);
        let expected = "an Offer with `@id` or `url`, because `isAccessibleWithoutBooking` is false";
        walk.report(node, At::Node, draft.expected(expected));
    }
}
