//! B of two Customers for the same opportunities at the same time.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::Value;

use crate::trace::{Body, CapacityRule, Event, Nothing, Purpose};
use crate::vocabulary::{Action, Flow, Profile, Stage};

use super::act::{Act, Kind, Step};
use super::booking;
use super::call::Call;
use super::drafting::draft;
use super::driver::Driver;
use super::spec::SPEC;
use super::template::Template;

/// How many Orders are sent at the same time.
const ORDERS: usize = 2;

pub(super) const KIND: Kind = Kind::plain(
    "book-together",
    "PUT Orders of two Customers for the same opportunities at the same time (approval flow: of accepted OrderProposals), and expect no more bookings than spaces",
    || Arc::new(BookTogether),
);

#[derive(Debug)]
struct BookTogether;

impl Act for BookTogether {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Simultaneous B".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "B of two Customers at the same time for the same opportunities (approval flow: after P and acceptance of both); expect no more bookings than spaces".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn stages(&self, flows: &[Flow], _rejected: bool) -> Vec<Stage> {
        booking::stages(flows, false)
    }

    fn actions(&self, flow: Flow, _rejected: bool) -> Vec<Action> {
        booking::actions(flow, false)
    }

    fn needs(&self) -> &'static [&'static str] {
        // The total is that of the OrderQuote, which no longer leases anything.
        &["delete-quote"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let facts = driver.facts();
            let ids: Vec<String> = driver.history().items.iter().map(|item| item.opportunity_id.clone()).collect();
            let (mut calls, mut orders) = (Vec::new(), Vec::new());
            for number in 1..=ORDERS {
                let total = driver.history().total.clone();
                let body = match facts.flow() {
                    Flow::Simple => {
                        let order = driver.kept_mut().new_order(&facts);
                        driver.remember(Event::Order(order.clone()));
                        orders.push(order);
                        draft(driver, Template::Standard, |draft, rng| draft.booking("Order", &total, rng))
                    }
                    Flow::Approval => {
                        let Some(version) = booking::accepted_proposal(driver, number).await else { continue };
                        draft(driver, Template::Standard, |draft, _| draft.booking_after_proposal(&version, &total))
                    }
                };
                calls.push(call(driver, number, body));
            }
            driver.begin(self.keyword(), &self.title(), self.stage());
            let mut usable = calls.len() == ORDERS;
            let sent = if usable { std::mem::take(&mut calls) } else { Vec::new() };
            let called = driver.call_all(sent).await;
            let booked = called.iter().filter(|called| called.reply().succeeded()).count();
            for response in called.into_iter().rev() {
                if let Some(order) = orders.pop() {
                    driver.remember(Event::Order(order));
                }
                usable &= driver.judge(response.or_rejected());
                if facts.flow() == Flow::Approval {
                    driver.remember(Event::RivalEnded);
                }
            }
            // Of those that were accepted, but not booked.
            calls.iter().for_each(|_| driver.remember(Event::RivalEnded));
            if booked == 0 {
                let reason = "neither of two simultaneous Orders was booked".to_owned();
                driver.see(Event::Nothing(Nothing { reason }));
            } else if usable {
                driver.capacity(CapacityRule::Exactly(0, ids), "the booking", Some(Profile::Strict)).await;
            }
            driver.end()
        })
    }
}

/// B of one of the Customers.
fn call(driver: &dyn Driver, number: usize, body: Value) -> Call {
    let path = format!("orders/{}", driver.history().uuid);
    Call::new(Stage::B, format!("B of Customer {number}"), Method::PUT, path)
        .sending(body)
        .purpose(Purpose::Simultaneous)
        .succeeds(&[201, 200], Body::Document)
        .spec(format!("{SPEC}#order-creation-b"))
}
