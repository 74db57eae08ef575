//! The authorization code flow: <https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth>, with PKCE.

use serde_json::json;

use crate::catalogue::{AuthorizationTemplate, Consent};
use crate::checks::authentication;
use crate::client::auth::{AuthHttp, BOOKING_SCOPE, IDENTITY_SCOPE, JourneyFailure, Provider, SELLER_SCOPES};
use crate::config::ClientCredentials;
use crate::run::cell::CellRun;

use super::{claims, had, own_client, provider};

/// Sends the Seller to the authorization endpoint.
pub(super) async fn authorize(
    run: &mut CellRun,
    http: &AuthHttp,
    template: AuthorizationTemplate,
    consent: Consent,
    spec: &str,
) {
    let (Some(provider), Some(client)) = (provider(run), own_client(run)) else { return };
    match template {
        AuthorizationTemplate::Standard | AuthorizationTemplate::IdentityOnly => {}
        AuthorizationTemplate::WithOtherRedirectUri => return elsewhere(run, http, &provider, &client, spec).await,
        AuthorizationTemplate::WithPlainChallenge => return plain(run, http, &provider, &client, spec).await,
    }
    let identity = ["openid", IDENTITY_SCOPE];
    let whole = template == AuthorizationTemplate::Standard;
    let scopes: &[&str] = if whole { SELLER_SCOPES } else { &identity };
    let role = run.cell.credentials;
    let access = run.session.access.clone();
    let outcome = access.authorize(&provider, role, &client, scopes, http).await;
    let Some((tokens, asked)) = run.attempt(authentication::AUTHORIZATION, outcome, spec) else { return };
    if whole {
        super::grants::sound(run, http, &tokens, BOOKING_SCOPE, spec);
    }
    claims::judge(run, &tokens, http.last());
    let wanted = match consent {
        Consent::Any => None,
        Consent::Asked => Some(true),
        Consent::Remembered => Some(false),
    };
    if let Some(wanted) = wanted {
        run.fact(authentication::CONSENT, json!({ "wanted": wanted, "asked": asked }), spec, http.last());
    }
    run.openid.seller_tokens = Some(tokens);
}

/// With a query parameter in the place of what it was.
pub(super) fn with_parameter(url: &str, changes: &[(&str, Option<&str>)]) -> Option<String> {
    let mut url = url::Url::parse(url).ok()?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
        .collect();
    let mut pairs = url.query_pairs_mut();
    pairs.clear().extend_pairs(kept);
    for (name, value) in changes {
        if let Some(value) = value {
            pairs.append_pair(name, value);
        }
    }
    drop(pairs);
    Some(url.into())
}

/// A redirect URI that is longer by a word than the one that was registered.
pub(super) fn other_redirect_uri(registered: &str) -> String {
    format!("{}-elsewhere", registered.trim_end_matches('/'))
}

/// Nobody may be sent to a URI that the client did not register: <https://www.rfc-editor.org/rfc/rfc9700#section-2.1>.
async fn elsewhere(run: &mut CellRun, http: &AuthHttp, provider: &Provider, client: &ClientCredentials, spec: &str) {
    let other = other_redirect_uri(&run.session.config.redirect_uri);
    let authorization = provider.authorization(client, &other, SELLER_SCOPES);
    let Some(authorization) = run.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    http.about("OpenID provider: authorization with another redirect URI");
    let (access, role) = (run.session.access.clone(), run.cell.credentials);
    let outcome = match http.refused_at_once(&authorization.url).await {
        Some(true) => Err(None),
        _ => access.visit_to(role, &authorization.url, &other, http).await.map_err(Some),
    };
    let check = authentication::REDIRECT_URI;
    match outcome {
        Err(Some(JourneyFailure { unreachable: true, message, .. })) => {
            run.unknown(check, message, spec, http.last());
        }
        Err(_) => {
            run.fact(check, json!({}), spec, http.last());
        }
        Ok(arrival) => {
            let what = if arrival.get("code").is_some() { "a code" } else { "an error" };
            run.fact(check, json!({ "arrived": what }), spec, http.last());
        }
    }
}

/// A method of PKCE that the provider does not say it has: <https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1>.
async fn plain(run: &mut CellRun, http: &AuthHttp, provider: &Provider, client: &ClientCredentials, spec: &str) {
    let check = authentication::PLAIN_CHALLENGE;
    if provider.challenge_methods().is_some_and(|methods| methods.iter().any(|method| method == "plain")) {
        run.fact(check, json!({}), spec, None);
        return;
    }
    let redirect_uri = run.session.config.redirect_uri.clone();
    let authorization = provider.authorization(client, &redirect_uri, SELLER_SCOPES);
    let Some(authorization) = run.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    let changes = [("code_challenge", Some(authorization.verifier.as_str())), ("code_challenge_method", Some("plain"))];
    let url = with_parameter(&authorization.url, &changes);
    let Some(url) = had(run, "an authorization endpoint", url) else { return };
    http.about("OpenID provider: authorization with a plain challenge");
    let (access, role) = (run.session.access.clone(), run.cell.credentials);
    if http.refused_at_once(&url).await == Some(true) {
        run.fact(check, json!({}), spec, http.last());
        return;
    }
    match access.visit_to(role, &url, &redirect_uri, http).await {
        Err(JourneyFailure { unreachable: true, message, .. }) => {
            run.unknown(check, message, spec, http.last());
        }
        arrived => {
            let code = arrived.is_ok_and(|arrival| arrival.get("code").is_some());
            run.fact(check, json!({ "code": code }), spec, http.last());
        }
    }
}
