//! Random mode: each cell gets its opportunities before the run, and none is given twice.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::config::Config;
use crate::results::{Refusal, Shortage};
use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::cells::Cell;
use super::criteria::{Clock, evaluate};
use super::opportunity::{opportunity_type, seller_id};

/// What kind of opportunity is needed.
type Need = (CriteriaName, Flow, OpportunityType, String);

/// The opportunities of each cell.
#[derive(Debug, Clone, Default)]
pub struct Reservations {
    /// Cell to the `@id`s of its opportunities, by their number in the cell, fetch after fetch. A cell that could not be
    /// served lacks.
    pub by_cell: HashMap<String, Vec<String>>,
    /// What was missing.
    pub shortages: Vec<Shortage>,
}

/// What is known of a need once every opportunity was looked at.
#[derive(Debug, Default)]
struct Supply {
    candidates: usize,
    matching: Vec<String>,
    refusals: BTreeMap<&'static str, usize>,
}

/// Gives each cell its opportunities, the scarcest kinds first.
///
/// `opportunities` are all that the feeds hold, joined, in a stable order; the order of picking comes from `rng`.
#[must_use]
pub fn reserve(
    cells: &[Arc<Cell>],
    config: &Config,
    opportunities: &mut dyn Iterator<Item = Value>,
    clock: Clock,
    rng: &mut ChaCha8Rng,
) -> Reservations {
    let wanted = wants(cells, config);
    let mut supplies = survey(&wanted, opportunities, clock);
    for supply in supplies.values_mut() {
        supply.matching.shuffle(rng);
    }
    let needed = |need: &Need| wanted.iter().filter(|want| want.need == *need).count();
    let mut reservations = Reservations::default();
    // What is scarce is given first: to wants whose kind has the least to spare.
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let spare = |want: &Want| {
        let found = supplies.get(&want.need).map_or(0, |supply| supply.matching.len());
        i64::try_from(found).unwrap_or(i64::MAX) - i64::try_from(needed(&want.need)).unwrap_or(i64::MAX)
    };
    let spares: Vec<i64> = wanted.iter().map(spare).collect();
    order.sort_by_key(|index| spares.get(*index).copied().unwrap_or_default());
    let mut taken: HashSet<String> = HashSet::new();
    let mut given: HashMap<(&str, usize), String> = HashMap::new();
    let mut unserved: HashSet<&str> = HashSet::new();
    let mut lacking: BTreeMap<Need, usize> = BTreeMap::new();
    for want in order.into_iter().filter_map(|index| wanted.get(index)) {
        let free = supplies.get(&want.need).and_then(|supply| supply.matching.iter().find(|id| !taken.contains(*id)));
        match free {
            Some(id) => {
                taken.insert(id.clone());
                given.insert((&want.cell, want.number), id.clone());
            }
            None => {
                unserved.insert(&want.cell);
                *lacking.entry(want.need.clone()).or_default() += 1;
            }
        }
    }
    for cell in cells.iter().filter(|cell| !cell.items.is_empty() && !unserved.contains(cell.id.as_str())) {
        let count = cell.items.iter().map(|item| item.opportunity + 1).max().unwrap_or_default() * cell.fetches;
        let ids = (0..count).filter_map(|number| given.remove(&(cell.id.as_str(), number))).collect();
        reservations.by_cell.insert(cell.id.clone(), ids);
    }
    reservations.shortages = lacking
        .into_iter()
        .map(|(need, missing)| shortage(&need, needed(&need), missing, supplies.get(&need)))
        .collect();
    reservations
}

/// One opportunity that one cell wants.
#[derive(Debug)]
struct Want {
    cell: String,
    number: usize,
    need: Need,
}

fn wants(cells: &[Arc<Cell>], config: &Config) -> Vec<Want> {
    let mut wanted = Vec::new();
    for cell in cells {
        let Some((flow, _)) = cell.booking else { continue };
        let mut seen = HashSet::new();
        let distinct: Vec<_> = cell.items.iter().filter(|item| seen.insert(item.opportunity)).collect();
        for fetch in 0..cell.fetches {
            for item in &distinct {
                let seller = config.sellers.get(item.seller).map(|seller| seller.id.clone()).unwrap_or_default();
                let need = (item.criteria, flow, item.opportunity_type, seller);
                let number = fetch * distinct.len() + item.opportunity;
                wanted.push(Want { cell: cell.id.clone(), number, need });
            }
        }
    }
    wanted
}

fn survey(wanted: &[Want], opportunities: &mut dyn Iterator<Item = Value>, clock: Clock) -> BTreeMap<Need, Supply> {
    let mut supplies: BTreeMap<Need, Supply> =
        wanted.iter().map(|want| (want.need.clone(), Supply::default())).collect();
    for opportunity in opportunities {
        let Some(kind) = opportunity_type(&opportunity) else { continue };
        let Some(seller) = seller_id(&opportunity) else { continue };
        let Some(id) = opportunity.get("@id").and_then(Value::as_str) else { continue };
        for ((criteria, flow, wanted_kind, wanted_seller), supply) in &mut supplies {
            if *wanted_kind != kind || wanted_seller != seller {
                continue;
            }
            supply.candidates += 1;
            let found = evaluate(*criteria, *flow, &opportunity, clock);
            if found.holds() {
                supply.matching.push(id.to_owned());
            }
            for reason in found.unmet {
                *supply.refusals.entry(reason).or_default() += 1;
            }
        }
    }
    supplies
}

fn shortage(need: &Need, needed: usize, missing: usize, supply: Option<&Supply>) -> Shortage {
    let (criteria, flow, opportunity_type, seller) = need;
    let mut refusals: Vec<Refusal> = supply
        .map(|supply| {
            supply
                .refusals
                .iter()
                .map(|(reason, count)| Refusal { reason: (*reason).to_owned(), count: *count })
                .collect()
        })
        .unwrap_or_default();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.count));
    Shortage {
        criteria: criteria.name().to_owned(),
        flow: flow.name().to_owned(),
        opportunity_type: opportunity_type.name().to_owned(),
        seller: seller.clone(),
        needed,
        found: needed - missing,
        candidates: supply.map_or(0, |supply| supply.candidates),
        refusals,
    }
}
