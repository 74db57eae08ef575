//! Properties that a type does not have: slips, extensions, and terms of schema.org.

use crate::validate::contexts::{Contexts, Term};
use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member};
use crate::validate::mode::ValidationMode;
use crate::validate::model::{Resolved, Type};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Saying, Walk};
use crate::vocabulary::closest;

const RULE: Rule = Rule::FieldsNotInModel;

/// Judges a property by whether its type has it.
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
        let message = format!("`{key}` never belongs into {}", kind.name);
        walk.say(node, at, Saying::new(RULE, K::FieldNotAllowedInSpec, message));
        return;
    }
    let model = walk.model;
    let contexts = walk.contexts(node);
    for url in &contexts.missing {
        let message = format!("the context {url} is not to be had, and `{key}` may be of it");
        walk.say(node, at, Saying::new(RULE, K::FileNotFound, message).internal());
        walk.undetermined();
    }
    for _ in 0..contexts.unchecked {
        let message = "a context that another context leads to is not checked";
        let saying = Saying::new(RULE, K::ExperimentalFieldsNotChecked, message);
        walk.say(node, at, saying.severity(Severity::Notice));
    }
    let resolved = model.resolve(key, &contexts.contexts);
    let ours = resolved.prefix.as_ref().is_some_and(|prefix| model.prefixes.iter().any(|(known, _)| known == prefix));
    if !ours {
        return extension(walk, node, kind, key, &contexts, &resolved);
    }
    let plain = !key.contains(':') || resolved.prefix.as_deref() == Some("schema");
    if let Some((_, meant)) = kind.typos.iter().find(|(typo, _)| *typo == key) {
        let message = format!("`{key}` is not known: `{meant}` may be meant");
        walk.say(node, at, Saying::new(RULE, K::FieldCouldBeTypo, message));
    } else if plain && in_schema_org(walk, kind, &resolved.label) {
        let message = format!("`{key}` is of schema.org, not of the OpenActive model: it is not checked");
        let saying = Saying::new(RULE, K::SchemaOrgFieldsNotChecked, message);
        walk.say(node, at, saying.severity(Severity::Notice));
    } else {
        let near = closest(key, kind.fields.iter().map(|field| model.shown(field.name)));
        let meant = near.map_or_else(String::new, |name| format!(": did you mean `{name}`?"));
        let message = format!("{} has no `{key}`{meant}", kind.name);
        walk.say(node, at, Saying::new(RULE, K::FieldNotInSpec, message));
        if !contexts.missing.is_empty() {
            walk.undetermined();
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
    key: &str,
    contexts: &Contexts,
    resolved: &Resolved,
) {
    let at = At::Key(key);
    let model = walk.model;
    let say = |walk: &mut Walk<'_>, found: K, severity: Severity, message: String| {
        walk.say(node, at, Saying::new(RULE, found, message).severity(severity));
    };
    match contexts.term(model, resolved, kind) {
        Term::Known { superseded: false } => {}
        Term::Known { superseded: true } => {
            let severity = if walk.mode == ValidationMode::RpdeFeed { Severity::Warning } else { Severity::Failure };
            say(walk, K::FieldNotAllowedInSpec, severity, format!("`{key}` is superseded"));
        }
        Term::UnknownDomain => {
            let message = format!("it is not known whether {} may have `{key}`", kind.name);
            say(walk, K::ExperimentalFieldsNotChecked, Severity::Notice, message);
        }
        Term::WrongDomain => {
            let message = format!("`{key}` is for other types than {}", kind.name);
            say(walk, K::ExperimentalFieldsNotChecked, Severity::Failure, message);
        }
        Term::Undefined => {
            let message = format!("`{key}` is defined by no context of the document");
            say(walk, K::ExperimentalFieldsNotChecked, Severity::Failure, message);
            if !contexts.missing.is_empty() {
                walk.undetermined();
            }
        }
    }
}
