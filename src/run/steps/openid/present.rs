//! Tokens that must open nothing: <https://openactive.io/open-booking-api/EditorsDraft/#api-authentication>.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::json;

use crate::catalogue::{Template, TokenFlaw};
use crate::checks::authentication;
use crate::client::auth::{Access, AuthFailure, Tokens};
use crate::config::{Headers, Secret, SellerRole};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::run::steps::draft;
use crate::trace::{Purpose, Wanted};
use crate::vocabulary::Stage;

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
    let Some(token) = run.attempt(authentication::OWN_CLIENT, token, spec) else { return };
    let Some(token) = token else {
        let why = match flaw {
            TokenFlaw::Expired => "tokens live longer than a test waits",
            TokenFlaw::Unsigned => "tokens are not of a kind that says how it is signed",
            _ => "there is no such token",
        };
        run.fact(authentication::JUDGED_TOKENS, json!({ "why": why }), spec, None);
        return;
    };
    access.hides(&token);
    let headers: Headers = vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))];
    let body = draft(run, Template::Standard, |draft, rng| draft.quote(false, rng));
    let path = format!("order-quote-templates/{}", run.history.uuid);
    let url = format!("{}/{path}", run.session.booking_api);
    // A token that lacks only the scope is a good one, elsewhere.
    let statuses: &[u16] = if flaw == TokenFlaw::FeedScope { &[401, 403] } else { &[401] };
    let call = Call::new(Stage::Auth, "C1", Method::PUT, path)
        .label(format!("C1 with a token that is {}", flaw.what()))
        .sending(body)
        .purpose(Purpose::WrongCredentials(statuses.to_vec()))
        .wanted(Wanted::Response)
        .spec(spec);
    run.request_with(call, &url, &headers).await;
}
