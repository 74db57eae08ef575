//! Type of the root in each mode.

use crate::validate::expected;
use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::mode::ValidationMode;
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Draft, Walk};

/// Judges the `@type` of the root.
pub(super) fn root(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    if !node.root() {
        return;
    }
    let at = At::Key("@type");
    let name = node.kind.map_or("", |kind| kind.name);
    let value = node.value("type", walk.model.known.kind);
    // A missing `@type` has a finding of its own.
    let missing = value.is_none();
    if walk.mode == ValidationMode::OpenBookingError {
        let general = walk.model.type_named("OpenBookingError");
        let error = node.kind.zip(general).is_some_and(|(kind, general)| kind.is_a(general.id));
        let (severity, message) = match (name, error) {
            ("OpenBookingError", _) => (Severity::Warning, "`@type` is OpenBookingError, not a specific error"),
            (_, true) => return,
            _ => (Severity::Failure, "`@type` is not an error of the Open Booking API"),
        };
        let rule = Rule::BookingRootTypeError;
        let draft = Draft::new(rule, K::WrongBaseType, message).severity(severity).maybe_found(value);
        let draft = draft.expected("a subclass of OpenBookingError, e.g. \"UnknownOrderError\"");
        walk.report(node, at, draft.caused_by(Rule::ValidModelType, missing));
        if let Some(kind) = node.kind.filter(|_| !error) {
            walk.mistyped(node, At::Node, kind, rule);
        }
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
        let rule = Rule::BookingRootTypeCorrect;
        let message = format!("`@type` is wrong for {}", walk.mode);
        let draft = Draft::new(rule, K::WrongBaseType, message).maybe_found(value);
        let draft = draft.expected(expected::one_of(wanted, None));
        walk.report(node, at, draft.caused_by(Rule::ValidModelType, missing));
        if let Some(kind) = node.kind {
            walk.mistyped(node, At::Node, kind, rule);
        }
    }
}
