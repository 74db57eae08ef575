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
    /// A secret that only this page contains, so that no other page can respond for the user.
    pub(super) page_token: String,
    /// When it expires, in seconds.
    pub(super) ends: i64,
    /// Whether the person must be asked for consent, remembered or not.
    pub(super) ask: bool,
    /// Whether a refresh token comes of it.
    pub(super) offline: bool,
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

/// A user who has logged in.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) username: String,
    pub(super) seller: usize,
}

/// All grants. They end with the process.
#[derive(Debug, Default)]
pub(super) struct Grants {
    pub(super) requests: HashMap<String, AuthorizationRequest>,
    pub(super) codes: HashMap<String, Code>,
    pub(super) refresh: HashMap<String, Refresh>,
    pub(super) sessions: HashMap<String, Session>,
    /// Consents: user, client and scope.
    pub(super) consents: HashSet<(String, String, String)>,
    /// Number of revocations of all tokens of a client for a Seller.
    revocations: HashMap<(String, usize), u64>,
}

impl Grants {
    /// Removes expired grants.
    pub(super) fn forget(&mut self, at: i64) {
        self.requests.retain(|_, request| request.ends > at);
        // An expired code is kept, so that a second use can be distinguished from an unknown code.
        self.codes.retain(|_, code| code.ends + 600 > at);
    }

    /// The name of what a client has for a Seller, which every access token for the Seller carries.
    pub(super) fn grant(&self, client: &str, seller: usize) -> String {
        let times = self.revocations.get(&(client.to_owned(), seller)).copied().unwrap_or_default();
        format!("{times}.{seller}.{client}")
    }

    /// Whether what has this name was revoked.
    pub(super) fn is_revoked(&self, grant: &str) -> bool {
        let mut parts = grant.splitn(3, '.');
        let (Some(_), Some(seller), Some(client)) = (parts.next(), parts.next(), parts.next()) else { return true };
        seller.parse().is_ok_and(|seller| self.grant(client, seller) != grant)
    }

    /// Ends everything that a client has for a Seller: tokens and consent.
    pub(super) fn revoke_all(&mut self, client: &str, seller: usize) {
        *self.revocations.entry((client.to_owned(), seller)).or_default() += 1;
        self.refresh.retain(|_, token| token.client != client || token.seller != seller);
        self.consents.retain(|(known, ..)| known != client);
    }

    /// Ends everything that came from one code.
    pub(super) fn revoke(&mut self, family: &str) {
        self.refresh.retain(|_, token| token.family != family);
    }
}
