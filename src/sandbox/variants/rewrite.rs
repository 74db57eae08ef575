//! A response body, from what was decided to what goes out.

use serde_json::{Map, Value, json};

use super::list::{Variant, VariantGroup, Variants};
use super::place::Place;
use super::{errors, numbering, shape, text, values};
use crate::sandbox::store::Store;
use crate::vocabulary::OPENACTIVE_CONTEXT;

/// Reflected members of the request, which variants do not change.
const REFLECTED: &[&str] = &["customer", "broker", "payment", "attendee", "orderItemIntakeFormResponse"];
/// The context that defines the prefix of custom properties. It is served nowhere.
const NAMESPACE: &str = "https://acme.example.org/ns.jsonld";
/// The variants whose properties need a prefix.
const PREFIXED: &[Variant] = &[Variant::OpportunitiesExtended, Variant::OffersExtended, Variant::OrdersExtended];

/// Whether bodies go out otherwise than they were made.
pub(super) fn rewrites(variants: &Variants) -> bool {
    let others = [
        Variant::ErrorsDetailed,
        Variant::ErrorsWithoutStatusCode,
        Variant::ErrorsLocalised,
        Variant::ErrorsSparse,
        Variant::NoticesForChannels,
        Variant::SingleFeed,
    ];
    variants.iter().any(|variant| {
        matches!(variant.group(), VariantGroup::Values | VariantGroup::Shape) || others.contains(&variant)
    })
}

/// A body as it goes out.
pub(super) fn body(store: &Store, place: Place, mut document: Value) -> String {
    let variants = &store.variants;
    let items = document.get_mut("items").and_then(Value::as_array_mut);
    match (place, items) {
        (Place::Feed(feed), Some(items)) => {
            for item in items {
                let number = item.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
                shape::feed_item(store, feed, number, item);
                root(variants, place, item.get_mut("data"));
            }
        }
        (Place::OrdersFeed | Place::ProposalsFeed, Some(items)) => {
            items.iter_mut().for_each(|item| root(variants, place, item.get_mut("data")));
        }
        _ => root(variants, place, Some(&mut document)),
    }
    numbering::page(variants, place, &mut document);
    text::write(variants, &document)
}

fn root(variants: &Variants, place: Place, document: Option<&mut Value>) {
    let Some(document) = document else { return };
    visit(document, &mut |object| {
        shape::object(variants, place, object);
        errors::object(variants, object);
        values::object(variants, place, object);
    });
    if let Some(document) = document.as_object_mut() {
        context(variants, document);
    }
}

/// Shows each object within a value, the inner ones first.
fn visit(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                if !REFLECTED.contains(&name.as_str()) {
                    visit(value, change);
                }
            }
            change(object);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, change)),
        _ => {}
    }
}

fn context(variants: &Variants, document: &mut Map<String, Value>) {
    let Some(context) = document.get_mut("@context") else { return };
    let mut contexts = match std::mem::take(context) {
        Value::Array(contexts) => contexts,
        one => vec![one],
    };
    let mut add = |more: Value| {
        if !contexts.contains(&more) {
            contexts.push(more);
        }
    };
    if variants.has(Variant::ContextsWithNamespaces) {
        add(json!("https://openactive.io/ns-beta"));
        add(json!(NAMESPACE));
    }
    if PREFIXED.iter().any(|variant| variants.has(*variant)) {
        add(json!(NAMESPACE));
    }
    let single = contexts.len() == 1 && !variants.has(Variant::ContextsInLists);
    *context =
        if single { contexts.pop().unwrap_or_else(|| json!(OPENACTIVE_CONTEXT)) } else { Value::Array(contexts) };
}
