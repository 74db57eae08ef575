//! OpenID Connect: tokens and claims.

use super::row::rows;

rows! {
    ID_TOKEN_CLAIMS = "id-token-claims": "the ID token has the claims about the Seller by their names"
        at [Auth], by_step {
        Auth: ["OB-id-token-claims-1", "OB-id-token-claims-2"],
    }
    ACCESS_TOKEN_LIFETIME = "access-token-lifetime": "an access token lives 15 minutes at most"
        at [Auth], by_step {
        Auth: ["OB-oauth-flows-and-scopes-2"],
    }
    ID_TOKEN_CLAIMS_MATCH = "id-token-claims-match": "what the ID token says of Seller and booking system is what the feeds and the dataset site say"
        at [Auth], by_step {
        Auth: [
            "OB-id-token-claims-3",
            "OB-id-token-claims-4",
            "OB-id-token-claims-5",
            "OB-id-token-claims-7",
            "OB-id-token-claims-8",
        ],
    }
    PREFERRED_AUTHENTICATION = "preferred-authentication": "Booking Partners and Sellers are known by OpenID Connect"
        at [Any], by_step {
        Any: [],
    }
}
