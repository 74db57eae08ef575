//! Client credentials: <https://www.rfc-editor.org/rfc/rfc6749#section-4.4>.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{AuthHttp, FEED_SCOPE};
use crate::config::Secret;
use crate::steps::act::{Act, Kind, Step};
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end, had, own_client, provider, rejected, sound, titled};
use crate::steps::reading::{name, one_of};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "client-credentials",
    "request a token for the Orders feeds",
    |fields, _| Some(Arc::new(ClientCredentials(name(fields, "client-credentials")?))),
    || one_of(GrantTemplate::ALL),
);

named! {
    /// How a client asks for a token by its own credentials.
    "grant"
    enum GrantTemplate {
        /// As it should.
        Standard = "standard",
        /// With another secret.
        WithWrongSecret = "with-wrong-secret",
    }
}

#[derive(Debug)]
struct ClientCredentials(GrantTemplate);

impl Act for ClientCredentials {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        titled("Client credentials", self.0.name())
    }

    fn sentence(&self, _rejected: bool) -> String {
        match self.0 {
            GrantTemplate::Standard => "request a token for the Orders feeds by client credentials".to_owned(),
            GrantTemplate::WithWrongSecret => {
                "request a token with a wrong client secret, which must be rejected".to_owned()
            }
        }
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
        json!({ "open-id": { "client-credentials": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            client_credentials(driver, &http, self.0, &spec).await;
            end(driver, &http)
        })
    }
}

/// A token by the credentials of the client.
async fn client_credentials(driver: &mut dyn Driver, http: &AuthHttp, template: GrantTemplate, spec: &str) {
    let (Some(provider), Some(client)) = (provider(driver), own_client(driver)) else { return };
    if template == GrantTemplate::WithWrongSecret {
        // Where the right secret brings nothing, the rejection of another one proves nothing.
        let tokens = driver.kept_mut().openid().feed_tokens.clone();
        if had(driver, "a token for the right secret", tokens).is_none() {
            return;
        }
        let other = client.with_secret(Secret::new(format!("{}-wrong", client.secret.reveal())));
        http.about("OpenID provider: client credentials with another secret");
        let fields = [("grant_type", "client_credentials"), ("scope", FEED_SCOPE)];
        let reply = provider.post_token(http, &other, &fields).await;
        rejected(driver, "the client secret is wrong", reply, true, spec);
        return;
    }
    let tokens = provider.client_credentials(http, &client, &[FEED_SCOPE]).await;
    let tokens = driver.attempt(authentication::CLIENT_CREDENTIALS, tokens, spec);
    if let Some(tokens) = &tokens {
        sound(driver, http, tokens, FEED_SCOPE, spec);
    }
    driver.kept_mut().openid().feed_tokens = tokens;
}
