//! Steps with the OpenID provider under test: discovery, registration, grants, and that it refuses what it must.

pub(super) mod authorize;
mod claims;
pub(super) mod client;
pub(super) mod client_credentials;
pub(super) mod discover;
mod known;
pub(super) mod present;
pub(super) mod read_feed;
pub(super) mod redeem;
mod redirection;
pub(super) mod refresh;
pub(super) mod register;
