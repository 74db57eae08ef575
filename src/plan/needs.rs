//! What opportunities the cells of a plan need.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::config::{Config, SellerRole};
use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::cells::Cell;

/// A kind of opportunity that is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// The Seller's `@id`.
    pub seller: String,
    /// The type by which configurations know it.
    pub opportunity_type: OpportunityType,
    /// The booking flow of the offer.
    pub flow: Flow,
    /// What it must be.
    pub criteria: CriteriaName,
}

/// How many opportunities of a kind a plan needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NeedCount {
    /// Which Seller of the configuration.
    pub seller_role: &'static str,
    /// What is needed.
    #[serde(flatten)]
    pub need: Need,
    /// How many, no two cells using the same.
    pub count: usize,
}

/// One opportunity that one cell wants.
#[derive(Debug, Clone)]
pub(super) struct Want {
    /// Its number in the cell, fetch after fetch.
    pub(super) number: usize,
    pub(super) need: Need,
    pub(super) seller: SellerRole,
}

/// The opportunities that a cell wants, in the order of their numbers.
pub(super) fn wants(cell: &Cell, config: &Config) -> Vec<Want> {
    let Some((flow, _)) = cell.booking else { return Vec::new() };
    let mut seen = HashSet::new();
    let distinct: Vec<_> = cell.items.iter().filter(|item| seen.insert(item.opportunity)).collect();
    let mut wanted = Vec::new();
    for fetch in 0..cell.fetches {
        for item in &distinct {
            let seller = config.sellers.get(item.seller).map(|seller| seller.id.clone()).unwrap_or_default();
            let flow = item.flow.unwrap_or(flow);
            let need = Need { seller, opportunity_type: item.opportunity_type, flow, criteria: item.criteria };
            wanted.push(Want { number: fetch * distinct.len() + item.opportunity, need, seller: item.seller });
        }
    }
    wanted
}

/// What all cells need together, by Seller, type, flow and criterion. Cells that cannot run need nothing.
#[must_use]
pub fn needs(cells: &[Arc<Cell>], config: &Config) -> Vec<NeedCount> {
    let mut counts: BTreeMap<(SellerRole, Need), usize> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.obstacle.is_none()) {
        for want in wants(cell, config) {
            *counts.entry((want.seller, want.need)).or_default() += 1;
        }
    }
    counts.into_iter().map(|((role, need), count)| NeedCount { seller_role: role.name(), need, count }).collect()
}
