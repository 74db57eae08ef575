//! Dynamic client registration: <https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration>.

use crate::catalogue::{Registrant, RegistrationTemplate};
use crate::client::auth::{AuthFailure, AuthHttp};
use crate::config::{ClientSource, Secret};
use crate::results::Finding;
use crate::run::cell::CellRun;

use super::{at, judged, provider, unconfigured};

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
    let Some(token) = judged(run, "there is an initial access token", token, spec) else { return };
    if template == RegistrationTemplate::Standard {
        let registered = provider.register(http, &token, &redirect_uri).await;
        let client = registered.map(|registered| run.session.access.note_registration(registered));
        run.openid.client = judged(run, "the client is registered", client, spec);
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
        judged::<()>(run, "there is a registration endpoint", Err(failure), spec);
        return;
    };
    let answer = http.post_registration(endpoint, token.as_ref(), uris).await;
    let name = "the registration is refused";
    if let Some(reason) = &answer.failure {
        let finding = Finding::new(format!("the registration endpoint did not answer: {reason}")).spec(spec);
        run.log().block(name, at(finding, answer.exchange));
        return;
    }
    let status = answer.status.unwrap_or_default();
    let registered = answer.body.get("client_id").is_some();
    let wanted: &[u16] = match template {
        RegistrationTemplate::WithoutRedirectUris => &[400],
        _ => &[401, 403],
    };
    let finding = if registered || (200..300).contains(&status) {
        Some(Finding::new("a client was registered that must not be").expected("an error", format!("HTTP {status}")))
    } else if !wanted.contains(&status) {
        let words = wanted.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
        let finding = Finding::new("the registration is refused with a status that says something else");
        Some(finding.expected(format!("HTTP {words}"), format!("HTTP {status}")))
    } else {
        None
    };
    run.log().check(name, None, finding.map(|finding| at(finding.spec(spec), answer.exchange)));
}
