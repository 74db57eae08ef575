//! Unknown properties: typos, extensions, and terms of schema.org.

use crate::validate::contexts::{Contexts, Term};
use crate::validate::expected;
use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member};
use crate::validate::mode::ValidationMode;
use crate::validate::model::{Resolved, Type};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Draft, Walk};
use crate::vocabulary::closest;

const RULE: Rule = Rule::FieldsNotInModel;

/// The context of the terms that OpenActive tries out.
const BETA: &str = "https://openactive.io/ns-beta";

/// Reports a property that its type does not have.
pub(super) fn member(walk: &mut Walk<'_>, node: &Node<'_, '_>, kind: &Type, member: &Member<'_>) {
    if kind.in_spec.has_key(member.names) && !kind.not_in_spec.has_key(member.names) || member.key == "@context" {
        return;
    }
    // A type that is not written by its name may have what it likes.
    let written = node.value("type", walk.model.known.kind).and_then(Json::as_text);
    if kind.json_ld && written != Some(kind.name) {
        return;
    }
    let key = member.key.as_ref();
    let at = At::Key(key);
    if kind.not_in_spec.has_key(member.names) {
        let message = format!("`{key}` is not allowed on {}", kind.name);
        let draft = Draft::new(RULE, K::FieldNotAllowedInSpec, message);
        walk.report(node, at, draft.expected(format!("no `{key}`")).found(&member.value));
        return;
    }
    let model = walk.model;
    let contexts = walk.contexts(node);
    // The terms of that context all have its prefix.
    let missing: Vec<&String> = contexts.missing.iter().filter(|url| *url != BETA || key.contains(':')).collect();
    for url in &missing {
        let message = format!("context that may define `{key}` is not available");
        let draft = Draft::new(RULE, K::FileNotFound, message).internal();
        walk.report(node, at, draft.expected("a JSON-LD context at the URL").found_text(url.as_str()));
        walk.undetermined();
    }
    for _ in 0..contexts.unchecked {
        let message = format!("nested context that may define `{key}` is not checked");
        let draft = Draft::new(RULE, K::ExperimentalFieldsNotChecked, message);
        walk.report(node, at, draft.severity(Severity::Notice).found(&member.value));
    }
    let resolved = model.resolve(key, &contexts.contexts);
    let ours = resolved.prefix.as_ref().is_some_and(|prefix| model.prefixes.iter().any(|(known, _)| known == prefix));
    if !ours {
        return extension(walk, node, kind, member, &contexts, &resolved);
    }
    let plain = !key.contains(':') || resolved.prefix.as_deref() == Some("schema");
    if let Some((_, meant)) = kind.typos.iter().find(|(typo, _)| *typo == key) {
        let draft = Draft::new(RULE, K::FieldCouldBeTypo, format!("`{key}` is a typo of `{meant}`"));
        walk.report(node, at, draft.expected(format!("`{meant}`")).found(&member.value));
        if let Some(field) = kind.fields.iter().find(|field| model.name(field.name) == *meant) {
            walk.misspelt(node, field.name);
        }
    } else if plain && in_schema_org(walk, kind, &resolved.label) {
        let message = format!("`{key}` is a schema.org property outside the OpenActive model, so it is not checked");
        let draft = Draft::new(RULE, K::SchemaOrgFieldsNotChecked, message);
        walk.report(node, at, draft.severity(Severity::Notice).found(&member.value));
    } else {
        let names: Vec<&str> = kind.fields.iter().map(|field| model.display_name(kind, field.name)).collect();
        let expected = expected::properties(kind.name, &names, key);
        let draft = Draft::new(RULE, K::FieldNotInSpec, format!("`{key}` is not a property of {}", kind.name));
        walk.report(node, at, draft.expected(expected).found(&member.value));
        if !missing.is_empty() {
            walk.undetermined();
        } else if let Some(meant) = closest(key, names.iter().copied())
            && let Some(field) = kind.fields.iter().find(|field| model.display_name(kind, field.name) == meant)
        {
            walk.misspelt(node, field.name);
        }
    }
}

fn in_schema_org(walk: &Walk<'_>, kind: &Type, label: &str) -> bool {
    let vocabularies = &walk.model.vocabularies;
    vocabularies.anywhere.contains(label)
        || kind
            .schema_class
            .and_then(|class| vocabularies.ancestors.get(class))
            .into_iter()
            .flatten()
            .any(|class| vocabularies.terms.get(class).is_some_and(|terms| terms.contains(label)))
}

fn extension(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    kind: &Type,
    member: &Member<'_>,
    contexts: &Contexts,
    resolved: &Resolved,
) {
    let key = member.key.as_ref();
    let model = walk.model;
    let report = |walk: &mut Walk<'_>, found: K, severity: Severity, message: String, expected: String| {
        let draft = Draft::new(RULE, found, message).severity(severity).expected(expected).found(&member.value);
        walk.report(node, At::Key(key), draft);
    };
    match contexts.term(model, resolved, kind) {
        Term::Known { superseded: false } => {}
        Term::Known { superseded: true } => {
            let severity = if walk.mode == ValidationMode::RpdeFeed { Severity::Warning } else { Severity::Failure };
            let expected = "the term in its `supersededBy`".to_owned();
            report(walk, K::FieldNotAllowedInSpec, severity, format!("`{key}` is superseded"), expected);
        }
        Term::UnknownDomain => {
            let message =
                format!("`{key}` is not checked: its context does not say whether it applies to {}", kind.name);
            let expected = format!("a term with {} in its `domainIncludes`", kind.name);
            report(walk, K::ExperimentalFieldsNotChecked, Severity::Notice, message, expected);
        }
        Term::WrongDomain => {
            let message = format!("`{key}` does not apply to {}", kind.name);
            let expected = format!("a term with {} in its `domainIncludes`", kind.name);
            report(walk, K::ExperimentalFieldsNotChecked, Severity::Failure, message, expected);
        }
        Term::Undefined => {
            let message = format!("`{key}` is not defined by `@context`");
            let expected = "a term that a context of the document defines".to_owned();
            report(walk, K::ExperimentalFieldsNotChecked, Severity::Failure, message, expected);
            if !contexts.missing.is_empty() {
                walk.undetermined();
            }
        }
    }
}
