//! What ID tokens say of the Seller: <https://openactive.io/open-booking-api/EditorsDraft/#id-token-claims>.

use serde_json::Value;

use crate::checks::authentication;
use crate::checks::brief;
use crate::client::auth::{IdToken, Provider, Tokens};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;

use super::at;
use super::grants::remark;

const NAMESPACE: &str = "https://openactive.io/";
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/#id-token-claims";
/// Clocks that are further apart than this, in seconds, are worth a word.
const SKEW: i64 = 60;

/// Judges the claims of an ID token against the Seller.
pub(super) fn judge(run: &mut CellRun, tokens: &Tokens, exchange: Option<u32>) {
    let Some(IdToken { claims, .. }) = &tokens.id else { return };
    let claim = |name: &str| claims.get(format!("{NAMESPACE}{name}"));
    let seller = run.credentials().id.clone();
    let found = claim("sellerId");
    let finding = (found.and_then(Value::as_str) != Some(&seller)).then(|| {
        let shown = found.map_or_else(|| "nothing".to_owned(), brief);
        let finding = Finding::new("the ID token names another Seller than the one who logged in");
        at(finding.expected(seller.clone(), shown).path(format!("{NAMESPACE}sellerId")).spec(SPEC), exchange)
    });
    run.log().check("the ID token names the Seller", None, finding);
    for name in ["sellerName", "sellerLogo", "sellerUrl"] {
        let finding = claim(name).is_none().then(|| {
            let finding = Finding::new(format!("the ID token has no claim {NAMESPACE}{name}"));
            at(finding.expected("the claim", "nothing").path(format!("{NAMESPACE}{name}")).spec(SPEC), exchange)
        });
        run.log().check(authentication::ID_TOKEN_CLAIMS.says(format!("the ID token has {name}")), None, finding);
    }
    let shown = seller_in_feeds(run, &seller);
    let service = run.session.booking_service.clone();
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
        let finding = (&expected != found).then(|| {
            let finding = Finding::new(format!("{NAMESPACE}{name} is not the {what}"));
            let finding = finding.expected(brief(&expected), brief(found)).path(format!("{NAMESPACE}{name}"));
            at(finding.spec(SPEC), exchange)
        });
        let says = authentication::ID_TOKEN_CLAIMS_MATCH.says(format!("{name} of the ID token is the {what}"));
        run.log().check(says.judging_alone(&format!("OB-id-token-claims-{number}")), None, finding);
    }
    if let Some(skew) = Provider::skew(tokens).filter(|skew| skew.0.abs() > SKEW) {
        let message = format!("the clock of the OpenID provider differs from this one by {} s", skew.0);
        run.log().remark(remark(message, "iat", exchange));
    }
}

fn pick(value: Option<&Value>, pointer: &str) -> Option<Value> {
    value?.pointer(pointer).filter(|value| value.is_string()).cloned()
}

/// The Seller as the open feeds show it.
fn seller_in_feeds(run: &CellRun, id: &str) -> Option<Value> {
    let mut found = None;
    let index = run.session.opportunities.index();
    index.each(0, 1, &mut |opportunity| {
        if found.is_none()
            && let Some(seller) = crate::plan::seller_of(opportunity)
            && seller.get("@id").and_then(Value::as_str) == Some(id)
        {
            found = Some(seller.clone());
        }
    });
    found
}
