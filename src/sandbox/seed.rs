//! The opportunities that are there from the beginning, for those who pick instead of creating.

use rand::RngExt as _;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::clock::now;
use super::criteria::Recipe;
use super::opportunity::KINDS;
use super::store::Store;

/// What there is of each type, in each flow, of each Seller: criteria and how many.
const STOCK: &[(CriteriaName, usize)] = &[
    (CriteriaName::Bookable, 30),
    (CriteriaName::BookableNonFree, 6),
    (CriteriaName::BookableNoSpaces, 3),
    (CriteriaName::BookableOneSpace, 3),
    (CriteriaName::BookableInPast, 3),
    (CriteriaName::BookableOutsideValidFromBeforeStartDate, 3),
    (CriteriaName::BookableNotCancellable, 3),
    (CriteriaName::OnlineBookable, 6),
];

/// Fills an empty store.
pub(super) fn seed(store: &mut Store) {
    let begun = now();
    for seller in 0..store.sellers.len() {
        for kind in KINDS.iter().copied() {
            for flow in [Flow::Simple, Flow::Approval] {
                for (criteria, count) in STOCK.iter().copied() {
                    for _ in 0..count {
                        add(store, criteria, kind, flow, seller, begun);
                    }
                }
            }
        }
    }
}

fn add(
    store: &mut Store,
    criteria: CriteriaName,
    kind: OpportunityType,
    flow: Flow,
    seller: usize,
    begun: jiff::Timestamp,
) {
    // A type that cannot be of a kind, such as a Slot online, has none of it.
    let Ok(mut recipe) = Recipe::of(criteria, kind, &mut store.rng) else { return };
    if criteria == CriteriaName::Bookable && store.rng.random_bool(0.3) {
        recipe.total = store.rng.random_range(4..=20);
    }
    let number = store.next_number();
    store.add(recipe.make(number, kind, flow, seller, None, begun));
}
