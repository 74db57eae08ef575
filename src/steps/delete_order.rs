//! Order Deletion.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::trace::{CapacityRule, Purpose};
use crate::vocabulary::{Profile, Stage};

use super::act::{Act, FeedEffect, Kind, Step};
use super::call::Call;
use super::change::{self, Change, OrderChoice};
use super::driver::Driver;
use super::reading::{name_or, one_of};
use super::spec::section;

pub(super) const KIND: Kind = Kind::valued(
    "delete-order",
    "Order Deletion: DELETE the Order",
    |fields, _| Some(Arc::new(DeleteOrder(name_or(fields, "delete-order", OrderChoice::Own)?))),
    || one_of(OrderChoice::ALL),
)
.or_alone(|| Arc::new(DeleteOrder(OrderChoice::Own)));

#[derive(Debug)]
struct DeleteOrder(OrderChoice);

impl Act for DeleteOrder {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Order Deletion".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        match self.0 {
            OrderChoice::Own => "Order Deletion: delete the Order".to_owned(),
            OrderChoice::Unknown => "Order Deletion: delete an unknown Order".to_owned(),
        }
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::OrderDelete)
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::ShownOrQuiet
    }

    fn to_json(&self) -> Value {
        json!({ "delete-order": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let Some(watches) = change::watches(driver, step).await else { return driver.end() };
            let of = self.0.uuid(driver);
            let call = Call::new(Stage::OrderDelete, "Order Deletion", Method::DELETE, format!("orders/{of}"))
                .purpose(Purpose::Deletion)
                .spec(section(&driver.facts(), step));
            let change = Change { call, rejected: Some(Profile::Strict), repeated: "Order Deletion" };
            if change::make(driver, change, watches, step).await && step.fails.is_none() && step.capacity.is_none() {
                // Whether Order Deletion releases capacity is left to the booking system.
                driver.capacity(CapacityRule::Unknown, "Order Deletion", None).await;
            }
            driver.end()
        })
    }
}
