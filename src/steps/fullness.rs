//! Whether an opportunity without remaining capacity is full: in random mode, leases may hold what the feed does not show.

use reqwest::Method;
use serde_json::Value;

use crate::checks::{errors, items, position_of};
use crate::config::Mode;
use crate::opportunity::capacity;
use crate::trace::{Leased, Reply};
use crate::vocabulary::{ErrorName, Stage};

use super::call::Call;
use super::driver::Driver;

/// What explains, in random mode, that a request was not rejected with `OpportunityIsFullError`: that an opportunity which was
/// picked as full is leased, or has remaining capacity again since a lease ended. `quote`: whether the request was C1 or C2.
///
/// In controlled mode such an opportunity was created without capacity, so that no lease can explain another response.
pub(super) async fn leased_instead(
    driver: &mut dyn Driver,
    quote: bool,
    wanted: ErrorName,
    reply: &Reply,
) -> Option<Leased> {
    let (anonymous, named) = driver.facts().leasing();
    let random = driver.facts().config.mode == Mode::Random;
    if !random || wanted != ErrorName::OpportunityIsFull || !(anonymous || named) {
        return None;
    }
    let succeeded = match reply.status {
        Some(409) => false,
        Some(200..300) if quote => true,
        _ => return None,
    };
    let body = reply.json().ok()?;
    let (mut leased, mut free) = (Vec::new(), Vec::new());
    for (position, item) in driver.history().items.iter().enumerate().filter(|(_, item)| !item.control) {
        let entry = items(body).iter().find(|entry| position_of(entry) == Some(position));
        let errors: Vec<&str> = entry.map(|entry| errors(entry).collect()).unwrap_or_default();
        if errors.contains(&wanted.name()) {
            continue;
        }
        let reserved = errors.contains(&ErrorName::OpportunityCapacityIsReservedByLease.name());
        if reserved { &mut leased } else { &mut free }.push(item.opportunity_id.clone());
    }
    if !free.is_empty() {
        if succeeded {
            // The lease of this OrderQuote would hide the capacity.
            let path = format!("order-quotes/{}", driver.history().uuid);
            let call = Call::new(Stage::QuoteDelete, "the deletion", Method::DELETE, path);
            driver.call(call.label("OrderQuote Deletion (clean-up)")).await;
        }
        if !have_capacity(driver, &free).await {
            return None;
        }
    }
    (!leased.is_empty() || !free.is_empty()).then_some(Leased { leased, free })
}

/// Whether the feeds come to show remaining capacity of each opportunity.
async fn have_capacity(driver: &mut dyn Driver, opportunities: &[String]) -> bool {
    driver.waits_for("the capacity of what was picked as full");
    let (facts, feeds) = (driver.facts(), driver.feeds());
    let deadline = facts.feed_deadline();
    let free = |data: &Value| capacity(data).is_some_and(|capacity| capacity > 0);
    let waits = opportunities.iter().map(|id| feeds.wait_for(id, deadline, free));
    futures::future::join_all(waits).await.iter().all(Result::is_ok)
}
