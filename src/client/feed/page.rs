//! The items of one page of an RPDE feed, read leniently: an item that can be used is used. The rules of RPDE are judged
//! elsewhere.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::json::{members, rows};
use crate::vocabulary::{BYTE_ORDER_MARK, without_mark};

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The items that could be read.
    pub items: Vec<Item>,
}

/// An item.
#[derive(Debug, Clone)]
pub struct Item {
    /// `id`, as text.
    pub id: String,
    /// `kind`
    pub kind: Option<String>,
    /// `modified`
    pub modified: Modified,
    /// `data` as it was sent; none for a deleted item.
    pub data: Option<Arc<str>>,
    /// Whether the page that has it starts with a byte order mark.
    pub marked: bool,
}

/// The value of `modified`: it only has to be comparable with itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Modified {
    /// A whole number. 64 bits are not enough for every publisher's change numbers.
    Number(i128),
    /// Anything else, as it was written.
    Text(String),
}

impl Modified {
    /// How two values stand to each other; none when they are of different kinds.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => Some(one.cmp(two)),
            (Self::Text(one), Self::Text(two)) => Some(one.cmp(two)),
            _ => None,
        }
    }
}

impl fmt::Display for Modified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Reads a page, with or without a byte order mark before it. Of a key that stands twice the last value counts.
///
/// # Errors
/// In words, that the text is not a JSON object.
pub fn read_page(text: &str) -> Result<Page, String> {
    let marked = text.starts_with(BYTE_ORDER_MARK);
    let read = members(without_mark(text), &["items"]);
    let [items] = read.map_err(|error| format!("the page is not a JSON object ({error})"))?.values;
    let items = items.and_then(|items| rows(items.get(), &ITEM).ok()).unwrap_or_default();
    let items = items.into_iter().filter_map(|item| Some(Item { marked, ..read_item(item?.values)? }));
    Ok(Page { items: items.collect() })
}

/// The members of an item.
const ITEM: [&str; 5] = ["state", "id", "kind", "modified", "data"];

fn read_item(values: [Option<&RawValue>; 5]) -> Option<Item> {
    let [state, id, kind, modified, data] = values.map(|value| value.map(RawValue::get));
    let id = id.and_then(|id| match serde_json::from_str::<String>(id) {
        Ok(text) => Some(text),
        Err(_) => id.parse::<i128>().is_ok().then(|| id.to_owned()),
    })?;
    let modified = modified.and_then(|modified| match modified.parse() {
        Ok(number) => Some(Modified::Number(number)),
        Err(_) => serde_json::from_str::<String>(modified).ok().map(Modified::Text),
    })?;
    let state = state.and_then(|state| serde_json::from_str::<String>(state).ok());
    let kind = kind.and_then(|kind| serde_json::from_str::<String>(kind).ok());
    let data = match state.as_deref() {
        Some("updated") => Some(Arc::from(data?)),
        Some("deleted") => None,
        _ => return None,
    };
    Some(Item { id, kind, modified, data, marked: false })
}
