//! The authorization code flow: <https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth>, with PKCE.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{
    Arrival, AuthFailure, AuthHttp, Authorized, BOOKING_SCOPE, JourneyEnd, JourneyFailure, OAuthClient, OFFLINE_SCOPE,
    Provider, nonce_of, state_of,
};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::claims;
use crate::steps::openid::known::{authorizes, begin, end, had, own_client, provider, sound, titled};
use crate::steps::openid::redirection::{other_redirect_uri, with_parameter};
use crate::steps::reading::{name, name_or, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "authorize",
    "authorize the client as the Seller; `consent` says whether consent must be requested",
    |fields, _| {
        let consent = name_or(fields, "consent", Consent::Any);
        Some(Arc::new(Authorize { template: name(fields, "authorize")?, consent: consent? }))
    },
    || one_of(AuthorizationTemplate::ALL),
)
.with_keys(&[("consent", || one_of(Consent::ALL))]);

named! {
    /// How a Seller is asked for authorization.
    "authorization"
    enum AuthorizationTemplate {
        /// For everything that a Booking Partner needs.
        Standard = "standard",
        /// For the identity of the Seller only.
        IdentityOnly = "identity-only",
        /// With a redirect URI that was not registered.
        WithOtherRedirectUri = "with-other-redirect-uri",
        /// With `code_challenge_method` plain, where the provider does not say that it has it.
        WithPlainChallenge = "with-plain-challenge",
    }
}

named! {
    /// Whether a Seller must be asked for consent.
    "consent"
    enum Consent {
        /// It may be.
        Any = "any",
        /// It must be.
        Asked = "asked",
        /// It must not be: it has been given before.
        Remembered = "remembered",
    }
}

#[derive(Debug)]
struct Authorize {
    template: AuthorizationTemplate,
    consent: Consent,
}

impl Act for Authorize {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        titled("Authorization", self.template.name())
    }

    fn sentence(&self, _rejected: bool) -> String {
        let words = match self.template {
            AuthorizationTemplate::Standard => {
                "authorize the client as the Seller, redeem the code with PKCE, and verify the ID token"
            }
            AuthorizationTemplate::IdentityOnly => {
                "authorize the client as the Seller for its identity only, and verify the ID token"
            }
            AuthorizationTemplate::WithOtherRedirectUri => {
                "request authorization with an unregistered redirect URI, which must receive no response"
            }
            AuthorizationTemplate::WithPlainChallenge => {
                "request authorization with `code_challenge_method` plain, which must be rejected unless the discovery \
                 document includes it"
            }
        };
        let consent = match self.consent {
            Consent::Any => "",
            Consent::Asked => "; consent must be requested",
            Consent::Remembered => "; consent must not be requested again",
        };
        format!("{words}{consent}")
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
        json!({ "open-id": { "authorize": [self.template, self.consent] } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            authorize(driver, &http, self.template, self.consent, &spec).await;
            end(driver, &http)
        })
    }
}

/// Sends the Seller to the authorization endpoint.
async fn authorize(
    driver: &mut dyn Driver,
    http: &AuthHttp,
    template: AuthorizationTemplate,
    consent: Consent,
    spec: &str,
) {
    let (Some(provider), Some(client)) = (provider(driver), own_client(driver)) else { return };
    match template {
        AuthorizationTemplate::Standard | AuthorizationTemplate::IdentityOnly => {}
        AuthorizationTemplate::WithOtherRedirectUri => return elsewhere(driver, http, &provider, &client, spec).await,
        AuthorizationTemplate::WithPlainChallenge => return plain(driver, http, &provider, &client, spec).await,
    }
    let whole = template == AuthorizationTemplate::Standard;
    let scopes = if whole { provider.seller_scopes() } else { provider.identity_scopes() };
    let role = driver.facts().credentials;
    let access = driver.access();
    let outcome = access.authorize(&provider, role, &client, &scopes, http).await;
    let Some(authorized) = driver.attempt(authentication::AUTHORIZATION, outcome, spec) else { return };
    driver.kept_mut().openid().authorizes = true;
    let Authorized { tokens, consent: asked, authorization, arrival, .. } = &authorized;
    driver.attempt(authentication::REDIRECT_STATE, state_of(arrival, authorization), spec);
    driver.attempt(authentication::REDIRECT_ISSUER, provider.redirect_issuer(arrival), spec);
    driver.attempt(
        authentication::ID_TOKEN_NONCE,
        nonce_of(tokens, authorization).map_err(|failure| failure.at(http.last())),
        spec,
    );
    if whole {
        sound(driver, http, tokens, BOOKING_SCOPE, spec);
    }
    claims::judge(driver, tokens, http.last());
    let wanted = match consent {
        Consent::Any => None,
        Consent::Asked => Some(true),
        Consent::Remembered => Some(false),
    };
    if let Some(wanted) = wanted {
        driver.fact(authentication::CONSENT, json!({ "wanted": wanted, "asked": asked }), spec, http.last());
    }
    if whole {
        let refresh = lasting(&provider, &authorized).map_err(|failure| failure.at(http.last()));
        driver.attempt(authentication::REFRESH_TOKEN, refresh, spec);
    }
    driver.kept_mut().openid().seller_tokens = Some(authorized.tokens);
}

/// Whether a refresh token came, without which the Seller must log in for each access token.
fn lasting(provider: &Provider, authorized: &Authorized) -> Result<(), AuthFailure> {
    if authorized.tokens.refresh.is_some() {
        return Ok(());
    }
    let failure = AuthFailure::new("`refresh_token` of the token response is missing")
        .expected("a refresh token for the scope offline_access", "nothing")
        .path("refresh_token");
    let granted = authorized.tokens.scope.as_deref();
    Err(if !provider.offers(OFFLINE_SCOPE) {
        failure.hint("`scopes_supported` does not include offline_access, so it was not requested")
    } else if granted.is_some_and(|scope| !scope.split(' ').any(|scope| scope == OFFLINE_SCOPE)) {
        failure.hint("`scope` of the response does not include offline_access, also with prompt=consent (OpenID Connect Core, 11)")
    } else {
        failure.hint("the scope offline_access was requested with and without prompt=consent (OpenID Connect Core, 11)")
    })
}

/// How an authorization request that must be rejected ended.
enum Attempted {
    /// With an authorization response.
    Arrived(Arrival),
    /// With an error response of the provider, which sent the Seller nowhere.
    Rejected,
    /// With something that does not show whether it was rejected.
    Unclear(AuthFailure),
}

/// Makes an authorization request that must be rejected, once it is known that one which differs in nothing else is not.
async fn attempt(
    driver: &dyn Driver,
    http: &AuthHttp,
    client: &OAuthClient,
    (url, redirect_uri): (&str, &str),
) -> Attempted {
    let (access, role) = (driver.access(), driver.facts().credentials);
    match access.visit_to(role, url, redirect_uri, http).await {
        Ok(arrival) => Attempted::Arrived(arrival),
        // Where the plain request leads to a login page, a page without one is an error page, whatever its status.
        Err(JourneyFailure { end: JourneyEnd::Rejected | JourneyEnd::ErrorPage | JourneyEnd::DeadPage, .. }) => {
            Attempted::Rejected
        }
        Err(failure) => Attempted::Unclear(failure.of_client(client, redirect_uri).blocking()),
    }
}

/// Nobody may be sent to a URI that the client did not register: <https://www.rfc-editor.org/rfc/rfc9700#section-2.1>.
async fn elsewhere(driver: &mut dyn Driver, http: &AuthHttp, provider: &Provider, client: &OAuthClient, spec: &str) {
    if !authorizes(driver, http, provider, client, spec).await {
        return;
    }
    let other = other_redirect_uri(&driver.facts().config.redirect_uri);
    let authorization = provider.authorization(client, &other, &provider.seller_scopes(), false);
    let Some(authorization) = driver.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    http.about("OpenID provider: authorization with another redirect URI");
    let check = authentication::REDIRECT_URI;
    match attempt(driver, http, client, (&authorization.url, &other)).await {
        Attempted::Unclear(failure) => {
            driver.attempt::<()>(check, Err(failure), spec);
        }
        Attempted::Rejected => {
            driver.fact(check, json!({}), spec, http.last());
        }
        // An error goes to the redirect URI that was registered, or to nobody.
        Attempted::Arrived(arrival) if arrival.registered && arrival.get("error").is_some() => {
            driver.fact(check, json!({}), spec, http.last());
        }
        Attempted::Arrived(arrival) if arrival.registered => {
            let failure = AuthFailure::new("the registered redirect URI replaces that of the request");
            driver.attempt::<()>(check, Err(failure.at(arrival.exchange).blocking()), spec);
        }
        Attempted::Arrived(arrival) => {
            let what = if arrival.get("code").is_some() { "a code" } else { "an error" };
            driver.fact(check, json!({ "arrived": what }), spec, http.last());
        }
    }
}

/// A method of PKCE that the provider does not say it has: <https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1>.
async fn plain(driver: &mut dyn Driver, http: &AuthHttp, provider: &Provider, client: &OAuthClient, spec: &str) {
    let check = authentication::PLAIN_CHALLENGE;
    let why = match provider.challenge_methods() {
        None => Some("`code_challenge_methods_supported` is not published"),
        Some(methods) if methods.iter().any(|method| method == "plain") => {
            Some("`code_challenge_methods_supported` includes plain")
        }
        Some(_) => None,
    };
    if let Some(why) = why {
        driver.fact(authentication::JUDGED_TOKENS, json!({ "why": why }), spec, None);
        return;
    }
    if !authorizes(driver, http, provider, client, spec).await {
        return;
    }
    let redirect_uri = driver.facts().config.redirect_uri.clone();
    let authorization = provider.authorization(client, &redirect_uri, &provider.seller_scopes(), false);
    let Some(authorization) = driver.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    let changes = [("code_challenge", Some(authorization.verifier.as_str())), ("code_challenge_method", Some("plain"))];
    let url = with_parameter(&authorization.url, &changes);
    let Some(url) = had(driver, "an authorization endpoint", url) else { return };
    http.about("OpenID provider: authorization with a plain challenge");
    match attempt(driver, http, client, (&url, &redirect_uri)).await {
        Attempted::Unclear(failure) => {
            driver.attempt::<()>(check, Err(failure), spec);
        }
        Attempted::Rejected => {
            driver.fact(check, json!({}), spec, http.last());
        }
        Attempted::Arrived(arrival) => match unclear(&arrival) {
            Some(failure) => {
                driver.attempt::<()>(check, Err(failure), spec);
            }
            None => {
                driver.fact(check, json!({ "code": arrival.get("code").is_some() }), spec, http.last());
            }
        },
    }
}

/// Why an authorization response shows neither that the request was accepted nor that it was rejected for what is wrong
/// with it.
pub(super) fn unclear(arrival: &Arrival) -> Option<AuthFailure> {
    let error = arrival.get("error");
    let elsewhere = ["access_denied", "server_error", "temporarily_unavailable", "login_required", "consent_required"];
    let clear = match error {
        Some(error) => !elsewhere.contains(&error),
        None => arrival.get("code").is_some(),
    };
    (!clear).then(|| {
        AuthFailure::new("the authorization response does not show whether the request was rejected")
            .expected("invalid_request", error.unwrap_or("neither code nor error"))
            .at(arrival.exchange)
            .blocking()
    })
}
