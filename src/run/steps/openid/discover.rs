//! Discovery: <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig>.

use crate::client::auth::{AuthFailure, AuthHttp, Provider};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::vocabulary::Profile;

use super::{at, judged};

/// What PKCE needs the provider to have: <https://www.rfc-editor.org/rfc/rfc7636#section-4.2>.
const S256: &str = "S256";

/// Reads the discovery document.
pub(super) async fn discover(run: &mut CellRun, http: &AuthHttp, spec: &str) {
    let authority = run.session.access.authority().map(str::to_owned);
    let authority = authority.ok_or_else(|| {
        AuthFailure::new("the dataset site names no OpenID provider")
            .expected("accessService.authenticationAuthority", "nothing")
            .hint("see `authentication-authority-present`")
    });
    let Some(authority) = judged(run, "the dataset site names an OpenID provider", authority, spec) else { return };
    let found = Provider::discover(http, &authority).await;
    let exchange = http.exchanges().first().copied();
    let Some(provider) = judged(run, "the OpenID provider can be discovered", found, spec) else { return };
    let issuer = provider.other_issuer().map(|failure| at(failure.finding(spec), exchange));
    run.log().check("the issuer is the one that the dataset site names", Some(Profile::Strict), issuer);
    let lacking = provider.token_endpoint().is_none().then(|| {
        let finding = Finding::new("the discovery document names no token endpoint");
        at(finding.expected("token_endpoint", "nothing").path("token_endpoint").spec(spec), exchange)
    });
    run.log().check("the discovery document names the token endpoint", Some(Profile::Strict), lacking);
    if let Some(methods) = provider.challenge_methods() {
        let finding = (!methods.iter().any(|method| method == S256)).then(|| {
            let finding =
                Finding::new("the provider says that it does not have the method of PKCE that clients must use");
            at(finding.expected(S256, methods.join(", ")).path("code_challenge_methods_supported").spec(spec), exchange)
        });
        run.log().check("code_challenge_methods_supported has S256", Some(Profile::Strict), finding);
    }
    run.openid.provider = Some(provider);
}
