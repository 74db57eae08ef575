//! Authorization codes that must not be redeemed: <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>,
//! <https://www.rfc-editor.org/rfc/rfc7636#section-4.6>.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, JourneyEnd, JourneyFailure, code_of};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::authorize::unclear;
use crate::steps::openid::known::{authorizes, begin, end, had, other_client, own_client, provider, rejected, titled};
use crate::steps::openid::redirection::{other_redirect_uri, with_parameter};
use crate::steps::reading::{name, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "redeem",
    "redeem an authorization code in an invalid way, which must be rejected",
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
        format!("redeem an authorization code {how}, which must be rejected")
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

    fn may_revoke_tokens(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "redeem": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            redeem(driver, &http, self.0, &spec).await;
            // Tokens of the same Booking Partner and Seller may have been revoked with what came of the code.
            let (access, role) = (driver.access(), driver.facts().credentials);
            access.forget_seller_token(role, "primary").await;
            end(driver, &http)
        })
    }
}

/// A verifier that belongs to no challenge.
const WRONG_VERIFIER: &str = "a-verifier-that-belongs-to-no-challenge-that-was-ever-sent";

/// Lets the Seller authorize the client, and redeems the code as it must not be.
async fn redeem(driver: &mut dyn Driver, http: &AuthHttp, template: RedemptionTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(driver), own_client(driver)) else { return };
    let redeemer = match template {
        RedemptionTemplate::ByAnotherClient => match other_client(driver, spec).await {
            Some(other) => other,
            None => return,
        },
        _ => client.clone(),
    };
    let unchallenged = template == RedemptionTemplate::WithoutChallenge;
    if unchallenged && !authorizes(driver, http, &provider, &client, spec).await {
        return;
    }
    let redirect_uri = driver.facts().config.redirect_uri.clone();
    let authorization = provider.authorization(&client, &redirect_uri, &provider.seller_scopes(), false);
    let Some(authorization) = driver.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    let removed: &[(&str, Option<&str>)] =
        if unchallenged { &[("code_challenge", None), ("code_challenge_method", None)] } else { &[] };
    let url = with_parameter(&authorization.url, removed);
    let Some(url) = had(driver, "an authorization endpoint", url) else { return };
    let what = what(template);
    let (access, role) = (driver.access(), driver.facts().credentials);
    let arrival = match access.visit_to(role, &url, &redirect_uri, http).await {
        Ok(arrival) => arrival,
        // An error page is a rejection, too: without a challenge there is no code that could be redeemed wrongly.
        Err(JourneyFailure { end: JourneyEnd::Rejected | JourneyEnd::ErrorPage | JourneyEnd::DeadPage, .. })
            if unchallenged =>
        {
            return unredeemable(driver, what, spec);
        }
        Err(failure) => {
            let failure = failure.of_client(&client, &redirect_uri).blocking();
            driver.attempt::<()>(authentication::AUTHORIZATION, Err(failure), spec);
            return;
        }
    };
    if unchallenged && arrival.get("code").is_none() {
        match unclear(&arrival) {
            None => unredeemable(driver, what, spec),
            Some(failure) => {
                driver.attempt::<()>(authentication::TOKEN_REQUEST_REJECTED, Err(failure), spec);
            }
        }
        return;
    }
    let code = code_of(&arrival).map_err(AuthFailure::blocking);
    let Some(code) = driver.attempt(authentication::AUTHORIZATION, code, spec) else { return };
    driver.kept_mut().openid().authorizes = true;
    let other = other_redirect_uri(&redirect_uri);
    let verifier = match template {
        RedemptionTemplate::WithWrongVerifier => Some(WRONG_VERIFIER),
        RedemptionTemplate::WithoutVerifier => None,
        _ => Some(authorization.verifier.as_str()),
    };
    let target = if template == RedemptionTemplate::WithOtherRedirectUri { &other } else { &redirect_uri };
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", target)];
    fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    http.about("OpenID provider: authorization code");
    let mut refresh = None;
    if template == RedemptionTemplate::Twice {
        let first = provider.post_token(http, &redeemer, &fields).await;
        let first = match first {
            Ok(first) => first,
            Err(failure) => {
                driver.attempt::<()>(authentication::TOKEN_REQUEST_REJECTED, Err(failure.blocking()), spec);
                return;
            }
        };
        if !first.granted() {
            let failure = AuthFailure::new("the authorization code cannot be redeemed once");
            let failure = failure.expected("an access token", first.refusal.to_string()).at(first.exchange);
            driver.attempt::<()>(authentication::TOKEN_REQUEST_REJECTED, Err(failure.blocking()), spec);
            return;
        }
        refresh = first.body.get("refresh_token").and_then(Value::as_str).map(str::to_owned);
    }
    let reply = provider.post_token(http, &redeemer, &fields).await;
    let replayed = reply.as_ref().is_ok_and(|reply| reply.status == Some(400));
    rejected(driver, what, reply, false, spec);
    if let Some(token) = refresh.filter(|_| replayed) {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        http.about("OpenID provider: refresh token of a code that was redeemed twice");
        if let Ok(reply) = provider.post_token(http, &redeemer, &fields).await
            && reply.status.is_some()
        {
            let observed = json!({ "granted": reply.granted() });
            driver.fact(authentication::REPLAY_REVOKES, observed, spec, reply.exchange);
        }
    }
}

/// Without a challenge there is no code that could be redeemed wrongly.
fn unredeemable(driver: &mut dyn Driver, what: &str, spec: &str) {
    let observed = json!({ "what": what, "granted": false, "status": 400 });
    driver.fact(authentication::TOKEN_REQUEST_REJECTED, observed, spec, None);
}

/// What is wrong with the request, in words.
const fn what(template: RedemptionTemplate) -> &'static str {
    match template {
        RedemptionTemplate::Twice => "the code was redeemed before",
        RedemptionTemplate::WithWrongVerifier => "`code_verifier` does not match the code",
        RedemptionTemplate::WithoutVerifier => "`code_verifier` is missing",
        RedemptionTemplate::WithoutChallenge => "the authorization request had no `code_challenge`",
        RedemptionTemplate::WithOtherRedirectUri => "`redirect_uri` is not that of the authorization request",
        RedemptionTemplate::ByAnotherClient => "the code was issued to another client",
    }
}
