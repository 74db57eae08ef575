//! What the token endpoint gives out.

use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::Value;

use crate::config::Secret;

/// An ID token whose signature and claims were verified.
#[derive(Debug, Clone)]
pub struct IdToken {
    /// The token.
    pub text: Secret,
    /// Its claims.
    pub claims: Value,
}

/// Tokens of one grant.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// `access_token`
    pub access: Secret,
    /// `token_type`
    pub kind: String,
    /// `expires_in`
    pub expires_in: Option<Duration>,
    /// `scope`, where the answer has one.
    pub scope: Option<String>,
    /// `refresh_token`
    pub refresh: Option<Secret>,
    /// `id_token`
    pub id: Option<IdToken>,
    /// When they came.
    pub received: Instant,
}

/// With so much of its life left, at most, a token is renewed before it is used; of a short life, a fifth.
const EARLY: Duration = Duration::from_secs(60);

impl Tokens {
    /// Whether the access token is about to expire. One without `expires_in` is used as long as it works.
    #[must_use]
    pub fn stale(&self) -> bool {
        self.expires_in.is_some_and(|life| self.received.elapsed() + EARLY.min(life / 5) >= life)
    }

    /// `Authorization` with the access token.
    #[must_use]
    pub fn authorization(&self) -> Secret {
        Secret::new(format!("Bearer {}", self.access.reveal()))
    }

    /// These tokens renewed: what the answer does not bring again, stays.
    #[must_use]
    pub fn renewed(&self, mut fresh: Self) -> Self {
        fresh.refresh = fresh.refresh.or_else(|| self.refresh.clone());
        fresh.id = fresh.id.or_else(|| self.id.clone());
        fresh.scope = fresh.scope.or_else(|| self.scope.clone());
        fresh
    }
}

/// The claims of a JSON Web Token, unverified.
pub(super) fn claims_of(token: &str) -> Option<Value> {
    let body = token.split('.').nth(1)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).ok()?;
    serde_json::from_slice(&bytes).ok()
}
