//! The rules of RPDE, page by page.

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::client::feed::Links;
use crate::vocabulary::{STARTS_WITH_MARK, named_enumeration as named};

use super::page::{Item, Page, Parameters, base, identifier, is_object, text, whole};

named! {
    /// What is wrong with a feed.
    "kind of issue"
    pub enum IssueKind {
        /// A status other than 200.
        Status = "invalid_status_code",
        /// Another media type.
        ContentType = "invalid_content_type",
        /// No JSON object.
        Json = "invalid_json",
        /// A key that an object has more than once.
        DuplicateKey = "duplicate_key",
        /// A byte order mark before the page.
        ByteOrderMark = "byte_order_mark",
        /// Bytes that are not UTF-8.
        Encoding = "invalid_encoding",
        /// Caching that does not suit the page.
        CacheControl = "missing_cache_control",
        /// Caching of what is nobody else's business.
        ExcessiveCacheControl = "excessive_cache_control",
        /// A property that must be there.
        MissingField = "missing_required_field",
        /// A property that must not be there.
        FieldNotAllowed = "field_not_allowed",
        /// A value of another type.
        InvalidType = "invalid_type",
        /// A value of another form.
        InvalidFormat = "invalid_format",
        /// An updated item without data.
        MissingData = "missing_data_in_updated_item",
        /// A deleted item with data.
        UnnecessaryData = "unnecessary_data_in_deleted_item",
        /// An item twice.
        Duplicate = "no_duplicate_items",
        /// Items out of order.
        Order = "items_out_of_order",
        /// A number that many readers cannot hold.
        LargeModified = "modified_beyond_2_53",
        /// `next` at another address.
        BaseUrl = "base_url_mismatch",
        /// `next` of a page with items is the page itself.
        NextIsSelf = "invalid_next_url_for_zero_items",
        /// `afterTimestamp` without `afterId`.
        AfterId = "after_id_with_timestamp",
        /// `next` that does not begin after the last item.
        LastItem = "last_item_not_matching_next",
        /// `next` that does not lead on.
        NoIncrease = "after_param_should_increase",
        /// No way to tell where pages begin.
        Strategy = "unknown_ordering_strategy",
        /// Pages with few items.
        FewItems = "minimum_items_per_page",
        /// No deleted items at all.
        NoDeleted = "no_deleted_items",
        /// A last page that has items.
        LastPageItems = "last_page_no_items",
        /// A last page that is not its own next.
        LastPageSelf = "last_page_reference_self",
        /// Items that are gone without having been deleted.
        Vanished = "item_vanished",
        /// A feed that ends where it should not.
        Loop = "feed_loops",
    }
}

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It breaks RPDE.
    Failure,
    /// It should be otherwise.
    Warning,
    /// It is worth knowing.
    Suggestion,
}

/// An issue, with how often it was seen and where first.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// What is wrong.
    #[serde(rename = "type")]
    pub kind: IssueKind,
    /// How bad that is.
    pub severity: Level,
    /// In words.
    pub message: String,
    /// How often.
    pub count: u64,
    /// The first place: a page, and what was found there.
    pub first: String,
}

/// What is remembered of an item.
#[derive(Debug, Clone, Copy)]
struct Seen {
    modified: u64,
    order: Option<i128>,
}

/// Judges the pages of one feed.
#[derive(Debug)]
pub(super) struct Judge {
    orders: bool,
    issues: BTreeMap<(Level, IssueKind, String), (u64, String)>,
    seen: FxHashMap<u64, Seen>,
    /// The items that are there, by name, where the feed is read twice.
    names: Option<FxHashMap<u64, Box<str>>>,
    last: Option<i128>,
    before: Parameters,
    small: Option<(String, usize)>,
    pub(super) pages: u64,
    pub(super) updated: u64,
    pub(super) deleted: u64,
}

/// The largest whole number that every reader of JSON keeps.
const SAFE: i128 = 1 << 53;
/// Fewer items than this on a page that is not the last one are few.
const FEW: usize = 500;

fn number(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

impl Judge {
    /// With `twice`, the names of items are kept until a second reading.
    pub(super) fn new(orders: bool, twice: bool) -> Self {
        Self {
            orders,
            names: twice.then(FxHashMap::default),
            issues: BTreeMap::new(),
            seen: FxHashMap::default(),
            last: None,
            before: Parameters::default(),
            small: None,
            pages: 0,
            updated: 0,
            deleted: 0,
        }
    }

    fn note(&mut self, severity: Level, kind: IssueKind, message: impl Into<String>, first: impl FnOnce() -> String) {
        self.issues.entry((severity, kind, message.into())).or_insert_with(|| (0, first())).0 += 1;
    }

    pub(super) fn fail(&mut self, kind: IssueKind, message: impl Into<String>, first: impl FnOnce() -> String) {
        self.note(Level::Failure, kind, message, first);
    }

    /// The headers of a page.
    pub(super) fn headers(&mut self, url: &str, content_type: Option<&str>, cache: Option<&str>, last: bool) {
        let found = content_type.unwrap_or("nothing");
        let good = if self.orders {
            found.starts_with("application/vnd.openactive.booking+json")
        } else {
            found.starts_with("application/json") || found.starts_with("application/vnd.openactive.rpde+json")
        };
        if !good {
            self.fail(IssueKind::ContentType, "a page has another media type than RPDE", || format!("{url}: {found}"));
        }
        let control = cache.unwrap_or_default();
        let public = control.split(',').any(|part| part.trim().eq_ignore_ascii_case("public"));
        let age = control.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse::<u64>().ok());
        let shown = || format!("{url}: Cache-Control: {}", cache.unwrap_or("none"));
        if self.orders {
            if public {
                self.fail(IssueKind::ExcessiveCacheControl, "a feed of Orders must not be cached by others", shown);
            }
        } else if last {
            if !public || age.is_some_and(|age| age > 8) {
                let message = "the last page should be cached by all for 8 seconds at most";
                self.note(Level::Warning, IssueKind::CacheControl, message, shown);
            }
        } else if !public || age.is_some_and(|age| age < 3600) {
            let message = "pages with items should be cached by all for an hour at least";
            self.note(Level::Warning, IssueKind::CacheControl, message, shown);
        }
    }

    /// A page and its items.
    pub(super) fn page(&mut self, url: &str, page: &Page<'_>, items: Option<&(Vec<Item<'_>>, usize)>) {
        self.pages += 1;
        if page.marked {
            self.note(Level::Warning, IssueKind::ByteOrderMark, STARTS_WITH_MARK, || url.to_owned());
        }
        if let Some(key) = page.duplicate {
            let message = format!("`{key}` is a duplicate key of a page, of which the last value counts");
            self.note(Level::Warning, IssueKind::DuplicateKey, message, || url.to_owned());
        }
        for (name, value) in [("next", page.next), ("items", page.items)] {
            if value.is_none() {
                self.fail(IssueKind::MissingField, format!("a page has no `{name}`"), || url.to_owned());
            }
        }
        match (page.license, self.orders) {
            (None, false) => self.fail(IssueKind::MissingField, "a page has no `license`", || url.to_owned()),
            (Some(_), true) => {
                self.fail(IssueKind::FieldNotAllowed, "a feed of Orders has no `license`", || url.to_owned());
            }
            (Some(license), false) if text(Some(license)).is_none() => {
                self.fail(IssueKind::InvalidFormat, "`license` is not text", || url.to_owned());
            }
            _ => {}
        }
        let Some((items, strange)) = items else {
            if page.items.is_some() {
                self.fail(IssueKind::InvalidFormat, "`items` is not a list", || url.to_owned());
            }
            return;
        };
        if *strange > 0 {
            self.fail(IssueKind::InvalidFormat, "an item is not an object", || url.to_owned());
        }
        let mut here: FxHashSet<u64> = FxHashSet::default();
        for item in items {
            self.item(url, item, &mut here);
        }
        self.next(url, page, items);
        if let Some((first, count)) = self.small.take().filter(|_| !items.is_empty()) {
            let message = format!("pages that are not the last one have at least {FEW} items");
            self.note(Level::Warning, IssueKind::FewItems, message, || format!("{first}: {count} items"));
        }
        if !items.is_empty() && items.len() < FEW {
            self.small = Some((url.to_owned(), items.len()));
        }
    }

    fn item(&mut self, url: &str, item: &Item<'_>, here: &mut FxHashSet<u64>) {
        let shown = |value: Option<&RawValue>| value.map_or_else(|| "nothing".to_owned(), |raw| short(raw.get()));
        let at = |id: &str| format!("{url}: item {id}");
        let id = identifier(item.id);
        let named = id.clone().unwrap_or_else(|| shown(item.id));
        for (name, value) in [("state", item.state), ("kind", item.kind), ("id", item.id), ("modified", item.modified)]
        {
            if value.is_none() {
                self.fail(IssueKind::MissingField, format!("an item has no `{name}`"), || at(&named));
            }
        }
        if let Some(key) = item.duplicate {
            let message = format!("`{key}` is a duplicate key of an item, of which the last value counts");
            self.note(Level::Warning, IssueKind::DuplicateKey, message, || at(&named));
        }
        if item.id.is_some() && id.is_none() {
            self.fail(IssueKind::InvalidFormat, "`id` is neither text nor a whole number", || at(&named));
        }
        if item.kind.is_some() && text(item.kind).is_none() {
            self.fail(IssueKind::InvalidFormat, "`kind` is not text", || at(&named));
        }
        match (text(item.state).as_deref(), item.data) {
            (Some("updated"), None) => {
                self.fail(IssueKind::MissingData, "an updated item has no `data`", || at(&named));
            }
            (Some("updated"), Some(data)) if !is_object(data) => {
                self.fail(IssueKind::InvalidFormat, "`data` is not an object", || at(&named));
            }
            (Some("updated"), _) => self.updated += 1,
            (Some("deleted"), data) => {
                self.deleted += 1;
                if data.is_some() {
                    self.fail(IssueKind::UnnecessaryData, "a deleted item has `data`", || at(&named));
                }
            }
            (_, _) if item.state.is_some() => {
                let found = shown(item.state);
                self.fail(IssueKind::InvalidFormat, "`state` is neither updated nor deleted", || {
                    format!("{}: {found}", at(&named))
                });
            }
            _ => {}
        }
        let order = self.modified(url, item, &named);
        let Some(id) = id else { return };
        let (key, raw) = (number(&id), number(item.modified.map_or("", RawValue::get)));
        if let Some(names) = &mut self.names {
            match item.data {
                Some(_) => drop(names.insert(key, id.as_str().into())),
                None => drop(names.remove(&key)),
            }
        }
        if !here.insert(key) {
            self.fail(IssueKind::Duplicate, "a page has an item twice", || at(&named));
        } else if let Some(before) = self.seen.get(&key).copied() {
            if before.modified == raw {
                let message = "an item stands in the feed twice with the same `modified`";
                self.fail(IssueKind::Duplicate, message, || at(&named));
            } else if let (Some(then), Some(now)) = (before.order, order)
                && now < then
            {
                let message = "an item comes back with a smaller `modified`";
                self.fail(IssueKind::Order, message, || format!("{}: {now} after {then}", at(&named)));
            }
        }
        self.seen.insert(key, Seen { modified: raw, order });
    }

    fn modified(&mut self, url: &str, item: &Item<'_>, named: &str) -> Option<i128> {
        let value = item.modified?;
        let raw = value.get();
        let order = whole(Some(value));
        match (order, raw.starts_with('"')) {
            (Some(_), true) => {
                let message = "`modified` is a whole number as text";
                self.fail(IssueKind::InvalidType, message, || format!("{url}: item {named}: {raw}"));
            }
            (None, true) => {
                let message = "`modified` is not a whole number";
                self.note(Level::Warning, IssueKind::InvalidType, message, || format!("{url}: item {named}: {raw}"));
            }
            (None, false) => {
                let message = "`modified` is neither text nor a whole number";
                self.fail(IssueKind::InvalidType, message, || format!("{url}: item {named}: {}", short(raw)));
            }
            (Some(_), false) => {}
        }
        let order = order?;
        if order.abs() > SAFE {
            let message = "`modified` is more than 2^53: readers that take numbers for doubles lose its end";
            self.note(Level::Suggestion, IssueKind::LargeModified, message, || format!("{url}: item {named}: {order}"));
        }
        if let Some(last) = self.last.filter(|last| order < *last) {
            let message = "items are not in the order of `modified`";
            self.fail(IssueKind::Order, message, || format!("{url}: item {named} with {order} after {last}"));
        }
        self.last = Some(order);
        Some(order)
    }

    fn next(&mut self, url: &str, page: &Page<'_>, items: &[Item<'_>]) {
        let Some(next) = text(page.next) else {
            if page.next.is_some() {
                self.fail(IssueKind::InvalidType, "`next` is not text", || url.to_owned());
            }
            return;
        };
        let to = || format!("{url} leads to {next}");
        if url::Url::parse(&next).is_err() {
            self.fail(IssueKind::InvalidType, "`next` is not an absolute URL", to);
            return;
        }
        if base(&next) != base(url) {
            self.fail(IssueKind::BaseUrl, "`next` leads to another address", to);
        }
        if next == url && !items.is_empty() {
            self.fail(IssueKind::NextIsSelf, "a page with items has itself as `next`", to);
        }
        let after = Parameters::of(&next);
        match (&after.timestamp, &after.change_number) {
            (None, None) if !items.is_empty() => {
                let message = "`next` has neither afterTimestamp and afterId nor afterChangeNumber";
                self.fail(IssueKind::Strategy, message, to);
            }
            _ => {}
        }
        let last = items.last();
        let modified = last
            .and_then(|item| item.modified)
            .map(|value| text(Some(value)).unwrap_or_else(|| value.get().to_owned()));
        if let Some(timestamp) = &after.timestamp {
            if after.id.is_none() {
                let message = match &after.misspelt_id {
                    Some(_) => "`afterId` is written in other letters",
                    None => "`next` has afterTimestamp without afterId",
                };
                self.fail(IssueKind::AfterId, message, to);
            }
            let id = last.and_then(|item| identifier(item.id));
            let given = after.id.as_ref().or(after.misspelt_id.as_ref());
            if last.is_some() && (Some(timestamp) != modified.as_ref() || given != id.as_ref()) {
                let message = "`next` does not begin after the last item of the page";
                self.fail(IssueKind::LastItem, message, to);
            }
        }
        if let Some(change) = &after.change_number {
            if change.parse::<i128>().is_err() || (change.starts_with('0') && change.len() > 1) {
                self.fail(IssueKind::InvalidType, "afterChangeNumber is not a whole number", to);
            }
            if last.is_some() && Some(change) != modified.as_ref() {
                let message = "`next` does not begin after the last item of the page";
                self.fail(IssueKind::LastItem, message, to);
            }
        }
        let position = |parameters: &Parameters| {
            let text = parameters.timestamp.as_ref().or(parameters.change_number.as_ref())?;
            text.parse::<i128>().ok()
        };
        if next != url
            && let (Some(then), Some(now)) = (position(&self.before), position(&after))
            && (now < then
                || (now == then && after.id == self.before.id && after.change_number == self.before.change_number))
        {
            self.fail(IssueKind::NoIncrease, "`next` does not lead on", to);
        }
        self.before = after;
    }

    /// The end of the feed.
    pub(super) fn end(&mut self, url: &str) {
        if self.deleted == 0 && self.updated > 0 && !self.orders {
            let message = "the feed has no deleted items: they stay in a feed for seven days at least";
            self.note(Level::Warning, IssueKind::NoDeleted, message, || url.to_owned());
        }
    }

    /// The items of a page of the second reading.
    pub(super) fn still_there(&mut self, items: &[Item<'_>]) {
        let Some(names) = &mut self.names else { return };
        for id in items.iter().filter_map(|item| identifier(item.id)) {
            names.remove(&number(&id));
        }
    }

    /// The end of the second reading: what was not met again has vanished.
    pub(super) fn vanished(&mut self, url: &str) {
        let names = self.names.take().unwrap_or_default();
        let mut gone: Vec<&str> = names.values().map(AsRef::as_ref).collect();
        gone.sort_unstable();
        for id in gone {
            let message = "an item was there, and is gone without having been deleted";
            self.fail(IssueKind::Vanished, message, || format!("{url}: item {id}"));
        }
    }

    pub(super) fn issues(&self) -> Vec<Issue> {
        let issue = |((severity, kind, message), (count, first)): (&(Level, IssueKind, String), &(u64, String))| {
            Issue { kind: *kind, severity: *severity, message: message.clone(), count: *count, first: first.clone() }
        };
        self.issues.iter().map(issue).collect()
    }
}

/// Identifiers of items, and references to parents, as numbers.
#[derive(Debug, Default)]
pub(super) struct References {
    ids: FxHashSet<u64>,
    parents: Vec<u64>,
}

impl References {
    /// Takes what the data of an item says.
    pub(super) fn take(&mut self, data: &RawValue) {
        let Some(links) = Links::read(data.get()) else { return };
        let ids = links.id().into_iter().chain(links.children());
        self.ids.extend(ids.map(|id| number(&id)));
        self.parents.extend(links.parents().map(|id| number(&id)));
    }

    pub(super) fn add(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.parents.extend(other.parents);
    }

    pub(super) fn has(&self, id: u64) -> bool {
        self.ids.contains(&id)
    }

    pub(super) fn parents(&self) -> &[u64] {
        &self.parents
    }
}

fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(80).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
