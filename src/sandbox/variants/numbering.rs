//! `modified`, `id` and `kind` of the items of feeds, and the addresses of pages that follow from them.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::list::{Variant, Variants};
use super::place::{Place, order_paging, paging};
use crate::sandbox::feed::Paging;
use crate::sandbox::seller::IDS;

/// Ticks of 100 nanoseconds of a millisecond, and from the year 1 to 1970.
const TICKS: (i64, i64) = (10_000, 621_355_968_000_000_000);
/// The parameters of addresses that hold `modified`.
const POSITIONS: &[&str] = &["afterTimestamp", "afterChangeNumber"];

/// Whether feeds have other numbers than the system counts with.
fn renumbers(variants: &Variants) -> bool {
    let all = [
        Variant::ModifiedInTicks,
        Variant::ModifiedAsText,
        Variant::FeedIdsAsIntegers,
        Variant::FeedIdsAsUrls,
        Variant::FeedKindsOwn,
    ];
    all.into_iter().any(|variant| variants.has(variant))
}

/// `modified` as it is published, from milliseconds.
fn outward(variants: &Variants, milliseconds: i64) -> Option<Value> {
    if variants.has(Variant::ModifiedInTicks) {
        let (of_millisecond, of_1970) = TICKS;
        return milliseconds.checked_mul(of_millisecond)?.checked_add(of_1970).map(Value::from);
    }
    let at = Timestamp::from_millisecond(milliseconds).ok().filter(|_| variants.has(Variant::ModifiedAsText))?;
    Some(json!(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
}

/// Milliseconds, from `modified` as it is published.
fn inward(variants: &Variants, text: &str) -> Option<i64> {
    if variants.has(Variant::ModifiedInTicks) {
        let (of_millisecond, of_1970) = TICKS;
        return text.parse::<i64>().ok()?.checked_sub(of_1970)?.checked_div(of_millisecond);
    }
    text.parse::<Timestamp>().ok().filter(|_| variants.has(Variant::ModifiedAsText)).map(Timestamp::as_millisecond)
}

/// Before the identifier of an item.
fn items_url() -> String {
    format!("{IDS}/feed?item=")
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A page of a feed as it is published.
pub(super) fn page(variants: &Variants, place: Place, page: &mut Value) {
    let (open, paged) = match place {
        Place::Feed(feed) => (true, paging(variants, feed)),
        Place::OrdersFeed | Place::ProposalsFeed => (false, order_paging(variants)),
        _ => return,
    };
    if !renumbers(variants) {
        return;
    }
    // A change number is an integer.
    let written = |modified: i64| {
        let by_time = paged == Paging::TimestampAndId;
        outward(variants, modified).filter(|_| by_time || variants.has(Variant::ModifiedInTicks))
    };
    for item in page.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        if let Some(modified) = item.get("modified").and_then(Value::as_i64).and_then(written) {
            item.insert("modified".to_owned(), modified);
        }
        let id = item.get("id").map(text_of).filter(|_| open);
        let number = id.as_deref().and_then(|id| id.parse::<u64>().ok());
        if let Some(number) = number.filter(|_| variants.has(Variant::FeedIdsAsIntegers)) {
            item.insert("id".to_owned(), json!(number));
        }
        if let Some(id) = id.filter(|_| variants.has(Variant::FeedIdsAsUrls)) {
            item.insert("id".to_owned(), json!(format!("{}{id}", items_url())));
        }
        if let Some(kind) = item.get("kind").map(text_of).filter(|_| open && variants.has(Variant::FeedKindsOwn)) {
            item.insert("kind".to_owned(), json!(format!("sandbox.{}", kind.to_lowercase().replace('/', "."))));
        }
    }
    let next = page.get("next").and_then(Value::as_str).and_then(|next| url::Url::parse(next).ok());
    let Some(mut next) = next.filter(|next| next.query().is_some()) else { return };
    let renumbered = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
        let modified = value.parse::<i64>().ok().filter(|_| POSITIONS.contains(&name.as_ref())).and_then(written);
        let value = match modified {
            Some(modified) => text_of(&modified),
            None if open && name == "afterId" && variants.has(Variant::FeedIdsAsUrls) => {
                format!("{}{value}", items_url())
            }
            None => value.into_owned(),
        };
        (name.into_owned(), value)
    };
    let pairs: Vec<(String, String)> = next.query_pairs().map(renumbered).collect();
    next.query_pairs_mut().clear().extend_pairs(pairs);
    if let Some(page) = page.as_object_mut() {
        page.insert("next".to_owned(), json!(next.as_str()));
    }
}

/// The query of a page of a feed as the system understands it.
pub(in crate::sandbox) fn query<'q>(variants: &Variants, query: &'q str) -> Cow<'q, str> {
    if query.is_empty() || !renumbers(variants) {
        return Cow::Borrowed(query);
    }
    let mut plain = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let milliseconds = POSITIONS.contains(&name.as_ref()).then(|| inward(variants, &value)).flatten();
        let value = match (milliseconds, value.strip_prefix(&items_url())) {
            (Some(milliseconds), _) => milliseconds.to_string(),
            (None, Some(id)) if name == "afterId" => id.to_owned(),
            (None, _) => value.into_owned(),
        };
        plain.append_pair(&name, &value);
    }
    Cow::Owned(plain.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::feed::OpportunityFeedName;

    #[test]
    fn what_is_published_leads_back_to_what_is_counted() {
        let next = "https://example.com/feeds/a?publisher=x&afterTimestamp=1764342432123&afterId=17";
        for (variant, id, modified) in [
            (Variant::ModifiedInTicks, json!("17"), json!(638_999_392_321_230_000_i64)),
            (Variant::ModifiedAsText, json!("17"), json!("2025-11-28T15:07:12.123Z")),
            (Variant::FeedIdsAsIntegers, json!(17), json!(1_764_342_432_123_i64)),
            (Variant::FeedIdsAsUrls, json!(format!("{IDS}/feed?item=17")), json!(1_764_342_432_123_i64)),
        ] {
            let variants = Variants::new(&[variant]);
            let mut page_of_feed =
                json!({ "next": next, "items": [{ "kind": "A", "id": "17", "modified": 1_764_342_432_123_i64 }] });
            page(&variants, Place::Feed(OpportunityFeedName::Event), &mut page_of_feed);
            let item = &page_of_feed["items"][0];
            assert_eq!((&item["id"], &item["modified"]), (&id, &modified), "{variant}");
            let published = url::Url::parse(page_of_feed["next"].as_str().unwrap()).unwrap();
            let parameters: Vec<String> = published.query_pairs().map(|(_, value)| value.into_owned()).collect();
            assert_eq!(parameters, ["x".to_owned(), text_of(&modified), text_of(&id)], "{variant}");
            let understood = query(&variants, published.query().unwrap());
            assert_eq!(understood, "publisher=x&afterTimestamp=1764342432123&afterId=17", "{variant}");
        }
    }

    #[test]
    fn a_change_number_stays_an_integer() {
        let variants = Variants::new(&[Variant::ModifiedAsText]);
        let plain = json!({
            "next": "https://example.com/feeds/a?afterChangeNumber=17",
            "items": [{ "id": "17", "modified": 17 }]
        });
        let mut published = plain.clone();
        page(&variants, Place::Feed(OpportunityFeedName::FacilityUseSlot), &mut published);
        assert_eq!(published, plain);
    }
}
