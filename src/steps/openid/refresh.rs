//! Refresh tokens: <https://www.rfc-editor.org/rfc/rfc6749#section-6>.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthHttp, Tokens};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, had, note_odd, other_client, own_client, provider, rejected, titled};
use crate::steps::reading::{name, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "refresh",
    "refresh the tokens",
    |fields, _| Some(Arc::new(Refresh(name(fields, "refresh")?))),
    || one_of(RefreshTemplate::ALL),
);

named! {
    /// How tokens are renewed.
    "renewal"
    enum RefreshTemplate {
        /// As they should.
        Standard = "standard",
        /// By another client.
        ByAnotherClient = "by-another-client",
    }
}

#[derive(Debug)]
struct Refresh(RefreshTemplate);

impl Act for Refresh {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        titled("Refresh", self.0.name())
    }

    fn sentence(&self, _rejected: bool) -> String {
        match self.0 {
            RefreshTemplate::Standard => "refresh the tokens".to_owned(),
            RefreshTemplate::ByAnotherClient => {
                "use the refresh token as another client, which must be rejected".to_owned()
            }
        }
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["authorize"]
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn may_revoke_tokens(&self) -> bool {
        self.0 == RefreshTemplate::ByAnotherClient
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "refresh": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            refresh(driver, &http, self.0, &spec).await;
            end(driver, &http)
        })
    }
}

/// The refresh token.
async fn refresh(driver: &mut dyn Driver, http: &AuthHttp, template: RefreshTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(driver), own_client(driver)) else { return };
    let tokens = driver.kept_mut().openid().seller_tokens.clone();
    let Some(tokens) = had(driver, "a refresh token", tokens.filter(|tokens| tokens.refresh.is_some())) else { return };
    if template == RefreshTemplate::ByAnotherClient {
        let Some(other) = other_client(driver, spec).await else { return };
        http.about("OpenID provider: refresh token of another client");
        let token = tokens.refresh.as_ref().map_or("", |token| token.reveal());
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let reply = provider.post_token(http, &other, &fields).await;
        rejected(driver, "the refresh token was issued to another client", reply, false, spec);
        let (access, role) = (driver.access(), driver.facts().credentials);
        access.forget_seller_token(role, "primary").await;
        return;
    }
    let fresh = provider.refresh(http, &client, &tokens).await;
    let fresh = driver.attempt(authentication::REFRESH, fresh, spec);
    if let Some(fresh) = &fresh {
        let same = json!({ "same": fresh.access == tokens.access });
        driver.fact(authentication::NEW_ACCESS_TOKEN, same, spec, http.last());
        let subject = |tokens: &Tokens| tokens.id.as_ref().and_then(|id| id.claims.get("sub").cloned());
        driver.fact(authentication::TOKEN_TYPE, json!({ "token_type": fresh.kind }), spec, http.last());
        note_odd(driver, &fresh.odd, spec, http.last());
        let subjects = json!({ "before": subject(&tokens), "now": subject(fresh) });
        driver.fact(authentication::SAME_SUBJECT, subjects, spec, http.last());
    }
    if fresh.is_some() {
        driver.kept_mut().openid().seller_tokens = fresh;
    }
}
