//! What a cell knows of the OpenID provider, and steps that lack it.

use serde_json::json;

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, FormAnswer, Provider, Tokens};
use crate::config::ClientCredentials;
use crate::steps::act::{Act, Step};
use crate::steps::driver::Driver;
use crate::trace::{Event, Exchanges, StepProblem};

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
    driver.see(Event::Exchanges(Exchanges { exchanges: http.exchanges() }));
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
        let message = format!("{what} is missing: an earlier step should have brought it");
        driver.lacks_because(what, StepProblem { message, ..StepProblem::default() });
    }
    value
}

pub(super) fn provider(driver: &mut dyn Driver) -> Option<Provider> {
    let provider = driver.kept_mut().openid().provider.clone();
    had(driver, "an OpenID provider", provider)
}

pub(super) fn own_client(driver: &mut dyn Driver) -> Option<ClientCredentials> {
    let client = driver.kept_mut().openid().client.clone();
    had(driver, "a client", client)
}

/// That the configuration lacks something.
pub(super) fn unconfigured(key: &str) -> AuthFailure {
    let failure = AuthFailure::new(format!("`{key}` is not configured")).hint(format!("set `{key}`"));
    AuthFailure { unreachable: true, ..failure }
}

/// Sees that the token endpoint gave nothing out, to a request that it must reject.
pub(super) fn refused(driver: &mut dyn Driver, what: &str, answer: &FormAnswer, spec: &str) {
    let check = authentication::TOKEN_REQUEST_REJECTED;
    if let Some(reason) = &answer.failure {
        driver.unknown(check, format!("the token endpoint did not answer: {reason}"), spec, answer.exchange);
        return;
    }
    let observed = json!({
        "what": what,
        "granted": answer.granted(),
        "status": answer.status,
        "error": answer.body.get("error"),
    });
    driver.fact(check, observed, spec, answer.exchange);
}

/// Another client than that of the test: the secondary Booking Partner's.
pub(super) async fn other_client(driver: &mut dyn Driver, spec: &str) -> Option<ClientCredentials> {
    let other = driver.access().client_of("secondary").await;
    let other = other.map_err(|failure| AuthFailure { unreachable: true, ..failure });
    driver.attempt(authentication::OWN_CLIENT, other, spec)
}

/// What holds of every response of the token endpoint.
pub(super) fn sound(driver: &mut dyn Driver, http: &AuthHttp, tokens: &Tokens, scope: &str, spec: &str) {
    let exchange = http.last();
    driver.fact(authentication::TOKEN_TYPE, json!({ "token_type": tokens.kind }), spec, exchange);
    let scopes = json!({ "wanted": scope, "granted": tokens.scope });
    driver.fact(authentication::TOKEN_SCOPE, scopes, spec, exchange);
    let life = json!({ "expires_in": tokens.expires_in.map(|life| life.as_secs()) });
    driver.fact(authentication::ACCESS_TOKEN_LIFETIME, life, spec, exchange);
}
