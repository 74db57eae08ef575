//! The rules by subject. `pages.rs` documents each of them.

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

/// Applies each rule to an object.
pub(super) fn apply(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let field_rules = walk.model.field_rules(node.kind, walk.mode, node.key());
    core::node(walk, node, field_rules);
    for member in node.object {
        let field = node.kind.and_then(|kind| kind.field(member.names));
        // A key that is no field is not checked, unless the type is unknown.
        let detected =
            (field.is_some() || node.kind.is_none()).then(|| detect(walk.model, field, &member.value, false));
        core::member(walk, node, member, field_rules, field.zip(detected.as_ref()));
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
