//! How texts are made: dates, times, durations, codes, coordinates.

use crate::validate::finding::FindingKind as K;
use crate::validate::json::{Json, Member};
use crate::validate::kinds::{Detected, only};
use crate::validate::model::{Field, Scalar};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Saying, Walk};

const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "PublicHolidays"];

/// A scalar, its rule, whether a text is such, and what such a text is.
type Format = (Scalar, Rule, fn(&str) -> bool, &'static str);

/// Judges one property.
pub(super) fn member(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    member: &Member<'_>,
    field: Option<&Field>,
    detected: &Detected<'_>,
) {
    let value = &member.value;
    let scalar = match detected {
        Detected::Scalar(scalar) if value.as_text().is_some() => Some(*scalar),
        _ => None,
    };
    let checked: [Format; 4] = [
        (Scalar::Duration, Rule::DurationFormat, text::duration, "an ISO 8601 duration, such as PT1H30M"),
        (
            Scalar::DateTime,
            Rule::DatetimeFormat,
            |text| text::date_time(text).is_some(),
            "a date and time with a zone, such as 2030-01-31T18:00:00Z",
        ),
        (Scalar::Time, Rule::TimeFormat, |text| text::time(text).is_some(), "a time such as 18:00 or 18:00:00"),
        (Scalar::Date, Rule::DateFormat, |text| text::date(text).is_some(), "a date such as 2030-01-31"),
    ];
    for (wanted, rule, good, what) in checked {
        if (scalar == Some(wanted) || only(field, wanted)) && !good(&value.coerced()) {
            say(walk, node, member, rule, &format!("`{}` is {what}", member.key));
        }
    }
    if let Some(field) = field {
        if field.currency && !code(&walk.model.vocabularies.currencies, value) {
            say(walk, node, member, Rule::CurrencyCodeFormat, "a currency is a code of ISO 4217, such as GBP");
        }
        let known = &walk.model.known;
        let (country, by_day) = (field.name == known.address_country, field.name == known.by_day);
        let (latitude, longitude) = (field.name == known.latitude, field.name == known.longitude);
        if country && node.is(&["PostalAddress"]) && !code(&walk.model.vocabularies.countries, value) {
            say(walk, node, member, Rule::CountryCodeFormat, "a country is a code of ISO 3166-1 alpha-2, such as GB");
        }
        if (latitude || longitude) && node.is(&["GeoCoordinates"]) {
            let most = if latitude { 90.0 } else { 180.0 };
            if !value.as_number().is_some_and(|number| (-most..=most).contains(&number)) {
                let message = format!("`{}` is a number from -{most} to {most}", member.key);
                say(walk, node, member, Rule::LatLongFormat, &message);
            }
        }
        if by_day && node.is(&["Schedule", "PartialSchedule"]) {
            days(walk, node, member);
        }
    }
}

fn say(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>, rule: Rule, message: &str) {
    walk.say(node, At::Key(&member.key), Saying::new(rule, K::InvalidFormat, message).found(&member.value));
}

fn code(list: &rustc_hash::FxHashSet<&'static str>, value: &Json<'_>) -> bool {
    value.as_text().is_some_and(|text| list.contains(text.to_uppercase().as_str()))
}

fn days(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>) {
    let Json::List(items) = &member.value else { return };
    let texts: Vec<&str> = items.iter().filter_map(Json::as_text).collect();
    if texts.len() != items.len() || texts.is_empty() {
        return;
    }
    let good = |text: &str| {
        let day = text.strip_prefix("https://schema.org/").is_some_and(|day| DAYS.contains(&day));
        day || (!text.contains(',') && text::by_day(text))
    };
    if !texts.into_iter().all(good) {
        let message =
            "a day is one of schema.org, such as https://schema.org/Monday, or of a recurrence rule, such as 2TU";
        say(walk, node, member, Rule::RruleFormat, message);
    }
}
