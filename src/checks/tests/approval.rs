//! Versions of OrderProposals.

use serde_json::{Value, json};

use crate::trace::Awaited;
use crate::vocabulary::FeedName;

use super::honest::p;
use super::lines::{Lines, hold, row};
use super::trace::{BASE, Trace, UUID};

/// A version other than that of P.
fn other() -> String {
    format!("{BASE}/order-proposals/{UUID}/versions/f2c6a1b4-7a34-4e0e-8d53-5d1c1f0b7e11")
}

/// P, and an update in the OrderProposals feed.
fn update() -> Trace {
    p().wait(FeedName::OrderProposals, Awaited::Update)
}

/// The same, after an amendment.
fn amendment() -> Trace {
    update().set("proposals feed/orderProposalVersion", other())
}

pub(super) fn lines() -> Vec<Lines> {
    let version = "proposals feed/orderProposalVersion";
    let again = |trace: Trace| trace.wait(FeedName::OrderProposals, Awaited::Update);
    let upper = |value: &mut Value| *value = json!(value.as_str().unwrap().to_owned().replace("0d0c", "0D0C"));
    vec![
        row("proposal-version")
            .right(p().edit("P/orderProposalVersion", upper))
            .wrong(
                p().set("P/orderProposalVersion", format!("{BASE}/order-proposals/{UUID}/versions/1")),
                "orderProposalVersion wrong",
            )
            .wrong(
                p().set("P/orderProposalVersion", "f2c6a1b4-7a34-4e0e-8d53-5d1c1f0b7e11"),
                "orderProposalVersion wrong",
            )
            .wrong(p().without("P/orderProposalVersion"), "orderProposalVersion missing"),
        row("same-proposal-version")
            .right(update().reversed("proposals feed/orderedItem"))
            .wrong(amendment(), "orderProposalVersion wrong")
            .wrong(update().without(version), "orderProposalVersion missing"),
        row("other-proposal-version")
            .right(amendment())
            .wrong(update(), "orderProposalVersion wrong")
            .wrong(update().without(version), "orderProposalVersion missing"),
        row("latest-proposal-version")
            .right(again(amendment()).set(version, other()))
            .wrong(again(amendment()), "orderProposalVersion wrong")
            .wrong(again(amendment()).without(version), "orderProposalVersion missing"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
