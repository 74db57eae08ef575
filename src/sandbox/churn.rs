//! Life in the feeds: opportunities that are renamed, come and go by themselves, as they do in a real system.

use rand::RngExt as _;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::clock::now;
use super::criteria::Recipe;
use super::store::Store;

/// Changes one generated opportunity: mostly its name; occasionally one is deleted and another created.
pub(super) fn turn(store: &mut Store) {
    match store.rng.random_range(0..10) {
        0 => come(store),
        1 => with_one(store, Store::remove),
        _ => with_one(store, |store, number| store.change_opportunity(number, |opportunity| opportunity.renamed += 1)),
    }
}

fn with_one(store: &mut Store, change: impl FnOnce(&mut Store, u64)) {
    let last = store.last_number();
    // Where most of them are held, a turn may find none that is free.
    for _ in 0..20 {
        let number = store.rng.random_range(1..=last.max(1));
        let free = store.opportunity(number).is_some_and(|opportunity| opportunity.dataset.is_none())
            && store.orders_on(number).is_empty();
        if free {
            return change(store, number);
        }
    }
}

fn come(store: &mut Store) {
    let kind = OpportunityType::ALL.get(store.rng.random_range(0..OpportunityType::ALL.len()));
    let kind = kind.copied().unwrap_or(OpportunityType::ScheduledSession);
    let seller = store.rng.random_range(0..store.sellers.len().max(1));
    let made = Recipe::of(CriteriaName::Bookable, kind, Flow::Simple, &store.switches, &mut store.rng);
    if let Ok(recipe) = made {
        let number = store.next_number();
        store.add(recipe.make(number, kind, seller, None, now()));
    }
}
