//! Opportunities that must not be there.

use std::sync::Arc;

use crate::checks::test_interface;
use crate::plan::{evaluate, opportunity_type};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
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
        run.log().block("the opportunity feeds can be read", Finding::new(reason).spec(format!("{SPEC}#leasing")));
        return run.end();
    }
    let ids = session.opportunities.ids();
    let mut found: Vec<Option<(String, Option<u32>)>> = vec![None; criteria.len()];
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
                *found = Some((id.clone(), located.exchange));
            }
        }
    }
    for (criteria, found) in criteria.iter().zip(found) {
        let finding = found.map(|(id, exchange)| {
            let feature = &run.cell.feature.id;
            let finding = Finding::new(format!("{id} meets {criteria} in {flow}, and no {wanted} may"))
                .expected(format!("no {wanted} that meets {criteria}"), id)
                .spec(criteria.iri())
                .hint(format!(
                    "if there are such opportunities, `implementedFeatures.{feature}` is not what it should be"
                ));
            super::order::with(finding, exchange)
        });
        let name = format!("no {wanted} in the feeds meets {criteria} in {flow}");
        run.log().check(test_interface::NO_OPPORTUNITY_MEETS_CRITERIA.says(name), None, finding);
    }
    run.end()
}
