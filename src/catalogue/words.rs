//! Descriptions of tests and their conditions.

use crate::steps::{BrokerRole, CustomerDetails};
use crate::vocabulary::{Flow, OpportunityType};

use super::types::{Condition, Multiple, SellerChoice, Test, WantedItem, When};

impl Condition {
    /// Describes the condition.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::ControlledMode => "opportunities are created through the Test Interface".to_owned(),
            Self::RandomMode => "opportunities are picked from the feeds".to_owned(),
            Self::Implemented(feature) => format!("{feature} is implemented"),
            Self::NotImplemented(feature) => format!("{feature} is not implemented"),
        }
    }
}

fn listed(words: impl IntoIterator<Item = String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

fn wanted(items: &[WantedItem]) -> String {
    listed(items.iter().map(|item| {
        let mut words = item.criteria.name().to_owned();
        let mut marks = Vec::new();
        if let Some(seller) = item.seller {
            marks.push(format!("Seller {seller}"));
        }
        if item.control {
            marks.push("control".to_owned());
        }
        if let Some(flow) = item.flow {
            marks.push(flow.name().to_owned());
        }
        if item.shared {
            marks.push("the same opportunity, unless it takes one booking only".to_owned());
        }
        if !marks.is_empty() {
            words.push_str(&format!(" ({})", marks.join("; ")));
        }
        words
    }))
}

impl Test {
    /// When the test runs and with which opportunities, one sentence each.
    #[must_use]
    pub fn circumstances(&self) -> Vec<String> {
        let mut lines = vec![match self.when {
            When::Implemented => "Runs when the feature is implemented.".to_owned(),
            When::NotImplemented => "Runs when the feature is not implemented.".to_owned(),
        }];
        if let Some(profile) = self.profile {
            lines.push(format!("Runs in the {profile} profile only."));
        }
        if !self.only_if.is_empty() {
            lines.push(format!(
                "Runs only if {}.",
                self.only_if.iter().map(Condition::words).collect::<Vec<_>>().join(" and ")
            ));
        }
        if !self.flows.is_empty() {
            lines.push(format!("Booking flows: {}.", listed(self.flows.iter().map(|flow: &Flow| flow.to_string()))));
        }
        if !self.without_types.is_empty() {
            let kinds = listed(self.without_types.iter().map(|kind: &OpportunityType| kind.to_string()));
            lines.push(format!("Excluded opportunity types: {kinds}."));
        }
        match &self.opportunities {
            Some(opportunities) => {
                lines.push(format!("Opportunities: {}.", wanted(&opportunities.single)));
                if self.multiple != Multiple::No && !opportunities.multiple.is_empty() {
                    let mut line = format!("Several in one Order, for each type: {}.", wanted(&opportunities.multiple));
                    if !self.multiple_only_if.is_empty() {
                        let conditions: Vec<String> = self.multiple_only_if.iter().map(Condition::words).collect();
                        line.push_str(&format!(" Only if {}.", conditions.join(" and ")));
                    }
                    lines.push(line);
                }
            }
            None if self.each_type => lines.push("Runs for each booking flow and opportunity type.".to_owned()),
            None => lines.push("Runs once.".to_owned()),
        }
        if self.seller != SellerChoice::Primary {
            lines.push(format!("Seller of the Order: {}.", self.seller));
        }
        if let Some(credentials) = self.credentials {
            lines.push(format!("Credentials of the {credentials} Seller."));
        }
        if self.broker_role != BrokerRole::AgentBroker {
            lines.push(format!("`brokerRole` is {}.", self.broker_role));
        }
        if self.slow {
            lines.push("Slow: runs only with `--slow`.".to_owned());
        }
        if self.customer == CustomerDetails::Email {
            lines.push("`customer` contains only `email`.".to_owned());
        }
        if self.customer == CustomerDetails::All {
            lines.push("`customer` contains all details.".to_owned());
        }
        lines
    }
}
