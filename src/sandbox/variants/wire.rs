//! HTTP: redirects, caches, limits, headers, and how bodies are sent.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::list::{Variant, Variants};
use super::memory::Cached;
use super::place::{Place, base_path, site_path};
use super::{ids, rewrite};
use crate::sandbox::shared::Shared;
use crate::vocabulary::{BOOKING_MEDIA_TYPE, OPENACTIVE_CONTEXT, RPDE_MEDIA_TYPE};

/// One of this number of requests to the Open Booking API returns 429.
const LIMITED: u64 = 25;
/// How long pages with items may be cached, and the last page of a feed.
const CACHED: (Duration, Duration) = (Duration::from_secs(3600), Duration::from_secs(1));
/// The bytes of a chunk.
const CHUNK: usize = 37;

/// The path that is meant.
pub(in crate::sandbox) fn routed(variants: &Variants, path: &str) -> String {
    let base = base_path(variants);
    let moved = |from: &str, to: &str| path.strip_prefix(from).map(|rest| format!("{to}{rest}"));
    let elsewhere = || "/nothing-here".to_owned();
    if variants.has(Variant::BaseUriElsewhere) {
        if let Some(path) = moved(base, "/api/openbooking") {
            return path;
        }
        if path.starts_with("/api/") {
            return elsewhere();
        }
    }
    let redirected = [
        (Variant::FeedsRedirected, "/v2/feeds/", "/feeds/"),
        (Variant::DatasetSiteRedirected, "/open-data/", "/openactive/"),
    ];
    let known = redirected.into_iter().filter(|(variant, ..)| variants.has(*variant));
    known.into_iter().find_map(|(_, from, to)| moved(from, to)).unwrap_or_else(|| path.to_owned())
}

fn redirect(status: StatusCode, to: &str) -> Response {
    (status, [(header::LOCATION, to.to_owned())], "moved").into_response()
}

/// A response that needs nothing but the request.
pub(in crate::sandbox) fn early(shared: &Shared, parts: &Parts, path: &[&str]) -> Option<Response> {
    let variants = &shared.variants;
    if variants.none() {
        return None;
    }
    let raw = parts.uri.path();
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    if variants.has(Variant::FeedsRedirected) && raw.starts_with("/feeds/") {
        return Some(redirect(StatusCode::TEMPORARY_REDIRECT, &format!("{}/v2{raw}{query}", shared.origin)));
    }
    if variants.has(Variant::DatasetSiteRedirected) && raw.starts_with("/openactive") {
        return Some(redirect(StatusCode::PERMANENT_REDIRECT, site_path(variants)));
    }
    if variants.has(Variant::RequestsRateLimited) && matches!(path, ["api", "openbooking", ..]) {
        let turn = shared.wire.requests.fetch_add(1, Ordering::Relaxed);
        if turn % LIMITED == LIMITED - 1 {
            return Some(limited());
        }
    }
    if variants.has(Variant::FeedsCached) && path.first() == Some(&"feeds") && parts.method == Method::GET {
        let cache = shared.wire.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = cache.get(&key(parts)).filter(|cached| cached.until > Instant::now())?;
        return Some((cached.headers.clone(), cached.body.clone()).into_response());
    }
    None
}

fn key(parts: &Parts) -> String {
    parts.uri.to_string()
}

fn limited() -> Response {
    let error = json!({
        "@context": OPENACTIVE_CONTEXT,
        "@type": "TooManyRequestsError",
        "statusCode": 429,
        "name": "Too many requests",
        "description": "there were too many requests within a second"
    });
    let headers = [(header::CONTENT_TYPE, BOOKING_MEDIA_TYPE), (header::RETRY_AFTER, "1")];
    (StatusCode::TOO_MANY_REQUESTS, headers, error.to_string()).into_response()
}

/// Takes the time that a request takes.
pub(in crate::sandbox) async fn pause(variants: &Variants, method: &Method, path: &[&str]) {
    let place = Place::of(method, path);
    let feed = matches!(place, Place::Feed(_) | Place::OrdersFeed | Place::ProposalsFeed);
    let mut time = Duration::ZERO;
    if variants.has(Variant::ResponsesSlow) && !feed && path.first() == Some(&"api") {
        time += Duration::from_millis(400);
    }
    if variants.has(Variant::BookingsSlow) && matches!(place, Place::Proposal | Place::Order) {
        time += Duration::from_millis(900);
    }
    if variants.has(Variant::FeedPagesSlow) && feed {
        time += Duration::from_millis(150);
    }
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// A request body as it is understood.
pub(in crate::sandbox) fn inward(variants: &Variants, body: Bytes) -> Bytes {
    if variants.none() {
        return body;
    }
    match std::str::from_utf8(&body) {
        Ok(text) => Bytes::from(ids::inward(variants, text).into_owned()),
        Err(_) => body,
    }
}

/// A response as it goes out.
pub(in crate::sandbox) async fn answer(shared: &Shared, parts: &Parts, path: &[&str], response: Response) -> Response {
    let variants = &shared.variants;
    if variants.none() {
        return response;
    }
    let place = Place::of(&parts.method, path);
    let (mut head, body) = response.into_parts();
    let mut body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let json = head.headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().ends_with(b"version=1"));
    if json
        && rewrite::rewrites(variants)
        && let Ok(document) = serde_json::from_slice::<Value>(&body)
    {
        body = Bytes::from(rewrite::body(&shared.store(), place, document));
    }
    if place == Place::Site && variants.has(Variant::DatasetSiteWithScripts) {
        body = Bytes::from(with_scripts(&String::from_utf8_lossy(&body)));
    }
    headers(variants, place, head.status, &mut head.headers, &body);
    if variants.has(Variant::FeedsCached) && matches!(place, Place::Feed(_)) && head.status == StatusCode::OK {
        let page: Value = serde_json::from_slice(&body).unwrap_or_default();
        let last = page.get("items").and_then(Value::as_array).is_some_and(Vec::is_empty);
        let time = if last { CACHED.1 } else { CACHED.0 };
        let cached = Cached { until: Instant::now() + time, headers: head.headers.clone(), body: body.clone() };
        shared.wire.cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key(parts), cached);
    }
    let body = if variants.has(Variant::BodiesChunked) { chunked(&body) } else { Body::from(body) };
    Response::from_parts(head, body)
}

/// A body of unknown length.
fn chunked(body: &Bytes) -> Body {
    let chunks: Vec<Result<Bytes, std::convert::Infallible>> =
        body.chunks(CHUNK).map(|chunk| Ok(body.slice_ref(chunk))).collect();
    Body::from_stream(futures::stream::iter(chunks))
}

fn with_scripts(page: &str) -> String {
    let before = "<script>var dataLayer = [{ \"@type\": \"Nothing\" }];</script>\n\
        <SCRIPT TYPE=\"application/json\">{ \"@type\": \"Settings\" }</SCRIPT>\n\
        <!-- <script type=\"application/ld+json\">{ \"commented\": true }</script> -->\n\
        <script class='site-data' type='application/ld+json' data-version=\"2\">";
    page.replacen("<script type=\"application/ld+json\">", before, 1)
}

fn headers(variants: &Variants, place: Place, status: StatusCode, headers: &mut HeaderMap, body: &Bytes) {
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    if variants.has(Variant::HeadersAdded) {
        set(header::ETAG, &format!("W/\"{:x}\"", body.len()));
        set(header::VARY, "Accept, Authorization");
        set(HeaderName::from_static("server-timing"), "db;dur=53.2, cache;desc=\"miss\"");
        if matches!(place, Place::Api | Place::Quote | Place::Proposal | Place::Order | Place::Status) {
            set(header::SET_COOKIE, "affinity=a1b2c3; Path=/; HttpOnly");
        }
    }
    if variants.has(Variant::ConnectionsClosed) {
        set(header::CONNECTION, "close");
    }
    let orders = matches!(place, Place::OrdersFeed | Place::ProposalsFeed);
    if orders && variants.has(Variant::OrdersFeedPrivate) {
        set(header::CACHE_CONTROL, "private, max-age=0, must-revalidate");
    }
    if status == StatusCode::NO_CONTENT && variants.has(Variant::EmptyResponsesTyped) {
        set(header::CONTENT_TYPE, BOOKING_MEDIA_TYPE);
    }
    if status == StatusCode::CREATED
        && variants.has(Variant::CreatedWithLocation)
        && let Ok(document) = serde_json::from_slice::<Value>(body)
        && let Some(id) = document.get("@id").and_then(Value::as_str)
    {
        set(header::LOCATION, id);
    }
    if orders && variants.has(Variant::OrdersFeedWithoutCaching) {
        headers.remove(header::CACHE_CONTROL);
    }
    if matches!(place, Place::Feed(_)) && variants.has(Variant::FeedsAsJson) && status == StatusCode::OK {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(value) = headers.get_mut(header::CONTENT_TYPE)
        && let Ok(text) = value.to_str()
        && [BOOKING_MEDIA_TYPE, RPDE_MEDIA_TYPE].contains(&text)
        && let Ok(other) = HeaderValue::from_str(&media_type(variants, text))
    {
        *value = other;
    }
}

fn media_type(variants: &Variants, usual: &str) -> String {
    if variants.has(Variant::MediaTypesUnspaced) {
        usual.replace("; ", ";")
    } else if variants.has(Variant::MediaTypesQuoted) {
        usual.replace("version=1", "version=\"1\"")
    } else if variants.has(Variant::MediaTypesWithCharset) {
        usual.replace("; version", "; charset=utf-8; version")
    } else if variants.has(Variant::MediaTypesInCapitals) {
        usual.replace("application/vnd.openactive.", "Application/Vnd.OpenActive.").replace("+json", "+JSON")
    } else {
        usual.to_owned()
    }
}
