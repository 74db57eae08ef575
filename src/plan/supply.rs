//! What feeds hold: how many opportunities meet which criterion.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::criteria::{Clock, evaluate};
use super::opportunity::{opportunity_type, seller_id};

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

/// Counts opportunities, each joined with its parents, for every criterion that at least one meets.
pub fn stock(opportunities: impl Iterator<Item = Value>, clock: Clock) -> Vec<Stock> {
    let mut counts: BTreeMap<(String, OpportunityType, Flow, CriteriaName), u64> = BTreeMap::new();
    for opportunity in opportunities {
        let Some(kind) = opportunity_type(&opportunity) else { continue };
        let seller = seller_id(&opportunity).unwrap_or_default();
        for flow in Flow::ALL.iter().copied() {
            for criteria in CriteriaName::ALL.iter().copied() {
                if evaluate(criteria, flow, &opportunity, clock).holds() {
                    *counts.entry((seller.to_owned(), kind, flow, criteria)).or_default() += 1;
                }
            }
        }
    }
    counts
        .into_iter()
        .map(|((seller, opportunity_type, flow, criteria), count)| Stock {
            seller,
            opportunity_type,
            flow,
            criteria,
            count,
        })
        .collect()
}
