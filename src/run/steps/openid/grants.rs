//! Client credentials and refresh tokens.

use serde_json::json;

use crate::catalogue::{GrantTemplate, RefreshTemplate};
use crate::checks::authentication;
use crate::client::auth::{AuthHttp, FEED_SCOPE, Tokens};
use crate::run::cell::CellRun;

use super::{had, other_client, own_client, provider, refused};

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
    let tokens = run.attempt(authentication::CLIENT_CREDENTIALS, tokens, spec);
    if let Some(tokens) = &tokens {
        sound(run, http, tokens, FEED_SCOPE, spec);
    }
    run.openid.feed_tokens = tokens;
}

/// What holds of every response of the token endpoint.
pub(super) fn sound(run: &mut CellRun, http: &AuthHttp, tokens: &Tokens, scope: &str, spec: &str) {
    let exchange = http.last();
    run.fact(authentication::TOKEN_TYPE, json!({ "token_type": tokens.kind }), spec, exchange);
    let scopes = json!({ "wanted": scope, "granted": tokens.scope });
    run.fact(authentication::TOKEN_SCOPE, scopes, spec, exchange);
    let life = json!({ "expires_in": tokens.expires_in.map(|life| life.as_secs()) });
    run.fact(authentication::ACCESS_TOKEN_LIFETIME, life, spec, exchange);
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
    let fresh = run.attempt(authentication::REFRESH, fresh, spec);
    if let Some(fresh) = &fresh {
        let same = json!({ "same": fresh.access == tokens.access });
        run.fact(authentication::NEW_ACCESS_TOKEN, same, spec, http.last());
        let subject = |tokens: &Tokens| tokens.id.as_ref().and_then(|id| id.claims.get("sub").cloned());
        let subjects = json!({ "before": subject(&tokens), "now": subject(fresh) });
        run.fact(authentication::SAME_SUBJECT, subjects, spec, http.last());
    }
    if fresh.is_some() {
        run.openid.seller_tokens = fresh;
    }
}
