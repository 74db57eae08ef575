//! Saved traces: bodies come from the record of the exchanges.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::results::{Exchange, ExchangeId};
use crate::vocabulary::{BYTE_ORDER_MARK, without_mark};

use super::event::{Event, Exchanged, Update};
use super::reply::Reply;

/// A page of a feed, as far as its items are looked at.
#[derive(Deserialize)]
struct Page<'p> {
    #[serde(borrow, default)]
    items: Vec<&'p RawValue>,
}

/// An item of a page.
#[derive(Deserialize)]
struct Item<'p> {
    id: Option<Value>,
    #[serde(borrow)]
    data: Option<&'p RawValue>,
}

/// Writes a trace as a JSON list of events. Opportunities that were looked for are written once.
///
/// # Errors
/// That an event cannot be written, which does not happen.
pub fn write(mut events: Vec<Event>) -> serde_json::Result<String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for event in &mut events {
        match event {
            Event::Look(looked) => {
                known
                    .extend(looked.opportunities.iter().filter(|seen| seen.data.is_some()).map(|seen| seen.id.clone()));
            }
            Event::Items(items) => {
                for item in items.items.iter_mut().filter(|item| known.contains(&item.opportunity_id)) {
                    item.opportunity = Value::Null;
                }
            }
            _ => {}
        }
    }
    serde_json::to_string(&events)
}

/// Reads a saved trace, a JSON list of events. `record` finds an exchange by its number.
///
/// # Errors
/// In words, what cannot be read, or what the record lacks.
pub fn read<'r>(text: &str, record: &dyn Fn(ExchangeId) -> Option<&'r Exchange>) -> Result<Vec<Event>, String> {
    let mut events: Vec<Event> = serde_json::from_str(text).map_err(|error| format!("the trace is broken: {error}"))?;
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for event in &mut events {
        match event {
            Event::Look(looked) => {
                let seen = looked.opportunities.iter().filter_map(|seen| Some((seen.id.clone(), seen.data.clone()?)));
                known.extend(seen);
            }
            Event::Items(items) => {
                for item in items.items.iter_mut().filter(|item| item.opportunity.is_null()) {
                    item.opportunity = known.get(&item.opportunity_id).cloned().unwrap_or_default();
                }
            }
            Event::Exchange(exchanged) => complete(exchanged, record)?,
            Event::Watch(watched) => {
                for update in &mut watched.seen {
                    bring(update, record)?;
                }
            }
            _ => {}
        }
    }
    Ok(events)
}

fn lacks(id: ExchangeId) -> String {
    format!("exchange {id} is not in the record")
}

/// Gives an exchange its bodies back.
fn complete<'r>(exchanged: &mut Exchanged, record: &dyn Fn(ExchangeId) -> Option<&'r Exchange>) -> Result<(), String> {
    let Some(id) = exchanged.reply.exchange else { return Ok(()) };
    let exchange = record(id).ok_or_else(|| lacks(id))?;
    // A request that was not sent names the exchange that is the reason.
    if exchanged.reply.failure.is_some() && exchange.failure != exchanged.reply.failure {
        return Ok(());
    }
    exchanged.sent = exchange.request_body.as_deref().and_then(|body| serde_json::from_str(body).ok());
    let Some(answer) = &exchange.answer else { return Ok(()) };
    if answer.truncated {
        return Err(format!("the record has only the beginning of exchange {id}"));
    }
    let content_type = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let mut reply = Reply::with_body(answer.body.as_bytes());
    reply.exchange = exchanged.reply.exchange;
    reply.failure.clone_from(&exchanged.reply.failure);
    reply.repeats_credentials = exchanged.reply.repeats_credentials;
    reply.status = Some(answer.status);
    reply.content_type = content_type.map(|(_, value)| value.clone());
    exchanged.reply = reply;
    Ok(())
}

/// Gives an update of a feed its data back.
fn bring<'r>(update: &mut Update, record: &dyn Fn(ExchangeId) -> Option<&'r Exchange>) -> Result<(), String> {
    let id = update.exchange;
    let answer = record(id).and_then(|exchange| exchange.answer.as_ref()).ok_or_else(|| lacks(id))?;
    if answer.truncated {
        return Err(format!("the record has only the beginning of exchange {id}"));
    }
    update.marked = answer.body.starts_with(BYTE_ORDER_MARK);
    let page: Page<'_> = serde_json::from_str(without_mark(&answer.body))
        .map_err(|error| format!("exchange {id} is no page of a feed: {error}"))?;
    let own =
        page.items.iter().rev().filter_map(|item| serde_json::from_str::<Item<'_>>(item.get()).ok()).find(|item| {
            let found = item.id.as_ref().map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
            found.is_some_and(|found| found.eq_ignore_ascii_case(&update.id))
        });
    let own = own.ok_or_else(|| format!("exchange {id} does not show {}", update.id))?;
    update.text = own.data.map(|data| Arc::from(data.get()));
    update.data = own.data.map(|data| serde_json::from_str(data.get()).unwrap_or(Value::Null));
    Ok(())
}
