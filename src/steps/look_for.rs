//! Opportunities that no criteria of the Test Interface describe: they can only be found in the feeds.

use std::sync::Arc;

use futures::future::BoxFuture;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use crate::opportunity::{id_of, offers_in, opportunity_type, seller_id};
use crate::results::Opportunity;
use crate::trace::{Event, Items, Looked, Nothing, OpportunitySeen, OrderItem, Sought, StepProblem};
use crate::vocabulary::{Situation, Stage};

use super::act::{Act, Kind, OpportunityOrigin, Step};
use super::driver::Driver;
use super::item::OpportunityScope;
use super::reading::{name, one_of};
use super::spec::SPEC;

/// The number of families of opportunities that are read before other tasks run.
const AT_ONCE: usize = 64;

pub(super) const KIND: Kind = Kind::valued(
    "look-for",
    "find such an opportunity in the feeds; without one the test is skipped",
    |fields, _| Some(Arc::new(LookFor(name(fields, "look-for")?))),
    || one_of(Situation::ALL),
);

/// An opportunity of the Seller that is in a situation becomes the OrderItem of the part. Where the feeds have none, which they
/// need not, there is nothing to judge.
#[derive(Debug)]
struct LookFor(Situation);

impl Act for LookFor {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Opportunity in the feeds".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("Find {} in the feeds; skip the test without one", self.0.summary())
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::OpportunityFeed)
    }

    fn source(&self) -> OpportunityOrigin {
        OpportunityOrigin::Found
    }

    fn to_json(&self) -> Value {
        json!({ "look-for": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let (facts, feeds) = (driver.facts(), driver.feeds());
            let Some((flow, OpportunityScope::Type(wanted))) = facts.booking else { return driver.end() };
            driver.waits_for("the end of the opportunity feeds");
            if let Err(reason) = feeds.catch_up(facts.feed_deadline()).await {
                let spec = Some(format!("{SPEC}#definition-of-a-bookable-opportunity-and-offer-pair"));
                driver.lacks_because(
                    "feeds that can be read",
                    StepProblem { message: reason, spec, ..StepProblem::default() },
                );
                return driver.end();
            }
            let seller = facts.seller(facts.seller).id.clone();
            let fitting = |data: &Value| {
                if opportunity_type(data) != Some(wanted) || seller_id(data) != Some(&seller) {
                    return None;
                }
                Some((*offers_in(self.0, flow, data, facts.clock).first()?).clone())
            };
            let fits = |id: &str| {
                let located = feeds.get(id)?;
                let offer = fitting(&located.data)?;
                let offer_id = id_of(&offer)?.to_owned();
                let opportunity = located.data;
                Some((
                    OrderItem { opportunity, opportunity_id: id.to_owned(), offer_id, offer, control: false },
                    located.exchange,
                ))
            };
            let mut found: Vec<String> = Vec::new();
            for (number, family) in feeds.families_of(wanted).iter().enumerate() {
                if number % AT_ONCE == 0 {
                    tokio::task::yield_now().await;
                }
                feeds.look_at(family, &mut |id, data| {
                    found.extend(fitting(data).filter(|offer| id_of(offer).is_some()).map(|_| id.to_owned()));
                });
            }
            found.sort_unstable();
            let Some((item, exchange)) = found.choose(driver.kept_mut().choices()).and_then(|id| fits(id)) else {
                let reason = format!("the feeds do not have {} for this Seller", self.0.summary());
                driver.see(Event::Nothing(Nothing { reason }));
                return driver.end();
            };
            driver.uses(Opportunity {
                position: 0,
                id: item.opportunity_id.clone(),
                criteria: self.0.name().to_owned(),
                control: false,
                offer: item.offer_id.clone(),
            });
            let seen = OpportunitySeen {
                id: item.opportunity_id.clone(),
                data: Some(item.opportunity.clone()),
                exchange,
                ..OpportunitySeen::default()
            };
            let looked = Looked {
                sought: Sought::Situation(self.0),
                spec: String::new(),
                prepares: true,
                opportunities: vec![seen],
                exchange,
                unreadable: None,
            };
            driver.see(Event::Look(Box::new(looked)));
            driver.see(Event::Items(Items { items: vec![item], needed: Some(1) }));
            driver.end()
        })
    }
}
