//! Getting the opportunities of a cell: created through the Test Interface, or picked among those in the feeds.

use std::sync::Arc;

use rand::seq::IndexedRandom as _;
use reqwest::Method;
use serde_json::Value;

use crate::catalogue::Step;
use crate::checks::brief;
use crate::checks::test_interface;
use crate::client::Response;
use crate::client::feed::Located;
use crate::config::Mode;
use crate::plan::{ItemSpec, capacity, evaluate, id_of, opportunity_type, seller_id};
use crate::results::{ExchangeId, Finding, Opportunity};
use crate::run::cell::CellRun;
use crate::run::cite::{Called, Says};
use crate::run::requests::new_opportunity;
use crate::trace::OrderItem;
use crate::vocabulary::{CriteriaName, OpportunityType, Profile};

use super::answer::{Expected, answered, object, shown_status, status};
use super::order::with;
use super::{SPEC, TEST_INTERFACE_SPEC, expect, interface_headers, section, send, send_with, unsent};

/// Where the Test Interface is described.
fn spec() -> String {
    format!("{TEST_INTERFACE_SPEC}#post-test-interfacedatasetstestdatasetidentifieropportunities")
}

/// Gets the opportunities. With `judged`, the Test Interface itself is under test.
pub(super) async fn fetch(run: &mut CellRun, judged: bool, step: &Step) -> bool {
    let title = if judged { "Opportunities from the Test Interface" } else { "Opportunities" };
    run.begin(if judged { "create" } else { "fetch" }, title);
    leave_behind(run);
    let ids = match run.session.config.mode {
        Mode::Controlled => create(run, judged).await,
        Mode::Random => reserved(run),
    };
    if let Some(ids) = ids {
        find(run, &ids, judged).await;
        let spec = section(run, step);
        let documents: Vec<Value> = run.history.items.iter().map(|item| item.opportunity.clone()).collect();
        for document in documents {
            expect(run, &step.expect, &document, &spec, None);
        }
    }
    run.end()
}

/// What was fetched before is no more part of the Order, and what it leased must come back.
fn leave_behind(run: &mut CellRun) {
    let items = std::mem::take(&mut run.history.items);
    if run.history.quoted {
        for item in &items {
            if let Some(capacity) = run.history.fetched.get(&item.opportunity_id) {
                run.history.dropped.insert(item.opportunity_id.clone(), *capacity);
            }
        }
    }
    run.history.quoted = false;
    run.history.c1 = None;
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
    let name = test_interface::CRITERIA.says("there are opportunities that meet the criteria");
    if let Some(ids) = ids {
        let own: Vec<Chosen> = ids
            .into_iter()
            .skip(run.fetches * specs.len())
            .take(specs.len())
            .zip(&specs)
            .map(|(id, spec)| Chosen { id, opportunity_type: spec.opportunity_type, exchange: None })
            .collect();
        run.fetches += 1;
        run.log().check(name, None, None);
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
    let finding = Finding::new("there are not enough opportunities that meet the criteria of the test")
        .expected("opportunities of the Seller in the feeds that no other cell uses", found)
        .hint("publish more of them, or let the Test Interface create them: `integrationTests.useRandomOpportunities` false");
    run.log().block(name, finding);
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
            match interface_headers(run).await {
                Ok(headers) => send_with(run, &label, Method::POST, &url, &headers, Some(&body)).await,
                Err(failure) => unsent(&label, &Method::POST, &url, &failure),
            }
        }
    });
    let responses: Vec<Response> = futures::future::join_all(requests).await;
    let mut ids = Vec::new();
    for (spec, response) in specs.iter().zip(&responses) {
        let id = created(run, spec, response, judged);
        let opportunity_type = spec.opportunity_type;
        ids.extend(id.map(|id| Chosen { id, opportunity_type, exchange: response.exchange() }));
    }
    (ids.len() == specs.len()).then_some(ids)
}

/// Reads the answer of the Test Interface.
fn created(run: &mut CellRun, spec: &ItemSpec, response: &Response, judged: bool) -> Option<String> {
    let what = format!("the creation of a {}", spec.opportunity_type);
    let credentials = run.session.credentials_hint(run.credentials());
    let (spec_url, strict) = (self::spec(), judged && run.session.profile == Profile::Strict);
    let created: &[u16] = if strict { &[201] } else { &[201, 200, 202] };
    let expected = Expected {
        what: &what,
        status: created,
        spec: &spec_url,
        credentials: &credentials,
        hint: Some(
            "without a Test Interface, opportunities can be picked: `integrationTests.useRandomOpportunities` true",
        ),
        beside: !judged,
    };
    if !status(run.log(), response, expected) {
        return None;
    }
    let body = object(run.log(), response, expected)?;
    let exchange = response.exchange();
    let wanted = spec.opportunity_type.json_type();
    if judged {
        let found = body.get("@type");
        let finding = (found.and_then(Value::as_str) != Some(wanted)).then(|| {
            let finding = Finding::new("the Test Interface answered with another type than was asked for")
                .expected(format!("\"{wanted}\""), found.map_or_else(|| "nothing".into(), brief))
                .path("@type")
                .spec(&spec_url);
            with(finding, exchange)
        });
        run.log().check(test_interface::CREATED_TYPE.says("the answer has the type that was asked for"), None, finding);
    }
    match body.get("@id").and_then(Value::as_str) {
        Some(id) => Some(id.to_owned()),
        None => {
            let finding = Finding::new("the Test Interface did not tell the @id of the opportunity that it created")
                .expected("an @id", body.get("@id").map_or_else(|| "nothing".into(), brief))
                .path("@id")
                .spec(&spec_url);
            judge(
                run,
                judged,
                test_interface::CREATED_TYPE.says("the answer has an @id"),
                Some(with(finding, exchange)),
            );
            None
        }
    }
}

/// Finds the opportunities in the feeds, sees that they are what they should be, and chooses an offer for each item.
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
    let mut located: Vec<Option<Located>> = Vec::new();
    for (chosen, found) in chosen.iter().zip(found) {
        let name = test_interface::CREATION_PUBLISHED.says(format!("the feeds show {}", chosen.id));
        let finding = found.as_ref().err().map(|miss| {
            let message = format!("the opportunity {} cannot be found: {}", chosen.id, miss.reason);
            let finding = Finding::new(message)
                .expected("the opportunity and its parents in the feeds of the dataset site", miss.reason.clone())
                .spec(spec())
                .hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`");
            with(finding, chosen.exchange)
        });
        judge(run, judged, name, finding);
        located.push(found.ok());
    }
    let cell = Arc::clone(&run.cell);
    let mut seen: Vec<usize> = Vec::new();
    for spec in &cell.items {
        let Some(Some(opportunity)) = located.get(spec.opportunity) else { continue };
        let first = !seen.contains(&spec.opportunity);
        seen.push(spec.opportunity);
        if first && let Some(exchange) = opportunity.exchange {
            run.log().exchange(exchange);
        }
        if let Some(item) = item_of(run, spec, opportunity, judged, first) {
            if let Some(capacity) = capacity(&item.opportunity) {
                run.history.fetched.insert(item.opportunity_id.clone(), capacity);
                run.history.capacities.insert(item.opportunity_id.clone(), capacity);
            }
            run.opportunities_used([Opportunity {
                position: run.history.items.len(),
                id: item.opportunity_id.clone(),
                criteria: spec.criteria.name().to_owned(),
                control: item.control,
                offer: item.offer_id.clone(),
            }]);
            run.history.items.push(item);
        }
    }
    if run.history.items.len() != cell.items.len() {
        run.log().unusable();
    }
}

/// Judges one opportunity, and chooses the offer with which it is booked.
fn item_of(run: &mut CellRun, spec: &ItemSpec, located: &Located, judged: bool, first: bool) -> Option<OrderItem> {
    let opportunity = &located.data;
    let judge = |run: &mut CellRun, name: Called, finding: Option<Finding>| {
        judge(run, judged, name, finding.map(|finding| with(finding, located.exchange)))
    };
    let id = id_of(opportunity).unwrap_or_default().to_owned();
    let flow = spec.flow.unwrap_or_else(|| run.flow());
    let session = Arc::clone(&run.session);
    let seller = session.seller(spec.seller);
    let mut right = true;
    if first {
        let kind = opportunity_type(opportunity);
        let wrong_type = (kind != Some(spec.opportunity_type)).then(|| {
            Finding::new(format!("{id} is not a {}", spec.opportunity_type))
                .expected(
                    spec.opportunity_type.name(),
                    kind.map_or_else(
                        || brief(opportunity.get("@type").unwrap_or(&Value::Null)),
                        |kind| kind.to_string(),
                    ),
                )
                .path("@type")
                .spec(self::spec())
        });
        right &=
            judge(run, test_interface::CREATED_TYPE.says(format!("{id} is a {}", spec.opportunity_type)), wrong_type);
        let found = seller_id(opportunity);
        let wrong_seller = (found != Some(seller.id.as_str())).then(|| {
            Finding::new(format!("{id} belongs to another Seller than was asked for"))
                .expected(seller.id.clone(), found.unwrap_or("none"))
                .path(spec.opportunity_type.seller_property())
                .hint(format!("the Seller is `sellers.{}`", spec.seller.name()))
                .spec(self::spec())
        });
        right &=
            judge(run, test_interface::CREATED_SELLER.says(format!("{id} belongs to {}", seller.id)), wrong_seller);
    }
    let matched = evaluate(spec.criteria, flow, opportunity, session.clock);
    let unmet = (!matched.holds()).then(|| {
        Finding::new(format!("{id} does not meet {} in {flow}", spec.criteria))
            .expected(spec.criteria.name(), format!("it lacks: {}", matched.unmet.join("; ")))
            .spec(spec.criteria.iri())
    });
    if first || unmet.is_some() {
        let named = [format!("TI-{}-1", spec.criteria), format!("TI-{flow}-1"), "TI-testOpenBookingFlow-1".to_owned()];
        let name = test_interface::CRITERIA.says(format!("{id} meets {} in {flow}", spec.criteria));
        right &= judge(run, name.judging(named.iter().map(String::as_str)), unmet);
    }
    // What can be had at any time has no end of spaces.
    let counted = spec.opportunity_type != OpportunityType::OnDemandEvent;
    if first
        && counted
        && !matched.offers.is_empty()
        && capacity(opportunity).is_none()
        && run.session.profile == Profile::Strict
    {
        let finding = Finding::new(format!("{id} has no remaining capacity"))
            .expected("remainingAttendeeCapacity or remainingUses", "nothing")
            .spec(format!("{SPEC}#leasing"));
        right &= judge(run, test_interface::CRITERIA.says(format!("{id} has a remaining capacity")), Some(finding));
    }
    let offer = matched.offers.choose(&mut run.rng)?;
    if first {
        session.chance.note(spec.criteria, offer);
    }
    let offer_id = id_of(offer)?.to_owned();
    right.then(|| OrderItem {
        opportunity: opportunity.clone(),
        opportunity_id: id,
        offer_id,
        offer: (*offer).clone(),
        control: spec.control,
    })
}

/// Notes a check; whether it held.
fn judge(run: &mut CellRun, judged: bool, name: Called, finding: Option<Finding>) -> bool {
    match finding {
        None => {
            run.log().check(name, None, None);
            true
        }
        Some(finding) if judged => {
            run.log().fail(name, finding);
            false
        }
        Some(finding) => {
            run.log().block(name, finding);
            false
        }
    }
}

/// Asks the Test Interface for opportunities that contradict themselves: it must refuse.
pub(super) async fn create_refused(run: &mut CellRun, criteria: &[CriteriaName]) -> bool {
    run.begin("create-refused", "What the Test Interface cannot create");
    let Some(first) = run.cell.items.first().cloned() else { return run.end() };
    let flow = run.flow();
    for criteria in criteria {
        let spec = ItemSpec { criteria: *criteria, ..first.clone() };
        let session = Arc::clone(&run.session);
        let body = new_opportunity(&spec, flow, session.seller(spec.seller));
        let path = dataset_path(run);
        let label = format!("{} from the Test Interface", spec.opportunity_type);
        let response = send(run, &label, Method::POST, &path, Some(&body)).await;
        let what = format!("the creation of {criteria}");
        let wanted = self::spec();
        if !answered(run.log(), &response, &what, &wanted) {
            continue;
        }
        let status = response.status.unwrap_or_default();
        let finding = (!(400..600).contains(&status)).then(|| {
            let finding =
                Finding::new(format!("{what} succeeded, and must be refused: what is free is never paid for"));
            with(finding.expected("an error", shown_status(&response)).spec(&wanted), response.exchange())
        });
        let id = format!("TI-{criteria}-1");
        let name = test_interface::CREATION_REJECTED.says(format!("{what} is refused"));
        run.log().check(name.judging([id.as_str()]), None, finding);
    }
    run.end()
}
