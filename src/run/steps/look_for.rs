//! Opportunities that can only be found, since nobody can ask for them.

use std::sync::Arc;

use rand::seq::IndexedRandom as _;

use crate::opportunity::{id_of, offers_in, opportunity_type, seller_id};
use crate::plan::OpportunityScope as Scope;
use crate::results::Opportunity;
use crate::run::cell::CellRun;
use crate::trace::{Event, Items, Looked, Nothing, OpportunitySeen, OrderItem, Problem, Sought};
use crate::vocabulary::Situation;

use super::SPEC;

/// How many opportunities are looked at before others get a turn.
const AT_ONCE: usize = 256;

/// Finds an opportunity of the Seller that is in a situation, and makes it the OrderItem of this part. Where the feeds have
/// none, which they need not, there is nothing to judge.
pub(super) async fn look_for(run: &mut CellRun, situation: Situation) -> bool {
    run.begin("look-for", "An opportunity in the feeds");
    let Some((flow, Scope::Type(wanted))) = run.cell.booking else { return run.end() };
    let session = Arc::clone(&run.session);
    run.waits_for("the end of the opportunity feeds");
    if let Err(reason) = session.opportunities.catch_up(session.feed_deadline()).await {
        let spec = Some(format!("{SPEC}#definition-of-a-bookable-opportunity-and-offer-pair"));
        run.lacks_because("feeds that can be read", Problem { message: reason, spec, ..Problem::default() });
        return run.end();
    }
    let seller = session.seller(run.cell.seller).id.clone();
    let fits = |id: &str| {
        let located = session.opportunities.get(id)?;
        if opportunity_type(&located.data) != Some(wanted) || seller_id(&located.data) != Some(&seller) {
            return None;
        }
        let offer = (*offers_in(situation, flow, &located.data, session.clock).first()?).clone();
        let offer_id = id_of(&offer)?.to_owned();
        let opportunity = located.data;
        Some((
            OrderItem { opportunity, opportunity_id: id.to_owned(), offer_id, offer, control: false },
            located.exchange,
        ))
    };
    let mut found: Vec<String> = Vec::new();
    for (number, id) in session.opportunities.ids().into_iter().enumerate() {
        if number % AT_ONCE == 0 {
            tokio::task::yield_now().await;
        }
        found.extend(fits(&id).map(|_| id));
    }
    let Some((item, exchange)) = found.choose(&mut run.rng).and_then(|id| fits(id)) else {
        let reason = format!("the feeds do not have {} for this Seller", situation.summary());
        run.see(Event::Nothing(Nothing { reason }));
        return run.end();
    };
    run.opportunities_used([Opportunity {
        position: 0,
        id: item.opportunity_id.clone(),
        criteria: situation.name().to_owned(),
        control: false,
        offer: item.offer_id.clone(),
    }]);
    let seen = OpportunitySeen {
        id: item.opportunity_id.clone(),
        data: Some(item.opportunity.clone()),
        exchange,
        missing: None,
        requested: None,
    };
    let looked = Looked {
        sought: Sought::Situation(situation),
        spec: String::new(),
        prepares: true,
        opportunities: vec![seen],
        exchange,
        unreadable: None,
    };
    run.see(Event::Look(Box::new(looked)));
    run.see(Event::Items(Items { items: vec![item], needed: Some(1) }));
    run.end()
}
