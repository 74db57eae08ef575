//! Tokens that must open nothing: <https://openactive.io/open-booking-api/EditorsDraft/#api-authentication>.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::authentication;
use crate::client::auth::{Access, AuthFailure, Tokens};
use crate::config::{Headers, Secret, SellerRole};
use crate::steps::act::{Act, Kind, Step};
use crate::steps::call::{Call, CredentialsChoice};
use crate::steps::drafting::draft;
use crate::steps::driver::Driver;
use crate::steps::openid::known::{begin, end};
use crate::steps::reading::{name, one_of};
use crate::steps::template::Template;
use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{Stage, named_enumeration as named};

pub(in crate::steps) const KIND: Kind = Kind::valued(
    "present",
    "C1 with an invalid token, which must be rejected",
    |fields, _| Some(Arc::new(Present(name(fields, "present")?))),
    || one_of(TokenFlaw::ALL),
);

named! {
    /// A token that must open nothing.
    "token"
    enum TokenFlaw {
        /// Something that never was a token.
        Nonsense = "nonsense",
        /// The token, with another signature.
        WrongSignature = "wrong-signature",
        /// The token, with a header that says that nobody signed it.
        Unsigned = "unsigned",
        /// An ID token, which is for somebody else.
        IdToken = "id-token",
        /// A token that is for feeds of Orders only.
        FeedScope = "feed-scope",
        /// A token whose time is over.
        Expired = "expired",
    }
}

impl TokenFlaw {
    /// What is wrong with it, in words.
    const fn what(self) -> &'static str {
        match self {
            Self::Nonsense => "unknown",
            Self::WrongSignature => "wrongly signed",
            Self::Unsigned => "unsigned",
            Self::IdToken => "an ID token",
            Self::FeedScope => "for the Orders feeds only",
            Self::Expired => "expired",
        }
    }
}

#[derive(Debug)]
struct Present(TokenFlaw);

impl Act for Present {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        format!("C1 with a token that is {}", self.0.what())
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("C1 with a token that is {}, which must be rejected", self.0.what())
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Auth)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["fetch", "create"]
    }

    fn rests_on_secrets(&self) -> bool {
        true
    }

    fn to_json(&self) -> Value {
        json!({ "open-id": { "present": self.0 } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let (http, spec) = begin(driver, self, step);
            present(driver, self.0, &spec).await;
            end(driver, &http)
        })
    }
}

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
async fn present(driver: &mut dyn Driver, flaw: TokenFlaw, spec: &str) {
    let (access, role) = (driver.access(), driver.facts().credentials);
    let token = flawed(&access, role, flaw).await.map_err(AuthFailure::blocking);
    let Some(token) = driver.attempt(authentication::OWN_CLIENT, token, spec) else { return };
    let Some(token) = token else {
        let why = match flaw {
            TokenFlaw::Expired => "`expires_in` is longer than a test waits",
            TokenFlaw::Unsigned => "access tokens are not JSON Web Tokens",
            _ => "the token response has no such token",
        };
        driver.fact(authentication::JUDGED_TOKENS, json!({ "why": why }), spec, None);
        return;
    };
    access.hides(&token);
    let headers: Headers = vec![("Authorization".to_owned(), Secret::new(format!("Bearer {}", token.reveal())))];
    let body = draft(driver, Template::Standard, |draft, rng| draft.quote(false, rng));
    let path = format!("order-quote-templates/{}", driver.history().uuid);
    let url = format!("{}/{path}", driver.facts().booking_api);
    // A token that lacks only the scope is a good one, elsewhere.
    let statuses: &[u16] = if flaw == TokenFlaw::FeedScope { &[401, 403] } else { &[401] };
    let call = Call::new(Stage::Auth, "C1", Method::PUT, path)
        .url(url)
        .credentials(CredentialsChoice::Headers(headers))
        .label(format!("C1 with a token that is {}", flaw.what()))
        .sending(body)
        .purpose(Purpose::WrongCredentials(statuses.to_vec()))
        .wanted(Wanted::Response)
        .spec(spec);
    driver.request(call).await;
}
