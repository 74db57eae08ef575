//! Getting the opportunities of a part: created through the Test Interface, or picked among those in the feeds.

use rand::seq::IndexedRandom as _;
use reqwest::Method;

use crate::client::feed::{Located, OpportunityMiss};
use crate::config::Mode;
use crate::opportunity::{evaluate, evaluate_created, id_of};
use crate::results::{ExchangeId, Opportunity};
use crate::trace::{Body, Event, Items, Looked, OpportunitySeen, OrderItem, Purpose, Requested, Sought, StepProblem};
use crate::vocabulary::{OpportunityType, Stage};

use super::act::Act;
use super::call::{Call, CredentialsChoice};
use super::driver::{Driver, Picked};
use super::facts::Facts;
use super::item::ItemSpec;
use super::requests::new_opportunity;
use super::spec::TEST_INTERFACE_SPEC;

/// Where the Test Interface describes the creation of opportunities.
pub(super) fn creation_spec() -> String {
    format!("{TEST_INTERFACE_SPEC}#post-test-interfacedatasetstestdatasetidentifieropportunities")
}

/// Gets the opportunities. With `judged`, the Test Interface itself is under test.
pub(super) async fn fetch(driver: &mut dyn Driver, act: &dyn Act, judged: bool) -> bool {
    driver.begin(act.keyword(), &act.title(), act.stage());
    driver.remember(Event::Left);
    let chosen = match driver.facts().config.mode {
        Mode::Controlled => create(driver, judged).await,
        Mode::Random => reserved(driver),
    };
    if let Some(chosen) = chosen {
        find(driver, &chosen, judged).await;
    }
    driver.end()
}

/// An opportunity that was created or picked.
struct Chosen {
    id: String,
    opportunity_type: OpportunityType,
    /// What created it.
    exchange: Option<ExchangeId>,
}

/// The distinct opportunities of the cell: number and what it must be.
fn distinct(facts: &Facts) -> Vec<ItemSpec> {
    let mut specs: Vec<ItemSpec> = Vec::new();
    for item in &facts.items {
        if !specs.iter().any(|known| known.opportunity == item.opportunity) {
            specs.push(item.clone());
        }
    }
    specs.sort_by_key(|spec| spec.opportunity);
    specs
}

/// The opportunities that were set aside for this cell before the run.
fn reserved(driver: &mut dyn Driver) -> Option<Vec<Chosen>> {
    let facts = driver.facts();
    let flow = facts.flow();
    let specs = distinct(&facts);
    let shortages = match driver.picked() {
        Picked::Opportunities(ids) => {
            let before = driver.kept_mut().count_fetch();
            let own = ids.into_iter().skip(before * specs.len()).take(specs.len()).zip(&specs);
            let chosen = own.map(|(id, spec)| Chosen { id, opportunity_type: spec.opportunity_type, exchange: None });
            return Some(chosen.collect());
        }
        Picked::Nothing(shortages) => shortages,
    };
    let lacking: Vec<String> = shortages
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
    let problem = StepProblem {
        message: "there are not enough opportunities that meet the criteria of the test".to_owned(),
        difference: Some(("opportunities of the Seller in the feeds that no other cell uses".to_owned(), found)),
        hint: Some(hint.to_owned()),
        ..StepProblem::default()
    };
    driver.lacks_because("opportunities that meet the criteria", problem);
    None
}

/// The path at which opportunities of the test dataset are created.
pub(super) fn dataset_path(driver: &dyn Driver) -> String {
    let facts = driver.facts();
    let dataset = driver.kept().dataset().unwrap_or(&facts.config.dataset_identifier);
    let dataset: String = url::form_urlencoded::byte_serialize(dataset.as_bytes()).collect();
    format!("test-interface/datasets/{}/opportunities", dataset.replace('+', "%20"))
}

/// The statuses of a creation: the Test Interface asks for a success, and has 201 in an example only.
const CREATED: &[u16] = &[201, 200, 202];

/// Asks the Test Interface for every opportunity of the cell, at the same time.
async fn create(driver: &mut dyn Driver, judged: bool) -> Option<Vec<Chosen>> {
    let facts = driver.facts();
    let path = dataset_path(driver);
    let specs = distinct(&facts);
    driver.waits_for("the Test Interface");
    let calls = specs.iter().map(|spec| {
        let opportunity_type = spec.opportunity_type;
        let what = format!("the creation of a {opportunity_type}");
        let flow = spec.flow.unwrap_or(facts.flow());
        Call::new(Stage::TestInterface, what, Method::POST, &path)
            .label(format!("{opportunity_type} from the Test Interface"))
            .credentials(CredentialsChoice::TestInterface)
            .sending(new_opportunity(spec, flow, facts.seller(spec.seller)))
            .purpose(Purpose::Creation(opportunity_type.json_type().to_owned()))
            .succeeds(CREATED, Body::Object)
            .spec(creation_spec())
            .prepares(!judged)
            .hint(
                "without a Test Interface, opportunities can be picked: `integrationTests.useRandomOpportunities` true",
            )
    });
    let responses = driver.call_all(calls.collect()).await;
    let mut chosen = Vec::new();
    for (spec, called) in specs.iter().zip(responses) {
        let reply = called.reply();
        let id = reply.json().ok().and_then(|body| body.get("@id")?.as_str().map(str::to_owned));
        let id = id.filter(|_| reply.status.is_some_and(|status| CREATED.contains(&status)));
        let exchange = reply.exchange;
        chosen.extend(id.map(|id| Chosen { id, opportunity_type: spec.opportunity_type, exchange }));
        driver.judge(called);
    }
    (chosen.len() == specs.len()).then_some(chosen)
}

/// Finds the opportunities in the feeds, sees what they are, and chooses an offer for each item.
async fn find(driver: &mut dyn Driver, chosen: &[Chosen], judged: bool) {
    driver.waits_for("the opportunities in their feeds");
    let (facts, feeds) = (driver.facts(), driver.feeds());
    let patience = driver.patience();
    let wait = patience.begin("opportunity", "opportunities in the feeds");
    let deadline = wait.deadline();
    if facts.attempt > 0 && facts.config.mode == Mode::Random {
        // The attempt before used the same opportunities: its clean-up must show. Where the feeds cannot be read, the
        // waits below show.
        let _ = feeds.catch_up(deadline).await;
    }
    let waits = chosen.iter().map(|chosen| feeds.find(&chosen.id, Some(chosen.opportunity_type), deadline));
    let all = |found: &Vec<Result<Located, OpportunityMiss>>| found.iter().all(Result::is_ok);
    let found = match wait.until(futures::future::join_all(waits), all).await {
        Ok(found) => found,
        Err(cut) => {
            let id = chosen.iter().find(|chosen| feeds.get(&chosen.id).is_none()).or(chosen.first());
            let problem = StepProblem {
                message: format!(
                    "{} is not published in the opportunity feeds",
                    id.map_or("the opportunity", |chosen| &chosen.id)
                ),
                difference: Some((
                    "the opportunity and its parents in the feeds of the dataset site".to_owned(),
                    cut.words(),
                )),
                spec: Some(creation_spec()),
                exchange: id.and_then(|chosen| chosen.exchange),
                ..StepProblem::default()
            };
            driver.cut_short(Stage::TestInterface, problem);
            return;
        }
    };
    let mut known: Vec<usize> = Vec::new();
    let mut seen = Vec::new();
    let mut items = Vec::new();
    for spec in &facts.items {
        let (Some(chosen), Some(found)) = (chosen.get(spec.opportunity), found.get(spec.opportunity)) else { continue };
        let again = known.contains(&spec.opportunity);
        known.push(spec.opportunity);
        let flow = spec.flow.unwrap_or_else(|| facts.flow());
        let seller = facts.seller(spec.seller).id.clone();
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
            ..OpportunitySeen::default()
        });
        let Some(opportunity) = located.map(|located| &located.data) else { continue };
        let offers = match facts.config.mode {
            Mode::Controlled => evaluate_created(spec.criteria, flow, opportunity, driver.now()).offers,
            Mode::Random => evaluate(spec.criteria, flow, opportunity, facts.clock).offers,
        };
        let Some(offer) = offers.choose(driver.kept_mut().choices()) else { continue };
        if !again {
            driver.notes_offer(spec.criteria, offer);
        }
        let Some(offer_id) = id_of(offer).map(str::to_owned) else { continue };
        items.push(OrderItem {
            opportunity: opportunity.clone(),
            opportunity_id: id_of(opportunity).unwrap_or_default().to_owned(),
            offer_id,
            offer: (*offer).clone(),
            control: spec.control,
        });
        driver.uses(Opportunity {
            position: items.len() - 1,
            id: chosen.id.clone(),
            criteria: spec.criteria.name().to_owned(),
            control: spec.control,
            offer: items.last().map(|item| item.offer_id.clone()).unwrap_or_default(),
        });
    }
    let looked = Looked {
        sought: Sought::Requested,
        spec: creation_spec(),
        prepares: !judged,
        opportunities: seen,
        exchange: None,
        unreadable: None,
    };
    driver.see(Event::Look(Box::new(looked)));
    driver.see(Event::Items(Items { items, needed: Some(facts.items.len()) }));
}
