//! Order Status.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;

use crate::trace::{Asked, Body, Purpose};
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const KIND: Kind = Kind::plain("order-status", "Order Status: GET the Order", || Arc::new(OrderStatus));

#[derive(Debug)]
struct OrderStatus;

impl Act for OrderStatus {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Order Status".to_owned()
    }

    fn sentence(&self, rejected: bool) -> String {
        if rejected { "Order Status".to_owned() } else { "Order Status: expect the OrderItems of B".to_owned() }
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::OrderStatus)
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#order-status"));
            let asked = if step.fails.is_some() { Asked::Nothing } else { Asked::Expect };
            let path = format!("orders/{}", driver.history().uuid);
            let call = Call::new(Stage::OrderStatus, "Order Status", Method::GET, path)
                .purpose(Purpose::Status)
                .succeeds(&[200], Body::Document)
                .asked(asked)
                .fails(step.fails)
                .spec(spec);
            driver.request(call).await;
            driver.end()
        })
    }
}
