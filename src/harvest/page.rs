//! A page of an RPDE feed out of its text, for the rules of RPDE.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::checks::rpde::{self, FeedItem, FeedPage};
use crate::client::feed::RawPage;
use crate::json::{Members, entries, members, rows};
use crate::vocabulary::{BYTE_ORDER_MARK, Stage, without_mark};

/// A page of a feed of this kind, with its byte order mark where it has one.
///
/// # Errors
/// That the text is no JSON object.
pub(super) fn read<'p>(stage: Stage, raw: &RawPage<'p>) -> Result<FeedPage<'p>, serde_json::Error> {
    let read =
        members(without_mark(raw.text), &["next", "items", "license", JSON_LD[0], JSON_LD[1], JSON_LD[2], JSON_LD[3]])?;
    let [next, listed, license, json_ld @ ..] = read.values;
    let list = listed.and_then(|items| rows(items.get(), &ITEM).ok());
    let count = list.as_ref().map_or(0, Vec::len);
    let items: Option<Vec<FeedItem<'p>>> =
        list.map(|list| list.into_iter().flatten().map(|read| item(stage, read)).collect());
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
        json_ld: first_keyword(json_ld),
    })
}

/// The members of an item.
const ITEM: [&str; 9] = ["state", "kind", "id", "modified", "data", JSON_LD[0], JSON_LD[1], JSON_LD[2], JSON_LD[3]];

fn item(stage: Stage, read: Members<'_, 9>) -> FeedItem<'_> {
    let [state, kind, id, modified, data, json_ld @ ..] = read.values;
    let item = FeedItem::new(stage, [state, kind, id, modified, data], read.duplicate);
    FeedItem { json_ld: first_keyword(json_ld), ..item }
}

/// Keywords of JSON-LD, which belong to `data`.
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

/// So many bytes of what is no list and no item are kept in the outline of a page.
const STRAY: usize = 200;

/// A page without the data of its items, as far as the rules of RPDE do not look at it: they judge it as they judge the page.
///
/// # Errors
/// That the text is no JSON object.
pub(super) fn outline(stage: Stage, text: &str) -> Result<String, serde_json::Error> {
    let read = members(without_mark(text), &["next", "items", "license"])?;
    let [next, listed, license] = read.values.map(|value| value.map(RawValue::get));
    let items = listed.map(|listed| match entries(listed) {
        Ok(list) => {
            let items: Vec<String> = list.iter().map(|raw| outline_of_item(stage, raw.get())).collect();
            format!("[{}]", items.join(","))
        }
        Err(_) => if listed.len() <= STRAY { listed } else { "0" }.to_owned(),
    });
    let marked = if text.starts_with(BYTE_ORDER_MARK) { "\u{feff}" } else { "" };
    let page = object([("next", next), ("items", items.as_deref()), ("license", license)], read.duplicate);
    Ok(format!("{marked}{page}"))
}

fn outline_of_item(stage: Stage, text: &str) -> String {
    const NAMES: [&str; 5] = ["state", "kind", "id", "modified", "data"];
    let Ok(read) = members(text, &NAMES) else { return if text.len() <= STRAY { text } else { "0" }.to_owned() };
    let [state, kind, id, modified, data] = read.values.map(|value| value.map(RawValue::get));
    let data = data.map(|data| rpde::outline(stage, data));
    let values = [state, kind, id, modified, data.as_deref()];
    let mut members = NAMES.into_iter().zip(values);
    object(std::array::from_fn::<_, 5, _>(|_| members.next().unwrap_or(("", None))), read.duplicate)
}

/// A JSON object with these members, one of them twice.
fn object<const N: usize>(members: [(&str, Option<&str>); N], duplicate: Option<&str>) -> String {
    let members = members.into_iter().flat_map(|(name, value)| {
        let twice = duplicate == Some(name);
        let before = twice.then(|| format!("\"{name}\":null"));
        let value = value.or_else(|| twice.then_some("null"));
        before.into_iter().chain(value.map(|value| format!("\"{name}\":{value}")))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// `id` and `data` of an item as they were sent.
pub(super) type ItemText<'p> = (Option<&'p str>, Option<&'p str>);

/// `id` and `data` of each item of a page.
pub(super) fn item_texts<'p>(page: &FeedPage<'p>) -> Vec<ItemText<'p>> {
    page.items.iter().flatten().map(|item| (item.id.map(RawValue::get), item.data.map(RawValue::get))).collect()
}

/// Where in the text of a page `id` and `data` of each item stand, so that they are found in it again when it has been moved.
#[derive(Debug)]
pub(super) struct ItemPlaces(Vec<[Option<Range<usize>>; 2]>);

impl ItemPlaces {
    /// The places of the items of a page in its text.
    pub(super) fn of(page: &FeedPage<'_>, text: &str) -> Self {
        let place = |part: Option<&RawValue>| {
            let part = part?.get();
            let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
            Some(start..start + part.len())
        };
        Self(page.items().iter().map(|item| [place(item.id), place(item.data)]).collect())
    }

    /// What stands there.
    pub(super) fn texts<'t>(&self, text: &'t str) -> Vec<ItemText<'t>> {
        let at = |place: &Option<Range<usize>>| text.get(place.clone()?);
        self.0.iter().map(|[id, data]| (at(id), at(data))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemPlaces, item_texts, outline, read};
    use crate::client::feed::RawPage;
    use crate::vocabulary::Stage;

    /// What the rules look at, in words.
    fn seen(stage: Stage, text: &str) -> String {
        let raw = RawPage {
            url: "https://a.example/",
            answered: "",
            content_type: None,
            cache_control: None,
            text,
            exchange: None,
        };
        // The text of `items` differs where its items do, which are compared.
        let page = read(stage, &raw).unwrap();
        let strays = page.listed.is_some_and(|listed| listed.get().ends_with("7]"));
        format!("{:?} {strays}", crate::checks::rpde::FeedPage { listed: None, ..page })
    }

    #[test]
    fn rules_see_the_same_in_an_outline() {
        for text in [
            r#"{"next":"https://a.example/?afterId=1","items":[],"license":"l"}"#,
            r#"{"items":[{"state":"updated","kind":"A","id":1,"modified":"2","data":{}},{"state":"deleted"},7]}"#,
            r#"{"next":null,"items":{"a":1},"next":3}"#,
            r#"{"items":[{"id":"a","id":"b","state":"other","data":[1],"kind":null}]}"#,
            "\u{feff}{\"items\":null}",
        ] {
            for stage in [Stage::OpportunityFeed, Stage::OrdersFeed, Stage::ProposalsFeed] {
                assert_eq!(seen(stage, &outline(stage, text).unwrap()), seen(stage, text));
            }
        }
    }

    #[test]
    fn items_are_found_in_a_text_that_was_moved() {
        let text = r#"{"items":[{"id":1,"data":{"a":1}}, 7, {"id":"b"}, {"data":[]}]}"#.to_owned();
        let raw =
            RawPage { url: "", answered: "", content_type: None, cache_control: None, text: &text, exchange: None };
        let page = read(Stage::OpportunityFeed, &raw).unwrap();
        let (texts, places) = (item_texts(&page), ItemPlaces::of(&page, &text));
        assert_eq!(texts, [(Some("1"), Some("{\"a\":1}")), (Some("\"b\""), None), (None, Some("[]"))]);
        assert_eq!(places.texts(&text.clone()), texts);
    }

    #[test]
    fn data_is_left_out_but_for_states() {
        let text = r#"{"items":[{"data":{"name":"A","orderedItem":[{"@id":"i","orderItemStatus":"s","price":1}]}}]}"#;
        assert_eq!(outline(Stage::OpportunityFeed, text).unwrap(), r#"{"items":[{"data":{}}]}"#);
        let of_orders = r#"{"items":[{"data":{"orderedItem":[{"@id":"i","orderItemStatus":"s"}]}}]}"#;
        assert_eq!(outline(Stage::OrdersFeed, text).unwrap(), of_orders);
        assert!(outline(Stage::OrdersFeed, "[]").is_err());
    }
}
