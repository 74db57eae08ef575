//! Random mode: each cell gets its opportunities before the run, and none is given twice.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::config::Config;
use crate::results::{Refusal, Shortage};

use super::cells::Cell;
use super::needs::{Need, wants};
use crate::opportunity::{Clock, Digest, evaluate};
use crate::opportunity::{opportunity_type, seller_id};

/// The opportunities of each cell.
#[derive(Debug, Clone, Default)]
pub struct Reservations {
    /// Cell to the `@id`s of its opportunities, by their number in the cell, fetch after fetch. A cell that could not be
    /// served lacks.
    pub by_cell: HashMap<String, Vec<String>>,
    /// Missing opportunities.
    pub shortages: Vec<Shortage>,
    /// Number of opportunities that meet each need. One may meet several.
    pub found: Vec<(Need, usize)>,
}

/// Shows every opportunity in the feeds, joined, in a stable order, to the visitor.
pub type OpportunitySource<'o> = &'o dyn Fn(&mut dyn FnMut(&Value));

/// Limit of opportunities whose rejection is explained.
const EXPLAINED: usize = 1_000;

/// The opportunities for a need.
#[derive(Debug, Default)]
struct Supply {
    candidates: usize,
    /// Numbers of the opportunities that meet it, those first that meet the fewest needs.
    matching: Vec<usize>,
    refusals: BTreeMap<&'static str, usize>,
}

/// Gives each cell its opportunities. Cells are served whole or not at all, those with the scarcest needs first; an
/// opportunity that could serve a scarce need is not spent on one that any other could serve: its cell moves to
/// another one if that helps a cell without one (augmenting paths of a bipartite matching, over kinds of needs).
///
/// The order of picking comes from `rng`.
#[must_use]
pub fn reserve(
    cells: &[Arc<Cell>],
    config: &Config,
    opportunities: OpportunitySource<'_>,
    clock: Clock,
    rng: &mut ChaCha8Rng,
) -> Reservations {
    let mut kinds: Vec<Need> = Vec::new();
    let mut number_of: HashMap<Need, usize> = HashMap::new();
    let mut needed: Vec<usize> = Vec::new();
    let mut wanting: Vec<(&Cell, Vec<usize>)> = Vec::new();
    for cell in cells.iter().filter(|cell| cell.obstacle.is_none()) {
        let mut wanted = wants(cell, config);
        wanted.sort_by_key(|want| want.number);
        let mut numbers = Vec::with_capacity(wanted.len());
        for want in wanted {
            let number = *number_of.entry(want.need).or_insert_with_key(|need| {
                kinds.push(need.clone());
                needed.push(0);
                kinds.len() - 1
            });
            if let Some(count) = needed.get_mut(number) {
                *count += 1;
            }
            numbers.push(number);
        }
        if !numbers.is_empty() {
            wanting.push((cell, numbers));
        }
    }
    let (ids, supplies) = survey(&kinds, opportunities, clock, rng);
    let spare: Vec<i64> = supplies
        .iter()
        .zip(&needed)
        .map(|(supply, needed)| {
            let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            whole(supply.matching.len()) - whole(*needed)
        })
        .collect();
    let scarcity = |numbers: &[usize]| numbers.iter().filter_map(|number| spare.get(*number)).min().copied();
    wanting.sort_by_key(|(_, numbers)| (scarcity(numbers), numbers.len()));
    let mut matching = Matching::new(&supplies, ids.len());
    let mut served: Vec<(&Cell, Vec<usize>)> = Vec::new();
    for (cell, numbers) in wanting {
        if let Some(slots) = matching.serve(&numbers) {
            served.push((cell, slots));
        }
    }
    let found = kinds.iter().cloned().zip(supplies.iter().map(|supply| supply.matching.len())).collect();
    let mut reservations = Reservations { found, ..Reservations::default() };
    for (cell, slots) in served {
        let own = slots.into_iter().filter_map(|slot| ids.get(matching.held(slot)?).cloned()).collect();
        reservations.by_cell.insert(cell.id.clone(), own);
    }
    let mut lacking: Vec<usize> = matching.lacking.iter().copied().collect();
    lacking.sort_unstable_by_key(|number| kinds.get(*number).cloned());
    for number in lacking {
        if let (Some(need), Some(needed)) = (kinds.get(number), needed.get(number)) {
            reservations.shortages.push(shortage(need, *needed, supplies.get(number)));
        }
    }
    reservations
}

/// The assignment of opportunities to slots.
struct Matching<'s> {
    supplies: &'s [Supply],
    /// The slot that has each opportunity.
    taken: Vec<Option<usize>>,
    /// The need of each slot, and its opportunity.
    slots: Vec<(usize, Option<usize>)>,
    /// Needs for which no opportunity can be found as things are.
    exhausted: HashSet<usize>,
    /// Needs for which at some time none was found.
    lacking: HashSet<usize>,
}

impl<'s> Matching<'s> {
    fn new(supplies: &'s [Supply], opportunities: usize) -> Self {
        Self {
            supplies,
            taken: vec![None; opportunities],
            slots: Vec::new(),
            exhausted: HashSet::new(),
            lacking: HashSet::new(),
        }
    }

    fn held(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot).and_then(|(_, held)| *held)
    }

    /// Finds an opportunity for each need of a cell: the slots that hold them. None, and nothing taken, if one is lacking.
    fn serve(&mut self, needs: &[usize]) -> Option<Vec<usize>> {
        let mut own = Vec::with_capacity(needs.len());
        for need in needs {
            let slot = self.slots.len();
            self.slots.push((*need, None));
            own.push(slot);
            if !self.find(slot, *need) {
                self.lacking.insert(*need);
                for slot in own {
                    let held = self.slots.get_mut(slot).and_then(|(_, held)| held.take());
                    if let Some(place) = held.and_then(|held| self.taken.get_mut(held)) {
                        *place = None;
                        // Released opportunities may serve others.
                        self.exhausted.clear();
                    }
                }
                return None;
            }
        }
        Some(own)
    }

    fn hold(&mut self, slot: usize, opportunity: usize) {
        if let Some((_, held)) = self.slots.get_mut(slot) {
            *held = Some(opportunity);
        }
        if let Some(place) = self.taken.get_mut(opportunity) {
            *place = Some(slot);
        }
    }

    /// Finds an opportunity for a slot, moving others to other opportunities where that helps.
    fn find(&mut self, slot: usize, need: usize) -> bool {
        if self.exhausted.contains(&need) {
            return false;
        }
        // From which need, and by handing over which opportunity, a need was reached.
        let mut reached: HashMap<usize, Option<(usize, usize)>> = HashMap::from([(need, None)]);
        let mut queue = VecDeque::from([need]);
        while let Some(current) = queue.pop_front() {
            let Some(supply) = self.supplies.get(current) else { continue };
            for opportunity in &supply.matching {
                match self.taken.get(*opportunity).copied().flatten() {
                    None => {
                        self.shift(slot, current, *opportunity, &reached);
                        return true;
                    }
                    Some(holder) => {
                        let Some((other, _)) = self.slots.get(holder) else { continue };
                        if !reached.contains_key(other) {
                            reached.insert(*other, Some((current, *opportunity)));
                            queue.push_back(*other);
                        }
                    }
                }
            }
        }
        self.exhausted.extend(reached.into_keys());
        false
    }

    /// Hands opportunities over along the way that was found, from its end with a free one to the slot that has none.
    fn shift(&mut self, slot: usize, end: usize, free: usize, reached: &HashMap<usize, Option<(usize, usize)>>) {
        let (mut need, mut free) = (end, free);
        while let Some((before, opportunity)) = reached.get(&need).copied().flatten() {
            let holder = self.taken.get(opportunity).copied().flatten();
            if let Some(holder) = holder {
                self.hold(holder, free);
            }
            (need, free) = (before, opportunity);
        }
        self.hold(slot, free);
    }
}

/// Looks at every opportunity once: the `@id`s of those that meet a need, and what each need found.
fn survey(
    kinds: &[Need],
    opportunities: OpportunitySource<'_>,
    clock: Clock,
    rng: &mut ChaCha8Rng,
) -> (Vec<String>, Vec<Supply>) {
    let mut supplies: Vec<Supply> = kinds.iter().map(|_| Supply::default()).collect();
    let mut ids: Vec<String> = Vec::new();
    let mut worth: Vec<usize> = Vec::new();
    opportunities(&mut |opportunity: &Value| {
        let Some(kind) = opportunity_type(opportunity) else { return };
        let Some(seller) = seller_id(opportunity) else { return };
        let Some(id) = opportunity.get("@id").and_then(Value::as_str) else { return };
        let (mut met, mut digest) = (0, None);
        for (need, supply) in kinds.iter().zip(&mut supplies) {
            if need.opportunity_type != kind || need.seller != seller {
                continue;
            }
            supply.candidates += 1;
            let digest = digest.get_or_insert_with(|| Digest::of(opportunity, clock));
            if digest.meets(need.criteria, need.flow) {
                supply.matching.push(ids.len());
                met += 1;
            } else if supply.candidates <= EXPLAINED {
                for reason in evaluate(need.criteria, need.flow, opportunity, clock).unmet {
                    *supply.refusals.entry(reason).or_default() += 1;
                }
            }
        }
        if met > 0 {
            ids.push(id.to_owned());
            worth.push(met);
        }
    });
    for supply in &mut supplies {
        supply.matching.shuffle(rng);
        supply.matching.sort_by_key(|number| worth.get(*number).copied().unwrap_or_default());
    }
    (ids, supplies)
}

fn shortage(need: &Need, needed: usize, supply: Option<&Supply>) -> Shortage {
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
        criteria: need.criteria.name().to_owned(),
        flow: need.flow.name().to_owned(),
        opportunity_type: need.opportunity_type.name().to_owned(),
        seller: need.seller.clone(),
        needed,
        found: supply.map_or(0, |supply| supply.matching.len()),
        candidates: supply.map_or(0, |supply| supply.candidates),
        refusals,
    }
}
