//! The rules that a page can be judged by, with what is remembered of the pages before it.

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::hash::BuildHasher as _;

use crate::vocabulary::{BOOKING_MEDIA_TYPE, STARTS_WITH_MARK, Stage};

use super::breaches::{Breaches, IssueLevel, PageSeen, Reading};
use super::page::{FeedItem, FeedPage, ItemState, Parameters, base, brief, text};

/// The largest whole number that every reader of JSON keeps.
const SAFE: i128 = 1 << 53;
/// Fewer items than this on a page that is not the last one are few.
const FEW: usize = 500;
/// Seconds that the last page may be cached.
const LAST_PAGE_AGE: u64 = 8;
/// Seconds that other pages should be cacheable.
const PAGE_AGE: u64 = 3600;

/// Memory of an item.
#[derive(Debug, Clone, Copy)]
struct Seen {
    modified: u64,
    position: Option<i128>,
}

/// Memory of the pages of a feed: about 40 bytes per item.
#[derive(Debug, Default)]
pub struct Earlier {
    seen: FxHashMap<u64, Seen>,
    /// The last `modified`, by kind.
    last: FxHashMap<u64, i128>,
    /// The greatest `modified`.
    greatest: Option<i128>,
    /// The parameters of the last `next`.
    next: Parameters,
    /// The last page with items, where it had few.
    few: Option<(String, usize)>,
    /// OrderItems of an Orders feed that were cancelled.
    cancelled: FxHashSet<u64>,
    /// Orders of an Orders feed that were deleted.
    deleted: FxHashSet<u64>,
}

impl Earlier {
    /// Remembers a page that was judged.
    pub fn remember(&mut self, page: &FeedPage<'_>) {
        for item in page.items() {
            if page.stage == Stage::OrdersFeed {
                let cancelled = order_items(item).filter(|(_, status)| is_cancelled(status.as_deref()));
                self.cancelled.extend(cancelled.map(|(id, _)| id));
                if item.name.is_some() && matches!(item.state, ItemState::Deleted) {
                    self.deleted.insert(item.key);
                }
            }
            if let Some(position) = item.position {
                self.last.insert(kind_of(item), position);
                self.greatest = Some(self.greatest.map_or(position, |greatest| greatest.max(position)));
            }
            if item.name.is_some() {
                let seen = Seen { modified: modified_key(item), position: item.position };
                self.seen.insert(item.key, seen);
            }
        }
        if let Some(next) = absolute_next(page) {
            self.next = Parameters::of(&next);
        }
        if !page.items().is_empty() {
            self.few = (page.items().len() < FEW).then(|| (page.url.to_owned(), page.items().len()));
        }
    }
}

/// Members of an OrderItem for the rules about statuses.
#[derive(Deserialize, Serialize)]
struct OrderItemOutline {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "orderItemStatus", skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

/// Members of an Order for the rules about statuses.
#[derive(Default, Deserialize, Serialize)]
struct OrderOutline {
    #[serde(rename = "orderedItem", default, skip_serializing_if = "Vec::is_empty")]
    items: Vec<OrderItemOutline>,
}

/// So many bytes of data that is no object are kept.
const ODD_DATA: usize = 200;

/// What the rules of RPDE look at of the data of an item, as JSON: they judge it as they judge the data.
#[must_use]
pub fn outline(stage: Stage, data: &str) -> String {
    if !data.starts_with('{') {
        let start = data.get(..data.floor_char_boundary(ODD_DATA)).unwrap_or(data);
        return if start.len() == data.len() { data.to_owned() } else { serde_json::Value::from(start).to_string() };
    }
    match stage {
        Stage::OrdersFeed => {
            let order: OrderOutline = serde_json::from_str(data).unwrap_or_default();
            serde_json::to_string(&order).unwrap_or_else(|_| "{}".to_owned())
        }
        _ => "{}".to_owned(),
    }
}

/// The OrderItems of an item: a number for the `@id` of each, and its `orderItemStatus`.
fn order_items(item: &FeedItem<'_>) -> impl Iterator<Item = (u64, Option<String>)> {
    let order = item.data.and_then(|data| serde_json::from_str::<OrderOutline>(data.get()).ok());
    let order_items = order.into_iter().flat_map(|order| order.items);
    order_items.filter_map(|item| Some((FxBuildHasher.hash_one(item.id?), item.status)))
}

/// `true` if an `orderItemStatus` is that of a cancelled OrderItem.
fn is_cancelled(status: Option<&str>) -> bool {
    status.is_some_and(|status| status.ends_with("CustomerCancelled") || status.ends_with("SellerCancelled"))
}

/// Finds OrderItems that were cancelled, and are not any more.
pub(super) fn cancellation_undone(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    for item in seen.page.items() {
        let undone = order_items(item)
            .find(|(id, status)| !is_cancelled(status.as_deref()) && seen.earlier.cancelled.contains(id));
        if let Some((_, status)) = undone {
            let expected = "\"https://openactive.io/CustomerCancelled\" or \"https://openactive.io/SellerCancelled\"";
            breaches.fail("`orderItemStatus` of a cancelled OrderItem is no longer a cancellation", expected, || {
                let status = status.map_or_else(|| "no `orderItemStatus`".to_owned(), |status| brief(&status));
                format!("{}: {status}", at(seen.page, item))
            });
        }
    }
}

/// Finds Orders that were deleted, and are there again.
pub(super) fn deletion_undone(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    for item in seen.page.items() {
        if matches!(item.state, ItemState::Updated) && seen.earlier.deleted.contains(&item.key) {
            breaches.fail("a deleted Order is updated", "no update after `deleted`", || at(seen.page, item));
        }
    }
}

fn kind_of(item: &FeedItem<'_>) -> u64 {
    FxBuildHasher.hash_one(item.kind.map(RawValue::get))
}

fn modified_key(item: &FeedItem<'_>) -> u64 {
    FxBuildHasher.hash_one(item.modified.map_or("", RawValue::get))
}

/// `next`, where it is an absolute URL.
fn absolute_next<'p>(page: &'p FeedPage<'_>) -> Option<std::borrow::Cow<'p, str>> {
    page.next_text().filter(|next| url::Url::parse(next).is_ok())
}

fn is_for_one_partner(page: &FeedPage<'_>) -> bool {
    page.stage != Stage::OpportunityFeed
}

fn leads_to(page: &FeedPage<'_>) -> String {
    format!("`next` of {} is {}", page.url, brief(&page.next_text().unwrap_or_default()))
}

fn at(page: &FeedPage<'_>, item: &FeedItem<'_>) -> String {
    format!("{}: item {}", page.url, item.label())
}

pub(super) fn media_type(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let found = page.content_type.unwrap_or_default();
    let plain: String = found.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let mut parts = plain.split(';');
    let essence = parts.next().unwrap_or_default();
    let version = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| *name == "version");
    let (right, expected) = if is_for_one_partner(page) {
        let right = essence == "application/vnd.openactive.booking+json"
            && version.is_some_and(|(_, value)| value.trim_matches('"') == "1");
        (right, BOOKING_MEDIA_TYPE)
    } else {
        let right = matches!(essence, "application/json" | "application/vnd.openactive.rpde+json");
        (right, "application/json, or application/vnd.openactive.rpde+json; version=1")
    };
    if !right {
        breaches.fail("`Content-Type` is not that of the feed", expected, || {
            format!("{}: {}", page.url, if found.is_empty() { "no Content-Type" } else { found })
        });
    }
}

pub(super) fn duplicate_key(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    const EXPECTED: &str = "each key once";
    if let Some(key) = page.duplicate {
        let message = format!("`{key}` occurs more than once in a page; its last value counts");
        breaches.add(IssueLevel::Warning, message, EXPECTED, || page.url.to_owned());
    }
    for item in page.items() {
        if let Some(key) = item.duplicate {
            let message = format!("`{key}` occurs more than once in an item; its last value counts");
            breaches.add(IssueLevel::Warning, message, EXPECTED, || at(page, item));
        }
    }
}

pub(super) fn byte_order_mark(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    if seen.page.marked {
        let expected = "UTF-8 without a byte order mark";
        breaches.add(IssueLevel::Warning, STARTS_WITH_MARK, expected, || seen.page.url.to_owned());
    }
}

/// Whether shared caches may keep a page, and for how many seconds.
fn caching(page: &FeedPage<'_>) -> (bool, Option<u64>) {
    let parts = page.cache_control.unwrap_or_default().split(',').map(|part| part.trim().to_ascii_lowercase());
    let parts: Vec<String> = parts.collect();
    let age = parts.iter().find_map(|part| part.strip_prefix("max-age=")?.parse().ok());
    (parts.iter().any(|part| part == "public"), age)
}

fn shown_caching(page: &FeedPage<'_>) -> String {
    format!("{}: Cache-Control: {}", page.url, page.cache_control.unwrap_or("none"))
}

pub(super) fn cache_control(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let (public, age) = caching(page);
    if page.is_last() {
        if !public || age.is_some_and(|age| age > LAST_PAGE_AGE) {
            let message = "`Cache-Control` of the last page is missing or allows caching for too long";
            breaches.add(IssueLevel::Warning, message, "public, with max-age of at most 8", || shown_caching(page));
        }
    } else if !public || age.is_some_and(|age| age < PAGE_AGE) {
        let message = "`Cache-Control` of a page before the last one is missing or does not allow caching for long";
        breaches.add(IssueLevel::Warning, message, "public, with max-age of at least 3600", || shown_caching(page));
    }
}

pub(super) fn excessive_cache_control(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    if caching(page).0 {
        // No specification says so in words: a cache that heeds `Vary` would separate Booking Partners all the same.
        let message = "`Cache-Control` allows shared caches to keep a page for one Booking Partner";
        breaches.add(IssueLevel::Warning, message, "no `public`", || shown_caching(page));
    }
}

pub(super) fn missing_field(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    const EXPECTED: &str = "a value (required by RPDE)";
    for (name, message, missing) in [
        ("next", "`next` of a page is missing", page.next.is_none()),
        ("items", "`items` of a page is missing", page.listed.is_none()),
        // The example of an Orders feed in the Open Booking API has none, and RPDE requires it: open.
        ("license", "`license` of a page is missing", page.license.is_none() && !is_for_one_partner(page)),
    ] {
        if missing {
            breaches.fail(message, EXPECTED, || format!("{}: no `{name}`", page.url));
        }
    }
    for item in page.items() {
        for (message, missing) in [
            ("`state` of an item is missing", matches!(item.state, ItemState::Missing)),
            ("`kind` of an item is missing", item.kind.is_none()),
            ("`id` of an item is missing", item.id.is_none()),
            ("`modified` of an item is missing", item.modified.is_none()),
        ] {
            if missing {
                breaches.fail(message, EXPECTED, || at(page, item));
            }
        }
    }
}

pub(super) fn invalid_type(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    for item in page.items() {
        let Some(raw) = item.modified.map(RawValue::get) else { continue };
        let shown = || format!("{}: {}", at(page, item), brief(raw));
        match (item.position, raw.starts_with('"')) {
            (Some(_), true) => breaches.fail("`modified` is an integer as a string", "an integer", shown),
            (None, true) => {
                // RPDE allows strings that are compared with themselves, and recommends integers.
                breaches.add(IssueLevel::Suggestion, "`modified` is not an integer", "an integer", shown);
            }
            (None, false) => {
                breaches.fail("`modified` is neither an integer nor a string", "an integer", shown);
            }
            (Some(_), false) => {}
        }
    }
    let Some(next) = page.next_text() else {
        if let Some(next) = page.next {
            breaches
                .fail("`next` is not a string", "an absolute URL", || format!("{}: {}", page.url, brief(next.get())));
        }
        return;
    };
    if url::Url::parse(&next).is_err() {
        breaches.fail("`next` is not an absolute URL", "an absolute URL", || leads_to(page));
        return;
    }
    // The next page of an Orders feed may be opaque to its one reader.
    let after = Parameters::of(&next);
    if let Some(change) = after.change_number.filter(|_| !is_for_one_partner(page))
        && (change.parse::<i128>().is_err() || (change.starts_with('0') && change.len() > 1))
    {
        breaches.fail("`afterChangeNumber` of `next` is not an integer", "an integer", || leads_to(page));
    }
}

pub(super) fn invalid_format(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    if let Some(license) = page.license.filter(|license| text(Some(license)).is_none() && !is_for_one_partner(page)) {
        breaches.fail("`license` is not a string", "a URL", || format!("{}: {}", page.url, brief(license.get())));
    }
    if page.listed.is_some() && page.items.is_none() {
        breaches.fail("`items` is not a list", "a list of items", || {
            format!("{}: {}", page.url, brief(page.listed.map_or("null", RawValue::get)))
        });
    }
    if page.strange > 0 {
        breaches.fail("an entry of `items` is not an object", "an object", || {
            format!("{}: {}", page.url, brief(&first_stray(page).unwrap_or_default()))
        });
    }
    for item in page.items() {
        let shown = |raw: &str| format!("{}: {}", at(page, item), brief(raw));
        if let Some(id) = item.id.filter(|_| item.name.is_none()) {
            breaches.fail("`id` is neither a string nor an integer", "a string or an integer", || shown(id.get()));
        }
        if let Some(kind) = item.kind.filter(|kind| text(Some(kind)).is_none()) {
            breaches.fail("`kind` is not a string", "a string", || shown(kind.get()));
        }
        match (item.state, item.data) {
            (ItemState::Updated, Some(data)) if !data.get().starts_with('{') => {
                breaches.fail("`data` is not an object", "an object", || shown(data.get()));
            }
            (ItemState::Other(state), _) => {
                breaches.fail("`state` is neither \"updated\" nor \"deleted\"", "\"updated\" or \"deleted\"", || {
                    shown(state)
                });
            }
            _ => {}
        }
    }
}

/// The first entry of `items` that is not an object, as JSON.
fn first_stray(page: &FeedPage<'_>) -> Option<String> {
    let entries: Vec<&RawValue> = serde_json::from_str(page.listed?.get()).ok()?;
    entries.iter().map(|entry| entry.get()).find(|entry| !entry.starts_with('{')).map(str::to_owned)
}

pub(super) fn json_ld(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    const EXPECTED: &str = "JSON-LD within `data` alone";
    if let Some(name) = page.json_ld {
        breaches.fail(format!("`{name}` of a page is outside `data`"), EXPECTED, || format!("{}: `{name}`", page.url));
    }
    for (item, name) in page.items().iter().filter_map(|item| Some((item, item.json_ld?))) {
        breaches.fail(format!("`{name}` of an item is outside `data`"), EXPECTED, || at(page, item));
    }
}

pub(super) fn missing_data(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    for item in seen.page.items().iter().filter(|item| matches!(item.state, ItemState::Updated) && item.data.is_none())
    {
        breaches.fail("`data` of an updated item is missing", "`data`", || at(seen.page, item));
    }
}

pub(super) fn unnecessary_data(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    for item in seen.page.items().iter().filter(|item| matches!(item.state, ItemState::Deleted) && item.data.is_some())
    {
        breaches.fail("`data` of a deleted item is included", "no `data`", || at(seen.page, item));
    }
}

/// Whether a page has items, and all of them are in pages before it, with the same `modified`.
#[must_use]
pub fn only_repeats(page: &FeedPage<'_>, earlier: &Earlier) -> bool {
    let known = |item: &FeedItem<'_>| {
        item.name.is_some() && earlier.seen.get(&item.key).is_some_and(|before| before.modified == modified_key(item))
    };
    !page.items().is_empty() && page.items().iter().all(known)
}

pub(super) fn duplicate_item(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    const EXPECTED: &str = "each item once, at its last update";
    let mut here: FxHashSet<u64> = FxHashSet::default();
    for item in page.items().iter().filter(|item| item.name.is_some()) {
        if !here.insert(item.key) {
            breaches.fail("an item occurs twice in one page", EXPECTED, || at(page, item));
        } else if let Some(before) = seen.earlier.seen.get(&item.key)
            && before.modified == modified_key(item)
            // With an ordering strategy of its own, a feed may show two updates of one moment.
            && (!is_for_one_partner(page) || seen.earlier.next.position().is_some())
        {
            let message = "an item occurs twice in the feed with the same `modified`";
            breaches.fail(message, EXPECTED, || at(page, item));
        }
    }
}

pub(super) fn order(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    const EXPECTED: &str = "`modified` not less than that of the item before";
    let mut here: Vec<(u64, i128)> = Vec::new();
    for item in page.items() {
        let Some(now) = item.position else { continue };
        // RPDE: "Ordering across kinds is not important".
        let kind = kind_of(item);
        let known = here.iter().position(|(known, _)| *known == kind);
        let last = known.and_then(|known| here.get(known)).map(|(_, last)| *last);
        let last = last.or_else(|| seen.earlier.last.get(&kind).copied());
        match known.and_then(|known| here.get_mut(known)) {
            Some((_, last)) => *last = now,
            None => here.push((kind, now)),
        }
        if let Some(last) = last.filter(|last| now < *last) {
            let message = "items are not in the order of `modified`";
            breaches.fail(message, EXPECTED, || format!("{} with {now} after {last}", at(page, item)));
        } else if seen.earlier.greatest.is_some_and(|greatest| now < greatest)
            && let Some(then) = seen.earlier.seen.get(&item.key).and_then(|before| before.position)
            && now < then
        {
            let message = "`modified` of a repeated item decreases";
            breaches.fail(message, EXPECTED, || format!("{} with {now} after {then}", at(page, item)));
        }
    }
}

pub(super) fn large_modified(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    for item in seen.page.items() {
        let whole = item.modified.is_some_and(|raw| !raw.get().starts_with('"'));
        if let Some(position) = item.position.filter(|position| whole && position.abs() > SAFE) {
            let message = "`modified` exceeds 2^53; readers that parse numbers as doubles lose digits";
            breaches.add(IssueLevel::Suggestion, message, "an integer up to 2^53", || {
                format!("{}: {position}", at(seen.page, item))
            });
        }
    }
}

/// A URL without its query, in its normal form: `http://host` and `http://host/` are one address.
fn address(url: &str) -> Option<String> {
    url::Url::parse(url).ok().map(|url| base(url.as_str()).to_owned())
}

pub(super) fn base_url(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let Some(next) = absolute_next(page) else { return };
    if is_for_one_partner(page) {
        // Its path is no concern of its one reader, who follows `next`. Its origin is: credentials go nowhere else.
        let origins = [&next, page.url].map(|url| url::Url::parse(url).ok().map(|url| url.origin()));
        if origins.first() != origins.last() {
            breaches.fail("`next` has another origin than the feed", "the origin of the feed", || leads_to(page));
        }
    } else if [page.url, page.answered].iter().all(|own| base(&next) != base(own) && address(&next) != address(own)) {
        breaches.fail("`next` has another base URL than the feed", "the URL of the feed with other parameters", || {
            leads_to(page)
        });
    }
}

pub(super) fn next_is_self(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    if !page.items().is_empty() && absolute_next(page).is_some_and(|next| page.is_at(&next)) {
        breaches
            .fail("`next` of a page with items is the page itself", "the page after the last item", || leads_to(page));
    }
}

pub(super) fn after_id(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let Some(after) = absolute_next(page).map(|next| Parameters::of(&next)) else { return };
    if after.timestamp.is_some() && after.id.is_none() {
        let message = match &after.misspelt_id {
            Some(_) => "`afterId` of `next` is misspelt",
            None => "`next` has `afterTimestamp` without `afterId`",
        };
        breaches.fail(message, "afterTimestamp and afterId", || leads_to(page));
    }
}

/// `next` is calculated from the last item behind the page. A filter may have kept that item from the page, so that `next`
/// may begin later than after the last item that is there. It cannot begin earlier, nor after another item of the page.
pub(super) fn last_item(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let Some(next) = absolute_next(page) else { return };
    let after = Parameters::of(&next);
    let (Some((last, others)), Some(given)) = (page.items().split_last(), after.position()) else { return };
    let Some(modified) = last.modified_text() else { return };
    let id = after.id.as_deref().or(after.misspelt_id.as_deref());
    let by_time = after.timestamp.is_some();
    let is_of = |item: &FeedItem<'_>| {
        item.modified_text().is_some_and(|text| text == given) && (!by_time || item.name.as_deref() == id)
    };
    if is_of(last) {
        return;
    }
    // An `&` or `#` that is not encoded cuts `afterId` off.
    let cut = by_time
        && given == modified
        && last.name.as_deref().is_some_and(|name| id.is_some_and(|id| name.starts_with(id)));
    let earlier = match (given.parse::<i128>(), last.position) {
        _ if cut => true,
        (Ok(given), Some(modified)) => given < modified,
        // The next page of an Orders feed may be opaque to its one reader.
        _ if !by_time && is_for_one_partner(page) => return,
        (Err(_), None) => given < modified.as_ref(),
        // The format of both is the same.
        (Ok(_), None) | (Err(_), Some(_)) => true,
    };
    if earlier || others.iter().any(is_of) {
        let message = "`next` is not the position of the last item of the page";
        breaches.fail(message, "`modified` and `id` of the last item", || {
            let found = format!("{}; the last item is {} with {}", leads_to(page), last.label(), brief(&modified));
            let encoded = next.split_once('?').is_none_or(|(_, query)| !query.contains('+')) && !cut;
            if encoded { found } else { format!("{found}; values of `next` are not URL-encoded") }
        });
    }
}

pub(super) fn no_increase(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let Some(next) = absolute_next(page).filter(|next| !page.is_at(next)) else { return };
    let (before, after) = (&seen.earlier.next, Parameters::of(&next));
    let position = |parameters: &Parameters| parameters.position()?.parse::<i128>().ok();
    if let (Some(then), Some(now)) = (position(before), position(&after))
        && (now < then || (now == then && after.id == before.id && after.change_number == before.change_number))
    {
        let expected = "a position after that of the previous `next`";
        breaches.fail("`next` does not advance", expected, || leads_to(page));
    }
}

pub(super) fn strategy(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    let page = seen.page;
    let after = absolute_next(page).map(|next| Parameters::of(&next));
    if !page.items().is_empty() && after.is_some_and(|after| after.position().is_none()) {
        let message = "`next` has no parameters of an ordering strategy";
        breaches.fail(message, "afterTimestamp and afterId, or afterChangeNumber", || leads_to(page));
    }
}

pub(super) fn few_items(seen: &PageSeen<'_>, breaches: &mut Breaches) {
    if seen.reading == Reading::Harvest
        && !seen.page.items().is_empty()
        && let Some((page, count)) = &seen.earlier.few
    {
        let message = "`items` of a page before the last one has fewer than 500 entries";
        breaches.add(IssueLevel::Warning, message, "at least 500 items", || format!("{page}: {count} items"));
    }
}
