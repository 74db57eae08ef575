//! A page of an RPDE feed out of its text, for the rules of RPDE.

use serde_json::value::RawValue;

use crate::checks::rpde::{FeedItem, FeedPage};
use crate::client::feed::{RawPage, members};
use crate::vocabulary::{BYTE_ORDER_MARK, Stage, without_mark};

/// A page of a feed of this kind, with its byte order mark where it has one.
///
/// # Errors
/// That the text is no JSON object.
pub(super) fn read<'p>(stage: Stage, raw: &RawPage<'p>) -> Result<FeedPage<'p>, serde_json::Error> {
    let read =
        members(without_mark(raw.text), &["next", "items", "license", JSON_LD[0], JSON_LD[1], JSON_LD[2], JSON_LD[3]])?;
    let [next, listed, license, json_ld @ ..] = read.values;
    let list = listed.and_then(|items| serde_json::from_str::<Vec<&'p RawValue>>(items.get()).ok());
    let count = list.as_ref().map_or(0, Vec::len);
    let items: Option<Vec<FeedItem<'p>>> =
        list.map(|list| list.into_iter().filter_map(|raw| item(stage, raw)).collect());
    let strange = count - items.as_ref().map_or(0, Vec::len);
    Ok(FeedPage {
        stage,
        url: raw.url,
        answered: raw.answered,
        content_type: raw.content_type,
        cache_control: raw.cache_control,
        next,
        license,
        has_items: listed.is_some(),
        items,
        strange,
        duplicate: read.duplicate,
        marked: raw.text.starts_with(BYTE_ORDER_MARK),
        json_ld: first_keyword(json_ld),
    })
}

/// An item; none where it is no object.
fn item(stage: Stage, raw: &RawValue) -> Option<FeedItem<'_>> {
    let names = ["state", "kind", "id", "modified", "data", JSON_LD[0], JSON_LD[1], JSON_LD[2], JSON_LD[3]];
    let read = members(raw.get(), &names).ok()?;
    let [state, kind, id, modified, data, json_ld @ ..] = read.values;
    let item = FeedItem::new(stage, [state, kind, id, modified, data], read.duplicate);
    Some(FeedItem { json_ld: first_keyword(json_ld), ..item })
}

/// Keywords of JSON-LD, which belong into `data`.
const JSON_LD: [&str; 4] = ["@context", "@type", "@id", "@graph"];

/// The first keyword of JSON-LD that has a value.
fn first_keyword(values: [Option<&RawValue>; 4]) -> Option<&'static str> {
    JSON_LD.into_iter().zip(values).find(|(_, value)| value.is_some()).map(|(name, _)| name)
}

/// `@type` of the data of an item, without prefix; the first of several.
pub(super) fn type_of(data: &RawValue) -> Option<String> {
    let [json_type, plain_type] = members(data.get(), &["@type", "type"]).ok()?.values;
    let value: serde_json::Value = serde_json::from_str(json_type.or(plain_type)?.get()).ok()?;
    let name = value.as_str().or_else(|| value.get(0)?.as_str())?;
    Some(name.rsplit(['/', ':', '#']).next().unwrap_or(name).to_owned())
}

/// `id` and `data` of each item of a page.
pub(super) fn data_of(text: &str) -> Vec<(Option<&RawValue>, Option<&RawValue>)> {
    let Ok(read) = members(without_mark(text), &["items"]) else { return Vec::new() };
    let [items] = read.values;
    let list = items.and_then(|items| serde_json::from_str::<Vec<&RawValue>>(items.get()).ok()).unwrap_or_default();
    // Whatever is no object is no item.
    list.into_iter().filter_map(|raw| members(raw.get(), &["id", "data"]).ok()).map(|read| read.values.into()).collect()
}
