//! Requests whose effect is missing, doubled, late, or that of another Order, by other requests in their place.

use std::sync::PoisonError;

use axum::http::Method;
use axum::middleware::Next;
use serde_json::{Value, json};

use super::layer::Layer;
use super::list::Alteration;
use super::message::{Received, Sent};

/// Orders, OrderQuotes and OrderProposals that were requested.
#[derive(Debug, Default)]
pub(super) struct KnownOrders {
    /// Collection, UUID, and the `@id`s of the OrderItems, in the order of the requests.
    all: Vec<(String, String, Vec<String>)>,
}

impl KnownOrders {
    /// Notes what a successful request made.
    pub(super) fn take(&mut self, sent: &Sent, received: &Received) {
        let Some((collection, uuid)) = sent.order() else { return };
        if sent.parts.method != Method::PUT || !received.parts.status.is_success() {
            return;
        }
        let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
        let items = body.get("orderedItem").and_then(Value::as_array).into_iter().flatten();
        let items = items.filter_map(|item| item.get("@id").and_then(Value::as_str)).map(str::to_owned).collect();
        self.all.retain(|(_, known, _)| *known != uuid);
        self.all.push((collection, uuid, items));
    }

    /// The latest other Order of a collection.
    fn other(&self, collection: &str, uuid: &str) -> Option<(String, Vec<String>)> {
        let fits = |(of, known, _): &&(String, String, Vec<String>)| of == collection && known != uuid;
        self.all.iter().rev().find(fits).map(|(_, known, items)| (known.clone(), items.clone()))
    }
}

/// The UUID under which the requests of another one are sent.
fn substitute(uuid: &str) -> Option<String> {
    let other = uuid::Uuid::try_parse(uuid).ok()?.as_u128() ^ 0xff;
    Some(uuid::Uuid::from_u128(other).to_string())
}

/// What comes of a request with another effect than the one requested; `None` where it cannot have another one.
pub(super) async fn other_effect(layer: &Layer, sent: &Sent, next: &Next) -> Option<Received> {
    if sent.parts.method == Method::PUT {
        return put(layer, sent, next).await;
    }
    let wanted = layer.kind.status();
    match layer.alteration {
        Alteration::NoEffect if sent.parts.method == Method::POST && !sent.parts.uri.path().ends_with("/actions") => {
            // The response has an identifier that nobody created: the request is sent on for its other content.
            let mut received = sent.forward(next).await;
            if received.status() != wanted {
                return Some(received);
            }
            let mut body: Value = serde_json::from_slice(&received.body).ok()?;
            let id = format!("{}0", body.get("@id")?.as_str()?);
            *body.get_mut("@id")? = json!(id);
            received.body = body.to_string().into();
            layer.count();
            Some(received)
        }
        Alteration::NoEffect => {
            layer.count();
            Some(Received::empty(wanted))
        }
        Alteration::DoubleEffect => {
            let received = sent.forward(next).await;
            if received.status() == wanted {
                layer.count();
                sent.forward(next).await;
            }
            Some(received)
        }
        Alteration::LateEffect if wanted == 204 => {
            layer.count();
            later(layer, sent.clone(), next);
            Some(Received::empty(wanted))
        }
        Alteration::OtherOrder => {
            let received = of_other(layer, sent)?.forward(next).await;
            if received.status() != wanted {
                return None;
            }
            layer.count();
            Some(received)
        }
        _ => None,
    }
}

/// Sends a request on after the delay.
fn later(layer: &Layer, sent: Sent, next: &Next) {
    let (delay, next) = (layer.delay, next.clone());
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        sent.forward(&next).await;
    });
}

/// A request for an Order, OrderQuote or OrderProposal.
async fn put(layer: &Layer, sent: &Sent, next: &Next) -> Option<Received> {
    let (collection, uuid) = sent.order()?;
    let other = substitute(&uuid)?;
    let path = sent.parts.uri.path();
    let text = sent.text().replace(&uuid, &other);
    let elsewhere = sent.with(Method::PUT, &path.replace(&uuid, &other), text);
    if layer.alteration == Alteration::DoubleEffect {
        let received = sent.forward(next).await;
        if received.status() == layer.kind.status() {
            layer.count();
            elsewhere.forward(next).await;
        }
        return Some(received);
    }
    let mut received = elsewhere.forward(next).await;
    if received.status() != layer.kind.status() {
        return None;
    }
    layer.count();
    received.body = received.text().replace(&other, &uuid).into();
    if layer.alteration != Alteration::OtherOrder {
        undo(sent, &collection, &other, next).await;
    }
    if layer.alteration == Alteration::LateEffect {
        later(layer, sent.clone(), next);
    }
    Some(received)
}

/// Takes back what a request made under a UUID.
async fn undo(sent: &Sent, collection: &str, uuid: &str, next: &Next) {
    let base = sent.parts.uri.path().rsplit_once(collection).map_or("", |(base, _)| base);
    let undone = match collection {
        "orders" => sent.with(Method::DELETE, &format!("{base}orders/{uuid}"), ""),
        "order-proposals" => {
            let rejection = json!({
                "@context": "https://openactive.io/",
                "@type": "OrderProposal",
                "orderProposalStatus": "https://openactive.io/CustomerRejected",
            });
            sent.with(Method::PATCH, &format!("{base}order-proposals/{uuid}"), rejection.to_string())
        }
        _ => sent.with(Method::DELETE, &format!("{base}order-quotes/{uuid}"), ""),
    };
    undone.forward(next).await;
}

/// The request for another Order in place of its own.
pub(super) fn of_other(layer: &Layer, sent: &Sent) -> Option<Sent> {
    let orders = layer.orders.lock().unwrap_or_else(PoisonError::into_inner);
    let path = sent.parts.uri.path();
    let (uuid, (other, items)) = match sent.order() {
        Some((collection, uuid)) => {
            let other = orders.other(&collection, &uuid)?;
            (uuid, other)
        }
        None => {
            let body: Value = serde_json::from_slice(&sent.body).ok()?;
            let mut segments = body.pointer("/object/@id")?.as_str()?.rsplit('/');
            let (uuid, collection) = (segments.next()?.to_owned(), segments.next()?);
            let other = orders.other(collection, &uuid)?;
            (uuid, other)
        }
    };
    drop(orders);
    let mut text = sent.text().replace(&uuid, &other);
    if let Ok(mut body) = serde_json::from_str::<Value>(&text)
        && let Some(Value::Array(requested)) = body.get_mut("orderedItem")
    {
        let template = requested.first().cloned().unwrap_or_default();
        let with_id = |id: &String| {
            let mut item = template.clone();
            if let Some(item) = item.as_object_mut() {
                item.insert("@id".to_owned(), json!(id));
            }
            item
        };
        *requested = items.iter().map(with_id).collect();
        text = body.to_string();
    }
    Some(sent.with(sent.parts.method.clone(), &path.replace(&uuid, &other), text))
}
