//! The end of a lease.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::run::cell::CellRun;
use crate::trace::{CapacityRule, Problem};
use crate::vocabulary::Stage;

use super::SPEC;

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
    let Some(end) = told.as_ref().and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok()) else {
        let found = told.map_or_else(|| "nothing".to_owned(), |told| told.to_string());
        let problem = Problem {
            message: "the lease does not say when it ends".to_owned(),
            difference: Some(("leaseExpires".to_owned(), found)),
            path: Some("lease.leaseExpires".to_owned()),
            spec: Some(format!("{SPEC}#oa-lease")),
            ..Problem::default()
        };
        run.lacks_because("an end of the lease", problem);
        return run.end();
    };
    // What is made again out of a record has waited already.
    if run.session.client.tape().is_none() {
        let left = Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default();
        if left > LONGEST {
            let problem = Problem {
                message: "the lease lasts for too long to be waited for".to_owned(),
                difference: Some(("an hour or less".to_owned(), end.to_string())),
                path: Some("lease.leaseExpires".to_owned()),
                ..Problem::default()
            };
            run.lacks_because("an end of the lease", problem);
            return run.end();
        }
        run.waits_for(format!("the end of the lease at {end}"));
        tokio::time::sleep(left + GRACE).await;
    }
    if run.history.proposal.is_none() {
        run.at(None);
        run.capacity(CapacityRule::Restored, "the end of the lease", None).await;
    } else {
        run.capacity(CapacityRule::Held(true), "the end of the lease of the OrderQuote", None).await;
    }
    run.end()
}

/// Sees that the OrderProposal goes on holding what its OrderQuote has leased.
pub(super) async fn kept(run: &mut CellRun) -> bool {
    run.begin("lease-kept", "The lease of the OrderProposal");
    run.capacity(CapacityRule::Held(false), "P", None).await;
    run.end()
}
