//! The dataset site.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;

use crate::config::Headers;
use crate::trace::{Asked, Purpose, Wanted};
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::call::{Call, CredentialsChoice};
use super::driver::Driver;
use super::spec::SPEC;

pub(super) const KIND: Kind =
    Kind::plain("dataset-site", "read the dataset site and check its JSON-LD", || Arc::new(DatasetSite));

#[derive(Debug)]
struct DatasetSite;

impl Act for DatasetSite {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Dataset site".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Read the dataset site and check its JSON-LD".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::DatasetSite)
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let url = driver.facts().dataset_site.clone();
            let call = Call::new(Stage::DatasetSite, "the dataset site", Method::GET, url.clone())
                .label("Dataset site")
                .url(url)
                .website()
                .credentials(CredentialsChoice::Headers(Headers::new()))
                .purpose(Purpose::DatasetSite)
                .wanted(Wanted::Response)
                .asked(Asked::Expect)
                .spec(format!("{SPEC}#endpoints"));
            driver.request(call).await;
            driver.end()
        })
    }
}
