//! Discovery: <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig>.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, Provider};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, note_odd};
use crate::vocabulary::Stage;

pub(in crate::steps) const KIND: Kind =
    Kind::plain("discover", "read the discovery document of the OpenID provider", || Arc::new(Discover));

#[derive(Debug)]
struct Discover;

impl Act for Discover {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Discovery".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "read the discovery document of the OpenID provider, and its keys".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": self.keyword() })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            discover(driver, &http, &spec).await;
            end(driver, &http)
        })
    }
}

/// Reads the discovery document.
async fn discover(driver: &mut dyn Driver, http: &AuthHttp, spec: &str) {
    let authority = driver.access().authority().map(str::to_owned);
    let authority = authority.ok_or_else(|| {
        AuthFailure::new("`accessService.authenticationAuthority` of the dataset site is missing")
            .expected("the URL of the OpenID provider", "nothing")
            .hint("see `authentication-authority-present`")
    });
    let Some(authority) = driver.attempt(authentication::PROVIDER_NAMED, authority, spec) else { return };
    let found = Provider::discover(http, &authority).await;
    let exchange = http.exchanges().first().copied();
    let Some(provider) = driver.attempt(authentication::DISCOVERY, found, spec) else { return };
    let issuer = provider.other_issuer().map_or(Ok(()), Err);
    driver.attempt(authentication::ISSUER, issuer, spec);
    driver.fact(authentication::DISCOVERY_MEMBERS, json!({ "missing": provider.missing() }), spec, exchange);
    note_odd(driver, &provider.odd, spec, exchange);
    let named = json!({ "named": provider.token_endpoint().is_some() });
    driver.fact(authentication::TOKEN_ENDPOINT, named, spec, exchange);
    if let Some(methods) = provider.challenge_methods() {
        driver.fact(authentication::PKCE_METHODS, json!({ "methods": methods }), spec, exchange);
    }
    driver.kept_mut().openid().provider = Some(provider);
}
