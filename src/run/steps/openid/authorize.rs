//! The authorization code flow: <https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth>, with PKCE.

use crate::catalogue::{AuthorizationTemplate, Consent};
use crate::client::auth::{AuthHttp, BOOKING_SCOPE, IDENTITY_SCOPE, JourneyFailure, Provider, SELLER_SCOPES};
use crate::config::ClientCredentials;
use crate::results::Finding;
use crate::run::cell::CellRun;

use super::{at, claims, had, judged, own_client, provider};

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
    let Some((tokens, asked)) = judged(run, "the Seller authorizes the client", outcome, spec) else { return };
    if whole {
        super::grants::sound(run, http, &tokens, BOOKING_SCOPE, spec);
    }
    claims::judge(run, &tokens, http.last());
    let (wanted, name) = match consent {
        Consent::Any => (None, ""),
        Consent::Asked => (Some(true), "the Seller is asked for consent"),
        Consent::Remembered => (Some(false), "the Seller is not asked for consent again"),
    };
    if let Some(wanted) = wanted {
        let finding = (asked != wanted).then(|| {
            let shown = |asked: bool| if asked { "a page for consent" } else { "no page for consent" };
            let finding = Finding::new("consent is not asked for as it should be");
            at(finding.expected(shown(wanted), shown(asked)).spec(spec), http.last())
        });
        run.log().check(name, None, finding);
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
    let Some(authorization) = judged(run, "authorization can be asked for", authorization, spec) else { return };
    http.about("OpenID provider: authorization with another redirect URI");
    let (access, role) = (run.session.access.clone(), run.cell.credentials);
    let outcome = match http.refused_at_once(&authorization.url).await {
        Some(true) => Err(None),
        _ => access.visit_to(role, &authorization.url, &other, http).await.map_err(Some),
    };
    let name = "nobody is sent to a redirect URI that was not registered";
    match outcome {
        Err(Some(JourneyFailure { unreachable: true, message, .. })) => {
            run.log().block(name, at(Finding::new(message).spec(spec), http.last()));
        }
        Err(_) => run.log().check(name, None, None),
        Ok(arrival) => {
            let what = if arrival.get("code").is_some() { "with a code" } else { "with an error" };
            let finding =
                Finding::new("the authorization endpoint sends the Seller to a redirect URI that was not registered")
                    .expected("a page that says what is wrong", format!("a redirect to it, {what}"));
            run.log().check(name, None, Some(at(finding.spec(spec), http.last())));
        }
    }
}

/// A method of PKCE that the provider does not say it has: <https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1>.
async fn plain(run: &mut CellRun, http: &AuthHttp, provider: &Provider, client: &ClientCredentials, spec: &str) {
    let name = "a plain code_challenge is refused, unless the provider says that it has it";
    if provider.challenge_methods().is_some_and(|methods| methods.iter().any(|method| method == "plain")) {
        run.log().check(name, None, None);
        return;
    }
    let redirect_uri = run.session.config.redirect_uri.clone();
    let authorization = provider.authorization(client, &redirect_uri, SELLER_SCOPES);
    let Some(authorization) = judged(run, "authorization can be asked for", authorization, spec) else { return };
    let changes = [("code_challenge", Some(authorization.verifier.as_str())), ("code_challenge_method", Some("plain"))];
    let url = with_parameter(&authorization.url, &changes);
    let Some(url) = had(run, "an authorization endpoint", url) else { return };
    http.about("OpenID provider: authorization with a plain challenge");
    let (access, role) = (run.session.access.clone(), run.cell.credentials);
    if http.refused_at_once(&url).await == Some(true) {
        run.log().check(name, None, None);
        return;
    }
    match access.visit_to(role, &url, &redirect_uri, http).await {
        Err(JourneyFailure { unreachable: true, message, .. }) => {
            run.log().block(name, at(Finding::new(message).spec(spec), http.last()));
        }
        Ok(arrival) if arrival.get("code").is_some() => {
            let finding = Finding::new("the authorization endpoint accepts a plain code_challenge, which the provider does not say that it has")
                .expected("invalid_request", "a code");
            run.log().check(name, None, Some(at(finding.spec(spec), http.last())));
        }
        _ => run.log().check(name, None, None),
    }
}
