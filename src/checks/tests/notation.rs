//! What is written in another way and means the same.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::honest;
use super::trace::Change;

/// Ways to write a property, each with its name.
const NOTATIONS: &[(&str, Change)] = &[
    ("whole numbers as decimals", |_, value| {
        if let Some(number) = value.as_i64() {
            *value = serde_json::from_str(&format!("{number}.0")).expect("a number");
        }
    }),
    ("instants with another offset", |_, value| {
        let instant: Option<Timestamp> =
            value.as_str().filter(|text| text.ends_with('Z')).and_then(|text| text.parse().ok());
        if let Some(instant) = instant {
            let there = instant.to_zoned(TimeZone::fixed(Offset::constant(1)));
            *value = json!(there.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
        }
    }),
    ("instants to the minute", |_, value| {
        if let Some(minute) = value.as_str().and_then(|text| text.strip_suffix(":00:00Z")) {
            *value = json!(format!("{minute}:00Z"));
        }
    }),
    ("durations in minutes", |_, value| {
        if value == "PT1H" {
            *value = json!("PT60M");
        }
    }),
    ("URLs of hosts with a slash", |name, value| {
        if let Some(url) = value.as_str().filter(|url| name == "url" && url.ends_with(".com")) {
            *value = json!(format!("{url}/"));
        }
    }),
    ("lists in another order", |name, value| {
        if let Some(list) = value.as_array_mut().filter(|_| name != "@context") {
            list.reverse();
        }
    }),
    // A Person holds nothing but what was sent.
    ("extensions", |name, value| {
        if let Some(object) = value.as_object_mut().filter(|_| !matches!(name, "customer" | "attendee")) {
            object.insert("beta:note".to_owned(), json!("an extension"));
        }
    }),
];

#[test]
fn no_row_objects_to_another_notation() {
    let mut wrong = Vec::new();
    for (name, trace) in honest::all() {
        for (notation, change) in NOTATIONS {
            let found = trace.clone().changing(*change).objections();
            wrong.extend(found.into_iter().map(|found| format!("{name}, {notation}: {found}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
