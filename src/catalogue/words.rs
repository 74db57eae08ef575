//! Tests, parts and steps in words, for people.

use crate::vocabulary::{ActionTarget, CapacityChange, Flow, OpportunityType};

use super::acts::{Act, Checkpoint, ItemChoice, OrderChoice, Repeated, Step, Version};
use super::templates::Template;
use super::types::{BrokerRole, Condition, CustomerDetails, Multiple, SellerChoice, Test, Wanted, When};

impl Condition {
    /// What must hold, in words.
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

fn wanted(items: &[Wanted]) -> String {
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
            marks.push("the same opportunity, where it holds more than one booking".to_owned());
        }
        if !marks.is_empty() {
            words.push_str(&format!(" ({})", marks.join("; ")));
        }
        words
    }))
}

impl Test {
    /// When and with what it runs, a sentence each.
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
            lines.push(format!("Not for {kinds}."));
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
            lines.push(format!("The Seller of the Order: {}.", self.seller));
        }
        if let Some(credentials) = self.credentials {
            lines.push(format!("The credentials are those of the Seller {credentials}."));
        }
        if self.broker_role != BrokerRole::AgentBroker {
            lines.push(format!("brokerRole is {}.", self.broker_role));
        }
        if self.slow {
            lines.push("it waits for long: only runs with `--slow` have it".to_owned());
        }
        if self.customer == CustomerDetails::Email {
            lines.push("the customer tells the email and nothing else".to_owned());
        }
        if self.customer == CustomerDetails::All {
            lines.push("The customer tells everything about themselves.".to_owned());
        }
        lines
    }
}

fn request(what: &str, template: Template) -> String {
    match template.summary() {
        "" => what.to_owned(),
        summary => format!("{what} {summary}"),
    }
}

impl Step {
    /// What it does and what must come of it, in one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut words = match (&self.act, self.fails) {
            // What is refused comes to no more than its first request.
            (Act::Book(template), Some(_)) => request("B (in the approval flow P)", *template),
            (Act::OrderStatus, None) => "Order Status: the OrderItems are those of B".to_owned(),
            (act, _) => act.sentence(),
        };
        if let Some(error) = self.fails {
            words.push_str(&format!(", which must be refused with {error} (HTTP {})", error.status()));
        }
        if let Some(feed) = self.awaits {
            let end = if self.deleted { " to show it as deleted" } else { "" };
            words.push_str(&format!(", then wait for the {}{end}", feed.title()));
        }
        if let Some(feed) = self.quiet {
            words.push_str(&format!("; the {} shows no update", feed.title()));
        }
        words.push_str(match self.capacity {
            None => "",
            Some(CapacityChange::Unchanged) => "; capacity stays as it is",
            Some(CapacityChange::GivenBack) => "; the capacity of what was cancelled comes back",
            Some(CapacityChange::Restored) => "; capacity is what it was before the Order",
        });
        words
    }
}

impl Act {
    /// What is done, in one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Fetch => "get the opportunities, and see that the feeds show them as they should be".to_owned(),
            Self::Create => "create the opportunities, and judge what the Test Interface answers".to_owned(),
            Self::C1(template) => request("C1", *template),
            Self::C1Refused(template) => format!("{}, which must be refused", request("C1", *template)),
            Self::C2(template) => request("C2", *template),
            Self::Book(template) => request("B (in the approval flow P, acceptance by the Seller, B)", *template),
            Self::BookAtOnce(template) => {
                request("B without C1 and C2 (in the approval flow P, acceptance by the Seller, B)", *template)
            }
            Self::BookDirectly(template) => request("B, whatever the booking flow", *template),
            Self::Propose(template) => request("P", *template),
            Self::Confirm(Version::Proposed) => "B with the version of the OrderProposal that P returned".to_owned(),
            Self::Confirm(Version::Latest) => "B with the latest version of the OrderProposal".to_owned(),
            Self::Repeat(Repeated::C1) => "the same C1 once more, which must be answered in the same way".to_owned(),
            Self::Repeat(Repeated::C2) => "the same C2 once more, which must be answered in the same way".to_owned(),
            Self::Repeat(Repeated::P) => "the same P once more, which must be answered in the same way".to_owned(),
            Self::WrongVerb => "a verb that the endpoint of the Order does not have".to_owned(),
            Self::FeedRefused(feed) => format!("GET the {}, which must be refused", feed.title()),
            Self::CreateRefused(criteria) => format!(
                "ask the Test Interface for {}, which must be refused",
                listed(criteria.iter().map(|criteria| criteria.name().to_owned()))
            ),
            Self::LeaseEnd => "wait until the lease is over".to_owned(),
            Self::RepeatB => "the same B once more, which must be answered in the same way".to_owned(),
            Self::Simulate { action, on } => {
                let on = match on {
                    ActionTarget::Order => "Order",
                    ActionTarget::OrderProposal => "OrderProposal",
                    ActionTarget::Opportunity => "first opportunity",
                };
                format!("{action} on the {on}")
            }
            Self::Cancel { template, items, order } => {
                let items = match items {
                    ItemChoice::All => "all OrderItems",
                    ItemChoice::First => "the first OrderItem",
                    ItemChoice::Rest => "all OrderItems but the first",
                    ItemChoice::Unknown => "an OrderItem that does not exist",
                };
                let order = match order {
                    OrderChoice::Own => "",
                    OrderChoice::Unknown => " in an Order that does not exist",
                };
                request(&format!("the customer cancels {items}{order}"), *template)
            }
            Self::Reject(template) => request("the customer rejects the OrderProposal", *template),
            Self::DeleteOrder(OrderChoice::Own) => "delete the Order".to_owned(),
            Self::DeleteOrder(OrderChoice::Unknown) => "delete an Order that does not exist".to_owned(),
            Self::DeleteQuote => "delete the OrderQuote".to_owned(),
            Self::OrderStatus => "Order Status".to_owned(),
            Self::StatusBefore(before) => format!("Order Status, which should show the {}", before.json_type()),
            Self::LeaseKept => "see that the OrderProposal holds what its OrderQuote has leased".to_owned(),
            Self::Lease(batch) => {
                let at = match batch.at {
                    Checkpoint::C1 => "C1",
                    Checkpoint::C2 => "C1 and C2",
                };
                let who = if batch.same_order { "in the place of the one before" } else { "by somebody else" };
                let mut words = format!("{at} {who} for {} of each opportunity", batch.count);
                words.push_str(if batch.refused() { ", which must be refused" } else { "" });
                words.push_str(&format!(
                    "; each OrderItem shows a remaining capacity of {}, the feeds then {}",
                    batch.shows, batch.leaves
                ));
                if let Some(errors) = batch.errors {
                    words.push_str(&format!(
                        "; of the OrderItems of each opportunity {} have no error, {} are reserved by lease, {} have \
                         insufficient capacity",
                        errors.none, errors.reserved, errors.insufficient
                    ));
                }
                if batch.again {
                    words.push_str("; the same request once more changes nothing");
                }
                words
            }
            Self::NoneMeets(criteria) => {
                format!(
                    "see that no opportunity in the feeds meets {}",
                    listed(criteria.iter().map(ToString::to_string))
                )
            }
            Self::LookFor(situation) => format!("find {} in the feeds, if there is one", situation.summary()),
            Self::Require(requirement) => format!("see that the configuration fits: {}", requirement.summary()),
            Self::DatasetSite => "read the dataset site, and judge its JSON-LD".to_owned(),
            Self::UnknownEndpoint => "PUT and GET at an endpoint that does not exist, which must be refused with \
                 UnknownOrIncorrectEndpointError (HTTP 404)"
                .to_owned(),
            Self::RivalBooks => "somebody else books the same opportunities".to_owned(),
            Self::OwnDataset => "let what is created be in a test dataset of its own".to_owned(),
            Self::DeleteDataset => "delete that test dataset, and see its opportunities leave the feeds".to_owned(),
            Self::OpenId(act) => act.sentence(),
            Self::Retained(feed) => {
                format!("wait, and read the {} from its beginning: it still has the deleted Order", feed.title())
            }
            Self::NotInFeed(feed) => {
                format!("read the {} of this Booking Partner to its end: the Order is not in it", feed.title())
            }
        }
    }
}
