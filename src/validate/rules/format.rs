//! Formats of text: dates, times, durations, codes, coordinates.

use crate::validate::finding::FindingKind as K;
use crate::validate::json::{Json, Member};
use crate::validate::kinds::{Detected, only};
use crate::validate::model::{Field, Scalar};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Draft, Walk};

const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "PublicHolidays"];

/// Format of a scalar type.
struct Format {
    scalar: Scalar,
    rule: Rule,
    /// How text does not have the format; `None` where it does.
    defect: fn(&str) -> Option<&'static str>,
    expected: &'static str,
}

const FORMATS: [Format; 4] = [
    Format {
        scalar: Scalar::Duration,
        rule: Rule::DurationFormat,
        defect: text::duration_defect,
        expected: "ISO 8601 duration, e.g. \"PT1H30M\"",
    },
    Format {
        scalar: Scalar::DateTime,
        rule: Rule::DatetimeFormat,
        defect: text::date_time_defect,
        expected: "date-time with seconds and a UTC offset, e.g. \"2030-01-31T18:00:00Z\"",
    },
    Format {
        scalar: Scalar::Time,
        rule: Rule::TimeFormat,
        defect: text::time_defect,
        expected: "time as hh:mm or hh:mm:ss, e.g. \"08:30\"",
    },
    Format {
        scalar: Scalar::Date,
        rule: Rule::DateFormat,
        defect: text::date_defect,
        expected: "date, e.g. \"2030-01-31\"",
    },
];

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
    for format in &FORMATS {
        if (scalar == Some(format.scalar) || only(field, format.scalar))
            && let Some(defect) = (format.defect)(&value.coerced())
        {
            report(walk, node, member, format.rule, defect, format.expected);
        }
    }
    if let Some(field) = field {
        let vocabularies = &walk.model.vocabularies;
        if field.currency && !code(&vocabularies.currencies, value) {
            let defect = "is not an ISO 4217 currency code";
            report(walk, node, member, Rule::CurrencyCodeFormat, defect, "ISO 4217 code, e.g. \"GBP\"");
        }
        let known = &walk.model.known;
        let (country, by_day) = (field.name == known.address_country, field.name == known.by_day);
        let (latitude, longitude) = (field.name == known.latitude, field.name == known.longitude);
        if country && node.is(&["PostalAddress"]) && !code(&vocabularies.countries, value) {
            let defect = "is not an ISO 3166-1 alpha-2 country code";
            report(walk, node, member, Rule::CountryCodeFormat, defect, "ISO 3166-1 alpha-2 code, e.g. \"GB\"");
        }
        if (latitude || longitude) && node.is(&["GeoCoordinates"]) {
            let (most, defect, expected) = if latitude {
                (90.0, "is not a number from -90 to 90", "a number from -90 to 90")
            } else {
                (180.0, "is not a number from -180 to 180", "a number from -180 to 180")
            };
            if !value.as_number().is_some_and(|number| (-most..=most).contains(&number)) {
                report(walk, node, member, Rule::LatLongFormat, defect, expected);
            }
        }
        if by_day && node.is(&["Schedule", "PartialSchedule"]) {
            days(walk, node, member);
        }
    }
}

fn report(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    member: &Member<'_>,
    rule: Rule,
    defect: &str,
    expected: &'static str,
) {
    let draft = Draft::new(rule, K::InvalidFormat, format!("`{}` {defect}", member.key));
    walk.report(node, At::Key(&member.key), draft.expected(expected).found(&member.value));
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
    if let Some(wrong) = items.iter().find(|item| !item.as_text().is_some_and(good)) {
        let draft = Draft::new(Rule::RruleFormat, K::InvalidFormat, format!("`{}` has an unknown day", member.key));
        let expected = "days of schema.org, e.g. \"https://schema.org/Monday\", or of iCalendar, e.g. \"2TU\"";
        walk.report(node, At::Key(&member.key), draft.expected(expected).found(wrong));
    }
}
