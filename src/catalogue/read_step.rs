//! A step, out of a document.

use std::sync::Arc;

use crate::document::{Fields, Node, NodeKind as Kind, Problem, Problems};
use crate::steps::{Act, KINDS, Step};
use crate::vocabulary::ErrorName;

use super::read_check::read_check;
use super::read_requirements::read_requirements;

/// Every keyword.
fn keywords() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.keyword())
}

/// Reads a step: a keyword, or an object with the keyword as one of its keys.
pub(super) fn read_step(node: &Node, problems: &Problems) -> Option<Step> {
    match &node.kind {
        Kind::Text(word) => alone(word, node, problems).map(Step::plain),
        Kind::Object(_) => read_object(node, problems),
        _ => {
            problems.add(Problem::new(&node.spot, format!("expected a step, found {}", node.kind_in_words())));
            None
        }
    }
}

/// The act of a keyword that stands alone.
fn alone(word: &str, node: &Node, problems: &Problems) -> Option<Arc<dyn Act>> {
    let Some(kind) = KINDS.iter().find(|kind| kind.keyword() == word) else {
        problems.add(Problem::new(&node.spot, format!("unknown step `{word}`")).suggest(word, keywords()));
        return None;
    };
    let act = kind.alone();
    if act.is_none() {
        problems.add(Problem::new(&node.spot, format!("`{word}` needs a value: `{word}: ...`")));
    }
    act
}

fn read_object(node: &Node, problems: &Problems) -> Option<Step> {
    let fields = Fields::of(node, "a step", problems)?;
    let kinds: Vec<_> = KINDS.iter().filter(|kind| node.get(kind.keyword()).is_some()).collect();
    let act = match kinds.as_slice() {
        [kind] => kind.read(&fields, problems),
        [] => {
            for word in keywords() {
                let _ = fields.get(word);
            }
            problems.add(Problem::new(
                &node.spot,
                format!("a step is one of: {}", keywords().collect::<Vec<_>>().join(", ")),
            ));
            None
        }
        several => {
            let several: Vec<&str> = several.iter().map(|kind| kind.keyword()).collect();
            problems.add(Problem::new(&node.spot, format!("a step is one of {}, not several", several.join(" and "))));
            for word in keywords() {
                let _ = fields.get(word);
            }
            None
        }
    };
    let checks = |key: &'static str| -> Vec<_> {
        fields.list(key).iter().filter_map(|node| read_check(node, problems)).collect()
    };
    let (expect, expect_proposal) = (checks("expect"), checks("expect-proposal"));
    let fails: Option<ErrorName> = fields.get("fails").and_then(|node| fields.name_at(node));
    let awaits = fields.get("await").and_then(|node| fields.name_at(node));
    let deleted = fields.flag("deleted", false);
    let quiet = fields.get("quiet").and_then(|node| fields.name_at(node));
    let capacity = fields.get("capacity").and_then(|node| fields.name_at(node));
    let profile = fields.get("profile").and_then(|node| fields.name_at(node));
    let spec = fields.text("spec").map(str::to_owned);
    let covers = read_requirements(&fields, "covers", problems);
    let violates = read_requirements(&fields, "violates", problems);
    let step = Step {
        act: act?,
        fails,
        awaits,
        deleted,
        quiet,
        expect,
        expect_proposal,
        capacity,
        profile,
        spec,
        covers,
        violates,
    };
    let effect = step.act.effect();
    let word = step.act.keyword();
    if let (Some(node), None, true) = (fields.get("expect"), step.awaits, effect.needs_await()) {
        problems.add(Problem::new(&node.spot, "`expect` needs `await`: the feed whose item it speaks of"));
    }
    if let (Some(node), false) = (fields.get("quiet"), effect.may_be_quiet()) {
        problems.add(Problem::new(&node.spot, format!("`{word}` cannot be `quiet`")));
    }
    if let (Some(node), false) = (fields.get("await"), effect.may_be_awaited()) {
        problems.add(Problem::new(&node.spot, format!("`{word}` has no effect that shows in a feed")));
    }
    if step.awaits.is_some() && step.expect.is_empty() && !step.deleted {
        let problem = Problem::new(fields.spot(), "`await` without `expect` would be satisfied by any update");
        problems.add(problem.hint("say under `expect` what the update must show"));
    }
    fields.finish();
    Some(step)
}

#[cfg(test)]
mod tests {
    use super::super::load::Catalogue;

    /// The problems of a feature whose test has these steps, in YAML flow style; empty where there are none.
    fn problems(steps: &str) -> String {
        let text = format!(
            "category: core\nfeature: order-deletion\nname: N\nsummary: S\nspec: https://openactive.io/\ntests:\n  - id: t\n    \
             when: implemented\n    name: T\n    summary: S\n    criteria: {{ test: TestOpportunityBookable }}\n    \
             steps: [{steps}]\n"
        );
        match Catalogue::from_texts([("own.yaml".to_owned(), text)].into_iter()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_kind_says_itself_what_it_needs() {
        let cases: &[(&str, &[&str])] = &[
            ("fetch, c1, { c2: standard }, book, order-status, { delete-order: own, capacity: restored }", &[]),
            ("fetch, { c1: with-customer }, { dataset-site: standard }, repeat-c1", &[]),
            ("fetsch", &["unknown step `fetsch`"]),
            ("fetch, c1-rejected", &["`c1-rejected` needs a value: `c1-rejected: ...`"]),
            ("fetch, { c1: standard, c2: standard }", &["a step is one of c1 and c2, not several"]),
            ("fetch, { c1: surprising }", &["unknown request `surprising`"]),
            ("c1", &["`c1` needs `fetch` or `create` or `look-for` before it"]),
            ("fetch, c1, repeat-c2", &["`repeat-c2` needs `c2` before it"]),
            ("fetch, { status-before: order-proposal }", &["`status-before` needs `propose` before it"]),
            ("fetch, { c1: standard, quiet: orders-feed }", &["`c1` cannot be `quiet`"]),
            (
                "fetch, { c1: standard, await: orders-feed, deleted: true }",
                &["`c1` has no effect that shows in a feed"],
            ),
            (
                "fetch, c1, c2, book, { cancel: standard, expect: [{ count: orderedItem, equals: 1 }] }",
                &["`expect` needs `await`: the feed whose item it speaks of"],
            ),
            ("fetch, c1, { lease: c1, count: 2, shows: 1 }", &["a step lacks `leaves`"]),
            (
                "fetch, c1, { cancel: standard }",
                &["`cancel` needs `book` or `confirm` or `not-in-feed` or `order-status` before it"],
            ),
        ];
        for (steps, expected) in cases {
            let found = problems(steps);
            assert_eq!(found.is_empty(), expected.is_empty(), "{steps}: {found}");
            assert!(expected.iter().all(|problem| found.contains(problem)), "{steps}: {found}");
        }
    }
}
