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
    let read = members(without_mark(raw.text), &["next", "items", "license"])?;
    let [next, listed, license] = read.values;
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
        listed,
        items,
        strange,
        duplicate: read.duplicate,
        marked: raw.text.starts_with(BYTE_ORDER_MARK),
    })
}

/// An item; none where it is no object.
fn item(stage: Stage, raw: &RawValue) -> Option<FeedItem<'_>> {
    let read = members(raw.get(), &["state", "kind", "id", "modified", "data"]).ok()?;
    Some(FeedItem::new(stage, read.values, read.duplicate))
}

/// `id` and `data` of each item of a page.
pub(super) fn data_of(text: &str) -> Vec<(Option<&RawValue>, Option<&RawValue>)> {
    let Ok(read) = members(without_mark(text), &["items"]) else { return Vec::new() };
    let [items] = read.values;
    let list = items.and_then(|items| serde_json::from_str::<Vec<&RawValue>>(items.get()).ok()).unwrap_or_default();
    // Whatever is no object is no item.
    list.into_iter().filter_map(|raw| members(raw.get(), &["id", "data"]).ok()).map(|read| read.values.into()).collect()
}
