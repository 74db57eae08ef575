//! Traversal of a document: each rule is applied to each object.

use super::json::{Json, Member, exact};
use super::node::Node;
use super::rule::Rule;
use super::rules;
use super::walk::{At, Walk};

/// Applies each rule to an object, then to the objects in it.
pub(super) fn visit(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    rules::apply(walk, node);
    for member in node.object {
        match &member.value {
            Json::Object(object) => enter(walk, node, member, None, object),
            Json::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Json::Object(object) = item {
                        enter(walk, node, member, Some(index), object);
                    }
                }
            }
            _ => {}
        }
    }
}

fn enter<'n, 't>(
    walk: &mut Walk<'_>,
    parent: &'n Node<'n, 't>,
    member: &'n Member<'t>,
    index: Option<usize>,
    object: &'n [Member<'t>],
) {
    if exact(object, "@value").is_some() {
        return;
    }
    let own = walk.own_type(object);
    let kind = own.or_else(|| {
        let field = parent.kind?.field_named(member.names.found)?;
        (walk.model.name(field.name) == member.key).then_some(field.model)?.and_then(|id| walk.model.type_at(id))
    });
    let node = Node::new(object, Some(parent), Some(member), index, kind);
    // Requirements of the assumed type follow from the missing one.
    if own.is_none()
        && let Some(kind) = kind.filter(|kind| kind.json_ld && node.value("type", walk.model.known.kind).is_none())
    {
        walk.mistyped(&node, At::Node, kind, Rule::ValidModelType);
    }
    visit(walk, &node);
}
