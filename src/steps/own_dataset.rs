//! A test dataset of the cell's own, for opportunities that are created after it.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::driver::Driver;

pub(super) const KIND: Kind =
    Kind::plain("own-dataset", "create further opportunities in a test dataset of the cell", || Arc::new(OwnDataset));

#[derive(Debug)]
struct OwnDataset;

impl Act for OwnDataset {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Test dataset".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Create further opportunities in a separate test dataset".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::TestInterface)
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let facts = driver.facts();
            let ids: Vec<String> = driver.history().items.iter().map(|item| item.opportunity_id.clone()).collect();
            driver.kept_mut().choose_dataset(&facts.config.dataset_identifier);
            driver.kept_mut().part_mut().add_elsewhere(ids);
            true
        })
    }
}
