//! The end of a lease.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::checks::{capacity, preconditions};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::vocabulary::Stage;

use super::SPEC;
use super::capacity::{back, held};

/// Leases are told to the second, and a booking system may look for those that are over now and then.
const GRACE: Duration = Duration::from_secs(2);
/// What lasts for longer is not waited for.
const LONGEST: Duration = Duration::from_secs(3000);

/// Waits until the lease of the last OrderQuote is over. What an OrderQuote held is free again; an OrderProposal may go on
/// holding it.
pub(super) async fn lease_end(run: &mut CellRun) -> bool {
    run.begin("lease-end", "The end of the lease");
    let quote = run.history.made.get(&Stage::C2).or_else(|| run.history.made.get(&Stage::C1));
    let told = quote.and_then(|made| made.lease_expires());
    let name = preconditions::PREPARATION.says("the lease has an end that can be waited for");
    let Some(end) = told.as_ref().and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok()) else {
        let found = told.map_or_else(|| "nothing".to_owned(), |told| told.to_string());
        let finding = Finding::new("the lease does not say when it ends").expected("leaseExpires", found);
        run.log().block(name, finding.path("lease.leaseExpires").spec(format!("{SPEC}#oa-lease")));
        return run.end();
    };
    // What is made again out of a record has waited already.
    if run.session.client.tape().is_none() {
        let left = Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default();
        if left > LONGEST {
            let finding = Finding::new("the lease lasts for too long to be waited for");
            run.log().block(name, finding.expected("an hour or less", end.to_string()).path("lease.leaseExpires"));
            return run.end();
        }
        run.waits_for(format!("the end of the lease at {end}"));
        tokio::time::sleep(left + GRACE).await;
    }
    run.log().check(name, None, None);
    if run.history.proposal.is_none() {
        run.log().at(None);
        back(run, "the end of the lease").await;
        run.history.quoted = false;
    } else {
        held(run, "the end of the lease of the OrderQuote", capacity::LEASE_EXTENDED).await;
    }
    run.end()
}

/// Sees that the OrderProposal goes on holding what its OrderQuote has leased.
pub(super) async fn kept(run: &mut CellRun) -> bool {
    run.begin("lease-kept", "The lease of the OrderProposal");
    held(run, "P", capacity::LEASE_CARRIED_OVER).await;
    run.end()
}
