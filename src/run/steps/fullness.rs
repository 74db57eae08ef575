//! Whether an opportunity without remaining capacity is full: in random mode, leases may hold what the feed does not show.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;

use crate::checks::test_interface;
use crate::client::Response;
use crate::config::Mode;
use crate::opportunity::capacity;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::vocabulary::ErrorName;

use super::order::{ordered_items, position_of, with};
use super::quote::Quote;
use super::refused::errors_of;
use super::{SPEC, send};

/// Blocks the step where a response to be refused with `OpportunityIsFullError` shows that an opportunity which was picked
/// as full is leased, or has remaining capacity again since a lease ended. `quote` is `None` for P and B. Whether the step
/// is blocked.
///
/// In controlled mode such an opportunity was created without capacity, so that no lease can explain another response.
pub(super) async fn leased_instead(
    run: &mut CellRun,
    quote: Option<Quote>,
    wanted: ErrorName,
    response: &Response,
) -> bool {
    let (anonymous, named) = run.session.leasing();
    let random = run.session.config.mode == Mode::Random;
    if !random || wanted != ErrorName::OpportunityIsFull || !(anonymous || named) {
        return false;
    }
    let succeeded = match response.status {
        Some(409) => false,
        Some(200..300) if quote.is_some() => true,
        _ => return false,
    };
    let Ok(body) = response.json() else { return false };
    let mut leased = Vec::new();
    let mut free = Vec::new();
    for (position, item) in run.history.items.iter().enumerate().filter(|(_, item)| !item.control) {
        let entry = ordered_items(&body).iter().find(|entry| position_of(entry) == Some(position));
        let errors = entry.map(errors_of).unwrap_or_default();
        if errors.contains(&wanted.name()) {
            continue;
        }
        let reserved = errors.contains(&ErrorName::OpportunityCapacityIsReservedByLease.name());
        if reserved { &mut leased } else { &mut free }.push(item.opportunity_id.clone());
    }
    if !free.is_empty() {
        if succeeded {
            // The lease of this OrderQuote would hide the capacity.
            let path = format!("order-quotes/{}", run.history.uuid);
            send(run, "OrderQuote Deletion (clean-up)", Method::DELETE, &path, None).await;
        }
        if !have_capacity(run, &free).await {
            return false;
        }
    }
    let (message, found) = match (leased.first(), free.first()) {
        (Some(id), _) => {
            (format!("{id} is leased, not full"), ErrorName::OpportunityCapacityIsReservedByLease.name().to_owned())
        }
        (None, Some(id)) => (
            format!("{id} is no longer full"),
            "the feed shows remaining capacity again, as when a lease expires".to_owned(),
        ),
        (None, None) => return false,
    };
    let finding = Finding::new(message)
        .expected(wanted.name(), found)
        .spec(format!("{SPEC}#leasing"))
        .hint("run the test again once the lease has expired, at a system that no one else books at");
    run.history.capacities.clear();
    let name = test_interface::CRITERIA.says("the opportunity without remaining capacity is full");
    run.log().block(name, with(finding, response.exchange()));
    true
}

/// Whether the feeds come to show remaining capacity of each opportunity.
async fn have_capacity(run: &mut CellRun, opportunities: &[String]) -> bool {
    run.waits_for("the capacity of what was picked as full");
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    let free = |data: &Value| capacity(data).is_some_and(|capacity| capacity > 0);
    let waits = opportunities.iter().map(|id| session.opportunities.wait_for(id, deadline, free));
    futures::future::join_all(waits).await.iter().all(Result::is_ok)
}
