//! A feature and its tests, out of a document.

use crate::document::{Fields, Kind, Node, Problem, Problems};
use crate::vocabulary::Action;

use super::read_step::read_step;
use super::types::{Condition, Criteria, Feature, Step, Test};

/// Reads a feature. Problems are collected; `None` when there are so many that there is no feature.
pub(super) fn read_feature(node: &Node, problems: &Problems) -> Option<Feature> {
    let fields = Fields::of(node, "a feature", problems)?;
    let category = fields.need_text("category").map(str::to_owned);
    let id = fields.need_text("feature").map(str::to_owned);
    let name = fields.need_text("name").map(str::to_owned);
    let summary = fields.need_text("summary").map(str::to_owned);
    let spec = fields.need_text("spec").map(str::to_owned);
    let required = fields.flag("required", false);
    let required_when = fields.text("required-when").map(str::to_owned);
    let coverage = fields.text("coverage").unwrap_or("complete").to_owned();
    if !["complete", "partial", "none"].contains(&coverage.as_str())
        && let Some(node) = fields.get("coverage")
    {
        problems.add(Problem::new(&node.spot, "`coverage` must be complete, partial or none"));
    }
    let notes = fields.text("notes").map(|text| text.trim().to_owned());
    let mut tests: Vec<Test> = Vec::new();
    for item in fields.list("tests") {
        if let Some(test) = read_test(item, problems) {
            if tests.iter().any(|other| other.id == test.id) {
                problems.add(Problem::new(&item.spot, format!("a second test `{}`", test.id)));
            }
            tests.push(test);
        }
    }
    fields.finish();
    Some(Feature {
        category: category?,
        id: id?,
        name: name?,
        summary: summary?.trim().to_owned(),
        spec: spec?,
        required,
        required_when,
        coverage,
        notes,
        tests,
    })
}

fn read_test(node: &Node, problems: &Problems) -> Option<Test> {
    let fields = Fields::of(node, "a test", problems)?;
    let id = fields.need_text("id").map(str::to_owned);
    let when = fields.need("when").and_then(|node| fields.name_at(node));
    let name = fields.need_text("name").map(str::to_owned);
    let summary = fields.need_text("summary").map(|text| text.trim().to_owned());
    let criteria = fields.get("criteria").and_then(|node| read_criteria(node, problems));
    let multiple = fields.flag("multiple", true);
    let only_if: Vec<Condition> = fields.list("only-if").iter().filter_map(|node| fields.name_at(node)).collect();
    let actions: Vec<Action> = fields.list("actions").iter().filter_map(|node| fields.name_at(node)).collect();
    let steps_node = fields.need("steps");
    let mut steps = Vec::new();
    if let Some(list) = steps_node {
        match &list.kind {
            Kind::List(items) if !items.is_empty() => {
                for item in items {
                    if let Some(step) = read_step(item, problems) {
                        order_problem(&steps, &step, item, problems);
                        steps.push(step);
                    }
                }
            }
            _ => problems.add(Problem::new(&list.spot, "`steps` must be a list with at least one step")),
        }
        actions_problem(&steps, &actions, list, problems);
        if criteria.is_none() && steps.iter().any(|step| matches!(step, Step::Fetch | Step::Create)) {
            problems.add(Problem::new(&node.spot, "a test that fetches opportunities needs `criteria`"));
        }
    }
    fields.finish();
    Some(Test { id: id?, when: when?, name: name?, summary: summary?, criteria, multiple, only_if, actions, steps })
}

fn read_criteria(node: &Node, problems: &Problems) -> Option<Criteria> {
    let fields = Fields::of(node, "the criteria of a test", problems)?;
    let test = fields.need("test").and_then(|node| fields.name_at(node));
    let control = match fields.get("control") {
        Some(node) => fields.name_at(node),
        None => test,
    };
    fields.finish();
    Some(Criteria { test: test?, control: control? })
}

/// A step that builds on another must come after it.
fn order_problem(before: &[Step], step: &Step, node: &Node, problems: &Problems) {
    let word = step.word();
    let needed: &[&str] = match step {
        Step::Fetch | Step::Create => &[],
        Step::C1 | Step::C2 | Step::Book => &["fetch", "create"],
        Step::Simulate { .. } => &["book"],
    };
    if !needed.is_empty() && !before.iter().any(|earlier| needed.contains(&earlier.word())) {
        let message = format!("`{word}` needs `{}` before it", needed.join("` or `"));
        problems.add(Problem::new(&node.spot, message));
    }
}

/// The declared actions are those that the steps use, no more and no fewer.
fn actions_problem(steps: &[Step], declared: &[Action], node: &Node, problems: &Problems) {
    let mut used: Vec<Action> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Simulate { action, .. } => Some(*action),
            _ => None,
        })
        .collect();
    for action in declared {
        if !used.contains(action) {
            problems.add(Problem::new(&node.spot, format!("`actions` names {action}, but no step simulates it")));
        }
    }
    used.retain(|action| !declared.contains(action));
    for action in used {
        problems.add(Problem::new(&node.spot, format!("a step simulates {action}, but `actions` does not name it")));
    }
}
