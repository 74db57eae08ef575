//! A test dataset of its own, and its deletion.

use std::sync::Arc;

use rand::RngExt as _;
use reqwest::Method;

use crate::catalogue::Step;
use crate::checks::test_interface;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;

use super::{TEST_INTERFACE_SPEC, done, send};

/// From now on, opportunities are created in a test dataset that no other cell uses.
pub(super) fn own(run: &mut CellRun) -> bool {
    let number: u64 = run.ids.random();
    run.part.elsewhere.extend(run.history.items.iter().map(|item| item.opportunity_id.clone()));
    run.dataset = Some(format!("{}-{number:016x}", run.session.config.dataset_identifier));
    true
}

/// Deletes the test dataset of the cell: its opportunities leave the feeds.
pub(super) async fn delete(run: &mut CellRun, step: &Step) -> bool {
    run.begin("delete-dataset", "Deletion of the test dataset");
    let name = run.dataset.clone().unwrap_or_default();
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let path = format!("test-interface/datasets/{}", name.replace('+', "%20"));
    let spec = step
        .spec
        .clone()
        .unwrap_or_else(|| format!("{TEST_INTERFACE_SPEC}#delete-test-interfacedatasetstestdatasetidentifier"));
    let response = send(run, "Test Interface: delete the test dataset", Method::DELETE, &path, None).await;
    if !done(run, &response, "the deletion of the test dataset", &spec) {
        return run.end();
    }
    run.waits_for("the opportunities to leave their feeds");
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    let mut ids: Vec<String> = run.history.items.iter().map(|item| item.opportunity_id.clone()).collect();
    ids.dedup();
    for id in ids {
        let finding = session.opportunities.wait_gone(&id, deadline).await.err().map(|reason| {
            Finding::new(format!("{id} is still in its feed: {reason}"))
                .expected("an item with state \"deleted\"", reason)
                .spec(&spec)
        });
        let finding = finding.map(|finding| super::order::with(finding, response.exchange()));
        run.log().check(
            test_interface::DATASET_DELETION_PUBLISHED.says(format!("the feeds show {id} as deleted")),
            None,
            finding,
        );
    }
    for id in std::mem::take(&mut run.part.elsewhere) {
        let finding = session.opportunities.wait_for(&id, deadline, |_| true).await.err().map(|miss| {
            let finding = Finding::new(format!("{id} was deleted with another test dataset than its own"));
            super::order::with(finding.expected("the opportunity", miss.reason).spec(&spec), response.exchange())
        });
        run.log().check(
            test_interface::OTHER_DATASETS_UNAFFECTED.says(format!("the feeds still show {id}")),
            None,
            finding,
        );
    }
    run.end()
}
