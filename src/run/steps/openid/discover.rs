//! Discovery: <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig>.

use serde_json::json;

use crate::checks::authentication;
use crate::client::auth::{AuthFailure, AuthHttp, Provider};
use crate::run::cell::CellRun;

/// Reads the discovery document.
pub(super) async fn discover(run: &mut CellRun, http: &AuthHttp, spec: &str) {
    let authority = run.session.access.authority().map(str::to_owned);
    let authority = authority.ok_or_else(|| {
        AuthFailure::new("the dataset site names no OpenID provider")
            .expected("accessService.authenticationAuthority", "nothing")
            .hint("see `authentication-authority-present`")
    });
    let Some(authority) = run.attempt(authentication::PROVIDER_NAMED, authority, spec) else { return };
    let found = Provider::discover(http, &authority).await;
    let exchange = http.exchanges().first().copied();
    let Some(provider) = run.attempt(authentication::DISCOVERY, found, spec) else { return };
    let issuer = provider.other_issuer().map_or(Ok(()), |failure| Err(failure.at(exchange)));
    run.attempt(authentication::ISSUER, issuer, spec);
    let named = json!({ "named": provider.token_endpoint().is_some() });
    run.fact(authentication::TOKEN_ENDPOINT, named, spec, exchange);
    if let Some(methods) = provider.challenge_methods() {
        run.fact(authentication::PKCE_METHODS, json!({ "methods": methods }), spec, exchange);
    }
    run.openid.provider = Some(provider);
}
