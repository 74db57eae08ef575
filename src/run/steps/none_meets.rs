//! Opportunities that must not be there.

use std::sync::Arc;

use crate::opportunity::{evaluate, opportunity_type};
use crate::run::cell::CellRun;
use crate::trace::{Event, Looked, OpportunitySeen, Problem, Sought};
use crate::vocabulary::CriteriaName;

use super::SPEC;
use crate::plan::OpportunityScope as Scope;

/// How many opportunities are looked at before others get a turn.
const AT_ONCE: usize = 256;

/// Sees that no opportunity in the feeds, whoever its Seller, meets any of the criteria in the flow of the cell.
pub(super) async fn none_meets(run: &mut CellRun, criteria: &[CriteriaName]) -> bool {
    run.begin("none-meets", "Opportunities in the feeds");
    let Some((flow, Scope::Type(wanted))) = run.cell.booking else { return run.end() };
    let session = Arc::clone(&run.session);
    run.waits_for("the end of the opportunity feeds");
    if let Err(reason) = session.opportunities.catch_up(session.feed_deadline()).await {
        let spec = Some(format!("{SPEC}#leasing"));
        run.lacks_because("feeds that can be read", Problem { message: reason, spec, ..Problem::default() });
        return run.end();
    }
    let ids = session.opportunities.ids();
    let mut found: Vec<Option<OpportunitySeen>> = vec![None; criteria.len()];
    for (number, id) in ids.iter().enumerate() {
        if number % AT_ONCE == 0 {
            tokio::task::yield_now().await;
        }
        let Some(located) = session.opportunities.get(id) else { continue };
        if opportunity_type(&located.data) != Some(wanted) {
            continue;
        }
        for (criteria, found) in criteria.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            if evaluate(*criteria, flow, &located.data, session.clock).holds() {
                *found = Some(OpportunitySeen {
                    id: id.clone(),
                    data: Some(located.data.clone()),
                    exchange: located.exchange,
                    missing: None,
                    requested: None,
                });
            }
        }
    }
    for (criteria, found) in criteria.iter().zip(found) {
        let looked = Looked {
            sought: Sought::Forbidden { criteria: *criteria, flow, opportunity_type: wanted },
            // What decides whether there may be such opportunities.
            spec: run.cell.feature.id.clone(),
            prepares: false,
            opportunities: found.into_iter().collect(),
            exchange: None,
            unreadable: None,
        };
        run.see(Event::Look(Box::new(looked)));
    }
    run.end()
}
