//! A test dataset of its own, and its deletion.

use std::sync::Arc;

use rand::RngExt as _;
use reqwest::Method;

use crate::catalogue::Step;
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Event, Looked, OpportunitySeen, Sought};
use crate::vocabulary::Stage;

use super::TEST_INTERFACE_SPEC;

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
    let call = Call::new(Stage::TestInterface, "the deletion of the test dataset", Method::DELETE, path)
        .label("Test Interface: delete the test dataset")
        .spec(&spec);
    let called = run.call(call).await;
    let exchange = called.reply().exchange;
    if !run.judge(called) {
        return run.end();
    }
    run.waits_for("the opportunities to leave their feeds");
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    let mut ids: Vec<String> = run.history.items.iter().map(|item| item.opportunity_id.clone()).collect();
    ids.dedup();
    let seen = |id: String, missing: Option<String>| OpportunitySeen {
        id,
        data: None,
        exchange: None,
        missing,
        requested: None,
    };
    let mut gone = Vec::new();
    for id in ids {
        let missing = session.opportunities.wait_gone(&id, deadline).await.err();
        gone.push(seen(id, missing));
    }
    let mut there = Vec::new();
    for id in std::mem::take(&mut run.part.elsewhere) {
        let missing = session.opportunities.wait_for(&id, deadline, |_| true).await.err().map(|miss| miss.reason);
        there.push(seen(id, missing));
    }
    for (sought, opportunities) in [(Sought::Deletion, gone), (Sought::OtherDataset, there)] {
        if !opportunities.is_empty() {
            let spec = spec.clone();
            let looked = Looked { sought, spec, prepares: false, opportunities, exchange, unreadable: None };
            run.see(Event::Look(Box::new(looked)));
        }
    }
    run.end()
}
