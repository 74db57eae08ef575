//! Deletion of the test dataset of the cell: its opportunities leave the feeds.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;

use crate::trace::{Event, Looked, OpportunitySeen, Sought};
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::spec::TEST_INTERFACE_SPEC;

pub(super) const KIND: Kind =
    Kind::plain("delete-dataset", "DELETE the test dataset, and expect its opportunities to leave the feeds", || {
        Arc::new(DeleteDataset)
    });

#[derive(Debug)]
struct DeleteDataset;

impl Act for DeleteDataset {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Test dataset deletion".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Delete the separate test dataset; expect its opportunities to leave the feeds".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::TestInterface)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["own-dataset"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let name = driver.kept().dataset().unwrap_or_default();
            let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let path = format!("test-interface/datasets/{}", name.replace('+', "%20"));
            let spec = step
                .spec
                .clone()
                .unwrap_or_else(|| format!("{TEST_INTERFACE_SPEC}#delete-test-interfacedatasetstestdatasetidentifier"));
            let call = Call::new(Stage::TestInterface, "test dataset deletion", Method::DELETE, path)
                .label("Test Interface: delete the test dataset")
                .spec(&spec);
            let called = driver.call(call).await;
            let exchange = called.reply().exchange;
            if !driver.judge(called) {
                return driver.end();
            }
            driver.waits_for("the opportunities to leave their feeds");
            let (facts, feeds) = (driver.facts(), driver.feeds());
            let deadline = facts.feed_deadline();
            let mut ids: Vec<String> = driver.history().items.iter().map(|item| item.opportunity_id.clone()).collect();
            ids.dedup();
            let seen =
                |id: String, missing: Option<String>| OpportunitySeen { id, missing, ..OpportunitySeen::default() };
            let mut gone = Vec::new();
            for id in ids {
                let missing = feeds.wait_gone(&id, deadline).await.err();
                gone.push(seen(id, missing));
            }
            let mut there = Vec::new();
            for id in driver.kept_mut().part_mut().take_elsewhere() {
                let missing = feeds.wait_for(&id, deadline, |_| true).await.err().map(|miss| miss.reason);
                there.push(seen(id, missing));
            }
            for (sought, opportunities) in [(Sought::Deletion, gone), (Sought::OtherDataset, there)] {
                if !opportunities.is_empty() {
                    let spec = spec.clone();
                    let looked = Looked { sought, spec, prepares: false, opportunities, exchange, unreadable: None };
                    driver.see(Event::Look(Box::new(looked)));
                }
            }
            driver.end()
        })
    }
}
