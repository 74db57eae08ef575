//! What is under way: requests that wait for a login, codes that wait to be redeemed, refresh tokens, consents.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// A request at the authorization endpoint that was found to be right.
#[derive(Debug, Clone)]
pub(super) struct AuthorizationRequest {
    pub(super) client: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    /// `code_challenge`, and whether it is the verifier itself.
    pub(super) challenge: Option<(String, bool)>,
    /// Known to the page alone that it was shown on, so that no other page can answer for the person.
    pub(super) page_token: String,
    /// When it is forgotten, in seconds.
    pub(super) ends: i64,
    /// Whether the person must be asked for consent, remembered or not.
    pub(super) ask: bool,
}

/// An authorization code.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) request: AuthorizationRequest,
    pub(super) seller: usize,
    pub(super) ends: i64,
    /// The family of the refresh tokens that came of it, once it was redeemed.
    pub(super) redeemed: Option<String>,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    pub(super) client: String,
    pub(super) seller: usize,
    pub(super) scopes: Vec<String>,
    /// All that came from one code.
    pub(super) family: String,
    /// Whether another has taken its place.
    pub(super) used: bool,
    /// The access token that was given with it. Only a fault gives it again.
    pub(super) access: Value,
}

/// Somebody who has logged in.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) username: String,
    pub(super) seller: usize,
}

/// All of it. Whatever is kept here ends with the process.
#[derive(Debug, Default)]
pub(super) struct Grants {
    pub(super) requests: HashMap<String, AuthorizationRequest>,
    pub(super) codes: HashMap<String, Code>,
    pub(super) refresh: HashMap<String, Refresh>,
    pub(super) sessions: HashMap<String, Session>,
    /// Who allowed which client which scope.
    pub(super) consents: HashSet<(String, String, String)>,
}

impl Grants {
    /// Forgets what is over.
    pub(super) fn forget(&mut self, at: i64) {
        self.requests.retain(|_, request| request.ends > at);
        // A code is remembered beyond its end, so that a second use can be told from one that was never given.
        self.codes.retain(|_, code| code.ends + 600 > at);
    }

    /// Ends everything that came from one code.
    pub(super) fn revoke(&mut self, family: &str) {
        self.refresh.retain(|_, token| token.family != family);
    }
}
