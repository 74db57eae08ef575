//! Expiry of the lease of the last OrderQuote.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::trace::{CapacityRule, StepProblem};
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::spec::SPEC;

/// `leaseExpires` is exact to the second, and a booking system may release expired leases now and then.
const GRACE: Duration = Duration::from_secs(2);
/// The longest lease that the step waits for.
const LONGEST: Duration = Duration::from_secs(3000);

pub(super) const KIND: Kind =
    Kind::plain("lease-expiry", "wait until the lease expires, and expect its capacity to be released", || {
        Arc::new(LeaseExpiry)
    });

/// An OrderQuote releases its capacity then; an OrderProposal may retain it.
#[derive(Debug)]
struct LeaseExpiry;

impl Act for LeaseExpiry {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Lease expiry".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Wait until the lease expires; expect its capacity to be released".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::P)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["c1", "c2"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let quote = driver.history().made.get(&Stage::C2).or_else(|| driver.history().made.get(&Stage::C1));
            let lease_expires = quote.and_then(|made| made.lease_expires());
            let Some(end) =
                lease_expires.as_ref().and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok())
            else {
                let found = lease_expires.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
                let problem = StepProblem {
                    message: "`leaseExpires` is missing or not a date-time".to_owned(),
                    difference: Some(("date-time of the expiry".to_owned(), found)),
                    path: Some("lease.leaseExpires".to_owned()),
                    spec: Some(format!("{SPEC}#oa-lease")),
                    ..StepProblem::default()
                };
                driver.lacks_because("a lease with `leaseExpires`", problem);
                return driver.end();
            };
            // What is made again out of a record has waited already.
            if !driver.facts().replayed {
                let left = Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default();
                if left > LONGEST {
                    let problem = StepProblem {
                        message: "the lease is too long to wait for its expiry".to_owned(),
                        difference: Some(("`leaseExpires` within 50 minutes".to_owned(), end.to_string())),
                        path: Some("lease.leaseExpires".to_owned()),
                        ..StepProblem::default()
                    };
                    driver.lacks_because("a lease with `leaseExpires`", problem);
                    return driver.end();
                }
                driver.waits_for(&format!("lease expiry at {end}"));
                tokio::time::sleep(left + GRACE).await;
            }
            if driver.history().proposal.is_none() {
                driver.at(None);
                driver.capacity(CapacityRule::Restored, "lease expiry", None).await;
            } else {
                driver.capacity(CapacityRule::Held(true), "lease expiry of the OrderQuote", None).await;
            }
            driver.end()
        })
    }
}
