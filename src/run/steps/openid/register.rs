//! Dynamic client registration: <https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration>.

use serde_json::json;

use crate::catalogue::{Registrant, RegistrationTemplate};
use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp};
use crate::config::{ClientSource, Secret};
use crate::run::cell::CellRun;

use super::{provider, unconfigured};

/// Registers a client, or tries to.
pub(super) async fn register(
    run: &mut CellRun,
    http: &AuthHttp,
    who: Registrant,
    template: RegistrationTemplate,
    spec: &str,
) {
    let Some(provider) = provider(run) else { return };
    let config = &run.session.config;
    let key =
        format!("integrationTests.bookingPartnersForSpecificTests.{}.authentication.initialAccessToken", who.key());
    let token = match config.specific_partners.get(who.key()).and_then(|partner| partner.client.as_ref()) {
        Some(ClientSource::Registration(token)) => Ok(token.clone()),
        _ => Err(unconfigured(&key)),
    };
    let redirect_uri = config.redirect_uri.clone();
    let Some(token) = run.attempt(authentication::OWN_CLIENT, token, spec) else { return };
    if template == RegistrationTemplate::Standard {
        let registered = provider.register(http, &token, &redirect_uri).await;
        let client = registered.map(|registered| run.session.access.note_registration(registered));
        run.openid.client = run.attempt(authentication::REGISTRATION, client, spec);
        return;
    }
    let (token, uris): (Option<Secret>, &[&str]) = match template {
        RegistrationTemplate::WithWrongToken => {
            (Some(Secret::new(format!("{}-wrong", token.reveal()))), &[&redirect_uri])
        }
        RegistrationTemplate::WithoutToken => (None, &[&redirect_uri]),
        RegistrationTemplate::WithoutRedirectUris | RegistrationTemplate::Standard => (Some(token), &[]),
    };
    let Some(endpoint) = provider.registration_endpoint() else {
        let failure = AuthFailure::new("the discovery document names no registration endpoint");
        run.attempt::<()>(authentication::REGISTRATION, Err(failure), spec);
        return;
    };
    let answer = http.post_registration(endpoint, token.as_ref(), uris).await;
    let check = authentication::REGISTRATION_REJECTED;
    if let Some(reason) = &answer.failure {
        run.unknown(check, format!("the registration endpoint did not answer: {reason}"), spec, answer.exchange);
        return;
    }
    let wanted: &[u16] = match template {
        RegistrationTemplate::WithoutRedirectUris => &[400],
        _ => &[401, 403],
    };
    let registered = answer.body.get("client_id").is_some();
    let observed = json!({ "registered": registered, "status": answer.status, "wanted": wanted });
    run.fact(check, observed, spec, answer.exchange);
}
