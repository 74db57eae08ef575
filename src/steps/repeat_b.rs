//! Repeated B, which must have no further effect.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;

use crate::trace::{Body, CapacityRule, Purpose};
use crate::vocabulary::{Flow, Stage};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const KIND: Kind = Kind::plain("repeat-b", "repeat B, and expect the same response", || Arc::new(RepeatB));

#[derive(Debug)]
struct RepeatB;

impl Act for RepeatB {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Repeated B".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Repeat B; expect the same response".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["book", "book-at-once"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let (Some((body, before)), Some(_)) = (driver.history().last_b.clone(), &driver.history().booked) else {
                return driver.lacks("Order");
            };
            let call = Call::new(Stage::B, self.title(), Method::PUT, format!("orders/{}", driver.history().uuid))
                .sending(body)
                .purpose(Purpose::Repetition)
                .succeeds(&[before, 200, 201], Body::Document)
                .spec(format!("{SPEC}#booking-system-contract-with-the-broker"))
                .hint("a repeated B must get the response of the first one");
            if driver.request(call).await {
                let facts = driver.facts();
                if facts.strict() || facts.flow() == Flow::Simple {
                    driver.capacity(CapacityRule::Repeated, "the repeated B", None).await;
                }
            }
            driver.end()
        })
    }
}
