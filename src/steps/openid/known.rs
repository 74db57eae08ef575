//! What a cell knows of the OpenID provider, and steps that lack it.

use serde_json::json;

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, FormReply, OAuthClient, OddMember, Provider, Tokens, code_of};
use crate::steps::act::{Act, Step};
use crate::steps::driver::Driver;
use crate::trace::{Event, ExchangeNumbers, StepProblem};

/// OpenID Connect of the Open Booking API.
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/#openid-connect-booking-partner-authentication-for-multiple-seller-systems";

/// Begins a step: how it asks the provider, and the section that it belongs to.
pub(super) fn begin(driver: &mut dyn Driver, act: &dyn Act, step: &Step) -> (AuthHttp, String) {
    driver.begin(act.keyword(), &act.title(), act.stage());
    let spec = step.spec.clone().or_else(|| driver.facts().test_spec.clone()).unwrap_or_else(|| SPEC.to_owned());
    (driver.access().http(), spec)
}

/// Ends a step, with the exchanges that it had with the provider.
pub(super) fn end(driver: &mut dyn Driver, http: &AuthHttp) -> bool {
    driver.see(Event::Exchanges(ExchangeNumbers { exchanges: http.exchanges() }));
    driver.end()
}

/// The title of a step that differs from the plain one by a template.
pub(super) fn titled(what: &str, template: &str) -> String {
    match template {
        "standard" => what.to_owned(),
        other => format!("{what} {}", other.replace('-', " ")),
    }
}

/// What an earlier step should have brought; without it this one cannot be made.
pub(super) fn had<T>(driver: &mut dyn Driver, what: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        let message = format!("{what} is missing: an earlier step did not return it");
        driver.lacks_because(what, StepProblem { message, ..StepProblem::default() });
    }
    value
}

pub(super) fn provider(driver: &mut dyn Driver) -> Option<Provider> {
    let provider = driver.kept_mut().openid().provider.clone();
    had(driver, "an OpenID provider", provider)
}

pub(super) fn own_client(driver: &mut dyn Driver) -> Option<OAuthClient> {
    let client = driver.kept_mut().openid().client.clone();
    had(driver, "a client", client)
}

/// That the configuration lacks something.
pub(super) fn unconfigured(key: &str) -> AuthFailure {
    AuthFailure::new(format!("`{key}` is not configured")).hint(format!("set `{key}`")).blocking()
}

/// Whether authorization requests of the client bring a code as they should. Only then the rejection of another one says
/// something of what is wrong with that one.
pub(super) async fn authorizes(
    driver: &mut dyn Driver,
    http: &AuthHttp,
    provider: &Provider,
    client: &OAuthClient,
    spec: &str,
) -> bool {
    if driver.kept_mut().openid().authorizes {
        return true;
    }
    let redirect_uri = driver.facts().config.redirect_uri.clone();
    let (access, role) = (driver.access(), driver.facts().credentials);
    let code = match provider.authorization(client, &redirect_uri, &provider.seller_scopes(), false) {
        Ok(authorization) => match access.visit_to(role, &authorization.url, &redirect_uri, http).await {
            Ok(arrival) => code_of(&arrival),
            Err(failure) => Err(failure.of_client(client, &redirect_uri)),
        },
        Err(failure) => Err(failure),
    };
    // That authorization works is judged by its own test.
    let code = code.map_err(AuthFailure::blocking);
    let authorizes = driver.attempt(authentication::AUTHORIZATION, code, spec).is_some();
    driver.kept_mut().openid().authorizes = authorizes;
    authorizes
}

/// Judges that the token endpoint rejects a request that it must reject. `about_client`: because of the client itself.
///
/// Only an error response that is about the request counts. Where the client is not known, or the provider is busy, nobody
/// knows what would have become of it.
pub(super) fn rejected(
    driver: &mut dyn Driver,
    what: &str,
    reply: Result<FormReply, AuthFailure>,
    about_client: bool,
    spec: &str,
) {
    let check = authentication::TOKEN_REQUEST_REJECTED;
    let reply = match reply {
        Ok(reply) => reply,
        Err(failure) => {
            driver.attempt::<()>(check, Err(failure.blocking()), spec);
            return;
        }
    };
    if let Some(reason) = &reply.failure {
        driver.unknown(check, format!("the token endpoint does not respond: {reason}"), spec, reply.exchange);
        return;
    }
    let error = reply.refusal.error.clone();
    let status = reply.status.unwrap_or_default();
    let of_client = ["invalid_client", "unauthorized_client", "unsupported_grant_type"];
    let elsewhere = !about_client && error.as_deref().is_some_and(|error| of_client.contains(&error));
    let busy = matches!(status, 429 | 503) || error.as_deref() == Some("temporarily_unavailable");
    let silent = (300..500).contains(&status) && error.is_none();
    if !reply.granted() && (elsewhere || busy || silent) {
        let message = format!("the token endpoint rejects the request, but not because {what}");
        let failure = AuthFailure::new(message)
            .expected(if about_client { "invalid_client" } else { "invalid_grant" }, reply.refusal.to_string())
            .at(reply.exchange)
            .blocking();
        driver.attempt::<()>(check, Err(failure), spec);
        return;
    }
    let observed = json!({
        "what": what,
        "granted": reply.granted(),
        "status": reply.status,
        "error": error,
        "response": reply.refusal.to_string(),
    });
    driver.fact(check, observed, spec, reply.exchange);
}

/// Another client than that of the test: the secondary Booking Partner's.
pub(super) async fn other_client(driver: &mut dyn Driver, spec: &str) -> Option<OAuthClient> {
    let other = driver.access().client_of("secondary").await.map_err(AuthFailure::blocking);
    driver.attempt(authentication::OWN_CLIENT, other, spec)
}

/// Notes members that are wrong and that nobody needs.
pub(super) fn note_odd(driver: &mut dyn Driver, odd: &[OddMember], spec: &str, exchange: Option<u32>) {
    for OddMember { document, path, expected, found } in odd {
        let member = json!({ "document": document, "member": path, "expected": expected, "found": found });
        driver.fact(authentication::PROVIDER_MEMBERS, member, spec, exchange);
    }
}

/// What holds of every response of the token endpoint.
pub(super) fn sound(driver: &mut dyn Driver, http: &AuthHttp, tokens: &Tokens, scope: &str, spec: &str) {
    let exchange = http.last();
    driver.fact(authentication::TOKEN_TYPE, json!({ "token_type": tokens.kind }), spec, exchange);
    let scopes = json!({ "wanted": scope, "granted": tokens.scope });
    driver.fact(authentication::TOKEN_SCOPE, scopes, spec, exchange);
    note_odd(driver, &tokens.odd, spec, exchange);
    let life = json!({ "expires_in": tokens.expires_in.map(|life| life.as_secs()) });
    driver.fact(authentication::ACCESS_TOKEN_LIFETIME, life, spec, exchange);
}
