//! What feeds hold: how many opportunities meet which criterion.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use crate::opportunity::{Clock, Digest};
use crate::opportunity::{opportunity_type, seller_id};

/// Opportunities of one kind that meet a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stock {
    /// The `@id` of the Seller.
    pub seller: String,
    /// The type by which configurations know it.
    pub opportunity_type: OpportunityType,
    /// The booking flow of the offers.
    pub flow: Flow,
    /// The criterion.
    pub criteria: CriteriaName,
    /// How many there are.
    pub count: u64,
}

/// Counts opportunities by every criterion that they meet.
#[derive(Debug, Default)]
pub struct Stocktaking {
    counts: BTreeMap<(String, OpportunityType, Flow, CriteriaName), u64>,
}

impl Stocktaking {
    /// Counts an opportunity that is joined with its parents.
    pub fn count(&mut self, opportunity: &Value, clock: Clock) {
        let Some(kind) = opportunity_type(opportunity) else { return };
        let seller = seller_id(opportunity).unwrap_or_default();
        let digest = Digest::of(opportunity, clock);
        for flow in Flow::ALL.iter().copied() {
            for criteria in CriteriaName::ALL.iter().copied().filter(|criteria| digest.meets(*criteria, flow)) {
                *self.counts.entry((seller.to_owned(), kind, flow, criteria)).or_default() += 1;
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
    }

    /// The supply, by Seller, type, flow and criterion.
    #[must_use]
    pub fn finish(self) -> Vec<Stock> {
        let stock = |((seller, opportunity_type, flow, criteria), count)| Stock {
            seller,
            opportunity_type,
            flow,
            criteria,
            count,
        };
        self.counts.into_iter().map(stock).collect()
    }
}
