//! What the token endpoint answers, and whether the ID token in it is to be trusted:
//! <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>.

use std::time::Instant;

use openidconnect::core::{CoreIdToken, CoreTokenResponse};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, ErrorResponse, Nonce, OAuth2TokenResponse as _, RequestTokenError,
    SignatureVerificationError, TokenResponse as _,
};
use serde_json::Value;

use crate::config::{ClientCredentials, Secret};

use super::failure::AuthFailure;
use super::provider::{OidcClient, Provider};
use super::tokens::{IdToken, Tokens, claims_of};
use super::transport::{AuthHttp, Silence};

impl Provider {
    /// The tokens of an answer.
    ///
    /// # Errors
    /// Why there are none, or why the ID token among them is not to be trusted.
    pub(super) async fn tokens<E: ErrorResponse + 'static>(
        &self,
        http: &AuthHttp,
        answer: Result<CoreTokenResponse, RequestTokenError<Silence, E>>,
        what: &str,
        id_of: Option<(&ClientCredentials, Option<&str>)>,
    ) -> Result<Tokens, AuthFailure> {
        let at = http.last();
        let answer = answer.map_err(|error| match error {
            RequestTokenError::Request(_) => silent(&http.silent().unwrap_or_default(), "the token endpoint").at(at),
            RequestTokenError::ServerResponse(error) => {
                let mut failure = AuthFailure::new(format!("{what} brought no token: {error}"));
                failure.code = serde_json::to_value(&error)
                    .ok()
                    .and_then(|error| error.get("error").and_then(Value::as_str).map(str::to_owned));
                failure.at(at)
            }
            RequestTokenError::Parse(error, _) => {
                AuthFailure::new(format!("the answer of the token endpoint cannot be used: {error}")).at(at)
            }
            RequestTokenError::Other(problem) => {
                AuthFailure::new(format!("the answer of the token endpoint cannot be used: {problem}")).at(at)
            }
        })?;
        let id = match (answer.id_token(), id_of) {
            (Some(token), Some((credentials, nonce))) => {
                let mut client = self.client(credentials);
                let mut verified = verify(token, &client, nonce);
                if matches!(
                    verified,
                    Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
                ) {
                    // Keys are replaced: the one that signed may have come after those that are known.
                    if let Some(fresh) = self.with_new_keys(http).await {
                        client = fresh.client(credentials);
                        verified = verify(token, &client, nonce);
                    }
                }
                verified.map_err(|error| {
                    AuthFailure::new(format!("the ID token is not to be trusted: {}", whole(&error))).at(at)
                })?;
                let verifier = client.id_token_verifier();
                let text = token.to_string();
                let claims = claims_of(&text).unwrap_or_default();
                if let Some(expected) = claims.get("at_hash").and_then(Value::as_str) {
                    let found = token
                        .signing_alg()
                        .ok()
                        .zip(token.signing_key(&verifier).ok())
                        .and_then(|(alg, key)| AccessTokenHash::from_token(answer.access_token(), alg, key).ok());
                    if found.is_none_or(|found| found.as_str() != expected) {
                        return Err(AuthFailure::new("at_hash of the ID token is not that of the access token").at(at));
                    }
                }
                Some(IdToken { text: Secret::new(text), claims })
            }
            _ => None,
        };
        Ok(Tokens {
            access: Secret::new(answer.access_token().secret().clone()),
            kind: serde_json::to_value(answer.token_type())
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            expires_in: answer.expires_in(),
            scope: answer
                .scopes()
                .map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret().clone())),
            id,
            received: Instant::now(),
        })
    }
}

/// Verifies the signature and the claims of an ID token.
fn verify(token: &CoreIdToken, client: &OidcClient, nonce: Option<&str>) -> Result<(), ClaimsVerificationError> {
    let verifier = client.id_token_verifier();
    match nonce {
        Some(nonce) => token.claims(&verifier, &Nonce::new(nonce.to_owned())).map(|_| ()),
        // A token that was renewed need not say again what it was first given for.
        None => token.claims(&verifier, |_: Option<&Nonce>| Ok(())).map(|_| ()),
    }
}

/// A chain of errors, as one line.
pub(super) fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

pub(super) fn silent(reason: &str, what: &str) -> AuthFailure {
    AuthFailure { unreachable: true, ..AuthFailure::new(format!("{what} could not be had: {reason}")) }
}
