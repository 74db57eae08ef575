//! Rules that apply to each type: required, recommended and forbidden properties, types and values of properties.

use std::borrow::Cow;

use serde_json::Value;

use crate::validate::contexts::OPENACTIVE;
use crate::validate::expected;
use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member, exact, lookup};
use crate::validate::kinds::{Detected, detect, fits};
use crate::validate::mode::ValidationMode;
use crate::validate::model::{Constraint, Field, FieldRules, Kind, NameId, Scalar, Type};
use crate::validate::node::{Node, lists};
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Draft, Walk, found_json};

const ONLINE: &str = "https://schema.org/OnlineEventAttendanceMode";
const ABSOLUTE_URL: &str = "an absolute http or https URL";

/// Rules that look at the whole object.
pub(super) fn node(walk: &mut Walk<'_>, node: &Node<'_, '_>, field_rules: &FieldRules) {
    if node.json_ld() {
        model_type(walk, node);
        context(walk, node);
    }
    let Some(kind) = node.kind else { return };
    let model = walk.model;
    required(walk, node, field_rules);
    for group in &field_rules.groups {
        if group.iter().all(|name| node.inherited(model, *name).is_none()) {
            let names: Vec<&str> = group.iter().map(|name| model.display_name(kind, *name)).collect();
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("{} are missing from {}", listed(&names), kind.name);
            let empty = group.iter().any(|name| node.lookup(*name).is_some());
            let draft = Draft::new(Rule::RequiredOptionalFields, K::MissingRequiredField, message);
            let draft = draft.caused_by(Rule::NoEmptyValues, empty);
            walk.report(node, At::Group(group), draft.expected(format!("at least one of {}", names.join(", "))));
        }
    }
    for field in kind.fields.iter().filter(|field| field.deprecated) {
        if let Some(value) = node.inherited(model, field.name) {
            let name = model.name(field.name);
            let message = format!("`{name}` is deprecated on {}", kind.name);
            let severity = if walk.mode == ValidationMode::RpdeFeed { Severity::Warning } else { Severity::Failure };
            let draft = Draft::new(Rule::DeprecatedFields, K::FieldDeprecated, message).severity(severity);
            walk.report(node, At::Name(field.name), draft.expected(replacement(kind.name, name)).found(value));
        }
    }
    for name in &field_rules.recommended {
        if node.inherited(model, *name).is_none() {
            let draft = missing(walk, node, kind, *name, Rule::RecommendedFields, K::MissingRecommendedField);
            walk.report(node, At::Name(*name), draft.severity(Severity::Warning));
        }
    }
    if walk.mode.booking() && kind.json_ld {
        references(walk, node, field_rules);
    }
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The property that replaces a deprecated one.
fn replacement(kind: &str, name: &str) -> String {
    let other = match (kind, name) {
        ("FacilityUse" | "IndividualFacilityUse", "activity") => Some("facilityType"),
        ("Offer" | "OfferOverride", "ageRange") => Some("ageRestriction"),
        _ => None,
    };
    other.map_or_else(|| format!("no `{name}`"), |other| format!("`{other}` instead of `{name}`"))
}

/// A finding about a missing property.
fn missing<'a>(
    walk: &Walk<'_>,
    node: &Node<'_, '_>,
    kind: &'static Type,
    name: NameId,
    rule: Rule,
    found: K,
) -> Draft<'a> {
    let known = &walk.model.known;
    let message = format!("`{}` is missing from {}", walk.model.display_name(kind, name), kind.name);
    let other = if name == known.id && kind.json_ld { ABSOLUTE_URL } else { "a value" };
    let expected = kind.field_named(name).map_or(other, |field| field.expected.as_str());
    let of_activity = name == known.in_scheme && super::activities::holds(node);
    let draft = Draft::new(rule, found, message).expected(expected);
    draft
        .caused_by(Rule::ActivityInActivityList, of_activity)
        .caused_by(Rule::ValidModelType, name == known.kind && node.value("type", name).is_none())
        .caused_by(Rule::NoEmptyValues, node.lookup(name).is_some())
}

fn model_type(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let rule = Rule::ValidModelType;
    match node.value("type", walk.model.known.kind) {
        None => {
            let draft = Draft::new(rule, K::MissingRequiredField, "`@type` is missing").quality();
            walk.report(node, At::Node, draft.expected("a type of the OpenActive model"));
        }
        Some(value) => {
            let known = node.kind.is_some() && {
                let name = value.coerced();
                node.kind.is_some_and(|kind| kind.name == name) || walk.model.type_named(&name).is_some() || {
                    let resolved = walk.model.resolve(&name, &[]);
                    resolved.prefix.is_some() || resolved.namespace.is_some()
                }
            };
            if !known {
                let message = "`@type` is not in the OpenActive model, so the object is not checked";
                let draft = Draft::new(rule, K::ExperimentalFieldsNotChecked, message).quality();
                let names: Vec<&str> = walk.model.types.iter().map(|kind| kind.name).collect();
                let expected = expected::one_of(&names, Some(&value.coerced()));
                walk.report(node, At::Node, draft.severity(Severity::Suggestion).expected(expected).found(value));
            }
        }
    }
}

fn context(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let value = exact(node.object, "@context");
    let rule = Rule::ContextInRootNode;
    let mode = walk.mode;
    const CONTEXT: &str = "\"https://openactive.io/\"";
    let mut report = |kind: K, message: &'static str, expected: &'static str| {
        let draft = Draft::new(rule, kind, message).expected(expected).maybe_found(value);
        walk.report(node, At::Key("@context"), draft);
    };
    if !node.root() {
        if value.is_some() {
            report(K::FieldNotInSpec, "`@context` is not at the root", "`@context` at the root only");
        }
        return;
    }
    let is = |value: Option<&Json<'_>>, url: &str| value.and_then(Json::as_text) == Some(url);
    const MISSING: &str = "`@context` is missing";
    let schema = "https://schema.org/";
    match mode {
        ValidationMode::DatasetSite => {
            let list = value.and_then(Json::as_list).map(Vec::as_slice).unwrap_or_default();
            if !(is(list.first(), schema) && is(list.get(1), OPENACTIVE)) {
                let defect = "`@context` does not start with the contexts of a dataset site";
                let message = if value.is_none() { MISSING } else { defect };
                let expected = "a list that starts with \"https://schema.org/\", \"https://openactive.io/\"";
                report(K::FieldNotInDefinedValues, message, expected);
            }
        }
        ValidationMode::DataCatalog => {
            if !is(value, schema) {
                let defect = "`@context` is not the context of a data catalogue";
                let message = if value.is_none() { MISSING } else { defect };
                report(K::FieldNotInDefinedValues, message, "\"https://schema.org/\"");
            }
        }
        _ => match value {
            None => report(K::MissingRequiredField, MISSING, CONTEXT),
            Some(Json::Text(url)) if url == OPENACTIVE => {}
            Some(Json::Text(url)) if text::is_url(url) => {
                report(K::FieldNotInDefinedValues, "`@context` is not the OpenActive context", CONTEXT);
            }
            Some(Json::List(items)) if !items.is_empty() && items.iter().all(url_text) => {
                if !is(items.first(), OPENACTIVE) {
                    let message = "`@context` does not start with the OpenActive context";
                    report(K::FieldNotInDefinedValues, message, "a list that starts with \"https://openactive.io/\"");
                }
            }
            Some(_) => {
                let message = "`@context` is neither a URL nor a list of URLs";
                let expected = "\"https://openactive.io/\", or a list that starts with it";
                report(K::InvalidType, message, expected);
            }
        },
    }
}

fn url_text(value: &Json<'_>) -> bool {
    value.as_text().is_some_and(text::is_url)
}

fn required(walk: &mut Walk<'_>, node: &Node<'_, '_>, field_rules: &FieldRules) {
    let model = walk.model;
    let Some(kind) = node.kind else { return };
    for name in &field_rules.required {
        let value = node.inherited(model, *name);
        let online = *name == model.known.location
            && node.inherited(model, model.known.event_attendance_mode).and_then(Json::as_text) == Some(ONLINE);
        if online && let Some(value) = value {
            let message = "`location` is present on an online-only event";
            let draft = Draft::new(Rule::RequiredFields, K::FieldNotAllowed, message);
            let expected = "no `location` with `eventAttendanceMode` OnlineEventAttendanceMode";
            walk.report(node, At::Name(*name), draft.expected(expected).found(value));
        } else if !online && value.is_none() {
            let draft = missing(walk, node, kind, *name, Rule::RequiredFields, K::MissingRequiredField);
            walk.report(node, At::Name(*name), draft);
        }
    }
}

fn references(walk: &mut Walk<'_>, node: &Node<'_, '_>, field_rules: &FieldRules) {
    for name in &field_rules.referenced {
        if let Some(value) = node.lookup(*name)
            && !url_text(value)
        {
            let message = format!("`{}` is not a reference", walk.model.name(*name));
            let draft = Draft::new(Rule::IdReferencesRequired, K::FieldMustBeIdReference, message);
            walk.report(node, At::Name(*name), draft.expected("an absolute URL: the `@id` of the object").found(value));
        }
    }
    for name in &field_rules.not_referenced {
        if let Some(value) = node.lookup(*name)
            && value.as_text().is_some()
        {
            let message = format!("`{}` is a reference", walk.model.name(*name));
            let draft = Draft::new(Rule::IdReferencesNotPermitted, K::FieldMustNotBeIdReference, message);
            let field = node.kind.and_then(|kind| kind.field_named(*name));
            let expected = field.map_or("an object", |field| field.expected.as_str());
            walk.report(node, At::Name(*name), draft.expected(expected).found(value));
        }
    }
}

/// Rules that look at one property.
pub(super) fn member(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    member: &Member<'_>,
    field_rules: &FieldRules,
    field: Option<(&'static Field, &Detected<'_>)>,
) {
    let Some(kind) = node.kind else { return };
    let at = At::Key(&member.key);
    let value = &member.value;
    if field_rules.shall_not_include.has_key(member.names) {
        let message = format!("`{}` is not allowed on {} in {}", member.key, kind.name, walk.mode);
        let draft = Draft::new(Rule::ShallNotIncludeFields, K::FieldNotAllowedInSpec, message);
        walk.report(node, at, draft.expected(format!("no `{}`", member.key)).found(value));
    }
    super::extensions::member(walk, node, kind, member);
    // The last page of a feed has no items.
    let empty_page = kind.name == "FeedPage" && member.key == "items" && value.as_list().is_some();
    if let Some(defect) = emptiness(value).filter(|_| !empty_page) {
        let message = format!("`{}` is {defect}", member.key);
        let draft = Draft::new(Rule::NoEmptyValues, K::FieldIsEmpty, message);
        walk.report(node, at, draft.expected(format!("a value, or no `{}`", member.key)).found(value));
    }
    prefixes(walk, node, kind, member);
    if kind.json_ld && (member.key == "@id" || member.key == "id") && !url_text(value) {
        let draft = Draft::new(Rule::Id, K::InvalidId, format!("`{}` is not an absolute URL", member.key)).quality();
        walk.report(node, at, draft.expected(ABSOLUTE_URL).found(value));
    }
    let Some((field, detected)) = field else { return };
    if kind.json_ld {
        types(walk, node, member, field, field_rules, detected);
    }
    options(walk, node, member, field, detected);
    content(walk, node, member, field);
    if let Json::Number(number) = value {
        numbers(walk, node, member, field, *number);
    }
    if let Some(constraint) = field.constraint {
        let good = value.as_text().is_some_and(|text| match constraint {
            Constraint::Uuid => text::uuid(text),
            Constraint::UriTemplate => text::uri_template(text),
        });
        if !good {
            let (defect, expected) = match constraint {
                Constraint::Uuid => ("is not a UUID in lower case", "a UUID in lower case"),
                Constraint::UriTemplate => (
                    "is not a URI template",
                    "a URI template with an expression, e.g. \"https://example.com/{startDate}\"",
                ),
            };
            let message = format!("`{}` {defect}", member.key);
            let draft = Draft::new(Rule::ValueConstraint, K::ValueOutwithConstraint, message).quality();
            walk.report(node, at, draft.expected(expected).found(value));
        }
    }
}

/// How a value is empty; `None` for a value that is not.
fn emptiness(value: &Json<'_>) -> Option<&'static str> {
    match value {
        Json::Null => Some("null"),
        Json::Text(text) if text.is_empty() => Some("empty text"),
        Json::List(items) if items.is_empty() => Some("an empty list"),
        _ => None,
    }
}

fn types(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    member: &Member<'_>,
    field: &'static Field,
    field_rules: &FieldRules,
    detected: &Detected<'_>,
) {
    let value = &member.value;
    let list = value.as_list().is_some();
    let enumeration = match field.types.as_slice() {
        [] => return,
        [one] => matches!(one.kind, Kind::Enumeration(_)) && (!one.list || list),
        _ => matches!(detected, Detected::Enumeration(_)),
    };
    if enumeration || fits(walk.model, detected, field) || (field.referencing && url_text(value)) {
        return;
    }
    let by_reference = field.referencing && lists(&field_rules.referenced, member.names);
    let elsewhere = value.as_text().is_some() && field_rules.not_referenced_names.has_key(member.names);
    if by_reference || elsewhere {
        return;
    }
    let raw = value
        .as_object()
        .is_some_and(|object| exact(object, "@value").is_some() && lookup(object, walk.model.known.kind).is_none());
    let at = At::Key(&member.key);
    if raw {
        let message = format!("`{}` is a JSON-LD value object", member.key);
        let draft = Draft::new(Rule::FieldsCorrectType, K::UnsupportedValue, message);
        walk.report(node, at, draft.expected(field.expected.as_str()).found(value));
        return;
    }
    let kind_name = walk.model.known.kind;
    let untyped = |value: &Json<'_>| value.as_object().is_some_and(|object| lookup(object, kind_name).is_none());
    let empty_type = |value: &Json<'_>| {
        let kind = value.as_object().and_then(|object| lookup(object, kind_name));
        kind.is_some_and(|kind| emptiness(kind).is_some())
    };
    let mut draft = Draft::new(Rule::FieldsCorrectType, K::InvalidType, String::new()).found(value);
    let defect = match value {
        Json::Object(_) if field.types.iter().all(|kind| kind.list) => Cow::Borrowed("is not a list"),
        Json::Object(object) => {
            let (defect, found) = wrong_object(walk, field, object);
            draft = draft.found_text(found).caused_by(Rule::ValidModelType, untyped(value));
            draft = draft.caused_by(Rule::NoEmptyValues, empty_type(value));
            if let Some(kind) = walk.own_type(object) {
                walk.mistyped(node, at, kind, Rule::FieldsCorrectType);
            }
            defect
        }
        Json::List(_) if !field.can_be_list => Cow::Borrowed("is a list, not one value"),
        Json::List(items) => {
            let wrong: Vec<(usize, &Json<'_>)> = items
                .iter()
                .enumerate()
                .filter(|(_, item)| {
                    let detected = detect(walk.model, Some(field), item, true);
                    !fits(walk.model, &Detected::List(vec![detected]), field)
                })
                .collect();
            for (index, item) in &wrong {
                if let Some(kind) = item.as_object().and_then(|object| walk.own_type(object)) {
                    walk.mistyped(node, At::Item(&member.key, *index), kind, Rule::FieldsCorrectType);
                }
            }
            draft =
                draft.caused_by(Rule::ValidModelType, !wrong.is_empty() && wrong.iter().all(|(_, item)| untyped(item)));
            let emptied = !wrong.is_empty() && wrong.iter().all(|(_, item)| empty_type(item));
            draft = draft.caused_by(Rule::NoEmptyValues, emptied);
            match wrong.first() {
                Some((index, item)) => {
                    let (defect, found) = match item.as_object() {
                        Some(object) => wrong_object(walk, field, object),
                        None => (Cow::Borrowed("has an item of the wrong type"), found_json(item)),
                    };
                    draft = draft.found_text(format!("{found} in item [{index}]"));
                    if defect == "has the wrong `@type`" {
                        Cow::Borrowed("has an item with the wrong `@type`")
                    } else {
                        defect
                    }
                }
                None => Cow::Borrowed("has items of several types"),
            }
        }
        _ if field.types.iter().all(|kind| kind.list) => Cow::Borrowed("is not a list"),
        _ if !field.options.is_empty() => Cow::Borrowed("is not an allowed value"),
        _ if field.has_one_type() => {
            let object = matches!(field.types.first().map(|kind| kind.kind), Some(Kind::Model(_)));
            let expected = if object { "an object" } else { field.expected.as_str() };
            Cow::Owned(format!("is not {expected}"))
        }
        _ => Cow::Borrowed(match (value, detected) {
            (Json::Null, _) => "is null",
            (_, Detected::Scalar(Scalar::Boolean)) => "is a boolean",
            (_, Detected::Scalar(scalar)) => {
                let described = expected::singular(*scalar);
                return walk.report(
                    node,
                    at,
                    draft.message(format!("`{}` is {described}", member.key)).expected(field.expected.as_str()),
                );
            }
            _ => "has the wrong type",
        }),
    };
    walk.report(node, at, draft.message(format!("`{}` {defect}", member.key)).expected(field.expected.as_str()));
}

/// How an object does not fit a field: the defect, and the found type.
fn wrong_object(walk: &Walk<'_>, field: &Field, object: &[Member<'_>]) -> (Cow<'static, str>, String) {
    let expects_object = field.types.iter().any(|kind| matches!(kind.kind, Kind::Model(_)));
    let Some(kind) = lookup(object, walk.model.known.kind) else {
        let defect = if expects_object { "is an object without `@type`" } else { "is an object" };
        return (Cow::Borrowed(defect), "an object without @type".to_owned());
    };
    let padded = kind.as_text().is_some_and(|name| name != name.trim() && walk.model.type_named(name.trim()).is_some());
    let defect = match (expects_object, padded) {
        (false, _) => "is an object",
        (true, true) => "has white space around its `@type`",
        (true, false) => "has the wrong `@type`",
    };
    (Cow::Borrowed(defect), format!("an object of @type {}", found_json(kind)))
}

fn options(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>, field: &Field, detected: &Detected<'_>) {
    let single = match field.types.as_slice() {
        [one] => Some(one.kind),
        _ => None,
    };
    let index = match (single, detected) {
        (Some(Kind::Enumeration(index)), _) => Some(index),
        (_, Detected::Enumeration(index)) => Some(*index),
        (_, Detected::List(items)) => match items.as_slice() {
            [Detected::Enumeration(index)] => Some(*index),
            _ => None,
        },
        _ => None,
    };
    let enumeration = index.and_then(|index| walk.model.enumerations.get(index));
    let of_orders = matches!(walk.mode, ValidationMode::OrdersFeed | ValidationMode::OrderProposalsFeed);
    let allowed = |text: &str| match enumeration {
        // The model does not know the items of the OrderProposals feed.
        _ if of_orders && node.is(&["FeedItem"]) && member.key == "kind" && text == "OrderProposal" => true,
        _ if !field.options.is_empty() => field.options.contains(&text),
        Some(known) => known.values.iter().any(|value| value == text),
        None => true,
    };
    if field.options.is_empty() && enumeration.is_none() {
        return;
    }
    let good = match &member.value {
        Json::List(_) if !field.can_be_list => false,
        Json::List(items) => items.iter().all(|item| item.as_text().is_some_and(allowed)),
        one => one.as_text().is_some_and(allowed),
    };
    if !good {
        let values: Vec<&str> = match enumeration {
            Some(known) if field.options.is_empty() => known.values.iter().map(String::as_str).collect(),
            _ => field.options.clone(),
        };
        let wrong =
            member.value.as_list().and_then(|items| items.iter().find(|item| !item.as_text().is_some_and(allowed)));
        let (defect, found) = match &member.value {
            Json::List(_) if !field.can_be_list => ("is a list, not one value", &member.value),
            Json::List(_) => ("has an item that is not an allowed value", wrong.unwrap_or(&member.value)),
            one => ("is not an allowed value", one),
        };
        let expected = expected::one_of(&values, Some(&wrong.unwrap_or(&member.value).coerced()));
        let draft = Draft::new(Rule::ValueInOptions, K::FieldNotInDefinedValues, format!("`{}` {defect}", member.key));
        walk.report(node, At::Key(&member.key), draft.expected(expected).found(found));
    }
}

fn content(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>, field: &Field) {
    let Some(wanted) = field.content.as_ref().filter(|_| field.name != walk.model.known.kind) else { return };
    let same = match (wanted, &member.value) {
        (Value::String(wanted), Json::Text(text)) => wanted == text,
        (Value::Number(wanted), Json::Number(number)) => wanted.as_f64() == Some(*number),
        _ => false,
    };
    if !same {
        let message = format!("`{}` is not {wanted}", member.key);
        let draft = Draft::new(Rule::ValueIsRequiredContent, K::FieldNotInDefinedValues, message);
        walk.report(node, At::Key(&member.key), draft.expected(wanted.to_string()).found(&member.value));
    }
}

fn numbers(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>, field: &Field, number: f64) {
    let at = At::Key(&member.key);
    if field.min_decimals.is_some() || field.max_decimals.is_some() {
        let places = text::decimals(number);
        if let Some(least) = field.min_decimals.filter(|least| places < *least) {
            let message = format!("`{}` has fewer than {least} decimal places", member.key);
            let draft = Draft::new(Rule::Precision, K::InvalidPrecision, message).quality();
            let draft = draft.expected(format!("{least} or more decimal places")).found(&member.value);
            walk.report(node, at, draft.severity(Severity::Suggestion));
        }
        if let Some(most) = field.max_decimals.filter(|most| places > *most) {
            let message = format!("`{}` has more than {most} decimal places", member.key);
            let draft = Draft::new(Rule::Precision, K::InvalidPrecision, message).quality();
            let draft = draft.expected(format!("at most {most} decimal places")).found(&member.value);
            walk.report(node, at, draft.severity(Severity::Warning));
        }
    }
    if let Some(least) = field.least.filter(|least| number < *least) {
        let message = format!("`{}` is less than {least}", member.key);
        let draft = Draft::new(Rule::MinValueInclusive, K::BelowMinValueInclusive, message).quality();
        walk.report(node, at, draft.expected(format!("{least} or more")).found(&member.value));
    }
}

fn prefixes(walk: &mut Walk<'_>, node: &Node<'_, '_>, kind: &Type, member: &Member<'_>) {
    let key = member.key.as_ref();
    let (rule, at) = (Rule::NoPrefixOrNamespace, At::Key(key));
    if kind.json_ld && (key == "type" || key == "id") {
        let severity = if walk.mode == ValidationMode::RpdeFeed { Severity::Warning } else { Severity::Failure };
        let message = format!("`{key}` lacks its `@`");
        let draft = Draft::new(rule, K::UseFieldAliases, message).severity(severity);
        walk.report(node, at, draft.expected(format!("`@{key}`")).found(&member.value));
    } else if key.contains(':') {
        let resolved = walk.model.resolve(key, &[]);
        let short = resolved.alias.is_some() || resolved.prefix.as_deref() == Some("schema");
        let label = walk.model.key(&resolved.label).found;
        let prefixed = resolved.prefix.as_ref().is_some_and(|prefix| key == format!("{prefix}:{}", resolved.label));
        let full = resolved.namespace.as_ref().is_some_and(|namespace| key == format!("{namespace}{}", resolved.label));
        if short && (prefixed || full) && kind.in_spec.has(label) && walk.model.name(label) == resolved.label {
            let message = format!("`{key}` has a {}", if prefixed { "prefix" } else { "namespace" });
            let draft = Draft::new(rule, K::UseFieldAliases, message).severity(Severity::Warning);
            walk.report(node, at, draft.expected(format!("`{}`", resolved.label)).found(&member.value));
        }
    }
    if (key == "@type" || key == "type")
        && let Some(name) = member.value.as_text()
        && name.contains(':')
    {
        let resolved = walk.model.resolve(name, &[]);
        let long = |start: &Option<String>, between: &str| {
            start.as_ref().is_some_and(|start| name.starts_with(&format!("{start}{between}")))
        };
        if long(&resolved.prefix, ":") || long(&resolved.namespace, "") {
            let message = "`@type` has a prefix or namespace";
            let draft = Draft::new(rule, K::UseFieldAliases, message).severity(Severity::Warning);
            walk.report(node, at, draft.expected(expected::quoted(&resolved.label)).found(&member.value));
        }
    }
}
