//! The endpoints of the provider.

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::sandbox::faults::Fault;

use super::clients::GRANT_TYPES;
use super::pages::Page;
use super::{BOOKING_SCOPE, FEED_SCOPE, IDENTITY_SCOPE, Identity, OFFLINE_SCOPE, authorize, register, token};

/// A request to the provider.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct Incoming<'r> {
    pub(in crate::sandbox) method: &'r Method,
    pub(in crate::sandbox) query: &'r str,
    pub(in crate::sandbox) headers: &'r HeaderMap,
    pub(in crate::sandbox) body: &'r [u8],
}

impl Incoming<'_> {
    pub(super) fn posts(&self) -> bool {
        self.method == Method::POST
    }
}

/// The fields of a form or of a query.
#[derive(Debug)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    pub(super) fn of_query(query: &str) -> Self {
        Self::read(query.as_bytes())
    }

    /// Those of the body where something is posted, else those of the query.
    pub(super) fn of(incoming: &Incoming<'_>) -> Self {
        if incoming.posts() { Self::read(incoming.body) } else { Self::of_query(incoming.query) }
    }

    /// A field that is there once; twice is as bad as never.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (found.next(), found.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }
}

fn told(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// What the provider says of itself.
fn metadata(identity: &Identity) -> Value {
    let issuer = &identity.issuer;
    let told = if identity.has(Fault::DiscoveryOtherIssuer) { "https://elsewhere.example.org" } else { issuer };
    let mut metadata = json!({
        "issuer": told,
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
        "scopes_supported": ["openid", "profile", OFFLINE_SCOPE, BOOKING_SCOPE, FEED_SCOPE, IDENTITY_SCOPE],
        "claims_supported": ["sub", "https://openactive.io/sellerId", "https://openactive.io/sellerName",
            "https://openactive.io/sellerUrl", "https://openactive.io/sellerLogo",
            "https://openactive.io/bookingServiceName", "https://openactive.io/bookingServiceUrl"],
        "authorization_response_iss_parameter_supported": true,
    });
    if let Some(metadata) = metadata.as_object_mut() {
        if identity.registers() {
            metadata.insert("registration_endpoint".to_owned(), json!(format!("{issuer}/register")));
        }
        if identity.has(Fault::DiscoveryWithoutTokenEndpoint) {
            metadata.remove("token_endpoint");
        }
    }
    metadata
}

/// Answers a request to a path under the issuer.
pub(in crate::sandbox) fn answer(identity: &Identity, path: &[&str], incoming: &Incoming<'_>) -> Response {
    let nothing = || Page::Problem("There is nothing here.").answer(identity, 404);
    let (method, posts) = (incoming.method, incoming.posts());
    let reads = method == Method::GET;
    match path {
        [".well-known", "openid-configuration"] if identity.has(Fault::DiscoveryMissing) => nothing(),
        [".well-known", "openid-configuration"] if reads => told(&metadata(identity)),
        ["jwks"] if reads => told(&identity.state().keys.set()),
        ["register"] if posts && identity.registers() => register::answer(identity, incoming),
        ["authorize"] if reads => authorize::begin(identity, incoming),
        ["login"] if reads || posts => authorize::login(identity, incoming),
        ["consent"] if reads || posts => authorize::consent(identity, incoming),
        ["token"] if posts => token::answer(identity, incoming),
        [".well-known", "openid-configuration"] | ["jwks" | "authorize" | "token" | "login" | "consent"] => {
            StatusCode::METHOD_NOT_ALLOWED.into_response()
        }
        _ => nothing(),
    }
}
