//! Tokens that must open nothing: <https://openactive.io/open-booking-api/EditorsDraft/#api-authentication>.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::catalogue::{Template, TokenFlaw};
use crate::checks::brief;
use crate::client::Response;
use crate::client::auth::{Access, AuthFailure, Tokens};
use crate::config::{Headers, Secret, SellerRole};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::steps::answer::{answered, shown_status};
use crate::run::steps::{draft, send_with};

use super::{at, judged};

/// A test waits for a token to expire no longer than this.
const WAIT: Duration = Duration::from_secs(10);

/// Another signature of the same length.
fn resigned(token: &str) -> String {
    let Some((body, signature)) = token.rsplit_once('.') else { return format!("{token}x") };
    let turned: String = signature.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
    format!("{body}.{turned}")
}

/// The same claims, with a header that says that nobody signed them.
fn unsigned(token: &str) -> Option<String> {
    let claims = token.split('.').nth(1).filter(|claims| !claims.is_empty())?;
    Some(format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "typ": "JWT" }).to_string())))
}

/// A token with the flaw; none where tokens of this provider cannot have it.
async fn flawed(access: &Access, role: SellerRole, flaw: TokenFlaw) -> Result<Option<Secret>, AuthFailure> {
    let own: Tokens = access.seller_token(role, "primary").await?;
    let text = own.access.reveal();
    Ok(match flaw {
        TokenFlaw::Nonsense => Some(Secret::new("not-a-token")),
        TokenFlaw::WrongSignature => Some(Secret::new(resigned(text))),
        TokenFlaw::Unsigned => unsigned(text).map(Secret::new),
        TokenFlaw::IdToken => own.id.as_ref().map(|id| id.text.clone()),
        TokenFlaw::FeedScope => Some(access.feed_token("primary").await?.access),
        TokenFlaw::Expired => match own.expires_in {
            Some(life) if life <= WAIT => {
                tokio::time::sleep((life + Duration::from_secs(1)).saturating_sub(own.received.elapsed())).await;
                Some(own.access)
            }
            _ => None,
        },
    })
}

/// C1 with a token that must open nothing.
pub(super) async fn present(run: &mut CellRun, flaw: TokenFlaw, spec: &str) {
    let (access, role) = (run.session.access.clone(), run.cell.credentials);
    let token = flawed(&access, role, flaw).await.map_err(|failure| AuthFailure { unreachable: true, ..failure });
    let Some(token) = judged(run, "there is a token", token, spec) else { return };
    let Some(token) = token else {
        let why = match flaw {
            TokenFlaw::Expired => "tokens live longer than a test waits",
            TokenFlaw::Unsigned => "tokens are not of a kind that says how it is signed",
            _ => "there is no such token",
        };
        return run.log().remark(super::grants::suggestion(format!("not judged: {why}")));
    };
    access.hides(&token);
    let headers: Headers = vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))];
    let body = draft(run, Template::Standard, |draft, rng| draft.quote(false, rng));
    let url = format!("{}/order-quote-templates/{}", run.session.booking_api, run.history.uuid);
    let label = format!("C1 with a token that is {}", flaw.what());
    let response = send_with(run, &label, Method::PUT, &url, &headers, Some(&body)).await;
    // A token that lacks only the scope is a good one, elsewhere.
    let statuses: &[u16] = if flaw == TokenFlaw::FeedScope { &[401, 403] } else { &[401] };
    refusal(run, &response, "C1", statuses, spec);
}

/// Judges that credentials were refused, and how it is told.
pub(super) fn refusal(run: &mut CellRun, response: &Response, what: &str, statuses: &[u16], spec: &str) {
    if !answered(run.log(), response, what, spec) {
        return;
    }
    let status = response.status.unwrap_or_default();
    let words = statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    let finding = (!statuses.contains(&status)).then(|| {
        let message = if (200..300).contains(&status) {
            format!("{what} is answered, and must be refused")
        } else {
            format!("{what} is refused with another status")
        };
        at(
            Finding::new(message).expected(format!("HTTP {words}"), shown_status(response)).spec(spec),
            response.exchange(),
        )
    });
    let refused = finding.is_none();
    run.log().check(format!("{what} is refused with HTTP {words}"), None, finding);
    if !refused {
        return;
    }
    let kind = response.json().ok().and_then(|body| body.get("@type").cloned()).unwrap_or(Value::Null);
    let known = ["UnauthenticatedError", "NoAPITokenError", "InvalidAPITokenError", "InvalidAuthorizationDetailsError"];
    let finding = (!kind.as_str().is_some_and(|kind| known.contains(&kind))).then(|| {
        let finding =
            Finding::new(format!("the refusal of {what} is no error of the Open Booking API about credentials"));
        at(finding.expected(known.join(" or "), brief(&kind)).path("@type").spec(spec), response.exchange())
    });
    run.log().check("the error says that it is about credentials", None, finding);
}
