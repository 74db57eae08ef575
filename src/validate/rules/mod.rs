//! The rules, by what they are about. Each is told of in a page beside them (`pages.rs`).

mod activities;
mod booking;
mod core;
mod extensions;
mod format;
mod notes;
mod quality;

use super::kinds::detect;
use super::node::Node;
use super::walk::Walk;

/// Applies every rule to an object.
pub(super) fn apply(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let demands = walk.model.demands(node.kind, walk.mode, node.key());
    core::node(walk, node, demands);
    for member in node.object {
        let field = node.kind.and_then(|kind| kind.field(member.names));
        // What no field is for is not looked at, unless nothing is known of the object at all.
        let detected =
            (field.is_some() || node.kind.is_none()).then(|| detect(walk.model, field, &member.value, false));
        core::member(walk, node, member, demands, field.zip(detected.as_ref()));
        if let Some(detected) = &detected {
            format::member(walk, node, member, field, detected);
        }
        quality::member(walk, node, member);
    }
    quality::node(walk, node);
    if node.kind.is_some_and(|kind| kind.event) {
        notes::node(walk, node);
    }
    if node.parent.is_none() || node.root() {
        booking::root(walk, node);
    }
}
