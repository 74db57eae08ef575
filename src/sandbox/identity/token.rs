//! The token endpoint.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use serde_json::{Map, Value, json};

use crate::sandbox::clock::now;
use crate::sandbox::faults::Fault;
use crate::sandbox::switches::Switch;
use crate::sandbox::variants::Variant;

use super::clients::Client;
use super::grants::{Code, Refresh};
use super::incoming::{Fields, Incoming};
use super::{BOOKING_SCOPE, FEED_SCOPE, Identity, OFFLINE_SCOPE, State, random, same};

/// An error of the token endpoint.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

const fn refusal(error: &'static str, description: &'static str) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, error, description }
}

const fn unknown_client() -> Refusal {
    Refusal {
        status: StatusCode::UNAUTHORIZED,
        error: "invalid_client",
        description: "the client credentials are invalid",
    }
}

/// `POST /token`
pub(super) fn answer(identity: &Identity, incoming: &Incoming<'_>) -> Response {
    let fields = Fields::of(incoming);
    let mut state = identity.state();
    let granted = client(identity, &state, incoming, &fields).and_then(|client| match fields.get("grant_type") {
        Some("client_credentials") => client_credentials(identity, &mut state, &client, &fields),
        Some("authorization_code") => code(identity, &mut state, &client, &fields),
        Some("refresh_token") => refresh(identity, &mut state, &client, &fields),
        _ => Err(refusal("unsupported_grant_type", "unknown grant type")),
    });
    drop(state);
    let (status, body) = match granted {
        Ok(body) => (StatusCode::OK, Value::Object(body)),
        Err(refusal) => (refusal.status, json!({ "error": refusal.error, "error_description": refusal.description })),
    };
    let mut response = (
        status,
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")],
        body.to_string(),
    )
        .into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Basic"));
    }
    response
}

/// Identifier and secret: from `Authorization: Basic`, each percent-encoded before it was encoded, or from the form.
fn credentials(incoming: &Incoming<'_>, fields: &Fields) -> Option<(String, String)> {
    let text = incoming.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(text) = text else {
        return Some((fields.get("client_id")?.to_owned(), fields.get("client_secret")?.to_owned()));
    };
    let (scheme, encoded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
    let plain = String::from_utf8(bytes).ok()?;
    let (id, secret) = plain.split_once(':')?;
    let decoded = |text: &str| {
        let pair = format!("x={text}");
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decoded(id)?, decoded(secret)?))
}

fn client(identity: &Identity, state: &State, incoming: &Incoming<'_>, fields: &Fields) -> Result<Client, Refusal> {
    if identity.is(Variant::ClientSecretPostOnly) && incoming.headers.contains_key(header::AUTHORIZATION) {
        return Err(unknown_client());
    }
    let (id, secret) = credentials(incoming, fields).ok_or_else(unknown_client)?;
    let client = state.clients.get(&id).ok_or_else(unknown_client)?;
    let posts = client.registered && identity.is(Variant::RegisteredForPost);
    if posts && incoming.headers.contains_key(header::AUTHORIZATION) {
        return Err(unknown_client());
    }
    if same(&client.secret, &secret) || identity.has(Fault::ClientSecretIgnored) {
        Ok(client.clone())
    } else {
        Err(unknown_client())
    }
}

/// The response to every grant.
fn access(
    identity: &Identity,
    state: &mut State,
    client: &Client,
    seller: Option<usize>,
    scopes: &[String],
) -> Map<String, Value> {
    let token = identity.access_token(state, &client.partner, &client.id, seller, scopes);
    let mut body = Map::new();
    let token = if identity.has(Fault::AccessTokenEmpty) { String::new() } else { token };
    body.insert("access_token".to_owned(), json!(token));
    let kind = if identity.has(Fault::TokenTypeOther) { "DPoP" } else { "Bearer" };
    body.insert("token_type".to_owned(), json!(kind));
    if !identity.is(Variant::ExpiresInMissing) {
        body.insert("expires_in".to_owned(), json!(identity.token_seconds));
    }
    let scope = if identity.has(Fault::TokenScopeOther) { "profile".to_owned() } else { scopes.join(" ") };
    if !identity.is(Variant::TokenScopeOmitted) {
        body.insert("scope".to_owned(), json!(scope));
    }
    body
}

fn client_credentials(
    identity: &Identity,
    state: &mut State,
    client: &Client,
    fields: &Fields,
) -> Result<Map<String, Value>, Refusal> {
    if identity.has(Fault::ClientCredentialsRejected) {
        return Err(refusal("unauthorized_client", "client credentials are not allowed for this client"));
    }
    let scopes: Vec<String> = match fields.get("scope") {
        None => vec![FEED_SCOPE.to_owned()],
        Some(text) => text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
    };
    // If there is only one Seller, the request need not name it.
    let alone = !identity.has_sellers() && !identity.switches.has(Switch::MultipleSellers);
    let grantable = |scope: &String| scope == FEED_SCOPE || (alone && scope == BOOKING_SCOPE);
    if !scopes.iter().all(grantable) {
        return Err(refusal("invalid_scope", "client credentials give access to the Orders feeds only"));
    }
    Ok(access(identity, state, client, None, &scopes))
}

/// The challenge that belongs to a verifier.
fn challenge_of(verifier: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest.as_ref())
}

fn proven(identity: &Identity, code: &Code, verifier: Option<&str>) -> bool {
    if identity.has(Fault::PkceIgnored) {
        return true;
    }
    match (&code.request.challenge, verifier) {
        (Some((challenge, true)), Some(verifier)) => same(challenge, verifier),
        (Some((challenge, false)), Some(verifier)) => same(challenge, &challenge_of(verifier)),
        (None, None) => true,
        // A verifier for a request without a challenge would hide that somebody took the challenge away.
        (None, Some(_)) => identity.has(Fault::PkceNotRequired),
        (Some(_), None) => identity.has(Fault::PkceVerifierOptional),
    }
}

fn code(
    identity: &Identity,
    state: &mut State,
    client: &Client,
    fields: &Fields,
) -> Result<Map<String, Value>, Refusal> {
    let wrong = || refusal("invalid_grant", "the code is invalid for this request");
    let text = fields.get("code").ok_or_else(|| refusal("invalid_request", "code is required"))?;
    let code = state.grants.codes.get(text).cloned().ok_or_else(wrong)?;
    if let Some(family) = &code.redeemed
        && !identity.has(Fault::CodeReusable)
    {
        // Either use of the code may be the attacker's.
        if !identity.has(Fault::CodeReplayKeepsTokens) {
            state.grants.revoke(family);
        }
        if identity.is(Variant::CodeReplayRevokesGrant) {
            state.grants.revoke_all(&code.request.client, code.seller);
        }
        return Err(wrong());
    }
    let own = code.request.client == client.id || identity.has(Fault::CodeOfAnyClient);
    let redirected = fields.get("redirect_uri") == Some(code.request.redirect_uri.as_str())
        || identity.has(Fault::RedirectUriUnchecked);
    if !own || !redirected || code.ends < now().as_second() || !proven(identity, &code, fields.get("code_verifier")) {
        return Err(wrong());
    }
    let family = random();
    if let Some(kept) = state.grants.codes.get_mut(text) {
        kept.redeemed = Some(family.clone());
    }
    let request = &code.request;
    let granted: Vec<String> = request.scopes.iter().filter(|scope| *scope != OFFLINE_SCOPE).cloned().collect();
    let mut body = access(identity, state, client, Some(code.seller), &granted);
    if request.offline && !identity.has(Fault::RefreshTokenMissing) {
        let token = renewal(state, client, code.seller, &request.scopes, &family, &body);
        body.insert("refresh_token".to_owned(), json!(token));
    }
    let id_token = identity.id_token(state, &client.id, code.seller, &request.scopes, request.nonce.as_deref());
    if !identity.has(Fault::IdTokenMissing) {
        body.insert("id_token".to_owned(), json!(id_token));
    }
    Ok(body)
}

/// A new refresh token. `body`: the response that it belongs to.
fn renewal(
    state: &mut State,
    client: &Client,
    seller: usize,
    scopes: &[String],
    family: &str,
    body: &Map<String, Value>,
) -> String {
    let token = random();
    let refresh = Refresh {
        client: client.id.clone(),
        seller,
        scopes: scopes.to_vec(),
        family: family.to_owned(),
        used: false,
        access: body.get("access_token").cloned().unwrap_or_default(),
    };
    state.grants.refresh.insert(token.clone(), refresh);
    token
}

fn refresh(
    identity: &Identity,
    state: &mut State,
    client: &Client,
    fields: &Fields,
) -> Result<Map<String, Value>, Refusal> {
    let wrong = || refusal("invalid_grant", "the refresh token is invalid for this client");
    let text = fields.get("refresh_token").ok_or_else(|| refusal("invalid_request", "refresh_token is required"))?;
    let known = state.grants.refresh.get(text).cloned().ok_or_else(wrong)?;
    let own = known.client == client.id || identity.has(Fault::RefreshTokenOfAnyClient);
    if !own || identity.has(Fault::RefreshRejected) {
        return Err(wrong());
    }
    let kept = identity.is(Variant::RefreshTokenKept);
    if known.used && !kept {
        // One of the two who have it is not whom it was given to.
        state.grants.revoke(&known.family);
        return Err(wrong());
    }
    if let Some(used) = state.grants.refresh.get_mut(text) {
        used.used = true;
    }
    let granted: Vec<String> = known.scopes.iter().filter(|scope| *scope != OFFLINE_SCOPE).cloned().collect();
    let mut body = access(identity, state, client, Some(known.seller), &granted);
    if identity.has(Fault::RefreshKeepsAccessToken) {
        body.insert("access_token".to_owned(), known.access);
    }
    if !kept {
        let token = renewal(state, client, known.seller, &known.scopes, &known.family, &body);
        body.insert("refresh_token".to_owned(), json!(token));
    }
    if !identity.is(Variant::RefreshWithoutIdToken) {
        let id_token = identity.id_token(state, &client.id, known.seller, &known.scopes, None);
        body.insert("id_token".to_owned(), json!(id_token));
    }
    Ok(body)
}
