//! The rules, by what they are about. Each is told of in a page beside them (`pages.rs`).

pub(super) mod activities;
mod booking;
mod core;
mod extensions;
mod format;
mod notes;
mod quality;

use super::node::Node;
use super::walk::Walk;

/// Applies every rule to an object.
pub(super) fn apply(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    core::node(walk, node);
    for member in node.object {
        core::member(walk, node, member);
        format::member(walk, node, member);
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
