//! Dynamic client registration: <https://openid.net/specs/openid-connect-registration-1_0.html#ClientRegistration>.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp};
use crate::config::{ClientSource, Secret};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, provider, titled, unconfigured};
use crate::steps::reading::{name, name_or, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "register",
    "register a client with an initial access token; `how` says what differs",
    |fields, _| {
        let template = name_or(fields, "how", RegistrationTemplate::Standard);
        Some(Arc::new(Register { who: name(fields, "register")?, template: template? }))
    },
    || one_of(Registrant::ALL),
)
.with_keys(&[("how", || one_of(RegistrationTemplate::ALL))]);

named! {
    /// Which Booking Partner registers itself.
    "registering Booking Partner"
    enum Registrant {
        /// `integrationTests.bookingPartnersForSpecificTests.dynamicPrimary`
        DynamicPrimary = "dynamic-primary",
        /// `integrationTests.bookingPartnersForSpecificTests.dynamicSecondary`
        DynamicSecondary = "dynamic-secondary",
    }
}

named! {
    /// How a client registers.
    "registration"
    enum RegistrationTemplate {
        /// As it should.
        Standard = "standard",
        /// With an initial access token that nobody was given.
        WithWrongToken = "with-wrong-token",
        /// Without an initial access token.
        WithoutToken = "without-token",
        /// For authorization codes, without a redirect URI.
        WithoutRedirectUris = "without-redirect-uris",
    }
}

impl Registrant {
    /// The key in the configuration.
    const fn key(self) -> &'static str {
        match self {
            Self::DynamicPrimary => "dynamicPrimary",
            Self::DynamicSecondary => "dynamicSecondary",
        }
    }
}

#[derive(Debug)]
struct Register {
    who: Registrant,
    template: RegistrationTemplate,
}

impl Act for Register {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        titled("Registration", self.template.name())
    }

    fn sentence(&self, _rejected: bool) -> String {
        match self.template {
            RegistrationTemplate::Standard => {
                format!("register a client with the initial access token of {}", self.who.key())
            }
            template => format!("register a client {}, which must be rejected", template.name().replace('-', " ")),
        }
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["discover"]
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "register": [self.who, self.template] } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            register(driver, &http, self.who, self.template, &spec).await;
            end(driver, &http)
        })
    }
}

/// Registers a client, or tries to.
async fn register(
    driver: &mut dyn Driver,
    http: &AuthHttp,
    who: Registrant,
    template: RegistrationTemplate,
    spec: &str,
) {
    let Some(provider) = provider(driver) else { return };
    let facts = driver.facts();
    let config = &facts.config;
    let key =
        format!("integrationTests.bookingPartnersForSpecificTests.{}.authentication.initialAccessToken", who.key());
    let token = match config.specific_partners.get(who.key()).and_then(|partner| partner.client.as_ref()) {
        Some(ClientSource::Registration(token)) => Ok(token.clone()),
        _ => Err(unconfigured(&key)),
    };
    let redirect_uri = config.redirect_uri.clone();
    let Some(token) = driver.attempt(authentication::OWN_CLIENT, token, spec) else { return };
    if template == RegistrationTemplate::Standard {
        let registered = provider.register(http, &token, &redirect_uri).await;
        let client = registered.map(|registered| driver.access().note_registration(registered));
        driver.kept_mut().openid().client = driver.attempt(authentication::REGISTRATION, client, spec);
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
        let failure = AuthFailure::new("`registration_endpoint` of the discovery document is missing")
            .expected("a URL", "nothing")
            .path("registration_endpoint")
            .at(provider.exchange);
        driver.attempt::<()>(authentication::REGISTRATION, Err(failure), spec);
        return;
    };
    let reply = http.post_registration(endpoint, token.as_ref(), uris).await;
    let check = authentication::REGISTRATION_REJECTED;
    if let Some(reason) = &reply.failure {
        driver.unknown(check, format!("the registration endpoint does not respond: {reason}"), spec, reply.exchange);
        return;
    }
    if matches!(reply.status, Some(429 | 503)) {
        let failure = AuthFailure::new("the registration endpoint is busy");
        let failure = failure.expected("an error about the request", reply.refusal.to_string()).at(reply.exchange);
        driver.attempt::<()>(check, Err(failure.blocking()), spec);
        return;
    }
    let wanted: &[u16] = match template {
        RegistrationTemplate::WithoutRedirectUris => &[400],
        // RFC 6750 has 400 for a request that lacks a parameter, and leaves open whether the token is one.
        RegistrationTemplate::WithoutToken => &[401, 403, 400],
        _ => &[401, 403],
    };
    let registered = reply.body.get("client_id").is_some();
    let observed = json!({
        "registered": registered,
        "status": reply.status,
        "wanted": wanted,
        "response": reply.refusal.to_string(),
    });
    driver.fact(check, observed, spec, reply.exchange);
}
