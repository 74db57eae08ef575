//! What ID tokens say of the Seller: <https://openactive.io/open-booking-api/EditorsDraft/#id-token-claims>.

use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{IdToken, Provider, Tokens};
use crate::opportunity;
use crate::steps::driver::Driver;

const NAMESPACE: &str = "https://openactive.io/";
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/#id-token-claims";

/// Judges the claims of an ID token against the Seller.
pub(super) fn judge(driver: &mut dyn Driver, tokens: &Tokens, exchange: Option<u32>) {
    let Some(IdToken { claims, .. }) = &tokens.id else { return };
    let claim = |name: &str| claims.get(format!("{NAMESPACE}{name}"));
    let full = |name: &str| format!("{NAMESPACE}{name}");
    let facts = driver.facts();
    let seller = facts.seller(facts.credentials).id.clone();
    let named = json!({ "claim": full("sellerId"), "seller": seller, "found": claim("sellerId") });
    driver.fact(authentication::ID_TOKEN_SELLER, named, SPEC, exchange);
    for name in ["sellerName", "sellerLogo", "sellerUrl"] {
        let there = json!({ "claim": full(name), "present": claim(name).is_some() });
        driver.fact(authentication::ID_TOKEN_CLAIMS, there, SPEC, exchange);
    }
    let shown = seller_in_feeds(driver, &seller);
    let service = driver.facts().booking_service.clone();
    let same = [
        ("sellerName", 3, "name of the Seller", pick(shown.as_ref(), "/name")),
        (
            "sellerLogo",
            4,
            "logo of the Seller",
            pick(shown.as_ref(), "/logo/url").or_else(|| pick(shown.as_ref(), "/logo")),
        ),
        ("sellerUrl", 5, "url of the Seller", pick(shown.as_ref(), "/url")),
        ("bookingServiceName", 7, "name of the BookingService", pick(service.as_ref(), "/name")),
        ("bookingServiceUrl", 8, "url of the BookingService", pick(service.as_ref(), "/url")),
    ];
    for (name, number, what, expected) in same {
        let (Some(expected), Some(found)) = (expected, claim(name)) else { continue };
        let requirement = format!("OB-id-token-claims-{number}");
        let both = json!({
            "claim": full(name), "what": what, "expected": expected, "found": found, "requirement": requirement
        });
        driver.fact(authentication::ID_TOKEN_CLAIMS_MATCH, both, SPEC, exchange);
    }
    if let Some(skew) = Provider::skew(tokens) {
        driver.fact(authentication::PROVIDER_CLOCK, json!({ "seconds": skew.0 }), SPEC, exchange);
    }
}

fn pick(value: Option<&Value>, pointer: &str) -> Option<Value> {
    value?.pointer(pointer).filter(|value| value.is_string()).cloned()
}

/// The Seller as the open feeds show it.
fn seller_in_feeds(driver: &dyn Driver, id: &str) -> Option<Value> {
    let mut found = None;
    let feeds = driver.feeds();
    for family in feeds.families() {
        feeds.look_at(&family, &mut |_, opportunity| {
            if found.is_none()
                && let Some(seller) = opportunity::seller(opportunity)
                && seller.get("@id").and_then(Value::as_str) == Some(id)
            {
                found = Some(seller.clone());
            }
        });
        if found.is_some() {
            break;
        }
    }
    found
}
