//! Saved traces: bodies come from the record of the exchanges.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::json::{members, rows};
use crate::opportunity::{id_of, offers};
use crate::results::{Exchange, ExchangeId};
use crate::vocabulary::{BYTE_ORDER_MARK, without_mark};

use super::event::{Event, Exchanged, Update};
use super::reply::Reply;

/// Writes a trace as a JSON list of events. Opportunities that were looked for are written once, and only as far as the record
/// does not have them; `record` finds an exchange by its number.
///
/// # Errors
/// That an event cannot be written, which does not happen.
pub fn write(mut events: Vec<Event>, record: &dyn Fn(ExchangeId) -> Option<Exchange>) -> serde_json::Result<String> {
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for event in &mut events {
        match event {
            Event::Look(looked) => {
                for seen in &mut looked.opportunities {
                    let Some(data) = &seen.data else { continue };
                    known.insert(seen.id.clone(), data.clone());
                    let exchange = seen.exchange.and_then(record);
                    seen.beyond = exchange.and_then(|exchange| beyond(data, &item_in(&exchange, &seen.id)?));
                    if seen.beyond.is_some() {
                        seen.data = None;
                    }
                }
            }
            Event::Items(items) => {
                for item in &mut items.items {
                    let Some(opportunity) = known.get(&item.opportunity_id) else { continue };
                    let offer = offer_in(opportunity, &item.offer_id);
                    // An offer that is none is not to be found again.
                    if item.offer.is_null() && offer.is_some() {
                        continue;
                    }
                    if offer == Some(&item.offer) {
                        item.offer = Value::Null;
                    }
                    item.opportunity = Value::Null;
                }
            }
            _ => {}
        }
    }
    serde_json::to_string(&events)
}

/// The offer of an opportunity with this `@id`.
fn offer_in<'o>(opportunity: &'o Value, id: &str) -> Option<&'o Value> {
    offers(opportunity).into_iter().find(|offer| id_of(offer) == Some(id))
}

/// The items of a page of a feed, with `id` and `data` of each; none where it has no list of items.
fn items_of(page: &str) -> Result<Vec<[Option<&RawValue>; 2]>, serde_json::Error> {
    let [items] = members(without_mark(page), &["items"])?.values;
    let items = items.map_or(Ok(Vec::new()), |items| rows(items.get(), &["id", "data"]))?;
    Ok(items.into_iter().flatten().map(|item| item.values).collect())
}

/// The data with this `@id` on the page of a feed that an exchange brought. Of several items the last one counts.
fn item_in(exchange: &Exchange, id: &str) -> Option<Map<String, Value>> {
    let answer = exchange.answer.as_ref().filter(|answer| !answer.truncated)?;
    let own = |data: &&RawValue| members(data.get(), &["@id"]).is_ok_and(|read| read.values[0].is_some_and(is(id)));
    let found = items_of(&answer.body).ok()?.into_iter().rev().find_map(|[_, data]| data.filter(own))?;
    serde_json::from_str(found.get()).ok()
}

/// Whether a JSON text is this string.
fn is(text: &str) -> impl Fn(&RawValue) -> bool {
    move |value| serde_json::from_str::<Cow<'_, str>>(value.get()).is_ok_and(|value| value == text)
}

/// What of an opportunity is not as its item has it; `None` where the item has more.
fn beyond(data: &Value, item: &Map<String, Value>) -> Option<Map<String, Value>> {
    let data = data.as_object()?;
    if item.keys().any(|name| !data.contains_key(name)) {
        return None;
    }
    let differs = |(name, value): &(&String, &Value)| item.get(*name) != Some(*value);
    Some(data.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect())
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
                for seen in &mut looked.opportunities {
                    let Some(beyond) = seen.beyond.take() else { continue };
                    let exchange = seen.exchange.and_then(record);
                    let item = exchange.and_then(|exchange| item_in(exchange, &seen.id));
                    let mut data = item.ok_or_else(|| lacks(seen.exchange.unwrap_or_default()))?;
                    data.extend(beyond);
                    seen.data = Some(Value::Object(data));
                }
                let seen = looked.opportunities.iter().filter_map(|seen| Some((seen.id.clone(), seen.data.clone()?)));
                known.extend(seen);
            }
            Event::Items(items) => {
                for item in items.items.iter_mut().filter(|item| item.opportunity.is_null()) {
                    item.opportunity = known.get(&item.opportunity_id).cloned().unwrap_or_default();
                    if item.offer.is_null() {
                        item.offer = offer_in(&item.opportunity, &item.offer_id).cloned().unwrap_or_default();
                    }
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
    let items = items_of(&answer.body).map_err(|error| format!("exchange {id} is no page of a feed: {error}"))?;
    let own = items.into_iter().rev().find(|[own, _]| {
        let found = own.and_then(|own| serde_json::from_str::<Value>(own.get()).ok());
        let found = found.map(|found| found.as_str().map_or_else(|| found.to_string(), str::to_owned));
        found.is_some_and(|found| found.eq_ignore_ascii_case(&update.id))
    });
    let [_, data] = own.ok_or_else(|| format!("exchange {id} does not show {}", update.id))?;
    update.text = data.map(|data| Arc::from(data.get()));
    update.data = data.map(|data| serde_json::from_str(data.get()).unwrap_or(Value::Null));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{read, write};
    use crate::results::{Answer, Exchange, ExchangeId};
    use crate::trace::{Event, Items, Looked, OpportunitySeen, OrderItem, Sought};

    fn page(id: ExchangeId, items: &Value) -> Exchange {
        let answer = Answer {
            status: 200,
            redirected_to: None,
            headers: Vec::new(),
            body: json!({ "items": items }).to_string(),
            truncated: false,
        };
        Exchange {
            id,
            label: String::new(),
            feed: None,
            method: "GET".to_owned(),
            url: "https://a.example/feed".to_owned(),
            request_headers: Vec::new(),
            request_body: None,
            answer: Some(answer),
            failure: None,
            sent: String::new(),
            duration_ms: 0,
            retry_of: None,
        }
    }

    fn look(data: &Value, exchange: ExchangeId) -> Event {
        let (data, exchange) = (Some(data.clone()), Some(exchange));
        let seen = OpportunitySeen { id: "s".to_owned(), data, exchange, ..OpportunitySeen::default() };
        let (sought, spec) = (Sought::Requested, String::new());
        let (opportunities, exchange, unreadable) = (vec![seen], None, None);
        Event::Look(Box::new(Looked { sought, spec, prepares: false, opportunities, exchange, unreadable }))
    }

    #[test]
    fn an_opportunity_is_saved_as_far_as_no_page_shows_it() {
        let own = json!({ "@id": "s", "name": "Own name", "superEvent": "p", "offers": [{ "@id": "o", "price": 5 }] });
        let joined = json!({ "@id": "s", "name": "Own name", "superEvent": { "@id": "p", "name": "Parent's name" },
            "offers": [{ "@id": "o", "price": 5 }] });
        let record = [
            page(1, &json!([{ "data": { "@id": "t" } }, { "data": own }, 7])),
            page(2, &json!([{ "data": { "@id": "s", "name": "Own name", "more": 1 } }])),
        ];
        let by_id = |id: ExchangeId| record.iter().find(|exchange| exchange.id == id);
        let item = |price| OrderItem {
            opportunity: joined.clone(),
            opportunity_id: "s".to_owned(),
            offer_id: "o".to_owned(),
            offer: json!({ "@id": "o", "price": price }),
            control: false,
        };
        for (exchange, has, lacks) in
            [(1, "Parent's name", "Own name"), (2, "Own name", "\"beyond\""), (3, "Own name", "\"beyond\"")]
        {
            let items = Event::Items(Items { items: vec![item(5), item(6)], needed: None });
            let saved = write(vec![look(&joined, exchange), items], &|id| by_id(id).cloned()).unwrap();
            assert!(saved.contains(has) && !saved.contains(lacks), "{saved}");
            let events = read(&saved, &by_id).unwrap();
            let [Event::Look(looked), Event::Items(items)] = &events[..] else { panic!("{events:?}") };
            assert_eq!(looked.opportunities[0].data.as_ref(), Some(&joined));
            let offers: Vec<i64> = items.items.iter().filter_map(|item| item.offer["price"].as_i64()).collect();
            assert_eq!(offers, [5, 6]);
            assert!(items.items.iter().all(|item| item.opportunity == joined));
        }
        let saved = write(vec![look(&joined, 1)], &|id| by_id(id).cloned()).unwrap();
        assert!(read(&saved, &|_| None).unwrap_err().contains("exchange 1 is not in the record"));
    }
}
