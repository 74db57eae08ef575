//! A method that the endpoint of the Order does not support.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::json;

use crate::vocabulary::{ErrorName, Stage};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const KIND: Kind =
    Kind::plain("wrong-method", "POST to the URL of the Order, and expect MethodNotAllowedError", || {
        Arc::new(WrongMethod)
    });

#[derive(Debug)]
struct WrongMethod;

impl Act for WrongMethod {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "POST to an Order".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "POST to an Order; expect MethodNotAllowedError (HTTP 405)".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Any)
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            // An Order knows PUT, PATCH, DELETE and GET.
            let call = Call::new(Stage::Any, "POST", Method::POST, format!("orders/{}", driver.history().uuid))
                .label("POST to an Order")
                .sending(json!({ "@type": "Order" }))
                .fails(Some(ErrorName::MethodNotAllowed))
                .spec(format!("{SPEC}#generic-errors"));
            driver.request(call).await;
            driver.end()
        })
    }
}
