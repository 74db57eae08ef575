//! The OrderItems that a document must have: those of the request, or of the Order that B returned.

use serde_json::Value;

use crate::checks::opportunity::reflection;
use crate::checks::seen::{Seen, items};
use crate::checks::value::number_of;
use crate::results::Finding;
use crate::vocabulary::Stage;

/// Finds that a document has another number of OrderItems than the requests.
pub(super) fn complete(document: &Value, seen: Seen<'_>) -> Option<Finding> {
    let (found, wanted) = (items(document).len(), seen.items.len());
    (found != wanted || found == 0).then(|| {
        Finding::new("`orderedItem` has another number of OrderItems than the request")
            .expected(number_of(wanted, "OrderItem", "OrderItems"), number_of(found, "OrderItem", "OrderItems"))
            .path("orderedItem")
            .violating(item_set(seen.stage).iter().copied())
    })
}

/// The requirements that a document violates which has other OrderItems than it must have, at a stage.
const fn item_set(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::OrdersFeed => &["OB-totalpaymentdue-invariant-1", "OB-cancellation-after-b-1"],
        Stage::OrderStatus => &["OB-totalpaymentdue-invariant-1"],
        Stage::ProposalsFeed => &["OB-broker-processing-the-orders-feed-8"],
        request => reflection(request),
    }
}

/// The finding that an OrderItem under test is missing, with what that violates.
pub(super) fn lost(finding: Finding, seen: Seen<'_>) -> Finding {
    finding.violating(item_set(seen.stage).iter().copied())
}

/// The finding that there is no Order of B to compare a document with.
pub(super) fn nothing_booked(seen: Seen<'_>) -> Finding {
    let mut finding = Finding::new("response of B is missing, so that nothing can be compared with it");
    finding.subject = Stage::B.subject().to_owned();
    finding.expected("the Order that B returned", "none").spec(seen.spec)
}
