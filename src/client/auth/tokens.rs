//! What the token endpoint gives out.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::config::Secret;

use super::metadata::OddMember;

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
    /// `scope`; `None` if the response has none.
    pub scope: Option<String>,
    /// `refresh_token`
    pub refresh: Option<Secret>,
    /// `id_token`
    pub id: Option<IdToken>,
    /// When they were asked for, from which their lives count.
    pub received: Instant,
    /// Optional members of the response and optional claims that are wrong.
    pub odd: Vec<OddMember>,
}

/// With so much of its life left, at most, a token is renewed before it is used; of a short life, a fifth, and no less than
/// the time that a request may take to arrive.
const EARLY: Duration = Duration::from_secs(60);
/// The shortest time before its end at which a token is renewed.
const MARGIN: Duration = Duration::from_secs(1);

impl Tokens {
    /// Whether the access token is about to expire. One without `expires_in` is used as long as it works.
    #[must_use]
    pub fn stale(&self) -> bool {
        self.expires_in.is_some_and(|life| self.received.elapsed() + EARLY.min(life / 5).max(MARGIN) >= life)
    }

    /// `Authorization` with the access token.
    #[must_use]
    pub fn authorization(&self) -> Secret {
        Secret::new(format!("Bearer {}", self.access.reveal()))
    }

    /// These tokens after a refresh: values that the response omits are retained.
    #[must_use]
    pub fn renewed(&self, mut fresh: Self) -> Self {
        fresh.refresh = fresh.refresh.or_else(|| self.refresh.clone());
        fresh.id = fresh.id.or_else(|| self.id.clone());
        fresh.scope = fresh.scope.or_else(|| self.scope.clone());
        fresh
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Tokens;
    use crate::config::Secret;

    fn stale(life: Option<u64>, used: u64) -> bool {
        let tokens = Tokens {
            access: Secret::new("token"),
            kind: "Bearer".to_owned(),
            expires_in: life.map(Duration::from_secs),
            scope: None,
            refresh: None,
            id: None,
            received: Instant::now().checked_sub(Duration::from_secs(used)).unwrap(),
            odd: Vec::new(),
        };
        tokens.stale()
    }

    #[test]
    fn a_token_is_renewed_a_second_before_its_end_at_least() {
        assert!(!stale(Some(900), 800) && stale(Some(900), 840));
        assert!(!stale(Some(10), 7) && stale(Some(10), 8));
        assert!(!stale(Some(2), 0) && stale(Some(2), 1));
        assert!(stale(Some(1), 0), "less than a second is no time to use it");
        assert!(!stale(None, 100_000), "a token without an end is used while it works");
    }
}
