//! The places of a trace at which it is edited.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::client::read_dataset_site_of;
use crate::trace::{Event, Exchanged, Purpose, Reply, Sought};
use crate::vocabulary::Stage;

use super::mutate::{Change, Key, Operator, at, edit, edits_of};
use super::pool::Pool;

/// An edit of one event, or of a page of a feed.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) operator: Operator,
    /// The kind of exchange.
    pub(super) kind: String,
    /// The stage of the event.
    pub(super) stage: Stage,
    /// The place, without indexes.
    pub(super) subject: String,
    /// Which document of the event.
    document: usize,
    pub(super) path: Vec<Key>,
    pub(super) change: Change,
}

/// HTTP statuses in place of the one that came.
const STATUSES: &[u16] = &[200, 201, 204, 400, 404, 409, 500];

/// Media types in place of the one that came.
const MEDIA_TYPES: &[(&str, Option<&str>)] = &[
    ("Content-Type text/plain", Some("text/plain")),
    ("Content-Type application/json", Some("application/json")),
    ("Content-Type", None),
];

/// A path without indexes.
pub(super) fn general(path: &str) -> String {
    let mut general = String::new();
    let mut within = false;
    for character in path.chars() {
        match character {
            '[' => within = true,
            ']' => within = false,
            other if !within => general.push(other),
            _ => {}
        }
    }
    // The context of OpenActive has `id` and `type` for `@id` and `@type`.
    let plain = general.trim_start_matches("$.").trim_start_matches('$').split('.').map(|segment| match segment {
        "id" => "@id",
        "type" => "@type",
        other => other,
    });
    plain.collect::<Vec<_>>().join(".")
}

/// The first word of what is shown of a value.
fn word(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// A document of an event.
pub(super) struct Document<'e> {
    pub(super) kind: String,
    pub(super) stage: Stage,
    pub(super) body: Cow<'e, Value>,
    index: usize,
}

/// The documents of an event.
pub(super) fn documents(event: &Event) -> Vec<Document<'_>> {
    match event {
        Event::Exchange(exchanged) if !exchanged.prepares && exchanged.reply.failure.is_none() => {
            let kind = format!("{} {} {}", exchanged.stage.name(), word(&exchanged.purpose), word(&exchanged.wanted));
            let body = match dataset_of(exchanged) {
                Some((dataset, _)) => Cow::Owned(dataset),
                None => exchanged.reply.object().map_or(Cow::Owned(Value::Null), Cow::Borrowed),
            };
            vec![Document { kind, stage: exchanged.stage, body, index: 0 }]
        }
        Event::Watch(watched) if watched.met => {
            let kind = format!("{} {}", watched.stage().name(), word(&watched.awaited));
            let data = watched.seen.last().and_then(|update| update.data.as_ref());
            let body = data.map(Cow::Borrowed);
            body.map(|body| Document { kind, stage: watched.stage(), body, index: 0 }).into_iter().collect()
        }
        Event::Look(looked) => {
            let stage = match looked.sought {
                Sought::Requested | Sought::Deletion | Sought::OtherDataset => Stage::TestInterface,
                Sought::Change(_) | Sought::Situation(_) => Stage::OpportunityFeed,
                Sought::Replacements => Stage::OrdersFeed,
                Sought::Forbidden { .. } => Stage::Any,
            };
            let kind = format!("look {}", word(&looked.sought));
            let seen = looked.opportunities.iter().enumerate();
            let seen = seen.filter_map(|(index, seen)| Some((index, seen.data.as_ref()?)));
            seen.map(|(index, data)| Document { kind: kind.clone(), stage, body: Cow::Borrowed(data), index }).collect()
        }
        Event::Capacity(watched) => {
            let kind = format!("capacity {}", word(&watched.rule));
            let stage = watched.stage.unwrap_or(Stage::Any);
            let seen = watched.sights.iter().enumerate().filter(|(_, sight)| sight.capacity.is_some());
            let none = |index| Document { kind: kind.clone(), stage, body: Cow::Owned(Value::Null), index };
            seen.map(|(index, _)| none(index)).collect()
        }
        _ => Vec::new(),
    }
}

/// The Dataset of a dataset site, and its text within the page.
fn dataset_of(exchanged: &Exchanged) -> Option<(Value, String)> {
    if exchanged.purpose != Purpose::DatasetSite {
        return None;
    }
    let reply = &exchanged.reply;
    let site = read_dataset_site_of(&exchanged.path, reply.status, &reply.body, reply.exchange).0?;
    Some((site.dataset, site.text))
}

/// Every edit of a document of an event that is wanted. `before`: an earlier document of the cell.
pub(super) fn edits(
    event: &Event,
    document: &Document<'_>,
    before: Option<&Value>,
    pool: &Pool,
    wanted: &mut dyn FnMut(Operator, &str) -> bool,
) -> Vec<Edit> {
    let mut all = Vec::new();
    let whole = |operator: Operator, subject: &str, change: Change| Edit {
        operator,
        kind: document.kind.clone(),
        stage: document.stage,
        subject: subject.to_owned(),
        document: document.index,
        path: Vec::new(),
        change,
    };
    match event {
        Event::Exchange(exchanged) => {
            for status in STATUSES {
                let subject = format!("status {status}");
                if exchanged.reply.status.is_some_and(|found| found != *status) && wanted(Operator::Status, &subject) {
                    all.push(whole(Operator::Status, &subject, Change::Status(*status)));
                }
            }
            for (subject, becomes) in MEDIA_TYPES.iter().filter(|_| !document.body.is_null()) {
                if wanted(Operator::MediaType, subject) {
                    let becomes = becomes.map(str::to_owned);
                    all.push(whole(Operator::MediaType, subject, Change::MediaType(becomes)));
                }
            }
        }
        Event::Watch(_) if wanted(Operator::Delete, "state") => {
            all.push(whole(Operator::Delete, "state", Change::Delete));
        }
        Event::Capacity(watched) => {
            let property = watched.sights.get(document.index).and_then(|sight| sight.property.as_deref());
            for (differs, change) in [("more", 1), ("less", -1)] {
                let subject = format!("{} {differs}", property.unwrap_or("capacity"));
                if wanted(Operator::Capacity, &subject) {
                    all.push(whole(Operator::Capacity, &subject, Change::Capacity(change)));
                }
            }
        }
        _ => {}
    }
    // A repeated response equals the first one, extensions and all.
    let repeated = matches!(event, Event::Exchange(exchanged) if exchanged.purpose == Purpose::Repetition);
    let mut add = |operator: Operator, subject: &str, path: &[Key], change: &mut dyn FnMut() -> Option<Change>| {
        // Customers and attendees have no more than was sent.
        let own = subject.starts_with("customer") || subject.contains(".attendee.");
        if !((repeated || own) && operator.conforms())
            && wanted(operator, subject)
            && let Some(change) = change()
        {
            all.push(Edit { path: path.to_vec(), ..whole(operator, subject, change) });
        }
    };
    edits_in(&document.body, before, pool, &mut add);
    all
}

/// What takes edits of a document: operator, subject, path and change.
pub(super) type Add<'a> = dyn FnMut(Operator, &str, &[Key], &mut dyn FnMut() -> Option<Change>) + 'a;

/// Offers every edit within a document.
pub(super) fn edits_in(document: &Value, before: Option<&Value>, pool: &Pool, add: &mut Add<'_>) {
    walk(document, &mut Vec::new(), &mut String::new(), &mut |value, path, subject| {
        let name = match path.last() {
            Some(Key::Member(name)) => Some(name.as_str()),
            _ => None,
        };
        let before = before.and_then(|before| at(before, path));
        edits_of(
            value,
            name,
            before,
            pool,
            &mut |operator, below, change| match (subject.is_empty(), below.is_empty()) {
                (_, true) => add(operator, subject, path, change),
                (true, false) => add(operator, below, path, change),
                (false, false) => add(operator, &format!("{subject}.{below}"), path, change),
            },
        );
    });
}

/// Visits every value with its path, and the path without indexes.
fn walk(value: &Value, path: &mut Vec<Key>, subject: &mut String, visit: &mut dyn FnMut(&Value, &[Key], &str)) {
    visit(value, path, subject);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let length = subject.len();
                if length > 0 {
                    subject.push('.');
                }
                subject.push_str(name);
                path.push(Key::Member(name.clone()));
                walk(member, path, subject, visit);
                path.pop();
                subject.truncate(length);
            }
        }
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                path.push(Key::Entry(index));
                walk(entry, path, subject, visit);
                path.pop();
            }
        }
        _ => {}
    }
}

impl Edit {
    /// The event with the edit; `None` where it cannot be made.
    pub(super) fn apply(&self, event: &Event) -> Option<Event> {
        let mut event = event.clone();
        match &mut event {
            Event::Exchange(exchanged) => match &self.change {
                Change::Status(status) => exchanged.reply.status = Some(*status),
                Change::MediaType(becomes) => exchanged.reply.content_type.clone_from(becomes),
                change => {
                    let (mut body, text) = match dataset_of(exchanged) {
                        Some((dataset, text)) => (dataset, Some(text)),
                        None => (exchanged.reply.json().ok()?.clone(), None),
                    };
                    edit(&mut body, &self.path, change)?;
                    let body = match text {
                        Some(text) => String::from_utf8_lossy(&exchanged.reply.body).replace(&text, &body.to_string()),
                        None => body.to_string(),
                    };
                    exchanged.reply = with_body(&exchanged.reply, &body);
                }
            },
            Event::Watch(watched) => {
                let update = watched.seen.last_mut()?;
                if matches!(self.change, Change::Delete) {
                    update.data = None;
                    update.text = None;
                } else {
                    let mut data = update.data.clone()?;
                    edit(&mut data, &self.path, &self.change)?;
                    update.text = Some(Arc::from(data.to_string()));
                    update.data = Some(data);
                }
            }
            Event::Look(looked) => {
                edit(looked.opportunities.get_mut(self.document)?.data.as_mut()?, &self.path, &self.change)?;
            }
            Event::Capacity(watched) => {
                let Change::Capacity(change) = self.change else { return None };
                let capacity = watched.sights.get_mut(self.document)?.capacity.as_mut()?;
                *capacity += change;
            }
            _ => return None,
        }
        Some(event)
    }
}

/// A response with another body.
fn with_body(reply: &Reply, body: &str) -> Reply {
    let mut edited = Reply::with_body(body.as_bytes());
    edited.exchange = reply.exchange;
    edited.failure.clone_from(&reply.failure);
    edited.repeats_credentials = reply.repeats_credentials;
    edited.status = reply.status;
    edited.content_type.clone_from(&reply.content_type);
    edited
}
