//! Opportunities with contradictory criteria, whose creation the Test Interface must reject.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{CriteriaName, Stage};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::fetching::{creation_spec, dataset_path};
use super::item::ItemSpec;
use super::reading::{criteria_schema, names};
use super::requests::new_opportunity;

pub(super) const KIND: Kind = Kind::valued(
    "create-rejected",
    "request opportunities with contradictory criteria from the Test Interface, and expect an error",
    |fields, _| Some(Arc::new(CreateRejected(names(fields, "create-rejected")))),
    criteria_schema,
);

#[derive(Debug)]
struct CreateRejected(Vec<CriteriaName>);

impl Act for CreateRejected {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Contradictory opportunities from the Test Interface".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        let criteria: Vec<&str> = self.0.iter().map(|criteria| criteria.name()).collect();
        format!("Request {} from the Test Interface; expect an error for each", criteria.join(", "))
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::TestInterface)
    }

    fn to_json(&self) -> Value {
        json!({ "create-rejected": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let facts = driver.facts();
            let Some(first) = facts.items.first() else { return driver.end() };
            for criteria in &self.0 {
                let item = ItemSpec { criteria: *criteria, ..first.clone() };
                let what = format!("the creation of {criteria}");
                let call = Call::new(Stage::TestInterface, what, Method::POST, dataset_path(driver))
                    .label(format!("{} from the Test Interface", item.opportunity_type))
                    .sending(new_opportunity(&item, facts.flow(), facts.seller(item.seller)))
                    .purpose(Purpose::ImpossibleCreation(*criteria))
                    .wanted(Wanted::Response)
                    .spec(creation_spec());
                driver.request(call).await;
            }
            driver.end()
        })
    }
}
