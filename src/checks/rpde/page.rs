//! A page of an RPDE feed, read strictly: every property as it was sent.

use std::borrow::Cow;
use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;
use serde_json::value::RawValue;

use crate::vocabulary::Stage;

/// A page, with where it was read.
#[derive(Debug)]
pub struct FeedPage<'p> {
    /// The kind of feed: [`Stage::OpportunityFeed`], [`Stage::OrdersFeed`] or [`Stage::ProposalsFeed`].
    pub stage: Stage,
    /// The URL that was requested.
    pub url: &'p str,
    /// The URL that responded, after redirects.
    pub answered: &'p str,
    /// `Content-Type`
    pub content_type: Option<&'p str>,
    /// `Cache-Control`
    pub cache_control: Option<&'p str>,
    /// `next`; `None` when it is missing or null.
    pub next: Option<&'p RawValue>,
    /// `license`; `None` when it is missing or null.
    pub license: Option<&'p RawValue>,
    /// `items` of any type; `None` when it is missing or null.
    pub listed: Option<&'p RawValue>,
    /// The entries of `items` that are objects; `None` when `items` is no list.
    pub items: Option<Vec<FeedItem<'p>>>,
    /// How many entries of `items` are no objects.
    pub strange: usize,
    /// The first of these properties that the page has more than once.
    pub duplicate: Option<&'static str>,
    /// Whether the page starts with a byte order mark.
    pub marked: bool,
    /// The first keyword of JSON-LD that the page has itself.
    pub json_ld: Option<&'static str>,
}

impl FeedPage<'_> {
    /// Its items.
    #[must_use]
    pub fn items(&self) -> &[FeedItem<'_>] {
        self.items.as_deref().unwrap_or_default()
    }

    /// Whether `items` is a list without entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.as_ref().is_some_and(Vec::is_empty) && self.strange == 0
    }

    /// `next` where it is text.
    #[must_use]
    pub fn next_text(&self) -> Option<Cow<'_, str>> {
        text(self.next)
    }

    /// Whether it is the last page: without items, and its own `next`.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.is_empty() && self.next_text().is_some_and(|next| self.is_at(&next))
    }

    /// `true` if a URL is that of the page, before or after redirects, in any spelling. A relative URL is resolved against it.
    pub(super) fn is_at(&self, url: &str) -> bool {
        let same = |own: &str| url::Url::parse(own).is_ok_and(|own| own.join(url).is_ok_and(|one| one == own));
        [self.url, self.answered].into_iter().any(|own| url == own || same(own))
    }
}

/// `state` of an item.
#[derive(Debug, Clone, Copy)]
pub enum ItemState<'p> {
    /// There is none.
    Missing,
    /// `updated`
    Updated,
    /// `deleted`
    Deleted,
    /// Anything else, as JSON.
    Other(&'p str),
}

/// An item.
#[derive(Debug)]
pub struct FeedItem<'p> {
    /// `state`
    pub state: ItemState<'p>,
    /// `kind`; `None` when it is missing or null.
    pub kind: Option<&'p RawValue>,
    /// `id`; `None` when it is missing or null.
    pub id: Option<&'p RawValue>,
    /// `modified`; `None` when it is missing or null.
    pub modified: Option<&'p RawValue>,
    /// `data`; `None` when it is missing or null.
    pub data: Option<&'p RawValue>,
    /// The first of these properties that the item has more than once.
    pub duplicate: Option<&'static str>,
    /// `id` as text, where it is text or a whole number.
    pub name: Option<Cow<'p, str>>,
    /// `modified` as a number, where it is a whole number or is written as one.
    pub position: Option<i128>,
    /// A number for what identifies the item in its feed; 0 without [`name`](Self::name).
    pub key: u64,
    /// The first keyword of JSON-LD that the item has itself, outside `data`.
    pub json_ld: Option<&'static str>,
}

impl<'p> FeedItem<'p> {
    /// An item of a feed, out of `state`, `kind`, `id`, `modified` and `data`.
    #[must_use]
    pub fn new(stage: Stage, properties: [Option<&'p RawValue>; 5], duplicate: Option<&'static str>) -> Self {
        let [state, kind, id, modified, data] = properties;
        let state = match state {
            None => ItemState::Missing,
            Some(raw) => match text(Some(raw)).as_deref() {
                Some("updated") => ItemState::Updated,
                Some("deleted") => ItemState::Deleted,
                _ => ItemState::Other(raw.get()),
            },
        };
        let name = text(id).or_else(|| {
            let raw = id?.get();
            raw.parse::<i128>().is_ok().then_some(Cow::Borrowed(raw))
        });
        let position = modified.and_then(|raw| {
            let plain = raw.get().parse().ok();
            plain.or_else(|| text(Some(raw)).and_then(|text| text.parse().ok()))
        });
        let key = name.as_deref().map_or(0, |name| match stage {
            // One feed may hold an Order and its OrderProposal, which share their UUID.
            Stage::OrdersFeed | Stage::ProposalsFeed => FxBuildHasher.hash_one((name, kind.map(RawValue::get))),
            _ => FxBuildHasher.hash_one(name),
        });
        Self { state, kind, id, modified, data, duplicate, name, position, key, json_ld: None }
    }

    /// Its name in findings.
    pub(super) fn label(&self) -> String {
        let raw = || self.id.map_or_else(|| "without `id`".to_owned(), |raw| brief(raw.get()));
        self.name.as_deref().map_or_else(raw, brief)
    }

    /// `modified` as it stands in parameters.
    pub(super) fn modified_text(&self) -> Option<Cow<'p, str>> {
        text(self.modified).or_else(|| self.modified.map(|raw| Cow::Borrowed(raw.get())))
    }
}

/// A value where it is text.
pub(super) fn text<'p>(value: Option<&'p RawValue>) -> Option<Cow<'p, str>> {
    let raw = value?.get();
    let borrowed = serde_json::from_str::<&'p str>(raw).map(Cow::Borrowed);
    borrowed.or_else(|_| serde_json::from_str(raw).map(Cow::Owned)).ok()
}

/// The beginning of a text.
pub(super) fn brief(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The parameters of a URL that say where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `afterTimestamp`
    pub timestamp: Option<String>,
    /// `afterId`
    pub id: Option<String>,
    /// `afterId` in other letters.
    pub misspelt_id: Option<String>,
    /// `afterChangeNumber`
    pub change_number: Option<String>,
}

impl Parameters {
    /// Those of a URL.
    #[must_use]
    pub fn of(url: &str) -> Self {
        let mut parameters = Self::default();
        let Ok(url) = url::Url::parse(url) else { return parameters };
        for (name, value) in url.query_pairs() {
            let value = Some(value.into_owned());
            match name.as_ref() {
                "afterTimestamp" => parameters.timestamp = value,
                "afterId" => parameters.id = value,
                "afterChangeNumber" => parameters.change_number = value,
                other if other.eq_ignore_ascii_case("afterId") => parameters.misspelt_id = value,
                _ => {}
            }
        }
        parameters
    }

    /// The position in the feed: `afterTimestamp`, else `afterChangeNumber`.
    pub(super) fn position(&self) -> Option<&str> {
        self.timestamp.as_deref().or(self.change_number.as_deref())
    }
}

/// A URL without its query.
#[must_use]
pub fn base(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::FeedPage;
    use crate::vocabulary::Stage;

    #[test]
    fn a_relative_next_leads_to_the_last_page_itself() {
        let last = |next: &str| {
            let next: Box<RawValue> = serde_json::from_str(&format!("{next:?}")).unwrap();
            let url = "https://example.com/feed?afterChangeNumber=4";
            let page = FeedPage {
                stage: Stage::OpportunityFeed,
                url,
                answered: url,
                content_type: None,
                cache_control: None,
                next: Some(&*next),
                license: None,
                listed: None,
                items: Some(Vec::new()),
                strange: 0,
                duplicate: None,
                marked: false,
                json_ld: None,
            };
            page.is_last()
        };
        assert!(last("/feed?afterChangeNumber=4") && last("https://example.com/feed?afterChangeNumber=4"));
        assert!(!last("/feed?afterChangeNumber=5") && !last("https://example.org/feed?afterChangeNumber=4"));
    }
}
