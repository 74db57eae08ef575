//! The authorization endpoint, and the pages that a person goes through.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::sandbox::clock::now;
use crate::sandbox::faults::Fault;
use crate::sandbox::variants::Variant;

use super::clients::{Client, seller_of};
use super::grants::{AuthorizationRequest, Code, Session};
use super::incoming::{Fields, Incoming};
use super::pages::{self, ProviderPage};
use super::{CODE_SECONDS, Identity, OFFLINE_SCOPE, State, random, same};

/// The cookie that says who has logged in.
const COOKIE: &str = "sandbox_session";
/// Seconds that a person has for the pages.
const PATIENCE: i64 = 600;

/// An error that goes back to the client.
struct Refusal {
    error: &'static str,
    description: &'static str,
}

const fn refusal(error: &'static str, description: &'static str) -> Refusal {
    Refusal { error, description }
}

fn go(url: &str) -> Response {
    let location = header::HeaderValue::from_str(url).unwrap_or_else(|_| header::HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Back to the client.
fn back(identity: &Identity, request: &AuthorizationRequest, answer: &[(&str, &str)]) -> Response {
    let Ok(mut url) = url::Url::parse(&request.redirect_uri) else { return go(&request.redirect_uri) };
    {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in answer {
            pairs.append_pair(name, value);
        }
        if let Some(state) = request.state.as_deref().filter(|_| !identity.has(Fault::StateDropped)) {
            pairs.append_pair("state", state);
        }
        let other = identity.has(Fault::RedirectIssuerOther);
        if !identity.has(Fault::RedirectIssuerMissing) && !identity.is(Variant::RedirectIssuerUnpublished) {
            pairs.append_pair("iss", if other { "https://elsewhere.example.org" } else { &identity.issuer });
        }
    }
    if identity.has(Fault::CodeInFragment) {
        let query = url.query().unwrap_or_default().to_owned();
        url.set_query(None);
        url.set_fragment(Some(&query));
    }
    go(url.as_str())
}

fn refuse(identity: &Identity, request: &AuthorizationRequest, refusal: &Refusal) -> Response {
    back(identity, request, &[("error", refusal.error), ("error_description", refusal.description)])
}

/// The session of the user.
fn session(state: &State, incoming: &Incoming<'_>) -> Option<Session> {
    let cookies = incoming.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let id = pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)?;
    state.grants.sessions.get(id).cloned()
}

/// `GET /authorize`
pub(super) fn begin(identity: &Identity, incoming: &Incoming<'_>) -> Response {
    let fields = Fields::of_query(incoming.query);
    let mut state = identity.state();
    let Some(client) = fields.get("client_id").and_then(|id| state.clients.get(id)).cloned() else {
        return ProviderPage::Problem("Unknown client.").answer(identity, 400);
    };
    let known =
        |uri: &&str| client.redirect_uris.iter().any(|known| known == uri) || identity.has(Fault::RedirectUriLoose);
    let Some(redirect_uri) = fields.get("redirect_uri").filter(known).filter(|uri| url::Url::parse(uri).is_ok()) else {
        // A request with an unregistered redirect URI is not redirected.
        let status = if identity.is(Variant::ErrorPagesStatus200) { 200 } else { 400 };
        return ProviderPage::Problem("The redirect URI is not registered for this client.").answer(identity, status);
    };
    let scopes: Vec<String> = fields
        .get("scope")
        .unwrap_or_default()
        .split(' ')
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    let challenge = fields.get("code_challenge").map(|challenge| {
        let plain = fields.get("code_challenge_method").unwrap_or("plain") == "plain";
        (challenge.to_owned(), plain)
    });
    let prompt: Vec<&str> = fields.get("prompt").unwrap_or_default().split(' ').collect();
    let request = AuthorizationRequest {
        client: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state: fields.get("state").map(str::to_owned),
        nonce: fields.get("nonce").map(str::to_owned),
        challenge,
        page_token: random(),
        ends: now().as_second() + PATIENCE,
        ask: prompt.contains(&"consent")
            || (scopes.iter().any(|scope| scope == OFFLINE_SCOPE) && !identity.has(Fault::ConsentSkipped)),
        offline: scopes.iter().any(|scope| scope == OFFLINE_SCOPE)
            && (prompt.contains(&"consent") || !identity.is(Variant::OfflineNeedsPrompt)),
        scopes,
    };
    if let Err(reason) = acceptable(identity, &fields, &request, &client) {
        return refuse(identity, &request, &reason);
    }
    let session = session(&state, incoming).filter(|_| !prompt.contains(&"login"));
    if session.is_none() && prompt.contains(&"none") {
        return refuse(identity, &request, &refusal("login_required", "there is no session"));
    }
    let id = random();
    state.grants.forget(now().as_second());
    state.grants.requests.insert(id.clone(), request);
    match session {
        Some(session) => after_login(identity, &mut state, &id, &session),
        None => go(&format!("{}/login?request={id}", identity.issuer)),
    }
}

fn acceptable(
    identity: &Identity,
    fields: &Fields,
    request: &AuthorizationRequest,
    client: &Client,
) -> Result<(), Refusal> {
    if fields.get("response_type") != Some("code") {
        return Err(refusal("unsupported_response_type", "the only response type is code"));
    }
    if fields.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(refusal("invalid_request", "the only response mode is query"));
    }
    if !identity.has_sellers() || !client.grant_types.iter().any(|grant| grant == "authorization_code") {
        return Err(refusal("unauthorized_client", "authorization codes are not allowed for this client"));
    }
    if !request.scopes.iter().any(|scope| scope == "openid") {
        return Err(refusal("invalid_scope", "scope openid is required"));
    }
    if request.scopes.iter().any(|scope| !identity.scopes().any(|known| known == scope)) {
        return Err(refusal("invalid_scope", "a scope cannot be granted"));
    }
    let registered = |scope: &String| client.scope.split(' ').any(|known| known == scope);
    if identity.is(Variant::ScopesStrict) && !request.scopes.iter().all(registered) {
        return Err(refusal("invalid_scope", "a scope is not registered for this client"));
    }
    match &request.challenge {
        None if identity.has(Fault::PkceNotRequired) => Ok(()),
        None => Err(refusal("invalid_request", "code_challenge is required")),
        Some((_, true)) if identity.has(Fault::PkcePlainAccepted) => Ok(()),
        Some((_, true)) if identity.is(Variant::ChallengeMethodsUnpublished) => Ok(()),
        Some((_, true)) => Err(refusal("invalid_request", "code_challenge_method must be S256")),
        Some(_) if fields.get("code_challenge_method") == Some("S256") => Ok(()),
        Some(_) => Err(refusal("invalid_request", "code_challenge_method must be S256")),
    }
}

/// `/login`
pub(super) fn login(identity: &Identity, incoming: &Incoming<'_>) -> Response {
    let fields = Fields::of(incoming);
    let mut state = identity.state();
    let Some((id, request)) = waiting(&state, &fields) else { return lost(identity) };
    if !incoming.posts() && identity.is(Variant::LoginRefresh) && fields.get("shown").is_none() {
        return ProviderPage::Refresh { id: &id }.answer(identity, 200);
    }
    if !incoming.posts() {
        return ProviderPage::Login { id: &id, token: &request.page_token, wrong: false }.answer(identity, 200);
    }
    if !same(&request.page_token, fields.get("page_token").unwrap_or_default()) {
        return lost(identity);
    }
    let username = fields.get("username").unwrap_or_default();
    if identity.is(Variant::LoginInTwoSteps) && fields.get("password").is_none() {
        return ProviderPage::Password { id: &id, token: &request.page_token, user: username, wrong: false }
            .answer(identity, 200);
    }
    let seller = seller_of(username, fields.get("password").unwrap_or_default())
        .filter(|seller| identity.seller(*seller).is_some());
    let Some(seller) = seller else {
        let status = if identity.is(Variant::LoginRejectedStatus401) { 401 } else { 200 };
        let token = &request.page_token;
        let page = if identity.is(Variant::LoginInTwoSteps) {
            ProviderPage::Password { id: &id, token, user: username, wrong: true }
        } else {
            ProviderPage::Login { id: &id, token, wrong: true }
        };
        return page.answer(identity, status);
    };
    let session = Session { username: username.to_owned(), seller };
    let cookie = random();
    state.grants.sessions.insert(cookie.clone(), session.clone());
    let mut answer = after_login(identity, &mut state, &id, &session);
    let value = format!("{COOKIE}={cookie}; Path=/identity; HttpOnly; SameSite=Lax");
    if let Ok(value) = header::HeaderValue::from_str(&value) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

/// The request that a page is about.
fn waiting(state: &State, fields: &Fields) -> Option<(String, AuthorizationRequest)> {
    let id = fields.get("request")?;
    Some((id.to_owned(), state.grants.requests.get(id)?.clone()))
}

fn lost(identity: &Identity) -> Response {
    ProviderPage::Problem("This page has expired. Start again.").answer(identity, 400)
}

fn after_login(identity: &Identity, state: &mut State, id: &str, session: &Session) -> Response {
    let Some(request) = state.grants.requests.get(id).cloned() else { return lost(identity) };
    let allowed = |scope: &String| {
        let consent = (request.client.clone(), session.username.clone(), scope.clone());
        state.grants.consents.contains(&consent)
    };
    let remembered = request.scopes.iter().all(allowed) && !identity.has(Fault::ConsentNotRetained);
    if (remembered && !request.ask) || identity.has(Fault::ConsentSkipped) {
        return finish(identity, state, id, session);
    }
    go(&format!("{}/consent?request={id}", identity.issuer))
}

/// `/consent`
pub(super) fn consent(identity: &Identity, incoming: &Incoming<'_>) -> Response {
    let fields = Fields::of(incoming);
    let mut state = identity.state();
    let (Some((id, request)), Some(session)) = (waiting(&state, &fields), session(&state, incoming)) else {
        return lost(identity);
    };
    if !incoming.posts() {
        let client = state.clients.get(&request.client).map(|client| client.name.clone()).unwrap_or_default();
        let seller = identity.seller(session.seller).map_or("", |seller| seller.name);
        let page = pages::ConsentPage {
            id: &id,
            token: &request.page_token,
            client: &client,
            seller,
            user: &session.username,
            scopes: &request.scopes,
        };
        return ProviderPage::Consent(page).answer(identity, 200);
    }
    if !same(&request.page_token, fields.get("page_token").unwrap_or_default()) {
        return lost(identity);
    }
    if fields.get("decision") != Some("allow") {
        state.grants.requests.remove(&id);
        return refuse(identity, &request, &refusal("access_denied", "the Seller does not allow it"));
    }
    if fields.get("remember").is_some() {
        for scope in &request.scopes {
            state.grants.consents.insert((request.client.clone(), session.username.clone(), scope.clone()));
        }
    }
    finish(identity, &mut state, &id, &session)
}

/// Gives out a code.
fn finish(identity: &Identity, state: &mut State, id: &str, session: &Session) -> Response {
    let Some(request) = state.grants.requests.remove(id) else { return lost(identity) };
    let code = random();
    let answer = back(identity, &request, &[("code", &code)]);
    let ends = now().as_second() + CODE_SECONDS;
    state.grants.codes.insert(code, Code { request, seller: session.seller, ends, redeemed: None });
    answer
}
