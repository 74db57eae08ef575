//! Authentication: Booking Partners as clients of an OpenID provider, tokens for Sellers and for feeds of Orders.
//!
//! <https://openactive.io/open-booking-api/EditorsDraft/#openid-connect-booking-partner-authentication-for-multiple-seller-systems>

mod access;
mod agent;
mod answer;
mod browser;
mod failure;
mod forms;
mod journey;
mod page;
mod provider;
mod tokens;
mod transport;

pub use access::{Access, Credentials, code_of, of_journey};
pub use agent::Agent;
pub use failure::AuthFailure;
pub use journey::{Arrival, BrowserOptions, Journey, JourneyFailure, PageImage};
pub use provider::{Authorization, Provider, Registered, Skew};
pub use tokens::{IdToken, Tokens};
pub use transport::{AuthHttp, FormAnswer};

/// What opens the booking endpoints.
pub const BOOKING_SCOPE: &str = "openactive-openbooking";
/// What opens the Orders feeds.
pub const FEED_SCOPE: &str = "openactive-ordersfeed";
/// What brings the claims of the Seller by itself.
pub const IDENTITY_SCOPE: &str = "openactive-identity";
/// What a Booking Partner asks a Seller for.
pub const SELLER_SCOPES: &[&str] = &["openid", BOOKING_SCOPE, "offline_access", IDENTITY_SCOPE];
