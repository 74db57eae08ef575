//! How the requests of a cell are sent, and with which credentials.

use reqwest::Method;
use serde_json::Value;

use crate::client::auth::{AuthFailure, TokenOwner};
use crate::client::{Confidence, Payload, Request, Response};
use crate::config::{Headers, Secret};
use crate::results::{Failure, FailureKind};
use crate::steps::{CredentialsChoice, Outgoing, PartnerName};
use crate::vocabulary::BOOKING_MEDIA_TYPE;

use super::cell::CellRun;

/// Media types that responses may have: the booking media type first, and whatever else is JSON.
const ACCEPT: &str = "application/vnd.openactive.booking+json; version=1, application/json;q=0.9";

/// Media types of a website.
const WEBSITE: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

/// A request of a step on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending<'r> {
    pub(super) outgoing: &'r Outgoing,
    /// Its name in the record.
    pub(super) label: &'r str,
    /// Relative to the base URL of the Open Booking API.
    pub(super) path: &'r str,
    pub(super) body: Option<&'r Value>,
}

impl Sending<'_> {
    fn url(&self, run: &CellRun) -> String {
        self.outgoing.url.clone().unwrap_or_else(|| format!("{}/{}", run.session.booking_api, self.path))
    }

    /// Without credentials it is not sent, and the failure is that of the response.
    fn unsent(&self, run: &CellRun, failure: &AuthFailure) -> Response {
        Response::unsent(self.label, &self.outgoing.method, &self.url(run), &failure.to_string(), failure.exchange)
    }

    async fn response(&self, run: &CellRun, headers: &Headers) -> Response {
        let url = self.url(run);
        if self.outgoing.website {
            return run.session.client.send(website(run, self.label, &url, headers)).await;
        }
        let owner = owner_of(run, &self.outgoing.credentials);
        send_as(run, self.label, self.outgoing.method.clone(), &url, (headers, owner.as_ref()), self.body).await
    }
}

/// Sends a request of a step. The ledger follows what the Booking Partner who acts sends to the Open Booking API.
pub(super) async fn send(run: &mut CellRun, sending: Sending<'_>) -> Response {
    let headers = match headers_for(run, &sending.outgoing.credentials).await {
        Ok(headers) => headers,
        Err(failure) => return sending.unsent(run, &failure),
    };
    let outgoing = sending.outgoing;
    let noted = matches!(outgoing.credentials, CredentialsChoice::Partner) && outgoing.url.is_none();
    let pending = noted.then(|| run.ledger.sending(run.partner, &outgoing.method, sending.path)).flatten();
    let response = sending.response(run, &headers).await;
    let unreachable = |failure: &Failure| failure.kind == FailureKind::Unreachable;
    match pending {
        Some(pending) if response.failure.as_ref().is_some_and(unreachable) => run.ledger.unreached(pending),
        Some(pending) => run.ledger.responded(pending, response.status),
        None => {}
    }
    response
}

/// As [`send`], for several requests at the same time, which the ledger does not follow here.
pub(super) async fn send_beside(run: &CellRun, sending: Sending<'_>) -> Response {
    match headers_for(run, &sending.outgoing.credentials).await {
        Ok(headers) => sending.response(run, &headers).await,
        Err(failure) => sending.unsent(run, &failure),
    }
}

/// The headers of a request, by its credentials.
async fn headers_for(run: &CellRun, credentials: &CredentialsChoice) -> Result<Headers, AuthFailure> {
    match (credentials, run.partner) {
        (CredentialsChoice::Headers(headers), _) => Ok(headers.clone()),
        (CredentialsChoice::Feed, partner) => run.session.access.feed_headers(partner.name()).await,
        // The Test Interface belongs to the tester also where the Broker of a part is nobody.
        (CredentialsChoice::TestInterface, PartnerName::Nobody | PartnerName::Stranger) => {
            headers_of(run, PartnerName::Primary).await
        }
        (CredentialsChoice::TestInterface | CredentialsChoice::Partner, partner) => headers_of(run, partner).await,
    }
}

/// Whose token a request carries; `None` where it is another one, or none.
fn owner_of(run: &CellRun, credentials: &CredentialsChoice) -> Option<TokenOwner> {
    let partner = match (credentials, run.partner) {
        (CredentialsChoice::TestInterface, PartnerName::Nobody | PartnerName::Stranger) => PartnerName::Primary,
        (_, PartnerName::Nobody | PartnerName::Stranger) => return None,
        (_, partner) => partner,
    };
    match credentials {
        CredentialsChoice::Headers(_) => None,
        CredentialsChoice::Feed => Some(TokenOwner::Feed(partner.name().to_owned())),
        CredentialsChoice::TestInterface | CredentialsChoice::Partner => Some(seller_token_of(run, partner)),
    }
}

fn seller_token_of(run: &CellRun, partner: PartnerName) -> TokenOwner {
    TokenOwner::Seller(run.cell.credentials, partner.name().to_owned())
}

fn website<'r>(run: &CellRun, label: &'r str, url: &'r str, headers: &'r Headers) -> Request<'r> {
    Request {
        label,
        feed: None,
        method: Method::GET,
        url,
        configured: headers,
        accept: WEBSITE,
        content_type: None,
        body: Payload::Empty,
        redirects: true,
        confidence: Confidence::Usual,
        timeout: run.session.request_timeout(),
    }
}

/// The headers of a request of a Booking Partner, for the Seller whose credentials are used.
pub(super) async fn headers_of(run: &CellRun, partner: PartnerName) -> Result<Headers, AuthFailure> {
    match partner {
        PartnerName::Nobody => Ok(Headers::new()),
        PartnerName::Stranger => {
            let own = run.session.access.booking_headers(run.cell.credentials, "primary").await?;
            let other: Headers = own.into_iter().map(|(name, secret)| (name, estranged(&secret))).collect();
            // They can be turned back into the real ones.
            for (_, secret) in &other {
                let value = secret.reveal().split_once(' ').map_or(secret.reveal(), |(_, value)| value);
                run.session.access.hides(&Secret::new(value));
            }
            Ok(other)
        }
        partner => run.session.access.booking_headers(run.cell.credentials, partner.name()).await,
    }
}

/// A value that looks like a secret and was never given: its letters and digits are other ones, but for the word before a
/// token.
fn estranged(secret: &Secret) -> Secret {
    let (scheme, value) = match secret.reveal().split_once(' ') {
        Some((scheme, value)) => (format!("{scheme} "), value),
        None => (String::new(), secret.reveal()),
    };
    let other = |c: char| match c {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        c if c.is_ascii_alphanumeric() => char::from_u32(u32::from(c) + 1).unwrap_or('0'),
        c => c,
    };
    Secret::new(format!("{scheme}{}", value.chars().map(other).collect::<String>()))
}

/// Sends a request of a Booking Partner, whose headers these are.
pub(super) async fn send_with(
    run: &CellRun,
    label: &str,
    method: Method,
    url: &str,
    (headers, partner): (&Headers, PartnerName),
    body: Option<&Value>,
) -> Response {
    let own = !matches!(partner, PartnerName::Nobody | PartnerName::Stranger);
    let owner = own.then(|| seller_token_of(run, partner));
    send_as(run, label, method, url, (headers, owner.as_ref()), body).await
}

/// Sends a request; once more with a renewed token where the response is HTTP 401:
/// <https://www.rfc-editor.org/rfc/rfc6750#section-3.1>. A request that is rejected has had no effect.
async fn send_as(
    run: &CellRun,
    label: &str,
    method: Method,
    url: &str,
    (headers, owner): (&Headers, Option<&TokenOwner>),
    body: Option<&Value>,
) -> Response {
    let request = |configured| Request {
        label,
        feed: None,
        method: method.clone(),
        url,
        configured,
        accept: ACCEPT,
        content_type: Some(BOOKING_MEDIA_TYPE),
        body: body.into(),
        redirects: true,
        confidence: Confidence::Usual,
        timeout: run.session.request_timeout(),
    };
    let response = run.session.client.send(request(headers)).await;
    let Some(owner) = owner else { return response };
    let access = &run.session.access;
    if response.status == Some(401)
        && let Some(fresh) = access.renewed_headers(owner, headers, response.exchange()).await
    {
        let again = run.session.client.send_again(request(&fresh.headers), response.exchange()).await;
        access.used(&fresh.headers, again.status, Some(&fresh));
        return again;
    }
    access.used(headers, response.status, None);
    response
}
