//! Leasing of as much capacity as is wanted, and of more.

use crate::catalogue::{Checkpoint, LeaseBatch, Template};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Batch, CapacityRule, Event, Items, OrderItem, Purpose, Wanted};
use crate::vocabulary::{Profile, Stage};

use super::quote::{self, name};

/// Leases each opportunity of the part several times over, for another customer and in another Order.
pub(super) async fn lease(run: &mut CellRun, batch: &LeaseBatch) -> bool {
    let stage = match batch.at {
        Checkpoint::C1 => Stage::C1,
        Checkpoint::C2 => Stage::C2,
    };
    let title = format!("{} for {} of each opportunity", name(stage), batch.count);
    let one_each = distinct(&run.history.items);
    let ids: Vec<String> = one_each.iter().map(|item| item.opportunity_id.clone()).collect();
    let items = one_each.iter().flat_map(|item| std::iter::repeat_n(item.clone(), batch.count)).collect();
    run.remember(Event::Items(Items { items, needed: None }));
    if !batch.same_order {
        run.new_order();
    }
    let mut usable = true;
    if stage == Stage::C2 {
        // The quote without a customer comes first, as always; what it may lease goes over to C2.
        run.begin("lease", format!("C1 for {} of each opportunity", batch.count));
        let call = quote::call(run, Stage::C1, Template::Standard);
        let call = if batch.refused() {
            // Whether it is rejected too is left to the booking system.
            call.wanted(Wanted::Response)
        } else {
            call.purpose(Purpose::Batch(Batch { shows: batch.shows, errors: None }))
        };
        run.request(call).await;
        usable = run.end() || batch.refused();
    }
    if usable {
        run.begin("lease", title.clone());
        let call = call(run, stage, batch);
        run.request(call).await;
        run.capacity(CapacityRule::Exactly(batch.leaves, ids.clone()), &title, None).await;
        usable = run.end();
        if batch.again && usable {
            run.begin("lease", format!("{title}, once more"));
            let call = self::call(run, stage, batch);
            run.request(call).await;
            let rule = CapacityRule::Exactly(batch.leaves, ids);
            run.capacity(rule, "the same request once more", Some(Profile::Strict)).await;
            usable = run.end();
        }
    }
    run.remember(Event::Items(Items { items: one_each, needed: None }));
    usable
}

/// The request of the batch.
fn call(run: &mut CellRun, stage: Stage, batch: &LeaseBatch) -> Call {
    let errors = batch.errors.map(|errors| (errors.none, errors.reserved, errors.insufficient));
    let call =
        quote::call(run, stage, Template::Standard).purpose(Purpose::Batch(Batch { shows: batch.shows, errors }));
    // Which OrderItem has which error is counted.
    if batch.refused() { call.wanted(Wanted::ItemErrors) } else { call }
}

/// One OrderItem for each opportunity.
fn distinct(items: &[OrderItem]) -> Vec<OrderItem> {
    let mut seen: Vec<&str> = Vec::new();
    let mut one_each = Vec::new();
    for item in items {
        if !seen.contains(&item.opportunity_id.as_str()) {
            seen.push(&item.opportunity_id);
            one_each.push(item.clone());
        }
    }
    one_each
}
