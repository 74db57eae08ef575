//! Requests to an endpoint that does not exist.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::json;

use crate::config::Headers;
use crate::results::FailureKind;
use crate::vocabulary::{ErrorName, Stage};

use super::act::{Act, Kind, Step};
use super::call::{Call, CredentialsChoice};
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const KIND: Kind = Kind::plain(
    "unknown-endpoint",
    "PUT and GET an unknown endpoint, and expect UnknownOrIncorrectEndpointError",
    || Arc::new(UnknownEndpoint),
);

#[derive(Debug)]
struct UnknownEndpoint;

impl Act for UnknownEndpoint {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Unknown endpoint".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "PUT and GET an unknown endpoint; expect UnknownOrIncorrectEndpointError (HTTP 404)".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::Any)
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let call = |what: &str, method: Method| {
                Call::new(Stage::Any, what, method, "ordeeeeers/abc")
                    .label(format!("Unknown endpoint ({what})"))
                    .fails(Some(ErrorName::UnknownOrIncorrectEndpoint))
                    .spec(format!("{SPEC}#error-model"))
            };
            let put = driver.call(call("PUT", Method::PUT).sending(json!({ "hi": "there" }))).await;
            let sent = put.reply().failure.as_ref().is_none_or(|failure| failure.kind != FailureKind::Unsent);
            driver.judge(put);
            if sent {
                let nobody = CredentialsChoice::Headers(Headers::new());
                driver.request(call("GET without credentials", Method::GET).credentials(nobody)).await;
            }
            driver.end()
        })
    }
}
