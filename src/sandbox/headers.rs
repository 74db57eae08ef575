//! Headers that name who asks, where there is no OpenID provider.

/// The Booking Partners, by the header that names them.
pub(super) const CLIENTS: &[&str] = &["booking-partner-1", "booking-partner-2"];
/// Names the Booking Partner.
pub(super) const CLIENT_HEADER: &str = "x-openactive-test-client-id";
/// Names the Seller.
pub(super) const SELLER_HEADER: &str = "x-openactive-test-seller-id";
