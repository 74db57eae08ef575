//! C1, C2, P and B once more: nothing further may come of them.

use reqwest::Method;

use crate::catalogue::Repeated;
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Body, CapacityRule, Purpose};
use crate::vocabulary::{Flow, Stage};

use super::SPEC;

/// Makes the last C1, C2 or P once more: the response is the same, but for the end of a lease, and so is the capacity.
pub(super) async fn repeat(run: &mut CellRun, repeated: Repeated) -> bool {
    let (what, stage) = match repeated {
        Repeated::C1 => ("C1", Stage::C1),
        Repeated::C2 => ("C2", Stage::C2),
        Repeated::P => ("P", Stage::P),
    };
    let title = format!("{what} once more");
    run.begin(repeated.name(), &title);
    run.at(Some(stage));
    let Some(made) = run.history.made.get(&stage).cloned() else { return run.lacks(what) };
    let call = Call::new(stage, &title, Method::PUT, made.path)
        .sending(made.body)
        .purpose(Purpose::Repetition)
        .succeeds(&[made.status], Body::Object)
        .spec(format!("{SPEC}#endpoints"))
        .hint("a repeated request must be answered as the first one was");
    if run.request(call).await {
        run.capacity(CapacityRule::Unchanged, &title, None).await;
    }
    run.end()
}

/// The last B once more: the response must be the same.
pub(super) async fn repeat_b(run: &mut CellRun) -> bool {
    run.begin("repeat-b", "B once more");
    let (Some((body, before)), Some(_)) = (run.history.last_b.clone(), &run.history.booked) else {
        return run.lacks("Order");
    };
    let call = Call::new(Stage::B, "B once more", Method::PUT, format!("orders/{}", run.history.uuid))
        .sending(body)
        .purpose(Purpose::Repetition)
        .succeeds(&[before], Body::Document)
        .spec(format!("{SPEC}#booking-system-contract-with-the-broker"))
        .hint("a repeated B must be answered as the first one was");
    if run.request(call).await && (run.strict() || run.flow() == Flow::Simple) {
        run.capacity(CapacityRule::Repeated, "the repeated B", None).await;
    }
    run.end()
}
