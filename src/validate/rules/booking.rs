//! Which type the document of each mode is.

use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::mode::ValidationMode;
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Saying, Walk};

/// Judges the top of a document.
pub(super) fn root(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    if !node.root() {
        return;
    }
    let at = At::Key("@type");
    let name = node.kind.map_or("", |kind| kind.name);
    if walk.mode == ValidationMode::OpenBookingError {
        let general = walk.model.type_named("OpenBookingError");
        let error = node.kind.zip(general).is_some_and(|(kind, general)| kind.is_a(general.id));
        let (severity, message) = match (name, error) {
            ("OpenBookingError", _) => (Severity::Warning, "an error has a type of its own, not OpenBookingError"),
            (_, true) => return,
            _ => (Severity::Failure, "the document is not an error of the Open Booking API"),
        };
        let saying = Saying::new(Rule::BookingRootTypeError, K::WrongBaseType, message).severity(severity);
        walk.say(node, at, saying);
        return;
    }
    let wanted: &[&str] = match walk.mode {
        ValidationMode::C1Request
        | ValidationMode::C1Response
        | ValidationMode::C2Request
        | ValidationMode::C2Response => &["OrderQuote"],
        ValidationMode::PRequest | ValidationMode::PResponse | ValidationMode::OrderProposalPatch => &["OrderProposal"],
        ValidationMode::BRequest
        | ValidationMode::BOrderProposalRequest
        | ValidationMode::BResponse
        | ValidationMode::OrderPatch => &["Order"],
        ValidationMode::OrdersFeed => &["Order", "OrderProposal"],
        ValidationMode::OrderStatus => &["Order", "OrderProposal", "OrderQuote"],
        _ => return,
    };
    if !wanted.contains(&name) {
        let message = format!("the document of {} is an {}", walk.mode, wanted.join(" or "));
        walk.say(node, at, Saying::new(Rule::BookingRootTypeCorrect, K::WrongBaseType, message));
    }
}
