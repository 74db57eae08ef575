//! A step, out of a document.

use crate::document::{Fields, Kind, Node, Problem, Problems};
use crate::vocabulary::ActionTarget;

use super::read_check::read_check;
use super::types::{FeedName, Step};

/// Reads a step: a word, or an object that starts with `simulate`.
pub(super) fn read_step(node: &Node, problems: &Problems) -> Option<Step> {
    match &node.kind {
        Kind::Text(word) => match word.as_str() {
            "fetch" => Some(Step::Fetch),
            "create" => Some(Step::Create),
            "c1" => Some(Step::C1),
            "c2" => Some(Step::C2),
            "book" => Some(Step::Book),
            "simulate" => {
                problems.add(Problem::new(&node.spot, "`simulate` needs an action: `simulate: ...SimulateAction`"));
                None
            }
            _ => {
                problems.add(
                    Problem::new(&node.spot, format!("unknown step `{word}`"))
                        .suggest(word, Step::WORDS.iter().map(|(word, _)| *word)),
                );
                None
            }
        },
        Kind::Object(_) => read_simulate(node, problems),
        _ => {
            problems.add(Problem::new(&node.spot, format!("expected a step, found {}", node.kind_in_words())));
            None
        }
    }
}

fn read_simulate(node: &Node, problems: &Problems) -> Option<Step> {
    let fields = Fields::of(node, "a step", problems)?;
    let action = fields.need("simulate").and_then(|node| fields.name_at(node));
    let on: Option<ActionTarget> = match fields.get("on") {
        Some(node) => fields.name_at(node),
        None => Some(ActionTarget::Order),
    };
    let awaits: Option<FeedName> = fields.get("await").and_then(|node| fields.name_at(node));
    let expect_node = fields.get("expect");
    let expect: Vec<_> = fields.list("expect").iter().filter_map(|node| read_check(node, problems)).collect();
    if let (Some(node), None) = (expect_node, fields.get("await")) {
        problems.add(Problem::new(&node.spot, "`expect` needs `await`: the feed whose item it speaks of"));
    }
    if awaits.is_some() && expect_node.is_none() {
        let problem = Problem::new(fields.spot(), "`await` without `expect` would be satisfied by any update");
        problems.add(problem.hint("say under `expect` what the update must show"));
    }
    fields.finish();
    Some(Step::Simulate { action: action?, on: on?, awaits, expect })
}
