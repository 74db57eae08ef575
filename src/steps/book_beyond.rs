//! B, or P, for more OrderItems of each opportunity than it has spaces.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use rust_decimal::Decimal;

use crate::compare::amount;
use crate::trace::{CapacityRule, Event, Items, OrderItem, Purpose, Total, Wanted, number};
use crate::vocabulary::{Flow, Profile, Stage};

use super::act::{Act, Kind, Step};
use super::booking;
use super::call::Call;
use super::drafting::draft;
use super::driver::Driver;
use super::quote::OPPORTUNITIES;
use super::spec::SPEC;
use super::template::Template;

pub(super) const KIND: Kind = Kind::plain(
    "book-beyond",
    "PUT an Order (approval flow: OrderProposal) with one OrderItem more than spaces, and expect any error",
    || Arc::new(BookBeyond),
);

#[derive(Debug)]
struct BookBeyond;

impl Act for BookBeyond {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "B beyond capacity".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "B with one OrderItem more than each opportunity has spaces (approval flow: P); expect an error".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        OPPORTUNITIES
    }

    fn stages(&self, flows: &[Flow], _rejected: bool) -> Vec<Stage> {
        booking::stages(flows, true)
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let one_each = driver.history().items.clone();
            let spaces = |item: &OrderItem| driver.history().fetched.get(&item.opportunity_id).copied().unwrap_or(1);
            let count = one_each.iter().map(spaces).max().and_then(|most| usize::try_from(most).ok()).unwrap_or(1) + 1;
            let items = one_each.iter().flat_map(|item| std::iter::repeat_n(item.clone(), count)).collect();
            let facts = driver.facts();
            let total = times(&driver.history().total, count);
            driver.remember(Event::Items(Items { items, needed: None }));
            let order = driver.kept_mut().new_order(&facts);
            driver.remember(Event::Order(order));
            let (stage, name, collection, json_type) = match facts.flow() {
                Flow::Simple => (Stage::B, "B", "orders", "Order"),
                Flow::Approval => (Stage::P, "P", "order-proposals", "OrderProposal"),
            };
            let title = format!("{name} for {count} of each opportunity");
            driver.begin(self.keyword(), &title, Some(stage));
            let body = draft(driver, Template::Standard, |draft, rng| draft.booking(json_type, &total, rng));
            let path = format!("{collection}/{}", driver.history().uuid);
            let call = Call::new(stage, &title, Method::PUT, path)
                .sending(body)
                .purpose(Purpose::Other)
                .wanted(Wanted::AnyError)
                .spec(format!("{SPEC}#order-creation-b"));
            if driver.request(call).await {
                driver.capacity(CapacityRule::Rejected, &title, Some(Profile::Strict)).await;
            }
            let usable = driver.end();
            driver.remember(Event::Items(Items { items: one_each, needed: None }));
            usable
        })
    }
}

/// What so many OrderItems cost of each that this total is for.
fn times(total: &Total, count: usize) -> Total {
    let price = total.price.as_ref().and_then(|price| number(amount(price) * Decimal::from(count)));
    Total { price, ..total.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Total, times};

    #[test]
    fn a_total_is_multiplied_exactly() {
        let total = Total::of(&json!({ "totalPaymentDue": { "price": 5.15, "priceCurrency": "GBP" } }));
        assert_eq!(times(&total, 3).price.map(|price| price.to_string()), Some("15.45".to_owned()));
        assert_eq!(times(&Total::default(), 3).price, None);
    }
}
