//! The places of a trace at which it is edited.

use std::sync::Arc;

use serde_json::Value;

use crate::trace::{Event, Reply};

use super::mutate::{Edited, Operator};

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The member of an object.
    Member(String),
    /// The entry of a list.
    Entry(usize),
}

/// An edit of one event.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) operator: Operator,
    /// The kind of exchange.
    pub(super) kind: String,
    /// The stage of the event.
    pub(super) stage: String,
    /// The place, without indexes.
    pub(super) subject: String,
    path: Vec<Key>,
}

/// HTTP statuses in place of the one that came.
const STATUSES: &[u16] = &[200, 201, 204, 400, 404, 409, 500];

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
    general
}

/// The kind of exchange or wait, the stage, and the document; `None` where there is none to edit.
fn document(event: &Event) -> Option<(String, String, Value)> {
    match event {
        Event::Exchange(exchanged) if !exchanged.prepares => {
            let purpose = format!("{:?}", exchanged.purpose);
            let purpose: String = purpose.chars().take_while(|c| c.is_alphanumeric()).collect();
            let wanted = format!("{:?}", exchanged.wanted);
            let wanted: String = wanted.chars().take_while(|c| c.is_alphanumeric()).collect();
            let stage = exchanged.stage.name().to_owned();
            let body = exchanged.reply.object().cloned().unwrap_or(Value::Null);
            Some((format!("{stage} {purpose} {wanted}"), stage, body))
        }
        Event::Watch(watched) if watched.met => {
            let awaited = format!("{:?}", watched.awaited);
            let awaited: String = awaited.chars().take_while(|c| c.is_alphanumeric()).collect();
            let stage = watched.stage().name().to_owned();
            let data = watched.seen.last()?.data.clone()?;
            Some((format!("{stage} {awaited}"), stage, data))
        }
        _ => None,
    }
}

/// Every edit of an event.
pub(super) fn edits(event: &Event) -> Vec<Edit> {
    let Some((kind, stage, body)) = document(event) else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |operator: Operator, subject: &str, path: &[Key]| {
        let subject = subject.to_owned();
        all.push(Edit { operator, kind: kind.clone(), stage: stage.clone(), subject, path: path.to_vec() });
    };
    if let Event::Exchange(exchanged) = event {
        for (index, status) in STATUSES.iter().enumerate() {
            if exchanged.reply.status.is_some_and(|found| found != *status) {
                add(Operator::Status, &format!("status {status}"), &[Key::Entry(index)]);
            }
        }
        if body.is_object() {
            add(Operator::MediaType, "header Content-Type", &[]);
        }
    }
    if body.is_object() {
        walk(&body, &mut Vec::new(), &mut String::new(), &mut |value, path, subject| {
            for operator in Operator::OF_DOCUMENTS {
                // The document itself cannot be left out or be of another type: it is no document then.
                let whole = path.is_empty() && matches!(operator, Operator::Omit | Operator::Retype);
                let entry = matches!(path.last(), Some(Key::Entry(_))) && *operator == Operator::Omit;
                if !whole && !entry && operator.apply(value).is_some() {
                    add(*operator, subject, path);
                }
            }
        });
    }
    all
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
            Event::Exchange(exchanged) => match self.operator {
                Operator::Status => {
                    let Some(Key::Entry(index)) = self.path.first() else { return None };
                    exchanged.reply.status = STATUSES.get(*index).copied();
                }
                Operator::MediaType => exchanged.reply.content_type = Some("text/plain".to_owned()),
                _ => {
                    let mut body = exchanged.reply.json().ok()?.clone();
                    edit(&mut body, &self.path, self.operator)?;
                    exchanged.reply = with_body(&exchanged.reply, &body);
                }
            },
            Event::Watch(watched) => {
                let update = watched.seen.last_mut()?;
                let mut data = update.data.clone()?;
                edit(&mut data, &self.path, self.operator)?;
                update.text = Some(Arc::from(data.to_string()));
                update.data = Some(data);
            }
            _ => return None,
        }
        Some(event)
    }
}

/// A response with another body.
fn with_body(reply: &Reply, body: &Value) -> Reply {
    let mut edited = Reply::with_body(body.to_string().as_bytes());
    edited.exchange = reply.exchange;
    edited.failure.clone_from(&reply.failure);
    edited.repeats_credentials = reply.repeats_credentials;
    edited.status = reply.status;
    edited.content_type.clone_from(&reply.content_type);
    edited
}

/// Edits the value at a path.
fn edit(document: &mut Value, path: &[Key], operator: Operator) -> Option<()> {
    let Some((last, way)) = path.split_last() else {
        if let Edited::Value(edited) = operator.apply(document)? {
            *document = edited;
        }
        return Some(());
    };
    let mut parent = document;
    for key in way {
        parent = match key {
            Key::Member(name) => parent.get_mut(name)?,
            Key::Entry(index) => parent.get_mut(*index)?,
        };
    }
    match last {
        Key::Member(name) => {
            let members = parent.as_object_mut()?;
            match operator.apply(members.get(name)?)? {
                Edited::Gone => drop(members.remove(name)),
                Edited::Value(edited) => drop(members.insert(name.clone(), edited)),
            }
        }
        Key::Entry(index) => {
            let slot = parent.get_mut(*index)?;
            if let Edited::Value(edited) = operator.apply(slot)? {
                *slot = edited;
            }
        }
    }
    Some(())
}
