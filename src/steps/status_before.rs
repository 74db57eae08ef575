//! Order Status before B.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{Stage, named_enumeration as named};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::reading::{name, one_of};
use super::spec::SPEC;

pub(super) const KIND: Kind = Kind::valued(
    "status-before",
    "Order Status before B: GET the Order, and expect the OrderQuote or OrderProposal (recommended)",
    |fields, _| Some(Arc::new(StatusBefore(name(fields, "status-before")?))),
    || one_of(Before::ALL),
);

named! {
    /// The resource with the Order UUID before B.
    "stage of an Order"
    enum Before {
        /// An OrderQuote that holds a lease.
        OrderQuote = "order-quote",
        /// An OrderProposal.
        OrderProposal = "order-proposal",
    }
}

impl Before {
    /// Its `@type`.
    const fn json_type(self) -> &'static str {
        match self {
            Self::OrderQuote => "OrderQuote",
            Self::OrderProposal => "OrderProposal",
        }
    }
}

#[derive(Debug)]
struct StatusBefore(Before);

impl Act for StatusBefore {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        format!("Order Status of the {}", self.0.json_type())
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("Order Status: expect the {} (recommended)", self.0.json_type())
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::OrderStatus)
    }

    fn needs(&self) -> &'static [&'static str] {
        match self.0 {
            Before::OrderQuote => &["c1", "c2"],
            Before::OrderProposal => &["propose"],
        }
    }

    fn to_json(&self) -> Value {
        json!({ "status-before": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let path = format!("orders/{}", driver.history().uuid);
            // That it is shown is recommended, and nothing builds on it.
            let call = Call::new(Stage::OrderStatus, "Order Status", Method::GET, path)
                .purpose(Purpose::EarlyStatus(self.0.json_type().to_owned()))
                .wanted(Wanted::Response)
                .spec(format!("{SPEC}#order-endpoint-restful-semantics"));
            driver.request(call).await;
            driver.end()
        })
    }
}
