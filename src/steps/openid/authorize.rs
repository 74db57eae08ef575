//! The authorization code flow: <https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth>, with PKCE.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthHttp, BOOKING_SCOPE, IDENTITY_SCOPE, JourneyFailure, Provider, SELLER_SCOPES};
use crate::config::ClientCredentials;
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::claims;
use crate::steps::openid::known::{begin, end, had, own_client, provider, sound, titled};
use crate::steps::openid::redirection::{other_redirect_uri, with_parameter};
use crate::steps::reading::{name, name_or, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "authorize",
    "let the Seller authorize the client; `consent` says whether it must be requested",
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
                "let the Seller authorize the client, redeem the code with PKCE, and verify the ID token"
            }
            AuthorizationTemplate::IdentityOnly => {
                "let the Seller authorize the client to know who it is, and verify the ID token"
            }
            AuthorizationTemplate::WithOtherRedirectUri => {
                "ask for authorization with a redirect URI that was not registered, which nobody must be sent to"
            }
            AuthorizationTemplate::WithPlainChallenge => {
                "ask for authorization with a plain code_challenge, which must be refused unless the provider says that \
                 it has it"
            }
        };
        let consent = match self.consent {
            Consent::Any => "",
            Consent::Asked => "; the Seller must be asked for consent",
            Consent::Remembered => "; the Seller must not be asked for consent again",
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
    let identity = ["openid", IDENTITY_SCOPE];
    let whole = template == AuthorizationTemplate::Standard;
    let scopes: &[&str] = if whole { SELLER_SCOPES } else { &identity };
    let role = driver.facts().credentials;
    let access = driver.access();
    let outcome = access.authorize(&provider, role, &client, scopes, http).await;
    let Some((tokens, asked)) = driver.attempt(authentication::AUTHORIZATION, outcome, spec) else { return };
    if whole {
        sound(driver, http, &tokens, BOOKING_SCOPE, spec);
    }
    claims::judge(driver, &tokens, http.last());
    let wanted = match consent {
        Consent::Any => None,
        Consent::Asked => Some(true),
        Consent::Remembered => Some(false),
    };
    if let Some(wanted) = wanted {
        driver.fact(authentication::CONSENT, json!({ "wanted": wanted, "asked": asked }), spec, http.last());
    }
    driver.kept_mut().openid().seller_tokens = Some(tokens);
}

/// Nobody may be sent to a URI that the client did not register: <https://www.rfc-editor.org/rfc/rfc9700#section-2.1>.
async fn elsewhere(
    driver: &mut dyn Driver,
    http: &AuthHttp,
    provider: &Provider,
    client: &ClientCredentials,
    spec: &str,
) {
    let other = other_redirect_uri(&driver.facts().config.redirect_uri);
    let authorization = provider.authorization(client, &other, SELLER_SCOPES);
    let Some(authorization) = driver.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    http.about("OpenID provider: authorization with another redirect URI");
    let (access, role) = (driver.access(), driver.facts().credentials);
    let outcome = match http.refused_at_once(&authorization.url).await {
        Some(true) => Err(None),
        _ => access.visit_to(role, &authorization.url, &other, http).await.map_err(Some),
    };
    let check = authentication::REDIRECT_URI;
    match outcome {
        Err(Some(JourneyFailure { unreachable: true, message, .. })) => {
            driver.unknown(check, message, spec, http.last());
        }
        Err(_) => {
            driver.fact(check, json!({}), spec, http.last());
        }
        Ok(arrival) => {
            let what = if arrival.get("code").is_some() { "a code" } else { "an error" };
            driver.fact(check, json!({ "arrived": what }), spec, http.last());
        }
    }
}

/// A method of PKCE that the provider does not say it has: <https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1>.
async fn plain(driver: &mut dyn Driver, http: &AuthHttp, provider: &Provider, client: &ClientCredentials, spec: &str) {
    let check = authentication::PLAIN_CHALLENGE;
    if provider.challenge_methods().is_some_and(|methods| methods.iter().any(|method| method == "plain")) {
        driver.fact(check, json!({}), spec, None);
        return;
    }
    let redirect_uri = driver.facts().config.redirect_uri.clone();
    let authorization = provider.authorization(client, &redirect_uri, SELLER_SCOPES);
    let Some(authorization) = driver.attempt(authentication::AUTHORIZATION, authorization, spec) else { return };
    let changes = [("code_challenge", Some(authorization.verifier.as_str())), ("code_challenge_method", Some("plain"))];
    let url = with_parameter(&authorization.url, &changes);
    let Some(url) = had(driver, "an authorization endpoint", url) else { return };
    http.about("OpenID provider: authorization with a plain challenge");
    let (access, role) = (driver.access(), driver.facts().credentials);
    if http.refused_at_once(&url).await == Some(true) {
        driver.fact(check, json!({}), spec, http.last());
        return;
    }
    match access.visit_to(role, &url, &redirect_uri, http).await {
        Err(JourneyFailure { unreachable: true, message, .. }) => {
            driver.unknown(check, message, spec, http.last());
        }
        arrived => {
            let code = arrived.is_ok_and(|arrival| arrival.get("code").is_some());
            driver.fact(check, json!({ "code": code }), spec, http.last());
        }
    }
}
