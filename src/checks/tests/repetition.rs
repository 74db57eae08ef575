//! Repeated requests.

use crate::trace::{Purpose, Wanted};
use crate::vocabulary::Stage;

use super::documents::{document, request};
use super::honest::{b, c1, exchange};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

fn again(trace: Trace, stage: Stage, status: u16) -> Trace {
    let exchanged = exchange(stage, Purpose::Repetition, Wanted::Success(vec![200, 201]), status);
    trace.request("again", exchanged, request(stage), document(stage))
}

pub(super) fn lines() -> Vec<Lines> {
    let b = || again(b(), Stage::B, 200);
    let c1 = || again(c1(), Stage::C1, 200);
    vec![
        row("repeated-response")
            .right(b().reversed("again/orderedItem"))
            .right(b().set("again/totalPaymentDue/price", 18.0))
            .right(b().set("again/orderedItem/0/orderedItem/startDate", "2030-03-01T19:00:00+01:00"))
            .right(c1().set("again/lease/leaseExpires", "2030-01-01T12:30:00Z"))
            .wrong(b().set("again/totalPaymentDue/price", 17), "totalPaymentDue.price wrong")
            .wrong(
                b().set("again/orderedItem/0/accessCode/0/description", "999"),
                "orderedItem.accessCode.description wrong",
            )
            .wrong(c1().without("again/lease"), "lease missing"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
