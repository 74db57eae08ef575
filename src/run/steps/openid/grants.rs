//! Client credentials and refresh tokens.

use std::time::Duration;

use crate::catalogue::{GrantTemplate, RefreshTemplate};
use crate::checks::authentication;
use crate::client::auth::{AuthHttp, FEED_SCOPE, Tokens};
use crate::results::{Finding, Remark, RemarkLevel};
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::vocabulary::Profile;

use super::{at, had, judged, other_client, own_client, provider, refused};

/// The longest life of an access token that the specification recommends.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// A token by the credentials of the client.
pub(super) async fn client_credentials(run: &mut CellRun, http: &AuthHttp, template: GrantTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(run), own_client(run)) else { return };
    if template == GrantTemplate::WithWrongSecret {
        let Some(endpoint) = had(run, "a token endpoint", provider.token_endpoint()) else { return };
        let mut other = client;
        other.secret = crate::config::Secret::new(format!("{}-wrong", other.secret.reveal()));
        http.about("OpenID provider: client credentials with another secret");
        let fields = [("grant_type", "client_credentials"), ("scope", FEED_SCOPE)];
        let answer = http.post_form(endpoint, &other, &fields).await;
        refused(run, "a client with another secret gets no token", &answer, spec);
        return;
    }
    let tokens = provider.client_credentials(http, &client, &[FEED_SCOPE]).await;
    let tokens = judged(run, "client credentials bring a token", tokens, spec);
    if let Some(tokens) = &tokens {
        sound(run, http, tokens, FEED_SCOPE, spec);
    }
    run.openid.feed_tokens = tokens;
}

/// What holds of every answer of the token endpoint.
pub(super) fn sound(run: &mut CellRun, http: &AuthHttp, tokens: &Tokens, scope: &str, spec: &str) {
    let exchange = http.last();
    let bearer = (!tokens.kind.eq_ignore_ascii_case("bearer")).then(|| {
        let finding = Finding::new("the token is of another type").expected("Bearer", tokens.kind.clone());
        at(finding.path("token_type").spec(spec), exchange)
    });
    run.log().check("the token is a bearer token", Some(Profile::Strict), bearer);
    // An answer that does not say otherwise grants what was asked for.
    let granted = tokens.scope.as_ref().is_none_or(|scopes| scopes.split(' ').any(|known| known == scope));
    let finding = (!granted).then(|| {
        let finding = Finding::new("the token has not the scope that was asked for");
        at(finding.expected(scope, tokens.scope.clone().unwrap_or_default()).path("scope").spec(spec), exchange)
    });
    run.log().check(format!("the token has the scope {scope}"), Some(Profile::Strict), finding);
    let finding = tokens.expires_in.is_none_or(|life| life > LIFE).then(|| {
        let found = tokens.expires_in.map_or_else(|| "nothing".to_owned(), |life| life.as_secs().to_string());
        let finding = Finding::new("the token does not end within the 15 minutes that are recommended");
        at(finding.expected(format!("{} or less", LIFE.as_secs()), found).path("expires_in").spec(spec), exchange)
    });
    run.log().check(authentication::ACCESS_TOKEN_LIFETIME.called(), None, finding);
}

/// Something that should be otherwise, and is no failure.
pub(super) fn remark(message: String, path: &str, exchange: Option<u32>) -> Remark {
    Remark {
        requirements: Vec::new(),
        level: RemarkLevel::Warning,
        message,
        path: path.to_owned(),
        rule: "openid-connect".to_owned(),
        model: None,
        count: 1,
        first: None,
        exchange,
    }
}

/// Something that could not be judged, and why.
pub(super) fn suggestion(message: String) -> Remark {
    Remark { level: RemarkLevel::Suggestion, ..remark(message, "", None) }
}

/// The refresh token.
pub(super) async fn refresh(run: &mut CellRun, http: &AuthHttp, template: RefreshTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(run), own_client(run)) else { return };
    let tokens = run.openid.seller_tokens.clone();
    let Some(tokens) = had(run, "a refresh token", tokens.filter(|tokens| tokens.refresh.is_some())) else { return };
    if template == RefreshTemplate::ByAnotherClient {
        let (Some(endpoint), Some(other)) =
            (had(run, "a token endpoint", provider.token_endpoint()), other_client(run, spec).await)
        else {
            return;
        };
        http.about("OpenID provider: refresh token of another client");
        let token = tokens.refresh.as_ref().map_or("", |token| token.reveal());
        let answer =
            http.post_form(endpoint, &other, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await;
        refused(run, "another client cannot use the refresh token", &answer, spec);
        return;
    }
    let fresh = provider.refresh(http, &client, &tokens).await;
    let fresh = judged(run, "the refresh token brings new tokens", fresh, spec);
    if let Some(fresh) = &fresh {
        let same = fresh.access == tokens.access;
        let finding = same.then(|| {
            at(
                Finding::new("the refresh token brings the same access token again")
                    .expected("a new one", "the same")
                    .spec(spec),
                http.last(),
            )
        });
        run.log().check("the access token is a new one", Some(Profile::Strict), finding);
        let subject = |tokens: &Tokens| tokens.id.as_ref().and_then(|id| id.claims.get("sub").cloned());
        let finding = (subject(fresh) != subject(&tokens)).then(|| {
            let shown = |tokens: &Tokens| subject(tokens).map_or_else(|| "nothing".to_owned(), |sub| sub.to_string());
            at(
                Finding::new("the new ID token is of somebody else")
                    .expected(shown(&tokens), shown(fresh))
                    .path("sub")
                    .spec(spec),
                http.last(),
            )
        });
        run.log().check("the ID token is of the same subject", Some(Profile::Strict), finding);
    }
    if fresh.is_some() {
        run.openid.seller_tokens = fresh;
    }
}
