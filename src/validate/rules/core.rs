//! What every type has in common: what it must, should and must not have, and of which types its values are.

use serde_json::Value;

use crate::validate::contexts::OPENACTIVE;
use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member, exact};
use crate::validate::kinds::{Detected, fits};
use crate::validate::mode::ValidationMode;
use crate::validate::model::{Constraint, Demands, Field, Kind, Type};
use crate::validate::node::{Node, lists};
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Saying, Walk};

/// So many values of a list are named in a finding.
const NAMED: usize = 5;
const ONLINE: &str = "https://schema.org/OnlineEventAttendanceMode";

/// Rules that look at the whole object.
pub(super) fn node(walk: &mut Walk<'_>, node: &Node<'_, '_>, demands: &Demands) {
    if node.json_ld() {
        model_type(walk, node);
        context(walk, node);
    }
    let Some(kind) = node.kind else { return };
    let model = walk.model;
    required(walk, node, demands);
    for group in &demands.groups {
        if group.iter().all(|name| node.inherited(model, *name).is_none()) {
            let names: Vec<&str> = group.iter().map(|name| model.name(*name)).collect();
            let message = format!("one of {} is missing: every {} has one of them", names.join(", "), kind.name);
            walk.say(
                node,
                At::Group(group),
                Saying::new(Rule::RequiredOptionalFields, K::MissingRequiredField, message),
            );
        }
    }
    for field in kind.fields.iter().filter(|field| field.deprecated) {
        if node.inherited(model, field.name).is_some() {
            let message = format!("`{}` of {} is going away", model.name(field.name), kind.name);
            let severity = if walk.mode == ValidationMode::RpdeFeed { Severity::Warning } else { Severity::Failure };
            walk.say(
                node,
                At::Name(field.name),
                Saying::new(Rule::DeprecatedFields, K::FieldDeprecated, message).severity(severity),
            );
        }
    }
    for name in &demands.recommended {
        if node.inherited(model, *name).is_none() {
            let message = format!("`{}` is missing: every {} should have it", model.shown(*name), kind.name);
            walk.say(
                node,
                At::Name(*name),
                Saying::new(Rule::RecommendedFields, K::MissingRecommendedField, message).severity(Severity::Warning),
            );
        }
    }
    if walk.mode.booking() && kind.json_ld {
        references(walk, node, demands);
    }
}

fn model_type(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let rule = Rule::ValidModelType;
    match node.value("type", walk.model.known.kind) {
        None => {
            let message = "an object has no `@type`";
            walk.say(node, At::Node, Saying::new(rule, K::MissingRequiredField, message).quality());
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
                let message =
                    format!("the type {} is not of the OpenActive model: nothing of it is checked", value.coerced());
                let saying = Saying::new(rule, K::ExperimentalFieldsNotChecked, message);
                walk.say(node, At::Node, saying.quality().severity(Severity::Suggestion));
            }
        }
    }
}

fn context(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    let value = exact(node.object, "@context");
    let rule = Rule::ContextInRootNode;
    let mode = walk.mode;
    let mut say = |kind: K, message: &str| {
        let mut saying = Saying::new(rule, kind, message);
        saying.found = value;
        walk.say(node, At::Key("@context"), saying);
    };
    if !node.root() {
        if value.is_some() {
            say(K::FieldNotInSpec, "`@context` stands at the top of a document only");
        }
        return;
    }
    let is = |value: Option<&Json<'_>>, url: &str| value.and_then(Json::as_text) == Some(url);
    let schema = "https://schema.org/";
    match mode {
        ValidationMode::DatasetSite => {
            let list = value.and_then(Json::as_list).map(Vec::as_slice).unwrap_or_default();
            if !(is(list.first(), schema) && is(list.get(1), OPENACTIVE)) {
                let message = "`@context` of a dataset site begins with https://schema.org/ and https://openactive.io/";
                say(K::FieldNotInDefinedValues, message);
            }
        }
        ValidationMode::DataCatalog => {
            if !is(value, schema) {
                say(K::FieldNotInDefinedValues, "`@context` of a data catalogue is https://schema.org/");
            }
        }
        _ => match value {
            None => say(K::MissingRequiredField, "a document has `@context`"),
            Some(Json::Text(url)) if url == OPENACTIVE => {}
            Some(Json::Text(url)) if text::is_url(url) => {
                say(K::FieldNotInDefinedValues, "`@context` is https://openactive.io/");
            }
            Some(Json::List(items)) if !items.is_empty() && items.iter().all(url_text) => {
                if !is(items.first(), OPENACTIVE) {
                    say(K::FieldNotInDefinedValues, "`@context` begins with https://openactive.io/");
                }
            }
            Some(_) => say(K::InvalidType, "`@context` is a URL or a list of URLs"),
        },
    }
}

fn url_text(value: &Json<'_>) -> bool {
    value.as_text().is_some_and(text::is_url)
}

fn required(walk: &mut Walk<'_>, node: &Node<'_, '_>, demands: &Demands) {
    let model = walk.model;
    let kind = node.kind.map_or("", |kind| kind.name);
    for name in &demands.required {
        let there = node.inherited(model, *name).is_some();
        let online = *name == model.known.location
            && node.inherited(model, model.known.event_attendance_mode).and_then(Json::as_text) == Some(ONLINE);
        if online && there {
            let message = "what is online only has no `location`";
            walk.say(node, At::Name(*name), Saying::new(Rule::RequiredFields, K::FieldNotAllowed, message));
        } else if !online && !there {
            let message = format!("`{}` is missing: every {kind} has it", model.shown(*name));
            walk.say(node, At::Name(*name), Saying::new(Rule::RequiredFields, K::MissingRequiredField, message));
        }
    }
}

fn references(walk: &mut Walk<'_>, node: &Node<'_, '_>, demands: &Demands) {
    for name in &demands.referenced {
        if let Some(value) = node.lookup(*name)
            && !url_text(value)
        {
            let message = format!("`{}` is given as a URL here", walk.model.name(*name));
            let saying = Saying::new(Rule::IdReferencesRequired, K::FieldMustBeIdReference, message);
            walk.say(node, At::Name(*name), saying.found(value));
        }
    }
    for name in &demands.not_referenced {
        if let Some(value) = node.lookup(*name)
            && value.as_text().is_some()
        {
            let message = format!("`{}` is given in full here, not as a reference", walk.model.name(*name));
            let saying = Saying::new(Rule::IdReferencesNotPermitted, K::FieldMustNotBeIdReference, message);
            walk.say(node, At::Name(*name), saying.found(value));
        }
    }
}

/// Rules that look at one property.
pub(super) fn member(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    member: &Member<'_>,
    demands: &Demands,
    field: Option<(&Field, &Detected<'_>)>,
) {
    let Some(kind) = node.kind else { return };
    let at = At::Key(&member.key);
    let value = &member.value;
    if demands.shall_not_include.has_key(member.names) {
        let message = format!("`{}` does not belong into {} here", member.key, kind.name);
        walk.say(node, at, Saying::new(Rule::ShallNotIncludeFields, K::FieldNotAllowedInSpec, message));
    }
    super::extensions::member(walk, node, kind, member);
    if empty(value) {
        walk.say(
            node,
            at,
            Saying::new(Rule::NoEmptyValues, K::FieldIsEmpty, "a property without a value is left out").found(value),
        );
    }
    prefixes(walk, node, kind, member);
    if kind.json_ld && (member.key == "@id" || member.key == "id") && !url_text(value) {
        let message = "an identifier is an absolute http or https URL";
        walk.say(node, at, Saying::new(Rule::Id, K::InvalidId, message).quality().found(value));
    }
    let Some((field, detected)) = field else { return };
    if kind.json_ld {
        types(walk, node, member, field, demands, detected);
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
            let what = if constraint == Constraint::Uuid { "a UUID in lower case" } else { "a URI template" };
            let message = format!("`{}` is {what}", member.key);
            walk.say(
                node,
                at,
                Saying::new(Rule::ValueConstraint, K::ValueOutwithConstraint, message).quality().found(value),
            );
        }
    }
}

pub(super) fn empty(value: &Json<'_>) -> bool {
    match value {
        Json::Null => true,
        Json::Text(text) => text.is_empty(),
        Json::List(items) => items.is_empty(),
        _ => false,
    }
}

fn types(
    walk: &mut Walk<'_>,
    node: &Node<'_, '_>,
    member: &Member<'_>,
    field: &Field,
    demands: &Demands,
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
    let by_reference = field.referencing && lists(&demands.referenced, member.names);
    let elsewhere = value.as_text().is_some() && demands.not_referenced_names.has_key(member.names);
    if by_reference || elsewhere {
        return;
    }
    let raw = value.as_object().is_some_and(|object| {
        exact(object, "@value").is_some() && super::super::json::lookup(object, walk.model.known.kind).is_none()
    });
    let wanted: Vec<&str> = field.types.iter().map(|kind| kind.text).collect();
    let (kind, message) = if raw {
        (K::UnsupportedValue, "JSON-LD value objects are not understood by readers of this data".to_owned())
    } else {
        let names: Vec<String> = wanted.iter().map(|text| readable(text)).collect();
        let found = readable(&detected.text(walk.model));
        (K::InvalidType, format!("`{}` is {}, not {found}", member.key, names.join(" or ")))
    };
    walk.say(node, At::Key(&member.key), Saying::new(Rule::FieldsCorrectType, kind, message).found(value));
}

/// The name of a type, for people.
fn readable(text: &str) -> String {
    let (list, rest) = text.strip_prefix("ArrayOf#").map_or((false, text), |rest| (true, rest));
    let name = rest.trim_start_matches('#').rsplit(['/', '#']).next().unwrap_or(rest);
    if list { format!("a list of {name}") } else { name.to_owned() }
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
    let allowed = |text: &str| match enumeration {
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
        let more = if values.len() > NAMED { format!(" and {} more", values.len() - NAMED) } else { String::new() };
        let named: Vec<&str> = values.into_iter().take(NAMED).collect();
        let message = format!("`{}` is one of {}{more}", member.key, named.join(", "));
        let saying = Saying::new(Rule::ValueInOptions, K::FieldNotInDefinedValues, message);
        walk.say(node, At::Key(&member.key), saying.found(&member.value));
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
        let message = format!("`{}` is {wanted} here", member.key);
        let saying = Saying::new(Rule::ValueIsRequiredContent, K::FieldNotInDefinedValues, message);
        walk.say(node, At::Key(&member.key), saying.found(&member.value));
    }
}

fn numbers(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>, field: &Field, number: f64) {
    let at = At::Key(&member.key);
    if field.min_decimals.is_some() || field.max_decimals.is_some() {
        let places = text::decimals(number);
        if let Some(least) = field.min_decimals.filter(|least| places < *least) {
            let message = format!("`{}` has at least {least} decimal places", member.key);
            let saying = Saying::new(Rule::Precision, K::InvalidPrecision, message);
            walk.say(node, at, saying.quality().severity(Severity::Suggestion).found(&member.value));
        }
        if let Some(most) = field.max_decimals.filter(|most| places > *most) {
            let message = format!("`{}` has at most {most} decimal places", member.key);
            let saying = Saying::new(Rule::Precision, K::InvalidPrecision, message);
            walk.say(node, at, saying.quality().severity(Severity::Warning).found(&member.value));
        }
    }
    if field.least.is_some_and(|least| number < least) {
        let least = field.least.unwrap_or_default();
        let message = format!("`{}` is {least} or more", member.key);
        let saying = Saying::new(Rule::MinValueInclusive, K::BelowMinValueInclusive, message);
        walk.say(node, at, saying.quality().found(&member.value));
    }
}

fn prefixes(walk: &mut Walk<'_>, node: &Node<'_, '_>, kind: &Type, member: &Member<'_>) {
    let key = member.key.as_ref();
    let (rule, at) = (Rule::NoPrefixOrNamespace, At::Key(key));
    if kind.json_ld && (key == "type" || key == "id") {
        let severity = if walk.mode == ValidationMode::RpdeFeed { Severity::Warning } else { Severity::Failure };
        let message = format!("`{key}` is written `@{key}`");
        walk.say(node, at, Saying::new(rule, K::UseFieldAliases, message).severity(severity));
    } else if key.contains(':') {
        let resolved = walk.model.resolve(key, &[]);
        let short = resolved.alias.is_some() || resolved.prefix.as_deref() == Some("schema");
        let label = walk.model.key(&resolved.label).found;
        let long = resolved.prefix.as_ref().is_some_and(|prefix| key == format!("{prefix}:{}", resolved.label))
            || resolved.namespace.as_ref().is_some_and(|namespace| key == format!("{namespace}{}", resolved.label));
        if short && long && kind.in_spec.has(label) && walk.model.name(label) == resolved.label {
            let message = format!("`{key}` is written `{}`", resolved.label);
            walk.say(node, at, Saying::new(rule, K::UseFieldAliases, message).severity(Severity::Warning));
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
            let message = format!("the type is written `{}`", resolved.label);
            walk.say(node, at, Saying::new(rule, K::UseFieldAliases, message).severity(Severity::Warning));
        }
    }
}
