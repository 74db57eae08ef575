//! Getting the opportunities of a cell: created through the Test Interface, or picked among those in the feeds.

use std::sync::Arc;

use rand::seq::IndexedRandom as _;
use reqwest::Method;
use serde_json::Value;

use crate::client::Response;
use crate::config::Mode;
use crate::opportunity::{evaluate, id_of};
use crate::plan::ItemSpec;
use crate::results::{ExchangeId, Opportunity};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::run::requests::new_opportunity;
use crate::trace::{
    Body, Event, Items, Looked, OpportunitySeen, OrderItem, Problem, Purpose, Requested, Sought, Wanted,
};
use crate::vocabulary::{CriteriaName, OpportunityType, Stage};

use super::{TEST_INTERFACE_SPEC, interface_headers, send_with, unsent};

/// Where the Test Interface is described.
fn spec() -> String {
    format!("{TEST_INTERFACE_SPEC}#post-test-interfacedatasetstestdatasetidentifieropportunities")
}

/// Gets the opportunities. With `judged`, the Test Interface itself is under test.
pub(super) async fn fetch(run: &mut CellRun, judged: bool) -> bool {
    let title = if judged { "Opportunities from the Test Interface" } else { "Opportunities" };
    run.begin(if judged { "create" } else { "fetch" }, title);
    run.remember(Event::Left);
    let chosen = match run.session.config.mode {
        Mode::Controlled => create(run, judged).await,
        Mode::Random => reserved(run),
    };
    if let Some(chosen) = chosen {
        find(run, &chosen, judged).await;
    }
    run.end()
}

/// An opportunity that was created or picked.
struct Chosen {
    id: String,
    opportunity_type: OpportunityType,
    /// What created it.
    exchange: Option<ExchangeId>,
}

/// The distinct opportunities of the cell: number and what it must be.
fn distinct(run: &CellRun) -> Vec<ItemSpec> {
    let mut specs: Vec<ItemSpec> = Vec::new();
    for item in &run.cell.items {
        if !specs.iter().any(|known| known.opportunity == item.opportunity) {
            specs.push(item.clone());
        }
    }
    specs.sort_by_key(|spec| spec.opportunity);
    specs
}

/// The opportunities that were set aside for this cell before the run.
fn reserved(run: &mut CellRun) -> Option<Vec<Chosen>> {
    let flow = run.flow();
    let specs = distinct(run);
    let ids = run.session.reservations.by_cell.get(&run.cell.id).cloned();
    if let Some(ids) = ids {
        let own: Vec<Chosen> = ids
            .into_iter()
            .skip(run.fetches * specs.len())
            .take(specs.len())
            .zip(&specs)
            .map(|(id, spec)| Chosen { id, opportunity_type: spec.opportunity_type, exchange: None })
            .collect();
        run.fetches += 1;
        return Some(own);
    }
    let lacking: Vec<String> = run
        .session
        .reservations
        .shortages
        .iter()
        .filter(|shortage| {
            specs.iter().any(|spec| {
                spec.criteria.name() == shortage.criteria
                    && spec.opportunity_type.name() == shortage.opportunity_type
                    && flow.name() == shortage.flow
            })
        })
        .map(|shortage| {
            let refused = shortage.refusals.first().map_or_else(String::new, |refusal| {
                format!("; most lack: {} ({} of {})", refusal.reason, refusal.count, shortage.candidates)
            });
            format!(
                "{} {} for {} in {}: the run needs {}, the feeds hold {}{refused}",
                shortage.seller,
                shortage.opportunity_type,
                shortage.criteria,
                shortage.flow,
                shortage.needed,
                shortage.found
            )
        })
        .collect();
    let found = if lacking.is_empty() { "none is left for this cell".to_owned() } else { lacking.join("\n") };
    let hint =
        "publish more of them, or let the Test Interface create them: `integrationTests.useRandomOpportunities` false";
    let problem = Problem {
        message: "there are not enough opportunities that meet the criteria of the test".to_owned(),
        difference: Some(("opportunities of the Seller in the feeds that no other cell uses".to_owned(), found)),
        hint: Some(hint.to_owned()),
        ..Problem::default()
    };
    run.lacks_because("opportunities that meet the criteria", problem);
    None
}

/// Where opportunities of the test dataset are created.
fn dataset_path(run: &CellRun) -> String {
    let dataset = run.dataset.as_ref().unwrap_or(&run.session.config.dataset_identifier);
    let dataset: String = url::form_urlencoded::byte_serialize(dataset.as_bytes()).collect();
    format!("test-interface/datasets/{}/opportunities", dataset.replace('+', "%20"))
}

/// Asks the Test Interface for every opportunity of the cell, at the same time.
async fn create(run: &mut CellRun, judged: bool) -> Option<Vec<Chosen>> {
    let session = Arc::clone(&run.session);
    let path = dataset_path(run);
    let flow = run.flow();
    let specs = distinct(run);
    run.waits_for("the Test Interface");
    let requests = specs.iter().map(|spec| {
        let body = new_opportunity(spec, spec.flow.unwrap_or(flow), session.seller(spec.seller));
        let label = format!("{} from the Test Interface", spec.opportunity_type);
        let url = format!("{}/{path}", session.booking_api);
        let run = &*run;
        async move {
            let response = match interface_headers(run).await {
                Ok(headers) => send_with(run, &label, Method::POST, &url, &headers, Some(&body)).await,
                Err(failure) => unsent(&label, &Method::POST, &url, &failure),
            };
            (body, response)
        }
    });
    let responses: Vec<(Value, Response)> = futures::future::join_all(requests).await;
    let mut chosen = Vec::new();
    for (spec, (body, response)) in specs.iter().zip(responses) {
        let opportunity_type = spec.opportunity_type;
        let created: &[u16] = if judged && run.strict() { &[201] } else { &[201, 200, 202] };
        let call = Call::new(
            Stage::TestInterface,
            format!("the creation of a {opportunity_type}"),
            Method::POST,
            &path,
        )
        .sending(body)
        .purpose(Purpose::Creation(opportunity_type.json_type().to_owned()))
        .succeeds(created, Body::Object)
        .spec(self::spec())
        .prepares(!judged)
        .hint("without a Test Interface, opportunities can be picked: `integrationTests.useRandomOpportunities` true");
        run.responded(call, &response);
        let id = response.json().ok().and_then(|body| body.get("@id")?.as_str().map(str::to_owned));
        let id = id.filter(|_| response.status.is_some_and(|status| created.contains(&status)));
        chosen.extend(id.map(|id| Chosen { id, opportunity_type, exchange: response.exchange() }));
    }
    (chosen.len() == specs.len()).then_some(chosen)
}

/// Finds the opportunities in the feeds, sees what they are, and chooses an offer for each item.
async fn find(run: &mut CellRun, chosen: &[Chosen], judged: bool) {
    run.waits_for("the opportunities in their feeds");
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    if run.attempt > 0 && session.config.mode == Mode::Random {
        // The attempt before used the same opportunities: its clean-up must show. Where the feeds cannot be read, the
        // waits below tell.
        let _ = session.opportunities.catch_up(deadline).await;
    }
    let waits =
        chosen.iter().map(|chosen| session.opportunities.find(&chosen.id, Some(chosen.opportunity_type), deadline));
    let found = futures::future::join_all(waits).await;
    let cell = Arc::clone(&run.cell);
    let mut known: Vec<usize> = Vec::new();
    let mut seen = Vec::new();
    let mut items = Vec::new();
    for spec in &cell.items {
        let (Some(chosen), Some(found)) = (chosen.get(spec.opportunity), found.get(spec.opportunity)) else { continue };
        let again = known.contains(&spec.opportunity);
        known.push(spec.opportunity);
        let flow = spec.flow.unwrap_or_else(|| run.flow());
        let seller = session.seller(spec.seller).id.clone();
        let requested = Requested {
            opportunity_type: spec.opportunity_type,
            criteria: spec.criteria,
            flow,
            seller,
            role: spec.seller.name().to_owned(),
            again,
        };
        let located = found.as_ref().ok();
        seen.push(OpportunitySeen {
            id: chosen.id.clone(),
            data: located.map(|located| located.data.clone()),
            exchange: located.map_or(chosen.exchange, |located| located.exchange),
            missing: found.as_ref().err().map(|miss| miss.reason.clone()),
            requested: Some(requested),
        });
        let Some(opportunity) = located.map(|located| &located.data) else { continue };
        let offers = evaluate(spec.criteria, flow, opportunity, session.clock).offers;
        let Some(offer) = offers.choose(&mut run.rng) else { continue };
        if !again {
            session.chance.note(spec.criteria, offer);
        }
        let Some(offer_id) = id_of(offer).map(str::to_owned) else { continue };
        items.push(OrderItem {
            opportunity: opportunity.clone(),
            opportunity_id: id_of(opportunity).unwrap_or_default().to_owned(),
            offer_id,
            offer: (*offer).clone(),
            control: spec.control,
        });
        run.opportunities_used([Opportunity {
            position: items.len() - 1,
            id: chosen.id.clone(),
            criteria: spec.criteria.name().to_owned(),
            control: spec.control,
            offer: items.last().map(|item| item.offer_id.clone()).unwrap_or_default(),
        }]);
    }
    let looked = Looked {
        sought: Sought::Requested,
        spec: self::spec(),
        prepares: !judged,
        opportunities: seen,
        exchange: None,
        unreadable: None,
    };
    run.see(Event::Look(Box::new(looked)));
    run.see(Event::Items(Items { items, needed: Some(cell.items.len()) }));
}

/// Asks the Test Interface for opportunities that contradict themselves: it must reject that.
pub(super) async fn create_refused(run: &mut CellRun, criteria: &[CriteriaName]) -> bool {
    run.begin("create-refused", "What the Test Interface cannot create");
    let Some(first) = run.cell.items.first().cloned() else { return run.end() };
    let flow = run.flow();
    for criteria in criteria {
        let spec = ItemSpec { criteria: *criteria, ..first.clone() };
        let session = Arc::clone(&run.session);
        let body = new_opportunity(&spec, flow, session.seller(spec.seller));
        let what = format!("the creation of {criteria}");
        let call = Call::new(Stage::TestInterface, what, Method::POST, dataset_path(run))
            .label(format!("{} from the Test Interface", spec.opportunity_type))
            .sending(body)
            .purpose(Purpose::ImpossibleCreation(*criteria))
            .wanted(Wanted::Response)
            .spec(self::spec());
        run.request(call).await;
    }
    run.end()
}
