//! The endpoints of the provider.

use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::sandbox::faults::Fault;
use crate::sandbox::variants::Variant;

use super::clients::GRANT_TYPES;
use super::incoming::Incoming;
use super::pages::ProviderPage;
use super::{FEED_SCOPE, Identity, authorize, register, token};

fn respond(body: &Value) -> Response {
    respond_as("application/json", body)
}

fn respond_as(media_type: &'static str, body: &Value) -> Response {
    ([(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}

/// The JSON Web Key Set.
fn keys(identity: &Identity) -> Response {
    let odd = identity.is(Variant::UnneededMembersOdd);
    respond_as(if odd { "text/plain" } else { "application/json" }, &identity.state().keys.set())
}

/// The discovery document.
fn metadata(identity: &Identity) -> Value {
    let issuer = &identity.issuer;
    let named = if identity.has(Fault::DiscoveryOtherIssuer) { "https://elsewhere.example.org" } else { issuer };
    let mut metadata = json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GRANT_TYPES,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": identity.scopes().chain([FEED_SCOPE]).collect::<Vec<_>>(),
        "claims_supported": ["sub", "https://openactive.io/sellerId", "https://openactive.io/sellerName",
            "https://openactive.io/sellerUrl", "https://openactive.io/sellerLogo",
            "https://openactive.io/bookingServiceName", "https://openactive.io/bookingServiceUrl"],
        "authorization_response_iss_parameter_supported": true,
    });
    if let Some(metadata) = metadata.as_object_mut() {
        if identity.registers() {
            metadata.insert("registration_endpoint".to_owned(), json!(format!("{issuer}/register")));
        }
        if identity.has(Fault::PkceMethodsPlainOnly) {
            metadata.insert("code_challenge_methods_supported".to_owned(), json!(["plain"]));
        }
        if identity.is(Variant::ChallengeMethodsUnpublished) {
            metadata.remove("code_challenge_methods_supported");
        }
        if identity.is(Variant::ClientSecretPostOnly) {
            metadata.insert("token_endpoint_auth_methods_supported".to_owned(), json!(["client_secret_post"]));
        }
        if identity.is(Variant::UnneededMembersOdd) {
            metadata.insert("op_policy_uri".to_owned(), json!(""));
        }
        if identity.is(Variant::RedirectIssuerUnpublished) {
            metadata.remove("authorization_response_iss_parameter_supported");
        }
        if identity.has(Fault::DiscoveryWithoutSubjectTypes) {
            metadata.remove("subject_types_supported");
        }
        if identity.has(Fault::DiscoveryWithoutTokenEndpoint) {
            metadata.remove("token_endpoint");
        }
    }
    metadata
}

/// Responds to a request to a path under the issuer.
pub(in crate::sandbox) fn answer(identity: &Identity, path: &[&str], incoming: &Incoming<'_>) -> Response {
    let nothing = || ProviderPage::Problem("Resource not found.").answer(identity, 404);
    let (method, posts) = (incoming.method, incoming.posts());
    let reads = method == Method::GET;
    match path {
        [".well-known", "openid-configuration"] if identity.has(Fault::DiscoveryMissing) => nothing(),
        [".well-known", "openid-configuration"] if reads => respond(&metadata(identity)),
        ["jwks"] if reads => keys(identity),
        ["register"] if posts && identity.registers() => register::answer(identity, incoming),
        ["authorize"] if reads => authorize::begin(identity, incoming),
        ["login"] if reads || posts => authorize::login(identity, incoming),
        ["consent"] if reads || posts => authorize::consent(identity, incoming),
        ["cookies"] if posts => ProviderPage::Problem("Cookies are accepted.").answer(identity, 200),
        ["token"] if posts => token::answer(identity, incoming),
        [".well-known", "openid-configuration"] | ["jwks" | "authorize" | "token" | "login" | "consent"] => {
            StatusCode::METHOD_NOT_ALLOWED.into_response()
        }
        _ => nothing(),
    }
}
