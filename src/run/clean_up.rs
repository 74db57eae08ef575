//! Clean-up after a cell in random mode, so that no lease of this run is in the way of the next.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use reqwest::Method;

use crate::config::Mode;
use crate::results::ExchangeId;
use crate::steps::{Template, rejection};

use super::cell::CellRun;
use super::ledger::{Entry, OrderState};
use super::send::{headers_of, send_with};

/// The time limit of the clean-up after a cell.
const LIMIT: Duration = Duration::from_secs(5);
/// The time limit of the clean-up once the run is interrupted or has reached `--timeout`.
const GRACE: Duration = Duration::from_millis(900);

/// Releases what the cell left unbooked in random mode: deletes OrderQuotes, and rejects OrderProposals as the customer.
/// Responses are recorded and not judged. In controlled mode the next run deletes the test dataset, leases included.
///
/// Returns the exchanges, in order.
pub(super) async fn clean_up(run: &mut CellRun) -> Vec<ExchangeId> {
    let mut exchanges = Vec::new();
    // A replay sends nothing that the checks do not depend on.
    if run.session.config.mode != Mode::Random || run.session.client.tape().is_some() {
        return exchanges;
    }
    run.late = None;
    let mut requests = Vec::new();
    for Entry { partner, uuid, stage } in run.ledger.unbooked() {
        let (label, method, path, body) = match stage {
            OrderState::Quote => {
                ("OrderQuote Deletion (clean-up)", Method::DELETE, format!("order-quotes/{uuid}"), None)
            }
            OrderState::Proposal => {
                let body = rejection(Template::Standard);
                ("Rejection (clean-up)", Method::PATCH, format!("order-proposals/{uuid}"), Some(body))
            }
            OrderState::Order => continue,
        };
        requests.push((partner, label, method, path, body));
    }
    let ending = run.session.ending.token().clone();
    let end = async {
        ending.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    let limit = async {
        tokio::select! {
            () = tokio::time::sleep(LIMIT) => {}
            () = end => {}
        }
    };
    tokio::pin!(limit);
    let mut responses: FuturesUnordered<_> = requests
        .iter()
        .map(|(partner, label, method, path, body)| {
            let run = &*run;
            async move {
                let headers = headers_of(run, *partner).await.ok()?;
                let url = format!("{}/{path}", run.session.booking_api);
                let response = send_with(run, label, method.clone(), &url, (&headers, *partner), body.as_ref()).await;
                Some((*partner, method, path, response))
            }
        })
        .collect();
    let mut done = Vec::new();
    loop {
        tokio::select! {
            next = responses.next() => match next {
                Some(response) => done.extend(response),
                None => break,
            },
            () = &mut limit => break,
        }
    }
    drop(responses);
    for (partner, method, path, response) in done {
        exchanges.extend(response.exchange());
        if let Some(pending) = run.ledger.sending(partner, method, path) {
            run.ledger.responded(pending, response.status);
        }
    }
    exchanges.sort_unstable();
    exchanges
}
