//! Opportunities that must not be in the feeds.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::opportunity::{evaluate, opportunity_type};
use crate::trace::{Event, Looked, OpportunitySeen, Sought, StepProblem};
use crate::vocabulary::{CriteriaName, Stage};

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::item::OpportunityScope;
use super::reading::{criteria_schema, names};
use super::spec::SPEC;

/// The number of families of opportunities that are read before other tasks run.
const AT_ONCE: usize = 64;

pub(super) const KIND: Kind = Kind::valued(
    "no-opportunity-meets",
    "check that no opportunity in the feeds meets the criteria",
    |fields, _| Some(Arc::new(NoOpportunityMeets(names(fields, "no-opportunity-meets")))),
    criteria_schema,
);

/// No opportunity in the feeds, whoever its Seller, meets any of the criteria in the flow of the cell.
#[derive(Debug)]
struct NoOpportunityMeets(Vec<CriteriaName>);

impl Act for NoOpportunityMeets {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Opportunities in the feeds".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        let criteria: Vec<&str> = self.0.iter().map(|criteria| criteria.name()).collect();
        format!("Check that no opportunity in the feeds meets {}", criteria.join(", "))
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Any)
    }

    fn to_json(&self) -> Value {
        json!({ "no-opportunity-meets": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let (facts, feeds) = (driver.facts(), driver.feeds());
            let Some((flow, OpportunityScope::Type(wanted))) = facts.booking else { return driver.end() };
            driver.waits_for("the end of the opportunity feeds");
            if let Err(reason) = feeds.catch_up(facts.feed_deadline()).await {
                let spec = Some(format!("{SPEC}#leasing"));
                driver.lacks_because(
                    "feeds that can be read",
                    StepProblem { message: reason, spec, ..StepProblem::default() },
                );
                return driver.end();
            }
            // Of several, the first by its identifier, in whatever order they are looked at.
            let mut found: Vec<Option<String>> = vec![None; self.0.len()];
            for (number, family) in feeds.families_of(wanted).iter().enumerate() {
                if number % AT_ONCE == 0 {
                    tokio::task::yield_now().await;
                }
                feeds.look_at(family, &mut |id, data| {
                    if opportunity_type(data) != Some(wanted) {
                        return;
                    }
                    for (criteria, found) in self.0.iter().zip(&mut found) {
                        if found.as_deref().is_none_or(|known| id < known)
                            && evaluate(*criteria, flow, data, facts.clock).holds()
                        {
                            *found = Some(id.to_owned());
                        }
                    }
                });
            }
            let seen = |id: String| {
                let located = feeds.get(&id)?;
                Some(OpportunitySeen {
                    id,
                    data: Some(located.data),
                    exchange: located.exchange,
                    ..OpportunitySeen::default()
                })
            };
            let found: Vec<Option<OpportunitySeen>> = found.into_iter().map(|id| id.and_then(seen)).collect();
            for (criteria, found) in self.0.iter().zip(found) {
                let looked = Looked {
                    sought: Sought::Forbidden { criteria: *criteria, flow, opportunity_type: wanted },
                    // What decides whether there may be such opportunities.
                    spec: facts.feature.clone(),
                    prepares: false,
                    opportunities: found.into_iter().collect(),
                    exchange: None,
                    unreadable: None,
                };
                driver.see(Event::Look(Box::new(looked)));
            }
            driver.end()
        })
    }
}
