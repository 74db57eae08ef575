//! The steps that feature files are made of, one file each.

mod answer;
mod book;
mod capacity;
mod fetch;
mod order;
mod quote;
mod simulate;

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::Step;
use crate::config::Seller;
use crate::target::{Request, Response};
use crate::vocabulary::BOOKING_MEDIA_TYPE;

use super::cell::CellRun;
use super::session::Session;

/// The specification that most checks come from.
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/";
/// The specification of the Test Interface.
const TEST_INTERFACE_SPEC: &str = "https://openactive.io/test-interface/";

/// Media types that answers may have: the booking media type first, and whatever else is JSON.
const ACCEPT: &str = "application/vnd.openactive.booking+json; version=1, application/json;q=0.9";

/// Makes a step; whether what builds on it can go on.
pub(super) async fn make(run: &mut CellRun, step: &Step) -> bool {
    match step {
        Step::Fetch => fetch::fetch(run, false).await,
        Step::Create => fetch::fetch(run, true).await,
        Step::C1 => quote::quote(run, quote::Stage::C1).await,
        Step::C2 => quote::quote(run, quote::Stage::C2).await,
        Step::Book => book::book(run).await,
        Step::Simulate { action, on, awaits, expect } => simulate::simulate(run, *action, *on, *awaits, expect).await,
    }
}

/// A request of the Open Booking API or the Test Interface on behalf of a Seller.
fn request<'r>(
    session: &'r Session,
    seller: &'r Seller,
    label: &'r str,
    method: Method,
    url: &'r str,
    body: Option<&'r Value>,
) -> Request<'r> {
    Request {
        label,
        method,
        url,
        configured: &seller.request_headers,
        accept: ACCEPT,
        content_type: Some(BOOKING_MEDIA_TYPE),
        body,
        timeout: session.request_timeout(),
    }
}

/// Sends a request for the Seller of the cell.
async fn send(run: &CellRun, label: &str, method: Method, path: &str, body: Option<&Value>) -> Response {
    let url = format!("{}/{path}", run.session.booking_api);
    run.session.client.send(request(&run.session, run.seller(), label, method, &url, body)).await
}
