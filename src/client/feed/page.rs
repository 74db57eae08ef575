//! One page of an RPDE feed, read leniently: what is wrong with it is told, what is right in it is used.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::vocabulary::{BYTE_ORDER_MARK, without_mark};

use super::members::members;

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// `next`, if it is text.
    pub next: Option<String>,
    /// The items that could be read.
    pub items: Vec<Item>,
    /// Whether `items` was a list without entries.
    pub empty: bool,
    /// What is wrong with the page, against RPDE 1.0.
    pub problems: Vec<String>,
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

/// Problems beyond this many are not listed.
const PROBLEM_LIMIT: usize = 10;

/// Reads a page, with or without a byte order mark before it. Of a key that stands twice the last value counts.
///
/// # Errors
/// In words, that the text is not a JSON object.
pub fn read_page(text: &str) -> Result<Page, String> {
    let marked = text.starts_with(BYTE_ORDER_MARK);
    let text = without_mark(text);
    let raw = members(text, &["next", "items"]).map_err(|error| {
        if text.trim_start().starts_with('<') {
            format!("the page is HTML or XML, not JSON ({error})")
        } else {
            format!("the page is not a JSON object ({error})")
        }
    })?;
    let mut page = Page::default();
    let [next, items] = raw.values;
    match next.map(|next| serde_json::from_str::<String>(next.get())) {
        Some(Ok(next)) => page.next = Some(next),
        Some(Err(_)) => page.problems.push("`next` is not text".to_owned()),
        None => page.problems.push("the page has no `next`".to_owned()),
    }
    match items.map(|items| serde_json::from_str::<Vec<&RawValue>>(items.get())) {
        Some(Ok(items)) => {
            page.empty = items.is_empty();
            page.items.reserve(items.len());
            for (index, item) in items.into_iter().enumerate() {
                match read_item(item.get()) {
                    Ok(item) => page.items.push(Item { marked, ..item }),
                    Err(problem) if page.problems.len() < PROBLEM_LIMIT => {
                        page.problems.push(format!("items[{index}]: {problem}"));
                    }
                    Err(_) => {}
                }
            }
        }
        Some(Err(_)) => page.problems.push("`items` is not a list".to_owned()),
        None => page.problems.push("the page has no `items`".to_owned()),
    }
    Ok(page)
}

fn read_item(text: &str) -> Result<Item, String> {
    let raw = members(text, &["state", "id", "kind", "modified", "data"]).map_err(|_| "not an object".to_owned())?;
    let [state, id, kind, modified, data] = raw.values.map(|value| value.map(RawValue::get));
    let id = match id {
        None => return Err("no `id`".to_owned()),
        Some(id) => match serde_json::from_str::<String>(id) {
            Ok(text) => text,
            Err(_) if id.parse::<i128>().is_ok() => id.to_owned(),
            Err(_) => return Err("`id` is neither text nor a whole number".to_owned()),
        },
    };
    let modified = match modified {
        None => return Err("no `modified`".to_owned()),
        Some(modified) => match modified.parse() {
            Ok(number) => Modified::Number(number),
            Err(_) => match serde_json::from_str::<String>(modified) {
                Ok(text) => Modified::Text(text),
                Err(_) => return Err("`modified` is neither text nor a whole number".to_owned()),
            },
        },
    };
    let state = state.and_then(|state| serde_json::from_str::<String>(state).ok());
    let kind = kind.and_then(|kind| serde_json::from_str::<String>(kind).ok());
    match (state.as_deref(), data) {
        (Some("updated"), Some(data)) => Ok(Item { id, kind, modified, data: Some(Arc::from(data)), marked: false }),
        (Some("updated"), None) => Err("`state` is updated, but there is no `data`".to_owned()),
        (Some("deleted"), _) => Ok(Item { id, kind, modified, data: None, marked: false }),
        (Some(other), _) => Err(format!("`state` is {other:?}, not updated or deleted")),
        (None, _) => Err("no `state`".to_owned()),
    }
}
