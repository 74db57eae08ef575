//! Authorization codes that must not be redeemed: <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>,
//! <https://www.rfc-editor.org/rfc/rfc7636#section-4.6>.

use serde_json::json;

use crate::catalogue::RedemptionTemplate;
use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, SELLER_SCOPES, of_journey};
use crate::run::cell::CellRun;

use super::authorize::{other_redirect_uri, with_parameter};
use super::{had, other_client, own_client, provider, refused};

/// A verifier that belongs to no challenge.
const WRONG_VERIFIER: &str = "a-verifier-that-belongs-to-no-challenge-that-was-ever-sent";

/// Lets the Seller authorize the client, and redeems the code as it must not be.
pub(super) async fn redeem(run: &mut CellRun, http: &AuthHttp, template: RedemptionTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(run), own_client(run)) else { return };
    let Some(endpoint) = had(run, "a token endpoint", provider.token_endpoint()) else { return };
    let redeemer = match template {
        RedemptionTemplate::ByAnotherClient => match other_client(run, spec).await {
            Some(other) => other,
            None => return,
        },
        _ => client.clone(),
    };
    let redirect_uri = run.session.config.redirect_uri.clone();
    let authorization = provider.authorization(&client, &redirect_uri, SELLER_SCOPES);
    let Some(authorization) = run.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    let unchallenged = template == RedemptionTemplate::WithoutChallenge;
    let removed: &[(&str, Option<&str>)] =
        if unchallenged { &[("code_challenge", None), ("code_challenge_method", None)] } else { &[] };
    let url = with_parameter(&authorization.url, removed);
    let Some(url) = had(run, "an authorization endpoint", url) else { return };
    let name = name(template);
    let (access, role) = (run.session.access.clone(), run.cell.credentials);
    let arrival = access.visit_to(role, &url, &redirect_uri, http).await;
    let arrival = match arrival {
        Ok(arrival) => arrival,
        // Whoever does not go on without a challenge has no code that could be redeemed wrongly.
        Err(failure) if unchallenged && !failure.unreachable => return unredeemable(run, name, spec),
        Err(failure) => {
            run.attempt::<()>(authentication::AUTHORIZATION, Err(of_journey(&failure)), spec);
            return;
        }
    };
    let Some(code) = arrival.get("code") else {
        if unchallenged {
            return unredeemable(run, name, spec);
        }
        let error = arrival.get("error").unwrap_or("nothing").to_owned();
        let failure = AuthFailure::new("the authorization endpoint brings no code").expected("a code", error);
        let failure = AuthFailure { unreachable: true, ..failure.at(arrival.exchange) };
        run.attempt::<()>(authentication::AUTHORIZATION, Err(failure), spec);
        return;
    };
    let other = other_redirect_uri(&redirect_uri);
    let verifier = match template {
        RedemptionTemplate::WithWrongVerifier => Some(WRONG_VERIFIER),
        RedemptionTemplate::WithoutVerifier => None,
        _ => Some(authorization.verifier.as_str()),
    };
    let target = if template == RedemptionTemplate::WithOtherRedirectUri { &other } else { &redirect_uri };
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", target)];
    fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    http.about("OpenID provider: authorization code");
    if template == RedemptionTemplate::Twice {
        let first = http.post_form(endpoint, &redeemer, &fields).await;
        if !first.granted() {
            let reason = "the code cannot be redeemed even once".to_owned();
            run.unknown(authentication::TOKEN_REQUEST_REJECTED, reason, spec, first.exchange);
            return;
        }
    }
    let answer = http.post_form(endpoint, &redeemer, &fields).await;
    refused(run, name, &answer, spec);
}

/// Without a challenge there is no code that could be redeemed wrongly.
fn unredeemable(run: &mut CellRun, what: &str, spec: &str) {
    let observed = json!({ "what": what, "granted": false, "status": 400 });
    run.fact(authentication::TOKEN_REQUEST_REJECTED, observed, spec, None);
}

const fn name(template: RedemptionTemplate) -> &'static str {
    match template {
        RedemptionTemplate::Twice => "a code cannot be redeemed twice",
        RedemptionTemplate::WithWrongVerifier => "a code cannot be redeemed with another code_verifier",
        RedemptionTemplate::WithoutVerifier => "a code cannot be redeemed without code_verifier",
        RedemptionTemplate::WithoutChallenge => {
            "a code whose request had no code_challenge cannot be redeemed with a code_verifier"
        }
        RedemptionTemplate::WithOtherRedirectUri => "a code cannot be redeemed with another redirect_uri",
        RedemptionTemplate::ByAnotherClient => "a code cannot be redeemed by another client",
    }
}
