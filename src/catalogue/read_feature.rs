//! A feature and its tests, out of a document.

use crate::document::{Fields, Node, NodeKind as Kind, Problem, Problems};
use crate::steps::{BrokerRole, CustomerDetails, OpportunityOrigin, PartnerName, Step};
use crate::vocabulary::{Action, FEATURE_NAMES, Flow, Profile, closest};

use super::read_step::read_step;
use super::types::{Condition, Feature, Multiple, Opportunities, Part, SellerChoice, Test, WantedItem};

/// Reads a feature. Problems are collected; `None` if they leave no feature.
pub(super) fn read_feature(node: &Node, problems: &Problems) -> Option<Feature> {
    let fields = Fields::of(node, "a feature", problems)?;
    let category = fields.need_text("category").map(str::to_owned);
    let id = fields.need_text("feature").map(str::to_owned);
    let name = fields.need_text("name").map(str::to_owned);
    let summary = fields.need_text("summary").map(str::to_owned);
    let spec = fields.need_text("spec").map(str::to_owned);
    let required = fields.flag("required", false);
    let required_when = fields.text("required-when").map(str::to_owned);
    let needs_one_of = fields.list("needs-one-of").iter().filter_map(|node| feature_name(node, problems)).collect();
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
            if tests.iter().any(|other| other.id == test.id && other.when == test.when) {
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
        needs_one_of,
        coverage,
        notes,
        tests,
    })
}

/// The name of a feature that exists.
fn feature_name(node: &Node, problems: &Problems) -> Option<String> {
    let name = node.as_text()?;
    if !FEATURE_NAMES.iter().any(|(_, known)| *known == name) {
        let mut problem = Problem::new(&node.spot, format!("unknown feature `{name}`"));
        if let Some(name) = closest(name, FEATURE_NAMES.iter().map(|(_, known)| *known)) {
            problem = problem.hint(format!("did you mean `{name}`?"));
        }
        problems.add(problem);
    }
    Some(name.to_owned())
}

fn read_test(node: &Node, problems: &Problems) -> Option<Test> {
    let fields = Fields::of(node, "a test", problems)?;
    let id = fields.need_text("id").map(str::to_owned);
    let when = fields.need("when").and_then(|node| fields.name_at(node));
    let name = fields.need_text("name").map(str::to_owned);
    let summary = fields.need_text("summary").map(|text| text.trim().to_owned());
    let multiple = match fields.get("multiple") {
        Some(node) if node.as_bool() == Some(false) => Some(Multiple::No),
        Some(node) => fields.name_at(node),
        None => Some(Multiple::WithControl),
    };
    let opportunities = fields.get("criteria").and_then(|node| read_criteria(node, multiple, problems));
    let conditions =
        |key: &'static str| fields.list(key).iter().filter_map(|node| read_condition(node, problems)).collect();
    let (only_if, multiple_only_if): (Vec<Condition>, Vec<Condition>) =
        (conditions("only-if"), conditions("multiple-only-if"));
    let flows = fields.list("flows").iter().filter_map(|node| fields.name_at(node)).collect();
    let without_types = fields.list("without-types").iter().filter_map(|node| fields.name_at(node)).collect();
    let seller = fields.get("seller").map_or(Some(SellerChoice::Primary), |node| fields.name_at(node));
    let credentials = fields.get("credentials").and_then(|node| fields.name_at(node));
    let broker_role = fields.get("broker-role").map_or(Some(BrokerRole::AgentBroker), |node| fields.name_at(node));
    let customer = fields.get("customer").map_or(Some(CustomerDetails::Any), |node| fields.name_at(node));
    let each_type = fields.flag("each-type", false);
    let slow = fields.flag("slow", false);
    let profile: Option<Profile> = fields.get("profile").and_then(|node| fields.name_at(node));
    let spec = fields.text("spec").map(str::to_owned);
    if profile == Some(Profile::Strict) && spec.is_none() {
        let problem = Problem::new(fields.spot(), "a strict test needs `spec`");
        problems.add(problem.hint("name the section of the specification that justifies it"));
    }
    let declared: Vec<(Action, &Node)> =
        fields.list("actions").iter().filter_map(|node| Some((fields.name_at(node)?, node))).collect();
    let actions: Vec<Action> = declared.iter().map(|(action, _)| *action).collect();
    let parts = read_parts(&fields, problems);
    actions_problem(&parts, &declared, node, problems);
    let has =
        |source: OpportunityOrigin| parts.iter().flat_map(|part| &part.steps).any(|step| step.act.source() == source);
    let (fetches, finds) = (has(OpportunityOrigin::Fetched), has(OpportunityOrigin::Found));
    if finds && (!each_type || opportunities.is_some()) {
        let problem =
            Problem::new(&node.spot, "a test that looks for an opportunity has `each-type` and no `criteria`");
        problems.add(problem.hint("what is found is of the type and flow of the cell"));
    }
    if opportunities.is_none() && fetches {
        problems.add(Problem::new(&node.spot, "a test that fetches opportunities needs `criteria`"));
    }
    fields.finish();
    Some(Test {
        id: id?,
        when: when?,
        name: name?,
        summary: summary?,
        opportunities,
        each_type,
        slow,
        multiple: multiple?,
        multiple_only_if,
        flows,
        without_types,
        seller: seller?,
        credentials,
        broker_role: broker_role?,
        customer: customer?,
        only_if,
        profile,
        spec,
        actions,
        parts,
    })
}

/// `steps`, or `parts` that each have some.
fn read_parts(fields: &Fields<'_>, problems: &Problems) -> Vec<Part> {
    let steps = fields.get("steps");
    let parts = fields.get("parts");
    match (steps, parts) {
        (Some(steps), None) => {
            let steps = read_steps(steps, problems);
            vec![Part { name: None, partner: PartnerName::Primary, same_uuid: false, profile: None, steps }]
        }
        (None, Some(_)) => {
            let mut all = Vec::new();
            for node in fields.list("parts") {
                all.extend(read_part(node, problems));
            }
            all
        }
        _ => {
            problems.add(Problem::new(fields.spot(), "a test needs either `steps` or `parts`"));
            Vec::new()
        }
    }
}

fn read_part(node: &Node, problems: &Problems) -> Option<Part> {
    let fields = Fields::of(node, "a part of a test", problems)?;
    let name = fields.need_text("name").map(str::to_owned);
    let partner = fields.get("partner").map_or(Some(PartnerName::Primary), |node| fields.name_at(node));
    let same_uuid = fields.flag("same-uuid", false);
    let profile = fields.get("profile").and_then(|node| fields.name_at(node));
    let steps = fields.need("steps").map(|node| read_steps(node, problems)).unwrap_or_default();

    fields.finish();
    Some(Part { name: Some(name?), partner: partner?, same_uuid, profile, steps })
}

fn read_steps(list: &Node, problems: &Problems) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
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
    steps
}

fn read_condition(node: &Node, problems: &Problems) -> Option<Condition> {
    match &node.kind {
        Kind::Text(word) => match word.as_str() {
            "controlled-mode" => Some(Condition::ControlledMode),
            "random-mode" => Some(Condition::RandomMode),
            other => {
                problems.add(
                    Problem::new(&node.spot, format!("unknown condition `{other}`"))
                        .suggest(other, ["controlled-mode", "random-mode", "implemented", "not-implemented"]),
                );
                None
            }
        },
        _ => {
            let fields = Fields::of(node, "a condition", problems)?;
            let found = match (fields.get("implemented"), fields.get("not-implemented")) {
                (Some(feature), None) => feature_name(feature, problems).map(Condition::Implemented),
                (None, Some(feature)) => feature_name(feature, problems).map(Condition::NotImplemented),
                _ => {
                    problems.add(Problem::new(&node.spot, "a condition is `implemented` or `not-implemented`"));
                    None
                }
            };
            fields.finish();
            found
        }
    }
}

/// `test` and `control`, or `items` and `items-of-multiple`.
fn read_criteria(node: &Node, multiple: Option<Multiple>, problems: &Problems) -> Option<Opportunities> {
    let fields = Fields::of(node, "the criteria of a test", problems)?;
    let seller: Option<SellerChoice> = fields.get("seller").and_then(|node| fields.name_at(node));
    if fields.get("items").is_some() {
        let wanted = |key: &'static str| -> Vec<WantedItem> {
            fields.list(key).iter().filter_map(|node| read_wanted(node, problems)).collect()
        };
        let (single, multiple) = (wanted("items"), wanted("items-of-multiple"));
        fields.finish();
        return Some(Opportunities { single, multiple });
    }
    let test = fields.need("test").and_then(|node| fields.name_at(node));
    let control = match fields.get("control") {
        Some(node) => fields.name_at(node),
        None => test,
    };
    fields.finish();
    let item = |criteria, control, shared| WantedItem { criteria, seller, control, shared, flow: None };
    let (test, control) = (test?, control?);
    let multiple = match multiple? {
        Multiple::No => Vec::new(),
        Multiple::OnePerType => vec![item(test, false, false)],
        Multiple::WithControl => vec![item(test, false, false), item(test, false, true), item(control, true, false)],
    };
    Some(Opportunities { single: vec![item(test, false, false)], multiple })
}

fn read_wanted(node: &Node, problems: &Problems) -> Option<WantedItem> {
    let fields = Fields::of(node, "an OrderItem that a test wants", problems)?;
    let criteria = fields.need("criteria").and_then(|node| fields.name_at(node));
    let seller = fields.get("seller").and_then(|node| fields.name_at(node));
    let (control, shared) = (fields.flag("control", false), fields.flag("shared", false));
    let flow = fields.get("flow").and_then(|node| fields.name_at(node));
    fields.finish();
    Some(WantedItem { criteria: criteria?, seller, control, shared, flow })
}

/// A step that builds on another must come after it.
fn order_problem(before: &[Step], step: &Step, node: &Node, problems: &Problems) {
    let (word, needed) = (step.act.keyword(), step.act.needs());
    if !needed.is_empty() && !before.iter().any(|earlier| needed.contains(&earlier.act.keyword())) {
        let message = format!("`{word}` needs `{}` before it", needed.join("` or `"));
        problems.add(Problem::new(&node.spot, message));
    }
}

/// The declared actions are those that the steps use, no more and no fewer.
fn actions_problem(parts: &[Part], declared: &[(Action, &Node)], node: &Node, problems: &Problems) {
    let mut used: Vec<Action> = Vec::new();
    // What a booking of the approval flow adds is not declared.
    for action in parts.iter().flat_map(|part| &part.steps).flat_map(|step| step.actions(Flow::Simple)) {
        if !used.contains(&action) {
            used.push(action);
        }
    }
    for (action, place) in declared {
        if !used.contains(action) {
            problems.add(Problem::new(&place.spot, format!("`actions` names {action}, but no step simulates it")));
        }
    }
    used.retain(|action| !declared.iter().any(|(known, _)| known == action));
    for action in used {
        // The acceptance that the approval flow cannot do without belongs to no test in particular.
        if action != Action::SellerAcceptOrderProposal {
            problems
                .add(Problem::new(&node.spot, format!("a step simulates {action}, but `actions` does not name it")));
        }
    }
}
