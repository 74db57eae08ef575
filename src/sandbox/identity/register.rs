//! Dynamic client registration.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::sandbox::clock::now;
use crate::sandbox::faults::Fault;
use crate::sandbox::variants::Variant;

use super::clients::{Client, GRANT_TYPES, registering_partner};
use super::incoming::Incoming;
use super::{FEED_SCOPE, Identity};

fn respond(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body.to_string())
        .into_response()
}

fn refused(error: &str, description: &str) -> Response {
    respond(StatusCode::BAD_REQUEST, &json!({ "error": error, "error_description": description }))
}

/// The texts of a list in the metadata; none where it is something else.
fn texts(metadata: &Value, name: &str) -> Option<Vec<String>> {
    let list = metadata.get(name)?.as_array()?;
    list.iter().map(|entry| entry.as_str().map(str::to_owned)).collect()
}

fn is_redirect_uri(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none())
}

/// `POST /register`
pub(super) fn answer(identity: &Identity, incoming: &Incoming<'_>) -> Response {
    let authorization = incoming.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|text| text.split_once(' ')).map(|(_, token)| token.trim());
    let partner = token.and_then(registering_partner).filter(|_| !identity.has(Fault::RegistrationRejected));
    let open = identity.has(Fault::RegistrationOpen).then_some("booking-partner-6");
    let Some(partner) = partner.or(open) else {
        let mut response = respond(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_token" }));
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer error=\"invalid_token\""));
        return response;
    };
    let Ok(metadata) = serde_json::from_slice::<Value>(incoming.body) else {
        return refused("invalid_client_metadata", "the body is not JSON");
    };
    let grants = texts(&metadata, "grant_types")
        .unwrap_or_else(|| vec!["authorization_code".to_owned(), "refresh_token".to_owned()]);
    if let Some(other) = grants.iter().find(|grant| !GRANT_TYPES.contains(&grant.as_str())) {
        return refused("invalid_client_metadata", &format!("unknown grant type {other}"));
    }
    let redirects = texts(&metadata, "redirect_uris").unwrap_or_default();
    let needed = grants.iter().any(|grant| grant == "authorization_code");
    let right = redirects.iter().all(|uri| is_redirect_uri(uri)) && (!needed || !redirects.is_empty());
    if !right && !identity.has(Fault::RegistrationUnchecked) {
        return refused("invalid_redirect_uri", "authorization codes require absolute redirect URIs");
    }
    let text = |name: &str| metadata.get(name).and_then(Value::as_str).map(str::to_owned);
    let scope = text("scope").unwrap_or_else(|| "openid".to_owned());
    let known = |scope: &str| scope == FEED_SCOPE || identity.scopes().any(|known| known == scope);
    if identity.is(Variant::ScopesStrict) && !scope.split(' ').all(known) {
        return refused("invalid_client_metadata", "scope must only contain scopes that are supported");
    }
    let client = identity.state().clients.register(partner, |id, secret| Client {
        partner: partner.to_owned(),
        name: text("client_name").unwrap_or_else(|| id.clone()),
        id,
        secret,
        redirect_uris: redirects,
        grant_types: grants,
        scope,
        registered: true,
    });
    let post = identity.is(Variant::ClientSecretPostOnly) || identity.is(Variant::RegisteredForPost);
    let mut body = json!({
        "client_id": client.id,
        "client_id_issued_at": now().as_second(),
        "client_secret": client.secret,
        "client_secret_expires_at": 0,
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": client.grant_types,
        "response_types": ["code"],
        "token_endpoint_auth_method": if post { "client_secret_post" } else { "client_secret_basic" },
        "scope": client.scope,
    });
    if let Some(body) = body.as_object_mut() {
        if identity.has(Fault::RegistrationWithoutSecret) {
            body.remove("client_secret");
        }
        for name in ["client_uri", "logo_uri"] {
            if let Some(value) = text(name) {
                body.insert(name.to_owned(), json!(value));
            }
        }
    }
    respond(if identity.has(Fault::RegistrationStatus200) { StatusCode::OK } else { StatusCode::CREATED }, &body)
}
