//! Authorization codes that must not be redeemed: <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>,
//! <https://www.rfc-editor.org/rfc/rfc7636#section-4.6>.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, SELLER_SCOPES, of_journey};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, had, other_client, own_client, provider, refused, titled};
use crate::steps::openid::redirection::{other_redirect_uri, with_parameter};
use crate::steps::reading::{name, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "redeem",
    "redeem an authorization code in a way that must be rejected",
    |fields, _| Some(Arc::new(Redeem(name(fields, "redeem")?))),
    || one_of(RedemptionTemplate::ALL),
);

named! {
    /// How an authorization code is redeemed that must not be.
    "redemption"
    enum RedemptionTemplate {
        /// A second time.
        Twice = "twice",
        /// With another `code_verifier`.
        WithWrongVerifier = "with-wrong-verifier",
        /// Without `code_verifier`.
        WithoutVerifier = "without-verifier",
        /// With a `code_verifier`, though the request had no `code_challenge`.
        WithoutChallenge = "without-challenge",
        /// With another `redirect_uri`.
        WithOtherRedirectUri = "with-other-redirect-uri",
        /// By another client.
        ByAnotherClient = "by-another-client",
    }
}

#[derive(Debug)]
struct Redeem(RedemptionTemplate);

impl Act for Redeem {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        titled("Code redeemed", self.0.name())
    }

    fn sentence(&self, _rejected: bool) -> String {
        let how = match self.0 {
            RedemptionTemplate::Twice => "a second time",
            RedemptionTemplate::WithWrongVerifier => "with another code_verifier",
            RedemptionTemplate::WithoutVerifier => "without code_verifier",
            RedemptionTemplate::WithoutChallenge => "with a code_verifier, though the request had no code_challenge",
            RedemptionTemplate::WithOtherRedirectUri => "with another redirect_uri",
            RedemptionTemplate::ByAnotherClient => "by another client",
        };
        format!("redeem an authorization code {how}, which must be refused")
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["client", "register"]
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "redeem": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            redeem(driver, &http, self.0, &spec).await;
            end(driver, &http)
        })
    }
}

/// A verifier that belongs to no challenge.
const WRONG_VERIFIER: &str = "a-verifier-that-belongs-to-no-challenge-that-was-ever-sent";

/// Lets the Seller authorize the client, and redeems the code as it must not be.
async fn redeem(driver: &mut dyn Driver, http: &AuthHttp, template: RedemptionTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(driver), own_client(driver)) else { return };
    let Some(endpoint) = had(driver, "a token endpoint", provider.token_endpoint()) else { return };
    let redeemer = match template {
        RedemptionTemplate::ByAnotherClient => match other_client(driver, spec).await {
            Some(other) => other,
            None => return,
        },
        _ => client.clone(),
    };
    let redirect_uri = driver.facts().config.redirect_uri.clone();
    let authorization = provider.authorization(&client, &redirect_uri, SELLER_SCOPES);
    let Some(authorization) = driver.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    let unchallenged = template == RedemptionTemplate::WithoutChallenge;
    let removed: &[(&str, Option<&str>)] =
        if unchallenged { &[("code_challenge", None), ("code_challenge_method", None)] } else { &[] };
    let url = with_parameter(&authorization.url, removed);
    let Some(url) = had(driver, "an authorization endpoint", url) else { return };
    let what = what(template);
    let (access, role) = (driver.access(), driver.facts().credentials);
    let arrival = access.visit_to(role, &url, &redirect_uri, http).await;
    let arrival = match arrival {
        Ok(arrival) => arrival,
        // Whoever does not go on without a challenge has no code that could be redeemed wrongly.
        Err(failure) if unchallenged && !failure.unreachable => return unredeemable(driver, what, spec),
        Err(failure) => {
            driver.attempt::<()>(authentication::AUTHORIZATION, Err(of_journey(&failure)), spec);
            return;
        }
    };
    let Some(code) = arrival.get("code") else {
        if unchallenged {
            return unredeemable(driver, what, spec);
        }
        let error = arrival.get("error").unwrap_or("nothing").to_owned();
        let failure = AuthFailure::new("the authorization endpoint brings no code").expected("a code", error);
        let failure = AuthFailure { unreachable: true, ..failure.at(arrival.exchange) };
        driver.attempt::<()>(authentication::AUTHORIZATION, Err(failure), spec);
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
            driver.unknown(authentication::TOKEN_REQUEST_REJECTED, reason, spec, first.exchange);
            return;
        }
    }
    let answer = http.post_form(endpoint, &redeemer, &fields).await;
    refused(driver, what, &answer, spec);
}

/// Without a challenge there is no code that could be redeemed wrongly.
fn unredeemable(driver: &mut dyn Driver, what: &str, spec: &str) {
    let observed = json!({ "what": what, "granted": false, "status": 400 });
    driver.fact(authentication::TOKEN_REQUEST_REJECTED, observed, spec, None);
}

const fn what(template: RedemptionTemplate) -> &'static str {
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
