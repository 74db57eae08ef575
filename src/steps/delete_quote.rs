//! OrderQuote Deletion.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;

use crate::trace::Purpose;
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::change;
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const KIND: Kind =
    Kind::plain("delete-quote", "OrderQuote Deletion: DELETE the OrderQuote", || Arc::new(DeleteQuote));

#[derive(Debug)]
struct DeleteQuote;

impl Act for DeleteQuote {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "OrderQuote Deletion".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "OrderQuote Deletion: delete the OrderQuote".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::QuoteDelete)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["c1", "c2"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let path = format!("order-quotes/{}", driver.history().uuid);
            let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#orderquote-deletion"));
            let call = Call::new(Stage::QuoteDelete, "OrderQuote Deletion", Method::DELETE, path)
                .purpose(Purpose::Deletion)
                .spec(spec);
            if driver.request(call).await {
                change::capacity(driver, "OrderQuote Deletion", step).await;
            }
            driver.end()
        })
    }
}
