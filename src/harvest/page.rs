//! A page of an RPDE feed, read strictly: what is there and what it is, and nothing taken for granted.

use serde_json::value::RawValue;

use crate::client::feed::members;
use crate::vocabulary::{BYTE_ORDER_MARK, without_mark};

/// A page, as it was sent.
#[derive(Debug)]
pub(super) struct Page<'p> {
    pub(super) next: Option<&'p RawValue>,
    pub(super) items: Option<&'p RawValue>,
    pub(super) license: Option<&'p RawValue>,
    /// A key of these that it has more than once.
    pub(super) duplicate: Option<&'static str>,
    /// Whether it starts with a byte order mark.
    pub(super) marked: bool,
}

impl<'p> Page<'p> {
    /// A page out of its text, with its byte order mark where it has one.
    ///
    /// # Errors
    /// That the text is no JSON object.
    pub(super) fn read(text: &'p str) -> Result<Self, serde_json::Error> {
        let read = members(without_mark(text), &["next", "items", "license"])?;
        let [next, items, license] = read.values;
        Ok(Self { next, items, license, duplicate: read.duplicate, marked: text.starts_with(BYTE_ORDER_MARK) })
    }
}

/// An item, as it was sent.
#[derive(Debug)]
pub(super) struct Item<'p> {
    pub(super) state: Option<&'p RawValue>,
    pub(super) kind: Option<&'p RawValue>,
    pub(super) id: Option<&'p RawValue>,
    pub(super) modified: Option<&'p RawValue>,
    pub(super) data: Option<&'p RawValue>,
    /// A key of these that it has more than once.
    pub(super) duplicate: Option<&'static str>,
}

impl<'p> Item<'p> {
    /// An item; none where it is no object.
    fn read(raw: &'p RawValue) -> Option<Self> {
        let read = members(raw.get(), &["state", "kind", "id", "modified", "data"]).ok()?;
        let [state, kind, id, modified, data] = read.values;
        Some(Self { state, kind, id, modified, data, duplicate: read.duplicate })
    }
}

/// A value as text, where it is text.
pub(super) fn text(value: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(value?.get()).ok()
}

/// A value as a whole number, where it is one or is written as one.
pub(super) fn whole(value: Option<&RawValue>) -> Option<i128> {
    let raw = value?.get();
    raw.parse().ok().or_else(|| text(value).and_then(|text| text.parse().ok()))
}

/// What identifies an item: text, or a whole number.
pub(super) fn identifier(value: Option<&RawValue>) -> Option<String> {
    let raw = value?.get();
    text(value).or_else(|| raw.parse::<i128>().ok().map(|number| number.to_string()))
}

/// Whether a value is an object.
pub(super) fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// The items of a page, where they are a list of objects; what is none is left out and counted.
pub(super) fn items<'p>(page: &Page<'p>) -> Option<(Vec<Item<'p>>, usize)> {
    let list: Vec<&RawValue> = serde_json::from_str(page.items?.get()).ok()?;
    let count = list.len();
    let items: Vec<Item<'p>> = list.into_iter().filter_map(Item::read).collect();
    let strange = count - items.len();
    Some((items, strange))
}

/// The parameters of a URL that say where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) timestamp: Option<String>,
    pub(super) id: Option<String>,
    /// `afterId` in other letters.
    pub(super) misspelt_id: Option<String>,
    pub(super) change_number: Option<String>,
}

impl Parameters {
    pub(super) fn of(url: &str) -> Self {
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
}

/// What stands before the query.
pub(super) fn base(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}
