//! B of two Customers for the same opportunities at the same time.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;

use crate::trace::{CapacityRule, Event, Nothing, Purpose, Wanted};
use crate::vocabulary::{Profile, Stage};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::drafting::draft;
use super::driver::Driver;
use super::spec::SPEC;
use super::template::Template;

/// How many Orders are sent at the same time.
const ORDERS: usize = 2;

pub(super) const KIND: Kind = Kind::plain(
    "book-together",
    "PUT Orders of two Customers for the same opportunities at the same time, and expect no more bookings than spaces",
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
        "B of two Customers at the same time for the same opportunities; expect no more bookings than spaces".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        // The total is that of the OrderQuote, which no longer leases anything.
        &["delete-quote"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let (facts, total) = (driver.facts(), driver.history().total.clone());
            let ids: Vec<String> = driver.history().items.iter().map(|item| item.opportunity_id.clone()).collect();
            let mut calls = Vec::new();
            for number in 1..=ORDERS {
                let order = driver.kept_mut().new_order(&facts);
                driver.remember(Event::Order(order));
                let body = draft(driver, Template::Standard, |draft, rng| draft.booking("Order", &total, rng));
                let path = format!("orders/{}", driver.history().uuid);
                let call = Call::new(Stage::B, format!("B of Customer {number}"), Method::PUT, path)
                    .sending(body)
                    .purpose(Purpose::Simultaneous)
                    .wanted(Wanted::Response)
                    .spec(format!("{SPEC}#order-creation-b"));
                calls.push(call);
            }
            let called = driver.call_all(calls).await;
            let booked = called.iter().filter(|called| called.reply().succeeded()).count();
            let mut usable = true;
            for response in called {
                usable &= driver.judge(response);
            }
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
