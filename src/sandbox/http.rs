//! HTTP: routes requests, identifies clients, and writes responses.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::vocabulary::{BOOKING_MEDIA_TYPE, RPDE_MEDIA_TYPE};

use super::booking::{Operation, delete_order, delete_quote, patch_order, patch_proposal, put, status as order_status};
use super::clock::now;
use super::dataset_site;
use super::deviations;
use super::errors::{ErrorType, Problem};
use super::faults::Fault;
use super::feed::{After, FeedKey, OpportunityFeedName, OrderFeedName, Paging};
use super::headers::{CLIENT_HEADER, CLIENTS, SELLER_HEADER};
use super::identity::{self, BOOKING_SCOPE, FEED_SCOPE, Incoming, Refused};
use super::landing;
use super::order::OrderKey;
use super::seller::Seller;
use super::shared::Shared;
use super::switches::Switch;
use super::test_interface;
use super::variants::{self, Variant, feed_path, order_paging, paging};

/// The largest body that a request may have.
const BODY_LIMIT: usize = 1024 * 1024;

type Answer = Result<Response, Problem>;

/// Responds to any request.
pub(super) async fn handle(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = variants::routed(&shared.variants, parts.uri.path());
    let query = variants::query(&shared.variants, parts.uri.query().unwrap_or_default()).into_owned();
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    if let Some(response) = variants::early(&shared, &parts, &segments) {
        return response;
    }
    variants::pause(&shared.variants, &parts.method, &segments).await;
    let slow = !shared.page_time.is_zero() && is_feed(&segments);
    let turn = if slow { Some(shared.pages.lock().await) } else { None };
    let answer = match segments.as_slice() {
        [] | [""] => landing(&shared, &parts.method),
        ["openactive"] => site(&shared, &parts.method),
        ["feeds", feed] => open_feed(&shared, &parts.method, feed, &query),
        ["identity", rest @ ..] if shared.identity.is_some() => provider(&shared, &parts, rest, body).await,
        ["api", "openbooking", rest @ ..] => match axum::body::to_bytes(body, BODY_LIMIT).await {
            Ok(body) => match negotiate(&parts.headers, &body) {
                Ok(()) => {
                    let body = variants::inward(&shared.variants, body);
                    booking_api(&shared, &parts.method, &parts.headers, rest, &query, &body).await
                }
                Err(problem) => Err(problem),
            },
            Err(_) => Err(Problem::http(413, "the body of the request is too large")),
        },
        _ => Err(Problem::new(ErrorType::NotFound, "resource not found")),
    };
    if turn.is_some() {
        tokio::time::sleep(shared.page_time).await;
    }
    drop(turn);
    let answer = match shared.kept().await {
        Ok(()) => answer,
        Err(reason) => {
            let description = format!("the state cannot be saved: {reason}");
            Err(Problem::new(ErrorType::InternalApplication, description))
        }
    };
    let response = answer.unwrap_or_else(|problem| refuse(&shared, &parts, problem));
    let response = variants::answer(&shared, &parts, &segments, response).await;
    let faults = shared.store().faults.clone();
    deviations::bytes(&faults, response).await
}

/// Whether a path is that of a feed.
fn is_feed(path: &[&str]) -> bool {
    matches!(path, ["feeds", _] | ["api", "openbooking", "orders-rpde" | "order-proposals-rpde"])
}

/// Whether both sides speak the same media type.
fn negotiate(headers: &HeaderMap, body: &Bytes) -> Result<(), Problem> {
    let ours = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default().trim().to_lowercase();
        ["*/*", "application/*", "application/json", "application/vnd.openactive.booking+json"]
            .contains(&essence.as_str())
    };
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(accept) = text(header::ACCEPT)
        && !accept.split(',').any(ours)
    {
        return Err(Problem::http(406, format!("responses have the media type {BOOKING_MEDIA_TYPE}")));
    }
    if let Some(content_type) = text(header::CONTENT_TYPE)
        && !body.is_empty()
        && !ours(content_type)
    {
        return Err(Problem::http(415, format!("requests have the media type {BOOKING_MEDIA_TYPE}")));
    }
    Ok(())
}

/// The OpenID provider.
async fn provider(shared: &Shared, parts: &axum::http::request::Parts, path: &[&str], body: Body) -> Answer {
    let Some(identity) = &shared.identity else {
        return Err(Problem::new(ErrorType::NotFound, "resource not found"));
    };
    let body = axum::body::to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| Problem::http(413, "the body of the request is too large"))?;
    let incoming = Incoming {
        method: &parts.method,
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body: &body,
    };
    Ok(identity::answer(identity, path, &incoming))
}

fn landing(shared: &Shared, method: &Method) -> Answer {
    only(method, &Method::GET)?;
    Ok(html(200, landing::page(&shared.store(), shared)))
}

fn refuse(shared: &Shared, parts: &axum::http::request::Parts, mut problem: Problem) -> Response {
    problem.instance = Some(format!("{}{}", shared.origin, parts.uri.path()));
    if shared.has(Fault::ErrorsShowCredentials) {
        for (name, value) in &parts.headers {
            problem.description.push_str(&format!(" {name}: {}", String::from_utf8_lossy(value.as_bytes())));
        }
    }
    if shared.has(Fault::ErrorsHtml) {
        return html(problem.status(), "<h1>Error</h1>".to_owned());
    }
    let (status, body) = deviations::problem(&shared.store().faults, &problem);
    let mut response = json(status, &body);
    if let Some(allow) = problem.allow.as_deref().and_then(|allow| header::HeaderValue::from_str(allow).ok()) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    if problem.status() == 401 && shared.identity.is_some() {
        let challenge = header::HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A response of the Open Booking API.
fn json(code: u16, body: &Value) -> Response {
    (status(code), [(header::CONTENT_TYPE, BOOKING_MEDIA_TYPE)], body.to_string()).into_response()
}

fn html(code: u16, body: String) -> Response {
    (status(code), [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

fn broken_page() -> Response {
    html(200, "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>".to_owned())
}

fn only(method: &Method, allowed: &Method) -> Result<(), Problem> {
    if method == allowed { Ok(()) } else { Err(Problem::method(std::slice::from_ref(allowed))) }
}

fn site(shared: &Shared, method: &Method) -> Answer {
    only(method, &Method::GET)?;
    if shared.has(Fault::DatasetSiteStatus500) {
        return Ok(html(500, "<h1>Internal error</h1>".to_owned()));
    }
    let authority = shared.identity.as_ref().map(|identity| identity.issuer.as_str());
    Ok(html(200, dataset_site::page(&shared.origin, authority, &shared.store().faults, &shared.variants)))
}

fn parameter(query: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The parameter with the opaque position in a feed.
const CURSOR: &str = "cursor";

/// A number in digits and letters.
fn base36(number: i64) -> String {
    let (mut rest, mut digits) = (number.unsigned_abs(), Vec::new());
    while rest > 0 {
        digits.extend(char::from_digit(u32::try_from(rest % 36).unwrap_or(0), 36));
        rest /= 36;
    }
    digits.iter().rev().collect()
}

/// Where a page begins.
fn after(query: &str, paging: Paging) -> Result<After, Problem> {
    let bad = |name: &str| Problem::new(ErrorType::OpenBooking, format!("{name} is not an integer"));
    let whole = |name: &str| match parameter(query, name) {
        None => Ok(None),
        Some(text) => text.parse::<i64>().map(Some).map_err(|_| bad(name)),
    };
    match paging {
        Paging::ChangeNumber => Ok(After { modified: whole("afterChangeNumber")?.unwrap_or(0), id: None }),
        Paging::Opaque => {
            let place = match parameter(query, CURSOR) {
                None => 0,
                Some(text) => i64::from_str_radix(&text, 36).map_err(|_| bad(CURSOR))?,
            };
            Ok(After { modified: place, id: None })
        }
        Paging::TimestampAndId => {
            let modified = whole("afterTimestamp")?;
            Ok(After { modified: modified.unwrap_or(0), id: modified.and_then(|_| parameter(query, "afterId")) })
        }
    }
}

fn next_url(base: &str, next: &After, paging: Paging) -> String {
    let to = if base.contains('?') { '&' } else { '?' };
    match (paging, &next.id, next.modified) {
        (_, _, 0) => base.to_owned(),
        (Paging::ChangeNumber, _, modified) => format!("{base}{to}afterChangeNumber={modified}"),
        (Paging::Opaque, _, modified) => format!("{base}{to}{CURSOR}={}", base36(modified)),
        (Paging::TimestampAndId, id, modified) => {
            let id: String =
                url::form_urlencoded::byte_serialize(id.as_deref().unwrap_or_default().as_bytes()).collect();
            format!("{base}{to}afterTimestamp={modified}&afterId={id}")
        }
    }
}

fn open_feed(shared: &Shared, method: &Method, path: &str, query: &str) -> Answer {
    only(method, &Method::GET)?;
    let Some(name) = OpportunityFeedName::ALL.iter().copied().find(|feed| feed.path() == path) else {
        return Err(Problem::new(ErrorType::NotFound, "there is no such feed"));
    };
    if name == OpportunityFeedName::Event && shared.has(Fault::EventFeedStatus500) {
        return Err(Problem::new(ErrorType::InternalApplication, "something broke"));
    }
    let base = format!("{}{}", shared.origin, feed_path(&shared.variants, path));
    let order = paging(&shared.variants, name);
    let after = after(query, order)?;
    let mut store = shared.store();
    let key = FeedKey::Open(name);
    let mut page = store.page(&key, &after, shared.page_size);
    if shared.variants.has(Variant::FeedsFiltered) && after == After::default() {
        // The fault hides the first item, which was read.
        page.next = store.page(&key, &after, 1).next;
        page.items.clear();
    }
    let again = store.faults.has(Fault::FeedsLoseItems) && query.is_empty() && !store.opened.insert(key.clone());
    if again && !page.items.is_empty() {
        page.items.remove(0);
    }
    let at_end = page.items.is_empty();
    let deviate = |text| deviations::open_feed_item(&store.faults, text);
    let (mut items, mut next) = (page.items.into_iter().map(deviate).collect::<Vec<_>>(), page.next);
    if store.faults.has(Fault::FeedsNotInOrder) {
        items.reverse();
    }
    if store.faults.has(Fault::FeedsStartOver) && at_end {
        items = store.page(&key, &After::default(), shared.page_size).items;
    }
    if store.faults.has(Fault::FeedsLoop) && items.is_empty() {
        next = After { modified: 1, id: None };
        items = store.page(&key, &After::default(), shared.page_size).items;
    }
    let turn = parameter(query, "turn").and_then(|turn| turn.parse::<u64>().ok()).unwrap_or(0);
    if store.faults.has(Fault::FeedsGrow) && at_end {
        let (modified, id) = (after.modified.max(now().as_millisecond()) + 1, format!("new-{turn}"));
        let kind = key.kind();
        items = vec![json!({ "state": "deleted", "kind": kind, "id": id, "modified": modified }).to_string()];
        next = After { modified, id: after.id.as_ref().map(|_| id) };
    }
    let faults = store.faults.clone();
    drop(store);
    let mut url = next_url(&base, &next, order);
    let leads_on = [Fault::FeedsNeverEnd, Fault::FeedsStartOver, Fault::FeedsGrow];
    if at_end && leads_on.into_iter().any(|fault| faults.has(fault)) {
        url.push_str(&format!("{}turn={}", if url.contains('?') { '&' } else { '?' }, turn.saturating_add(1)));
    }
    if faults.has(Fault::FeedsNextRelative) {
        url = url.strip_prefix(shared.origin.as_ref()).map_or(url.clone(), str::to_owned);
    }
    let next =
        if faults.has(Fault::FeedsWithoutNext) { String::new() } else { format!("\"next\":{},", Value::from(url)) };
    let context = if faults.has(Fault::FeedsWithJsonLd) { CONTEXT } else { "" };
    let body = format!(
        "{{{context}{next}\"items\":[{}],\"license\":\"https://creativecommons.org/licenses/by/4.0/\"}}",
        items.join(",")
    );
    let cached = !items.is_empty() || faults.has(Fault::FeedsCached);
    let cache = if cached { "public, max-age=3600" } else { "public, max-age=1" };
    let media_type = if faults.has(Fault::FeedsWrongMediaType) { "text/html" } else { RPDE_MEDIA_TYPE };
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, cache)], body).into_response())
}

/// The authenticated client.
struct Caller {
    client: String,
    seller: Option<String>,
}

/// The authorised client: by a token with that scope, or by headers if there is no provider.
fn caller(shared: &Shared, headers: &HeaderMap, scope: &str) -> Result<Caller, Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let stranger = || {
        if shared.has(Fault::CredentialsNotRequired) {
            return Ok(Caller { client: "booking-partner-1".to_owned(), seller: None });
        }
        let other = shared.variants.has(Variant::CredentialsMissingAsNoToken);
        let error = if other { ErrorType::NoApiToken } else { ErrorType::Unauthenticated };
        Err(Problem::new(error, "the request has no credentials"))
    };
    if let Some(identity) = &shared.identity {
        let Some(authorization) = text("authorization") else { return stranger() };
        let token = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let other = shared.variants.has(Variant::CredentialsInvalidAsApiToken);
        let error = if other { ErrorType::InvalidApiToken } else { ErrorType::InvalidAuthorizationDetails };
        let invalid = |what: &str| Problem::new(error, what);
        let token =
            token.map(|(_, token)| token.trim()).ok_or_else(|| invalid("Authorization is not a bearer token"))?;
        if shared.has(Fault::UnknownCredentialsAccepted) && identity.granted(token, scope).is_err() {
            return Ok(Caller { client: "booking-partner-1".to_owned(), seller: None });
        }
        let granted = identity.granted(token, scope).map_err(|refused| match refused {
            Refused::Expired => invalid("the token has expired"),
            Refused::Invalid => invalid("the token is not from this OpenID provider"),
        })?;
        if !granted.in_scope {
            return Err(Problem::new(ErrorType::Unauthenticated, format!("the token lacks the scope {scope}")));
        }
        return Ok(Caller { client: granted.partner, seller: granted.seller });
    }
    let Some(client) = text(CLIENT_HEADER) else { return stranger() };
    if !CLIENTS.contains(&client.as_str()) {
        if shared.has(Fault::UnknownCredentialsAccepted) {
            return Ok(Caller { client: "booking-partner-1".to_owned(), seller: None });
        }
        return Err(Problem::new(ErrorType::InvalidApiToken, "unknown Booking Partner"));
    }
    Ok(Caller { client, seller: text(SELLER_HEADER) })
}

async fn booking_api(
    shared: &Shared,
    method: &Method,
    headers: &HeaderMap,
    path: &[&str],
    query: &str,
    body: &Bytes,
) -> Answer {
    match path {
        ["test-interface", rest @ ..] if shared.test_interface => test_api(shared, method, rest, body),
        ["orders-rpde"] => order_feed(shared, method, headers, OrderFeedName::Orders, query),
        ["order-proposals-rpde"] => order_feed(shared, method, headers, OrderFeedName::OrderProposals, query),
        [collection, uuid] => {
            let operation = match *collection {
                "order-quote-templates" => Operation::C1,
                "order-quotes" => Operation::C2,
                "order-proposals" => Operation::P,
                "orders" => Operation::B,
                _ => return Err(unknown_endpoint()),
            };
            let switched_off = operation == Operation::P && !shared.store().switches.has(Switch::MinimalProposal);
            if switched_off {
                return Err(unknown_endpoint());
            }
            if *method == Method::PUT {
                put_order(shared, headers, operation, uuid, body).await
            } else {
                change_order(shared, method, headers, operation, uuid, body)
            }
        }
        _ => Err(unknown_endpoint()),
    }
}

async fn put_order(shared: &Shared, headers: &HeaderMap, operation: Operation, uuid: &str, body: &Bytes) -> Answer {
    if operation == Operation::C1
        && let Some(answer) = deviate_c1(shared).await
    {
        return answer;
    }
    if operation == Operation::B
        && shared.has(Fault::BFailsAtFirst)
        && !shared.asked_for_b.swap(true, Ordering::Relaxed)
    {
        return Err(Problem::new(ErrorType::InternalApplication, "internal error, once"));
    }
    let mut response = booking(shared, headers, operation, uuid, body)?;
    for (deviating, fault, media_type) in [
        (Operation::C1, Fault::C1WrongMediaType, "application/json"),
        (Operation::B, Fault::BWrongMediaType, "text/html"),
    ] {
        if operation == deviating && shared.has(fault) {
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(media_type));
        }
    }
    if operation == Operation::C1 && shared.has(Fault::C1BrokenJson) {
        let broken = "{\"@type\": \"OrderQuote\", \"orde";
        return Ok((StatusCode::OK, [(header::CONTENT_TYPE, BOOKING_MEDIA_TYPE)], broken).into_response());
    }
    Ok(response)
}

/// Everything that can be done with an Order, OrderProposal or OrderQuote once it is there.
fn change_order(
    shared: &Shared,
    method: &Method,
    headers: &HeaderMap,
    operation: Operation,
    uuid: &str,
    body: &Bytes,
) -> Answer {
    let deletion = shared.store().switches.has(Switch::OrderDeletion);
    let unreadable = shared.variants.has(Variant::OrderStatusNotAllowed);
    let allowed: &[Method] = match operation {
        Operation::C1 => &[Method::PUT],
        Operation::C2 => &[Method::PUT, Method::DELETE],
        Operation::P => &[Method::PUT, Method::PATCH],
        Operation::B if deletion && unreadable => &[Method::PUT, Method::PATCH, Method::DELETE],
        Operation::B if unreadable => &[Method::PUT, Method::PATCH],
        Operation::B if deletion => &[Method::PUT, Method::GET, Method::PATCH, Method::DELETE],
        Operation::B => &[Method::PUT, Method::GET, Method::PATCH],
    };
    if !allowed.contains(method) {
        return Err(Problem::method(allowed));
    }
    let unguarded = match *method {
        Method::GET => Fault::OrderStatusUnguarded,
        Method::PATCH => Fault::PatchUnguarded,
        _ => Fault::DeletionUnguarded,
    };
    let (mut key, seller) = match order_key(shared, headers, uuid) {
        Err(_) if shared.has(unguarded) => anybody(shared, uuid),
        asked => asked?,
    };
    let mut store = shared.store();
    let open: &[Fault] = match (operation, method) {
        (_, &Method::GET) => &[Fault::OrdersOfOthersReadable],
        (Operation::P, _) => &[Fault::OrdersOfOthersChangeable, Fault::ProposalsOfOthersChangeable],
        (_, &Method::DELETE) => &[Fault::OrdersOfOthersChangeable, Fault::OrdersOfOthersDeletable],
        _ => &[Fault::OrdersOfOthersChangeable],
    };
    if open.iter().any(|open| store.faults.has(*open)) && store.order(&key).is_none() {
        let others = CLIENTS.iter().map(|&client| OrderKey { client: client.to_owned(), uuid: key.uuid.clone() });
        key = others.into_iter().find(|other| store.order(other).is_some()).unwrap_or(key);
    }
    match (operation, method) {
        (Operation::B, &Method::GET)
            if store.faults.has(Fault::OrderStatusMissing) || store.variants.has(Variant::OrderStatusAbsent) =>
        {
            return Err(unknown_endpoint());
        }
        (Operation::B, &Method::GET) => {
            let mut body = order_status(&store, &key, &seller)?;
            deviations::order_status(&store.faults, &mut body);
            return Ok(json(200, &body));
        }
        (Operation::B, &Method::PATCH) => patch_order(&mut store, &key, &seller, &read(body)?)?,
        (Operation::B, _) => delete_order(&mut store, &key, &seller)?,
        (Operation::P, _) => patch_proposal(&mut store, &key, &seller, &read(body)?)?,
        _ => delete_quote(&mut store, &key),
    }
    let patched = *method == Method::PATCH && store.faults.has(Fault::PatchStatus200);
    Ok(done(patched))
}

/// The key of the Order, and the Seller of the credentials.
fn order_key(shared: &Shared, headers: &HeaderMap, uuid: &str) -> Result<(OrderKey, String), Problem> {
    let caller = caller(shared, headers, BOOKING_SCOPE)?;
    let presumed = || {
        let anybody = [
            Fault::UnknownCredentialsAccepted,
            Fault::CredentialsNotRequired,
            Fault::TokenScopesIgnored,
            Fault::TokenAudienceIgnored,
        ];
        anybody.into_iter().any(|fault| shared.has(fault)).then(|| shared.store().sellers.first().map(Seller::id))
    };
    let Some(seller) = caller.seller.or_else(|| presumed().flatten()) else {
        return Err(Problem::new(ErrorType::Unauthenticated, "the credentials name no Seller"));
    };
    let Ok(uuid) = uuid::Uuid::parse_str(uuid) else {
        return Err(Problem::new(ErrorType::OpenBooking, "the identifier is not a UUID"));
    };
    Ok((OrderKey { client: caller.client, uuid: uuid.to_string() }, seller))
}

/// The first Booking Partner and the first Seller, for any client.
fn anybody(shared: &Shared, uuid: &str) -> (OrderKey, String) {
    let seller = shared.store().sellers.first().map(Seller::id).unwrap_or_default();
    (OrderKey { client: "booking-partner-1".to_owned(), uuid: uuid.to_owned() }, seller)
}

/// That it was done, without a body. `wrongly`: with another status than the right one.
fn done(wrongly: bool) -> Response {
    let status = if wrongly { StatusCode::OK } else { StatusCode::NO_CONTENT };
    Response::builder().status(status).body(Body::empty()).unwrap_or_default()
}

fn unknown_endpoint() -> Problem {
    Problem::new(ErrorType::UnknownOrIncorrectEndpoint, "the Open Booking API has no such endpoint")
}

/// Faults of C1 that need no quote.
async fn deviate_c1(shared: &Shared) -> Option<Answer> {
    let faults = shared.store().faults.clone();
    let refused = |error: ErrorType, description: &str| Some(Err(Problem::new(error, description)));
    if faults.has(Fault::C1Hangs) {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    if faults.has(Fault::C1Status401) {
        return refused(ErrorType::InvalidApiToken, "the token has expired");
    }
    if faults.has(Fault::C1Status404) {
        return Some(Err(unknown_endpoint()));
    }
    if faults.has(Fault::C1Status500) {
        return refused(ErrorType::InternalApplication, "internal error");
    }
    if faults.has(Fault::ServerErrorsUnspecific) {
        return refused(ErrorType::Internal, "internal error");
    }
    faults.has(Fault::C1Html).then(|| Ok(broken_page()))
}

fn booking(shared: &Shared, headers: &HeaderMap, operation: Operation, uuid: &str, body: &Bytes) -> Answer {
    let (key, seller) = order_key(shared, headers, uuid)?;
    let request = read(body)?;
    let mut store = shared.store();
    let mut outcome = put(&mut store, operation, &key, &seller, &request)?;
    if outcome.status == 201 && store.variants.has(Variant::BookingsAnswer200) {
        outcome.status = 200;
    }
    deviations::answer(&store, operation, &request, &mut outcome);
    drop(store);
    Ok(json(outcome.status, &outcome.body))
}

/// A member of JSON-LD that no page has.
const CONTEXT: &str = "\"@context\":\"https://openactive.io/\",";

/// How deleted items of feeds begin.
const DELETED: &str = "{\"state\":\"deleted\"";

fn read(body: &Bytes) -> Result<Value, Problem> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Problem::new(ErrorType::OpenBooking, format!("the body is not JSON: {error}")))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Problem::new(ErrorType::OpenBooking, "the body is not a JSON object"))
    }
}

fn order_feed(shared: &Shared, method: &Method, headers: &HeaderMap, name: OrderFeedName, query: &str) -> Answer {
    only(method, &Method::GET)?;
    let unguarded = name == OrderFeedName::OrderProposals && shared.has(Fault::ProposalsFeedUnguarded);
    let caller = match caller(shared, headers, FEED_SCOPE) {
        Err(_) if unguarded => Caller { client: "booking-partner-1".to_owned(), seller: None },
        caller => caller?,
    };
    if name == OrderFeedName::Orders {
        if shared.has(Fault::OrdersFeedStatus401) {
            return Err(Problem::new(ErrorType::InvalidApiToken, "the token has expired"));
        }
        if shared.has(Fault::OrdersFeedStatus500) {
            return Err(Problem::new(ErrorType::InternalApplication, "internal error"));
        }
        if shared.has(Fault::OrdersFeedHtml) {
            return Ok(broken_page());
        }
    }
    let order = order_paging(&shared.variants);
    let after = after(query, order)?;
    let mut store = shared.store();
    let key = FeedKey::Of(caller.client, name);
    let page = store.page(&key, &after, shared.page_size);
    store.repeat(&key, &page);
    let base = format!("{}/{}", store.base, name.name());
    let faults = store.faults.clone();
    drop(store);
    let (mut items, next) = (page.items, page.next);
    if faults.has(Fault::DeletedItemsNotRetained) && query.is_empty() {
        items.retain(|item| !item.starts_with(DELETED));
    }
    if !faults.none() {
        deviations::order_feed_items(&faults, &mut items);
    }
    let mut url = next_url(&base, &next, order);
    if faults.has(Fault::OrderFeedsWithoutAfterId) {
        url.truncate(url.find("&afterId=").unwrap_or(url.len()));
    }
    let context = if faults.has(Fault::OrderFeedsWithJsonLd) { CONTEXT } else { "" };
    let body = match name == OrderFeedName::Orders && faults.has(Fault::OrdersFeedWithoutItems) {
        true => format!("{{\"next\":{}}}", Value::from(url)),
        false => format!("{{{context}\"next\":{},\"items\":[{}]}}", Value::from(url), items.join(",")),
    };
    let wrong = faults.has(Fault::OrderFeedsWrongMediaType);
    let media_type = if wrong { "application/json" } else { BOOKING_MEDIA_TYPE };
    let cache = if faults.has(Fault::OrderFeedsCached) { "public, max-age=60" } else { "no-store" };
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, cache)], body).into_response())
}

fn test_api(shared: &Shared, method: &Method, path: &[&str], body: &Bytes) -> Answer {
    match path {
        ["datasets", dataset] => {
            only(method, &Method::DELETE)?;
            let mut store = shared.store();
            if !store.faults.has(Fault::DatasetDeletionIgnored) {
                store.remove_dataset(dataset);
            }
            if store.faults.has(Fault::DatasetDeletionRedirects) {
                return Ok((StatusCode::FOUND, [(header::LOCATION, "/openactive")]).into_response());
            }
            Ok(done(false))
        }
        ["datasets", dataset, "opportunities"] => {
            only(method, &Method::POST)?;
            if shared.has(Fault::CreateStatus404) {
                return Err(unknown_endpoint());
            }
            let created = test_interface::create(&mut shared.store(), dataset, &read(body)?)?;
            Ok(json(if shared.variants.has(Variant::CreationsAnswer200) { 200 } else { 201 }, &created))
        }
        ["actions"] => {
            only(method, &Method::POST)?;
            test_interface::act(&mut shared.store(), &read(body)?)?;
            Ok(done(shared.has(Fault::ActionsStatus200)))
        }
        _ => Err(unknown_endpoint()),
    }
}
