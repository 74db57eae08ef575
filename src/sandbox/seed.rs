//! The opportunities that are there from the beginning, for those who pick instead of creating.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use rand::RngExt as _;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::clock::{later, now};
use super::criteria::Recipe;
use super::generated::STOCK;
use super::offer::InAdvance;
use super::opportunity::{EventStatus, Opportunity};
use super::store::Store;

/// A day in seconds.
const DAY: i64 = 24 * 60 * 60;

/// The opportunities that a sandbox has from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Furnishing {
    /// None.
    Empty,
    /// One for each criteria, type, flow and Seller.
    Sample,
    /// As many as those need who pick from the feeds.
    Full,
}

impl Furnishing {
    /// How many opportunities there are for criteria, of the full number.
    const fn count(self, full: usize) -> usize {
        match self {
            Self::Empty => 0,
            Self::Sample => 1,
            Self::Full => full,
        }
    }
}

/// Opportunities that somebody wants to find in the feeds.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stocked {
    /// The Seller's `@id`.
    pub seller: String,
    /// Their type.
    #[serde(deserialize_with = "named")]
    pub opportunity_type: OpportunityType,
    /// The booking flow of their offers.
    #[serde(deserialize_with = "named")]
    pub flow: Flow,
    /// Their criterion.
    #[serde(deserialize_with = "named")]
    pub criteria: CriteriaName,
    /// Their number.
    pub count: usize,
}

fn named<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Adds what somebody wants to find. What this system does not have, it does not get.
pub(super) fn stock(store: &mut Store, wanted: &[Stocked]) {
    let begun = now();
    for stocked in wanted {
        let Some(seller) = store.sellers.iter().position(|seller| seller.id() == stocked.seller) else { continue };
        for _ in 0..stocked.count {
            let recipe =
                Recipe::of(stocked.criteria, stocked.opportunity_type, stocked.flow, &store.switches, &mut store.rng);
            let Ok(recipe) = recipe else { continue };
            let number = store.next_number();
            store.add(recipe.make(number, stocked.opportunity_type, seller, None, begun));
        }
    }
}

/// Opportunities that no criteria require, but that real feeds have: in progress, cancelled, and not
/// bookable in advance.
fn oddities(store: &mut Store, seller: usize, (kind, wanted): (OpportunityType, bool), flow: Flow, begun: Timestamp) {
    let recipe = Recipe::of(CriteriaName::Bookable, kind, flow, &store.switches, &mut store.rng);
    let Some(recipe) = recipe.ok().filter(|_| wanted) else { return };
    let event = !matches!(
        kind,
        OpportunityType::FacilityUseSlot | OpportunityType::IndividualFacilityUseSlot | OpportunityType::OnDemandEvent
    );
    let mut add = |change: &dyn Fn(&mut Opportunity)| {
        let number = store.next_number();
        let mut opportunity = recipe.clone().make(number, kind, seller, None, begun);
        change(&mut opportunity);
        store.add(opportunity);
    };
    add(&|opportunity| {
        opportunity.offers.iter_mut().for_each(|offer| offer.terms.in_advance = InAdvance::Unavailable);
    });
    if event {
        add(&|opportunity| opportunity.status = EventStatus::Cancelled);
        add(&|opportunity| opportunity.status = EventStatus::Postponed);
    }
    if kind != OpportunityType::OnDemandEvent {
        // Dates have no hours: a course that ends in a week is not over today, wherever that is.
        add(&|opportunity| opportunity.times = Some((later(begun, -DAY), later(begun, 7 * DAY))));
    }
}

/// Fills an empty store with opportunities of some types. What is drawn for the other types is left out, so that all that is drawn
/// later is the same whatever the types are.
pub(super) fn seed(store: &mut Store, furnishing: Furnishing, types: &[OpportunityType]) {
    if furnishing == Furnishing::Empty {
        return;
    }
    let begun = now();
    for seller in 0..store.sellers.len() {
        for kind in OpportunityType::ALL.iter().copied() {
            let wanted = types.contains(&kind);
            for flow in [Flow::Simple, Flow::Approval] {
                oddities(store, seller, (kind, wanted), flow, begun);
                for (criteria, count) in STOCK.iter().copied() {
                    for _ in 0..furnishing.count(count) {
                        // Combinations that this system cannot have, such as a Slot online, are left out.
                        let recipe = Recipe::of(criteria, kind, flow, &store.switches, &mut store.rng);
                        let Ok(mut recipe) = recipe else { continue };
                        if criteria == CriteriaName::Bookable && store.rng.random_bool(0.3) {
                            recipe.total = store.rng.random_range(4..=20);
                        }
                        if wanted {
                            let number = store.next_number();
                            store.add(recipe.make(number, kind, seller, None, begun));
                        }
                    }
                }
            }
        }
    }
}
