//! The layer itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::sandbox::identity::sign_again;

use super::document::{change_member, edit};
use super::effect::{KnownOrders, of_other, other_effect};
use super::kind::ExchangeKind;
use super::list::{Alteration, MemberChange};
use super::message::{Received, Sent};

/// An alteration of one kind of exchange.
#[derive(Debug, Clone)]
pub struct AlterationOptions {
    /// The kind of exchange.
    pub kind: ExchangeKind,
    /// How it is altered.
    pub alteration: Alteration,
    /// How late effects are.
    pub delay: Duration,
}

/// The state of the layer.
#[derive(Debug)]
pub(in crate::sandbox) struct Layer {
    pub(super) kind: ExchangeKind,
    pub(super) alteration: Alteration,
    pub(super) delay: Duration,
    pub(super) orders: Mutex<KnownOrders>,
    made: AtomicU64,
    earlier: Mutex<Option<Received>>,
    /// When pages of feeds were first requested that have items.
    pages: Mutex<HashMap<String, Instant>>,
}

impl Layer {
    /// A layer that has altered nothing yet.
    pub(in crate::sandbox) fn new(options: AlterationOptions) -> Self {
        let AlterationOptions { kind, alteration, delay } = options;
        Self {
            kind,
            alteration,
            delay,
            orders: Mutex::default(),
            made: AtomicU64::new(0),
            earlier: Mutex::default(),
            pages: Mutex::default(),
        }
    }

    /// How many exchanges it has altered.
    pub(in crate::sandbox) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Counts an exchange as altered.
    pub(super) fn count(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }
}

/// Passes a request on, and alters what comes of it.
pub(in crate::sandbox) async fn alter(State(layer): State<Arc<Layer>>, request: Request, next: Next) -> Response {
    let sent = Sent::of(request).await;
    let concerned = sent.kind(layer.kind.status()) == layer.kind;
    let reads = sent.parts.method == Method::GET;
    if concerned && layer.alteration.is_effect() && !reads {
        let other = match other_effect(&layer, &sent, &next).await {
            Some(other) => other,
            None => sent.forward(&next).await,
        };
        layer.orders.lock().unwrap_or_else(PoisonError::into_inner).take(&sent, &other);
        return other.response();
    }
    let received = sent.forward(&next).await;
    layer.orders.lock().unwrap_or_else(PoisonError::into_inner).take(&sent, &received);
    if !concerned || received.status() != layer.kind.status() {
        return received.response();
    }
    if reads && layer.alteration == Alteration::OtherOrder {
        let Some(other) = of_other(&layer, &sent) else { return received.response() };
        layer.count();
        return other.forward(&next).await.response();
    }
    altered(&layer, &sent, received).response()
}

/// The response with its alteration, or as it is where it has nothing of the kind.
fn altered(layer: &Layer, sent: &Sent, received: Received) -> Received {
    let mut other = received.clone();
    let done = match &layer.alteration {
        Alteration::Status(status) => {
            other.parts.status = StatusCode::from_u16(*status).unwrap_or_default();
            if *status == 204 {
                other.body = axum::body::Bytes::new();
                other.set_header(header::CONTENT_TYPE, None);
            }
            if *status == 302 {
                other.set_header(header::LOCATION, Some("/elsewhere"));
            }
            Some(())
        }
        Alteration::MediaType(media_type) => {
            other.set_header(header::CONTENT_TYPE, *media_type);
            Some(())
        }
        Alteration::HeaderMissing(name) => header_of(name).map(|name| other.set_header(name, None)),
        Alteration::HeaderOther(name) => header_of(name).and_then(|name| {
            let value = other_value(name.as_str(), other.parts.headers.get(&name)?.to_str().ok()?);
            other.set_header(name, Some(&value));
            Some(())
        }),
        Alteration::BodyEmpty => with_body(&mut other, ""),
        Alteration::BodyTruncated => {
            other.body.truncate(other.body.len() / 2);
            Some(())
        }
        Alteration::BodyHtml => with_body(&mut other, "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>"),
        Alteration::BodyList => with_body(&mut other, "[]"),
        Alteration::Member(pointer, change) => edited(&mut other, |document| edit(document, pointer, *change)),
        Alteration::Claim(claim, change) => edited(&mut other, |document| with_claim(document, claim, *change)),
        Alteration::EarlierResponse => {
            let mut earlier = layer.earlier.lock().unwrap_or_else(PoisonError::into_inner);
            let before = earlier.replace(received.clone());
            drop(earlier);
            before.filter(|before| before.body != received.body).map(|before| other = before)
        }
        Alteration::LateEffect => late_page(layer, sent, &mut other),
        Alteration::NoEffect | Alteration::DoubleEffect | Alteration::OtherOrder => None,
    };
    if done.is_none() {
        return received;
    }
    layer.count();
    other
}

fn header_of(name: &str) -> Option<HeaderName> {
    name.parse().ok()
}

/// Another value of a header.
fn other_value(name: &str, value: &str) -> String {
    match name {
        "cache-control" if value.contains("no-store") => "public, max-age=3600".to_owned(),
        "cache-control" => "no-store".to_owned(),
        "location" => format!("{value}{}other=1", if value.contains('?') { '&' } else { '?' }),
        _ => format!("other-{value}"),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "alterations that always fit are as those that may not")]
fn with_body(received: &mut Received, body: &'static str) -> Option<()> {
    received.body = body.into();
    Some(())
}

/// Edits the JSON document of a response; `None` where it does not fit.
fn edited(received: &mut Received, change: impl FnOnce(&mut Value) -> Option<()>) -> Option<()> {
    let mut document: Value = serde_json::from_slice(&received.body).ok()?;
    change(&mut document)?;
    received.body = document.to_string().into();
    Some(())
}

/// Changes a claim of the ID token of a response, and signs the token again.
fn with_claim(document: &mut Value, claim: &str, change: MemberChange) -> Option<()> {
    let token = document.get("id_token")?.as_str()?;
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let mut claims: Value = serde_json::from_slice(&payload).ok()?;
    change_member(claims.as_object_mut()?, claim, change)?;
    let signed = sign_again(token, &claims)?;
    *document.get_mut("id_token")? = json!(signed);
    Some(())
}

/// A page without the items that were first there a short while ago; it leads to itself.
fn late_page(layer: &Layer, sent: &Sent, received: &mut Received) -> Option<()> {
    let mut page: Value = serde_json::from_slice(&received.body).ok()?;
    if page.get("items")?.as_array()?.is_empty() {
        return None;
    }
    let place = sent.parts.uri.to_string();
    let mut pages = layer.pages.lock().unwrap_or_else(PoisonError::into_inner);
    let first = *pages.entry(place.clone()).or_insert_with(Instant::now);
    drop(pages);
    if first.elapsed() >= layer.delay {
        return None;
    }
    let next = page.get("next")?.as_str()?;
    let origin = next.split_once("://").map_or("", |(_, rest)| {
        let host = rest.find('/').unwrap_or(rest.len());
        next.get(..next.len() - rest.len() + host).unwrap_or_default()
    });
    let here = format!("{origin}{place}");
    *page.get_mut("next")? = json!(here);
    *page.get_mut("items")? = json!([]);
    received.body = page.to_string().into();
    Some(())
}
