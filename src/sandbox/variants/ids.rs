//! Identifiers under other URLs: rewritten on the way out, and back on the way in.

use std::borrow::Cow;

use super::list::{Variant, Variants};
use crate::sandbox::seller::IDS;

/// The paths under the identifiers that are those of opportunities and their parents.
const PATHS: &[&str] = &[
    "session-series/",
    "facility-uses/",
    "course-instances/",
    "courses/",
    "headline-events/",
    "events/",
    "on-demand-events/",
    "event-series/",
];
/// Before the number of an OrderItem.
const ITEM: &str = "#/orderedItem/";
/// Before the number of an OrderItem, where its identifier is a text.
const NAMED_ITEM: &str = "#/orderedItem/item-no-";

/// The placeholder for the authority of identifiers.
fn prefix(variants: &Variants) -> Option<&'static str> {
    let prefixes = [
        (Variant::IdsOnOtherHost, "https://catalogue.example.net/v2/entities/"),
        (Variant::IdsWithQuery, "https://id.sandbox.example.org/entity?path="),
        (Variant::IdsWithPortAndCapitals, "https://ID.Sandbox.Example.ORG:8443/"),
        (Variant::IdsPercentEncoded, "https://id.sandbox.example.org/caf%C3%A9%20list/"),
    ];
    prefixes.into_iter().find(|(variant, _)| variants.has(*variant)).map(|(_, prefix)| prefix)
}

/// An identifier as it goes out, where it is another one.
pub(super) fn outward(variants: &Variants, text: &str) -> Option<String> {
    if let Some(path) = text.strip_prefix(IDS).and_then(|path| path.strip_prefix('/'))
        && let Some(prefix) = prefix(variants)
        && PATHS.iter().any(|known| path.starts_with(known))
    {
        return Some(format!("{prefix}{path}"));
    }
    (variants.has(Variant::OrderItemIdsNamed) && text.contains(ITEM)).then(|| text.replace(ITEM, NAMED_ITEM))
}

/// A body as it is understood.
pub(super) fn inward<'b>(variants: &Variants, body: &'b str) -> Cow<'b, str> {
    let mut body = Cow::Borrowed(body);
    if let Some(prefix) = prefix(variants) {
        for path in PATHS {
            let (from, to) = (format!("{prefix}{path}"), format!("{IDS}/{path}"));
            if body.contains(&from) {
                body = Cow::Owned(body.replace(&from, &to));
            }
        }
    }
    if variants.has(Variant::OrderItemIdsNamed) {
        body = Cow::Owned(body.replace(NAMED_ITEM, ITEM));
    }
    body
}
