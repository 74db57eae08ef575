//! The steps that feature files are made of, one file each.

mod book;
mod cancel;
mod change;
mod clean_up;
mod dataset;
mod delete;
mod endpoints;
mod fetch;
mod fullness;
mod lease;
mod lease_end;
mod look_for;
mod none_meets;
mod openid;
mod partition;
mod quote;
mod repeat;
mod require;
mod retained;
mod rival;
mod simulate;
mod status;

use rand_chacha::ChaCha8Rng;
use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{Act, PartnerName, Step, Template};
use crate::checks::{Context, Demands};
use crate::client::auth::AuthFailure;
use crate::client::{Confidence, Request, Response};
use crate::config::{Headers, Secret};
use crate::results::{Failure, FailureKind};
use crate::trace::{Event, Items};
use crate::vocabulary::{BOOKING_MEDIA_TYPE, Stage};

use super::cell::CellRun;
use super::requests::{Draft, override_offer};

pub(super) use clean_up::clean_up;
pub(super) use openid::OpenIdState;

/// The specification that most checks come from.
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/";
/// The specification of the Test Interface.
const TEST_INTERFACE_SPEC: &str = "https://openactive.io/test-interface/";

/// Media types that answers may have: the booking media type first, and whatever else is JSON.
const ACCEPT: &str = "application/vnd.openactive.booking+json; version=1, application/json;q=0.9";

/// Makes a step; whether what builds on it can go on.
pub(super) async fn make(run: &mut CellRun, step: &Step) -> bool {
    match &step.act {
        Act::Fetch => fetch::fetch(run, false).await,
        Act::Create => fetch::fetch(run, true).await,
        Act::C1(template) => quote::quote(run, Stage::C1, *template, step).await,
        Act::C1Refused(template) => quote::refused_somehow(run, *template).await,
        Act::C2(template) => quote::quote(run, Stage::C2, *template, step).await,
        Act::Book(template) => book::book(run, *template, false, step).await,
        Act::BookAtOnce(template) => book::book(run, *template, true, step).await,
        Act::BookDirectly(template) => book::directly(run, *template, step).await,
        Act::Propose(template) => book::propose(run, *template, step).await,
        Act::Confirm(version) => book::confirm(run, *version, step).await,
        Act::RepeatB => repeat::repeat_b(run).await,
        Act::Repeat(repeated) => repeat::repeat(run, *repeated).await,
        Act::LeaseEnd => lease_end::lease_end(run).await,
        Act::WrongVerb => endpoints::wrong_verb(run).await,
        Act::FeedRefused(feed) => partition::feed_refused(run, *feed).await,
        Act::CreateRefused(criteria) => fetch::create_refused(run, criteria).await,
        Act::Simulate { action, on } => simulate::simulate(run, *action, *on, step).await,
        Act::Cancel { template, items, order } => cancel::cancel(run, *template, *items, *order, step).await,
        Act::Reject(template) => cancel::reject(run, *template, step).await,
        Act::DeleteOrder(order) => delete::order(run, *order, step).await,
        Act::DeleteQuote => delete::quote(run, step).await,
        Act::OrderStatus => status::order_status(run, step).await,
        Act::StatusBefore(before) => status::before(run, *before).await,
        Act::LeaseKept => lease_end::kept(run).await,
        Act::Lease(batch) => lease::lease(run, batch).await,
        Act::NoneMeets(criteria) => none_meets::none_meets(run, criteria).await,
        Act::LookFor(situation) => look_for::look_for(run, *situation).await,
        Act::Require(requirement) => require::require(run, *requirement, &step.judges),
        Act::DatasetSite => endpoints::dataset_site(run).await,
        Act::UnknownEndpoint => endpoints::unknown_endpoint(run).await,
        Act::RivalBooks => rival::rival_books(run, step).await,
        Act::OwnDataset => dataset::own(run),
        Act::DeleteDataset => dataset::delete(run, step).await,
        Act::OpenId(act) => openid::make(run, *act, step).await,
        Act::Retained(feed) => retained::retained(run, *feed).await,
        Act::NotInFeed(feed) => partition::not_in_feed(run, *feed).await,
    }
}

/// The headers of a request: those of the Booking Partner who acts, for the Seller whose credentials are used.
async fn headers(run: &CellRun) -> Result<Headers, AuthFailure> {
    headers_of(run, run.partner).await
}

/// As [`headers`], for any Booking Partner.
async fn headers_of(run: &CellRun, partner: PartnerName) -> Result<Headers, AuthFailure> {
    match partner {
        PartnerName::Nobody => Ok(Headers::new()),
        PartnerName::Stranger => {
            let own = run.session.access.booking_headers(run.cell.credentials, "primary").await?;
            Ok(own.into_iter().map(|(name, secret)| (name, estranged(&secret))).collect())
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

/// The headers of a request to the Test Interface, which belongs to the tester also where the Broker of a part is nobody.
async fn interface_headers(run: &CellRun) -> Result<Headers, AuthFailure> {
    match run.partner {
        PartnerName::Nobody | PartnerName::Stranger => {
            run.session.access.booking_headers(run.cell.credentials, "primary").await
        }
        _ => headers(run).await,
    }
}

/// Sends a request for the Seller of the cell. Without credentials it is not sent, and the failure is that of the
/// answer.
pub(super) async fn send(run: &mut CellRun, label: &str, method: Method, path: &str, body: Option<&Value>) -> Response {
    let url = format!("{}/{path}", run.session.booking_api);
    match headers(run).await {
        Ok(headers) => {
            let pending = run.ledger.sending(run.partner, &method, path);
            let response = send_with(run, label, method, &url, &headers, body).await;
            let unreachable = |failure: &Failure| failure.kind == FailureKind::Unreachable;
            match pending {
                Some(pending) if response.failure.as_ref().is_some_and(unreachable) => run.ledger.unreached(pending),
                Some(pending) => run.ledger.responded(pending, response.status),
                None => {}
            }
            response
        }
        Err(failure) => unsent(label, &method, &url, &failure),
    }
}

pub(super) fn unsent(label: &str, method: &Method, url: &str, failure: &AuthFailure) -> Response {
    Response::unsent(label, method, url, &failure.to_string(), failure.exchange)
}

pub(super) async fn send_with(
    run: &CellRun,
    label: &str,
    method: Method,
    url: &str,
    headers: &Headers,
    body: Option<&Value>,
) -> Response {
    let request = Request {
        label,
        feed: None,
        method,
        url,
        configured: headers,
        accept: ACCEPT,
        content_type: Some(BOOKING_MEDIA_TYPE),
        body: body.into(),
        redirects: true,
        confidence: Confidence::Usual,
        timeout: run.session.request_timeout(),
    };
    run.session.client.send(request).await
}

/// Writes the body of a booking request.
fn draft(run: &mut CellRun, template: Template, write: impl FnOnce(&Draft<'_>, &mut ChaCha8Rng) -> Value) -> Value {
    let session = std::sync::Arc::clone(&run.session);
    if template == Template::WithOfferOverrides {
        let mut items = run.history.items.clone();
        items.iter_mut().for_each(|item| override_offer(item, &mut run.ids));
        run.remember(Event::Items(Items { items, needed: None }));
    }
    if template.is_dynamic() && !run.history.dynamic {
        run.remember(Event::Dynamic);
    }
    let draft = Draft {
        template,
        seller: session.seller(run.cell.seller),
        items: &run.history.items,
        party: &run.part.party,
        payment: session.payment_details(run.cell.seller),
        c1: run.history.c1.as_ref(),
    };
    write(&draft, &mut run.rng)
}

/// The section of the specification that a step belongs to.
fn section(run: &CellRun, step: &Step) -> String {
    let test = &run.cell.test;
    step.spec.as_ref().or(test.spec.as_ref()).unwrap_or(&run.cell.feature.spec).clone()
}

/// What checks may look at besides what the cell saw.
pub(super) fn context<'r>(run: &'r CellRun, spec: &'r str) -> Context<'r> {
    Context {
        config: &run.session.config,
        profile: run.session.profile,
        base: &run.session.booking_api,
        payment: run.session.payment_details(run.cell.seller),
        now: run.session.client.tape().map_or_else(jiff::Timestamp::now, |tape| tape.moment()),
        spec,
        clock: run.session.clock,
        demands: Demands::default(),
    }
}
