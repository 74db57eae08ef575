//! Authentication: Booking Partners as clients of an OpenID provider, tokens for Sellers and for feeds of Orders.
//!
//! <https://openactive.io/open-booking-api/EditorsDraft/#openid-connect-booking-partner-authentication-for-multiple-seller-systems>

mod access;
mod agent;
mod browser;
mod error_response;
mod failure;
mod forms;
mod grants;
mod id_token;
mod journey;
mod metadata;
mod oauth_client;
mod page;
mod provider;
mod tokens;
mod transport;

pub use access::{Access, Authorized, Credentials, Renewal, TokenOwner};
pub use agent::Agent;
pub use error_response::ErrorResponse;
pub use failure::AuthFailure;
pub use grants::{code_of, nonce_of, state_of};
pub use journey::{Arrival, BrowserOptions, Journey, JourneyEnd, JourneyFailure, PageImage};
pub use metadata::OddMember;
pub use oauth_client::OAuthClient;
pub use provider::{Authorization, Provider, Registered, Skew};
pub use tokens::{IdToken, Tokens};
pub use transport::{AuthHttp, FormReply};

/// What opens the booking endpoints.
pub const BOOKING_SCOPE: &str = "openactive-openbooking";
/// What opens the Orders feeds.
pub const FEED_SCOPE: &str = "openactive-ordersfeed";
/// What brings the claims of the Seller by itself.
pub const IDENTITY_SCOPE: &str = "openactive-identity";
/// What brings a refresh token.
pub const OFFLINE_SCOPE: &str = "offline_access";
/// What the public test suite registers for as well, misspelled.
const UPDATE_SCOPE: &str = "oauth-dymamic-client-update";
