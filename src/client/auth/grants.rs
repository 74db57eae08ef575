//! Grants: what the token endpoint returns, by client credentials, for a code, or for a refresh token.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::failure::AuthFailure;
use super::id_token::{Distrust, Verification, odd_claims};
use super::journey::Arrival;
use super::metadata::{OddMember, kind};
use super::oauth_client::{OAuthClient, Trial};
use super::provider::{Authorization, Provider, lacks};
use super::tokens::{IdToken, Tokens};
use super::transport::{AuthHttp, ClientAuthentication, FormReply};
use crate::config::Secret;

/// How long the first request of a client that has just registered is retried, for providers that need a while.
const SETTLING: Duration = Duration::from_secs(3);
/// How long to wait before a retry.
const RETRY: Duration = Duration::from_millis(200);

impl Provider {
    /// How a client authenticates: as it was registered, else as the provider offers.
    fn authentication(&self, client: &OAuthClient) -> Result<ClientAuthentication, AuthFailure> {
        match client.method.as_deref() {
            Some("client_secret_basic") => Ok(ClientAuthentication::Basic),
            Some("client_secret_post") => Ok(ClientAuthentication::Post),
            Some("none") => Ok(ClientAuthentication::Public),
            Some(other) => {
                let message = format!("`token_endpoint_auth_method` {other} is not supported by oa-test");
                Err(AuthFailure::new(message)
                    .expected("client_secret_basic or client_secret_post", other)
                    .path("token_endpoint_auth_method")
                    .blocking())
            }
            None if self.only_post() => Ok(ClientAuthentication::Post),
            None => Ok(ClientAuthentication::Basic),
        }
    }

    /// Posts a form with any fields to the token endpoint, with the client authentication. A client of the
    /// configuration whose credentials are rejected does not send them again.
    ///
    /// # Errors
    /// There is no token endpoint, the client cannot authenticate, or its credentials were rejected before.
    pub async fn post_token(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        fields: &[(&str, &str)],
    ) -> Result<FormReply, AuthFailure> {
        let mut trial = client.trial.lock().await;
        if let Trial::Rejected(failure) = &*trial {
            return Err(failure.clone());
        }
        let reply = self.send_form(http, client, fields).await?;
        let unknown = reply.refusal.error.as_deref() == Some("invalid_client");
        if matches!(*trial, Trial::Open) && unknown && client.registered.is_none() {
            let failure = AuthFailure::new("the token endpoint rejects the credentials of the client");
            let failure = failure.expected("HTTP 200", reply.refusal.to_string()).at(reply.exchange);
            *trial = Trial::Rejected(failure.hint(self.credentials_hint(client)?).blocking());
        }
        Ok(reply)
    }

    /// What may be wrong with credentials that are rejected: only the target knows which of both it is.
    fn credentials_hint(&self, client: &OAuthClient) -> Result<String, AuthFailure> {
        let by = match self.authentication(client)? {
            ClientAuthentication::Basic => "client_secret_basic",
            ClientAuthentication::Post => "client_secret_post",
            ClientAuthentication::Public => "none",
        };
        Ok(format!(
            "see `clientCredentials` of {}: the secret may be wrong, or the client may be registered for another \
             `token_endpoint_auth_method` than {by}",
            client.id
        ))
    }

    async fn send_form(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        fields: &[(&str, &str)],
    ) -> Result<FormReply, AuthFailure> {
        let endpoint = self.token_endpoint().ok_or_else(|| lacks("token_endpoint").at(self.exchange))?;
        let method = self.authentication(client)?;
        Ok(http.post_form(endpoint, client, method, fields).await)
    }

    /// Tokens by a grant. A client of the configuration whose credentials are rejected does not send them again.
    async fn grant(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        fields: &[(&str, &str)],
        what: &str,
    ) -> Result<(FormReply, Instant), AuthFailure> {
        let mut trial = client.trial.lock().await;
        if let Trial::Rejected(failure) = &*trial {
            return Err(failure.clone());
        }
        if matches!(*trial, Trial::Accepted) {
            drop(trial);
            return self.granted(http, client, fields, what).await;
        }
        let granted = self.granted(http, client, fields, what).await;
        match &granted {
            Err(failure) if failure.code.as_deref() == Some("invalid_client") && client.registered.is_none() => {
                *trial = Trial::Rejected(failure.clone());
            }
            // A response that is not about the client says that the client is known.
            Err(failure) if failure.code.is_none() => {}
            _ => *trial = Trial::Accepted,
        }
        granted
    }

    /// The response to a grant that brought an access token, and when it was sent.
    async fn granted(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        fields: &[(&str, &str)],
        what: &str,
    ) -> Result<(FormReply, Instant), AuthFailure> {
        let sent = Instant::now();
        let reply = self.send_form(http, client, fields).await?;
        if let Some(reason) = &reply.failure {
            let failure = AuthFailure::new(format!("the token endpoint does not respond to {what}: {reason}"));
            return Err(failure.at(reply.exchange).blocking());
        }
        let refusal = &reply.refusal;
        if reply.status == Some(200) && refusal.error.is_none() {
            if reply.granted() {
                return Ok((reply, sent));
            }
            let failure = match reply.body.get("access_token") {
                found @ Some(_) => AuthFailure::new("`access_token` of the token response is not a string")
                    .expected("a string", kind(found)),
                None => AuthFailure::new("`access_token` of the token response is missing").expected(
                    "a string",
                    if reply.body.is_object() { "nothing".to_owned() } else { refusal.to_string() },
                ),
            };
            return Err(failure.path("access_token").at(reply.exchange));
        }
        let with = refusal.error.as_ref().map(|error| format!(" with {error}")).unwrap_or_default();
        let mut failure = AuthFailure::new(format!("the token endpoint rejects {what}{with}"))
            .expected("HTTP 200 and an access token", refusal.to_string())
            .at(reply.exchange);
        failure.code.clone_from(&refusal.error);
        if refusal.error.as_deref() == Some("invalid_client") && client.registered.is_none() {
            return Err(failure.hint(self.credentials_hint(client)?).blocking());
        }
        if reply.status == Some(429) || reply.status == Some(503) {
            return Err(failure.blocking());
        }
        Err(failure)
    }

    /// Client credentials: <https://www.rfc-editor.org/rfc/rfc6749#section-4.4>. Retried for a moment where the client has
    /// registered just now.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn client_credentials(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        scopes: &[&str],
    ) -> Result<Tokens, AuthFailure> {
        http.about("OpenID provider: client credentials");
        let scope = scopes.join(" ");
        let fields = [("grant_type", "client_credentials"), ("scope", scope.as_str())];
        loop {
            match self.grant(http, client, &fields, "client credentials").await {
                Err(failure)
                    if failure.code.as_deref() == Some("invalid_client")
                        && client.registered.is_some_and(|at| at.elapsed() < SETTLING) =>
                {
                    tokio::time::sleep(RETRY).await;
                }
                Err(failure) => return Err(failure),
                Ok((reply, sent)) => return self.tokens(http, client, &reply, sent).await,
            }
        }
    }

    /// Redeems an authorization code, and verifies the ID token that comes with it:
    /// <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>. Whether a refresh token came and whether
    /// `nonce` is reflected is for the caller to see.
    ///
    /// # Errors
    /// Why there are no tokens, or why the ID token is not accepted.
    pub async fn redeem(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        authorization: &Authorization,
        code: &str,
    ) -> Result<Tokens, AuthFailure> {
        http.about("OpenID provider: authorization code");
        http.client().recorder().redactor().learn(code);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &authorization.redirect_uri),
            ("code_verifier", &authorization.verifier),
        ];
        let (reply, sent) = self.grant(http, client, &fields, "the authorization code").await?;
        let tokens = self.tokens(http, client, &reply, sent).await?;
        if tokens.id.is_none() {
            return Err(AuthFailure::new("`id_token` of the token response is missing")
                .expected("an ID token for the scope openid", kind(reply.body.get("id_token")))
                .path("id_token")
                .at(reply.exchange));
        }
        Ok(tokens)
    }

    /// Renews tokens: <https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens>.
    ///
    /// # Errors
    /// Why there are no new ones.
    pub async fn refresh(&self, http: &AuthHttp, client: &OAuthClient, tokens: &Tokens) -> Result<Tokens, AuthFailure> {
        http.about("OpenID provider: refresh token");
        let Some(refresh) = &tokens.refresh else {
            return Err(AuthFailure::new("no refresh token is available").blocking());
        };
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())];
        let (reply, sent) = self.grant(http, client, &fields, "the refresh token").await?;
        Ok(tokens.renewed(self.tokens(http, client, &reply, sent).await?))
    }

    /// The tokens of a response.
    async fn tokens(
        &self,
        http: &AuthHttp,
        client: &OAuthClient,
        reply: &FormReply,
        sent: Instant,
    ) -> Result<Tokens, AuthFailure> {
        let at = reply.exchange;
        let text = |name: &str| reply.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let access = text("access_token").unwrap_or_default();
        let mut odd = Vec::new();
        let id = match text("id_token") {
            Some(token) => {
                let verified = match self.verified(client, token, access) {
                    // Keys are replaced: the one that signed may have come after those that are known.
                    Err(Distrust::NoKey(_)) => match self.with_new_keys(http).await {
                        Some(fresh) => fresh.verified(client, token, access),
                        None => self.verified(client, token, access),
                    },
                    verified => verified,
                };
                let claims = verified.map_err(|distrust| match distrust {
                    Distrust::Failure(failure) => failure.at(at),
                    Distrust::NoKey(which) => AuthFailure::new("the key that signed the ID token is not published")
                        .expected(which, format!("{} other keys", self.keys.len()))
                        .path("kid")
                        .at(at),
                })?;
                odd.extend(odd_claims(&claims));
                Some(IdToken { text: Secret::new(token), claims: Value::Object(claims) })
            }
            None => None,
        };
        let life = reply.body.get("expires_in").filter(|life| !life.is_null());
        let seconds = life.and_then(|life| life.as_f64().or_else(|| life.as_str()?.trim().parse().ok()));
        let expires_in = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let mut wrong = |path: &str, expected: &'static str, found: String| {
            odd.push(OddMember { document: "the token response", path: path.to_owned(), expected, found });
        };
        if life.is_some_and(|life| !life.is_number()) {
            wrong("expires_in", "a number", life.map(Value::to_string).unwrap_or_default());
        }
        let essence = reply.content_type.as_deref().and_then(|text| text.split(';').next()).unwrap_or("nothing").trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            wrong("Content-Type", "application/json", essence.to_owned());
        }
        Ok(Tokens {
            access: Secret::new(access),
            kind: text("token_type").unwrap_or_default().to_owned(),
            expires_in,
            scope: text("scope").map(str::to_owned),
            refresh: text("refresh_token").map(Secret::new),
            id,
            received: sent,
            odd,
        })
    }

    fn verified(
        &self,
        client: &OAuthClient,
        token: &str,
        access_token: &str,
    ) -> Result<serde_json::Map<String, Value>, Distrust> {
        let verification = Verification {
            keys: &self.keys,
            issuer: self.issuer(),
            client: &client.id,
            secret: client.secret.reveal(),
            access_token,
            now: jiff::Timestamp::now().as_second(),
        };
        verification.verify(token)
    }
}

/// The code of an authorization response: <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2>.
///
/// # Errors
/// Why there is none.
pub fn code_of(arrival: &Arrival) -> Result<String, AuthFailure> {
    if let Some(error) = arrival.get("error") {
        let description = arrival.get("error_description").map(|text| format!(", {text}")).unwrap_or_default();
        let mut failure = AuthFailure::new(format!("the authorization endpoint rejects the request with {error}"))
            .expected("code", format!("{error}{description}"))
            .at(arrival.exchange);
        failure.code = Some(error.to_owned());
        return Err(match error {
            "access_denied" => {
                failure.hint("the wrong button may have been pressed: see `broker.loginPagesSelectors`").blocking()
            }
            "temporarily_unavailable" => failure.blocking(),
            "invalid_scope" => failure.hint(
                "the request includes scopes of `scopes_supported`, and those that the Open Booking API requires",
            ),
            _ => failure,
        });
    }
    let code = arrival.get("code").filter(|code| !code.is_empty());
    code.map(str::to_owned).ok_or_else(|| {
        let failure = if arrival.fragment {
            AuthFailure::new("the authorization response is in the fragment of the redirect URI")
                .expected("the query, as for response_type=code", "the fragment")
        } else {
            AuthFailure::new("`code` of the authorization response is missing").expected("code", "nothing")
        };
        failure.path("code").at(arrival.exchange)
    })
}

/// Whether an authorization response reflects `state`: <https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2>.
///
/// # Errors
/// It does not.
pub fn state_of(arrival: &Arrival, authorization: &Authorization) -> Result<(), AuthFailure> {
    if arrival.get("state") == Some(&authorization.state) {
        return Ok(());
    }
    let (defect, found) = match arrival.get("state") {
        Some(_) => ("is not that of the request", "another value"),
        None => ("is missing", "nothing"),
    };
    Err(AuthFailure::new(format!("`state` of the authorization response {defect}"))
        .expected("the value of the request", found)
        .path("state")
        .at(arrival.exchange))
}

/// Whether an ID token reflects `nonce`: <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>.
///
/// # Errors
/// It does not.
pub fn nonce_of(tokens: &Tokens, authorization: &Authorization) -> Result<(), AuthFailure> {
    let found = tokens.id.as_ref().and_then(|id| id.claims.get("nonce"));
    if found.and_then(Value::as_str) == Some(&authorization.nonce) {
        return Ok(());
    }
    let (defect, found) = match found {
        Some(_) => ("is not that of the request", "another value"),
        None => ("is missing", "nothing"),
    };
    Err(AuthFailure::new(format!("`nonce` of the ID token {defect}"))
        .expected("the value of the request", found)
        .path("nonce"))
}
