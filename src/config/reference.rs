//! The configuration described: as a JSON Schema for editors, and as a page for people. Both come from the table of keys.

use serde_json::{Map, Value, json};

use crate::vocabulary::{FEATURE_NAMES, Flow, OpportunityType};

use super::keys::{Effect, KEYS, KeySpec, Shape};
use super::layers::built_in;

/// The names that may stand instead of a `*`, where only some may.
fn names(path: &str) -> Option<Vec<&'static str>> {
    match path {
        "integrationTests.implementedFeatures.*" => Some(FEATURE_NAMES.iter().map(|(_, name)| *name).collect()),
        "integrationTests.bookableOpportunityTypesInScope.*" => {
            Some(OpportunityType::ALL.iter().map(|kind| kind.name()).collect())
        }
        "integrationTests.bookingFlowsInScope.*" => Some(Flow::ALL.iter().map(|flow| flow.name()).collect()),
        _ => None,
    }
}

/// The shape of a value as JSON Schema.
fn shape(spec: &KeySpec) -> Map<String, Value> {
    let schema = match spec.shape {
        Shape::Flag => json!({ "type": ["boolean", "null"] }),
        Shape::Millis | Shape::Count => json!({ "type": ["integer", "null"], "minimum": 1 }),
        Shape::Text | Shape::Secret | Shape::Selector | Shape::Target => json!({ "type": ["string", "null"] }),
        Shape::Url => json!({ "type": ["string", "null"], "format": "uri" }),
        Shape::Object => json!({ "type": ["object", "null"], "additionalProperties": false }),
        Shape::Headers => json!({ "type": ["object", "null"], "additionalProperties": { "type": "string" } }),
        Shape::Any => json!({}),
    };
    let mut schema = match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    let about = match spec.effect {
        Effect::Used => spec.about.to_owned(),
        Effect::None(reason) => format!("{}. No effect: {reason}", spec.about),
    };
    schema.insert("description".to_owned(), about.into());
    schema
}

/// The keys that stand directly under a path.
fn children(path: &str) -> impl Iterator<Item = &'static KeySpec> {
    let depth = if path.is_empty() { 0 } else { path.split('.').count() };
    KEYS.iter().filter(move |spec| {
        spec.path.split('.').count() == depth + 1
            && (path.is_empty() || spec.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
    })
}

fn object(path: &str, mut schema: Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for spec in children(path) {
        let own = object(spec.path, shape(spec));
        match (spec.path.rsplit('.').next().unwrap_or(spec.path), names(spec.path)) {
            ("*", Some(names)) => properties.extend(names.into_iter().map(|name| (name.to_owned(), own.clone()))),
            ("*", None) => {
                schema.insert("additionalProperties".to_owned(), own);
            }
            (name, _) => {
                properties.insert(name.to_owned(), own);
            }
        }
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    Value::Object(schema)
}

/// The JSON Schema of a configuration file.
#[must_use]
pub fn config_schema() -> Value {
    let mut root = Map::new();
    root.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    root.insert("title".to_owned(), "oa-test configuration".into());
    root.insert("type".to_owned(), "object".into());
    root.insert("additionalProperties".to_owned(), false.into());
    object("", root)
}

/// Expected value, in words.
const fn words(shape: Shape) -> &'static str {
    match shape {
        Shape::Flag => "`true` or `false`",
        Shape::Millis => "milliseconds",
        Shape::Count => "an integer greater than zero",
        Shape::Text => "text",
        Shape::Secret => "text (redacted in output)",
        Shape::Target => "a URL, or `sandbox`",
        Shape::Url => "a URL",
        Shape::Selector => "a CSS selector",
        Shape::Object => "an object",
        Shape::Headers => "an object of headers (values are redacted in output)",
        Shape::Any => "anything",
    }
}

/// The value of the built-in configuration.
fn built_in_value(tree: &Value, spec: &KeySpec) -> Option<String> {
    if matches!(spec.shape, Shape::Object | Shape::Headers | Shape::Secret) || spec.path.contains('*') {
        return None;
    }
    let found = spec.path.split('.').try_fold(tree, |at, name| at.get(name))?;
    (!found.is_null()).then(|| format!("`{found}`"))
}

/// The reference of the configuration, in Markdown.
#[must_use]
pub fn config_reference() -> String {
    let tree: Value = serde_json::from_str(built_in()).unwrap_or_default();
    let mut text = String::from(
        "# Configuration reference\n\n\
         Keys of the configuration. `*` stands for any name. Every value may be `null`, which means that the key is not set.\n\
         [`config.schema.json`](config.schema.json) is the JSON Schema for editors. `oa-test config check` shows the values in\n\
         effect, with their sources.\n\n\
         Generated by `oa-test config reference`.\n",
    );
    let mut sections: Vec<&str> = Vec::new();
    for spec in KEYS {
        let section = spec.path.split('.').next().unwrap_or(spec.path);
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    // Keys at the top level come last.
    sections.sort_by_key(|section| children(section).next().is_none());
    let mut table = false;
    for section in sections {
        let alone = children(section).next().is_none();
        if !alone || !table {
            let heading = if alone { "Others".to_owned() } else { format!("`{section}`") };
            text.push_str(&format!(
                "\n## {heading}\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
            ));
            table = alone;
        }
        let own = KEYS.iter().filter(|spec| {
            spec.path == section || spec.path.strip_prefix(section).is_some_and(|rest| rest.starts_with('.'))
        });
        for spec in own {
            let effect = match spec.effect {
                Effect::Used => String::new(),
                Effect::None(reason) => format!(". **No effect**: {reason}"),
            };
            text.push_str(&format!(
                "| `{}` | {} | {} | {}{effect} |\n",
                spec.path,
                words(spec.shape),
                built_in_value(&tree, spec).unwrap_or_default(),
                spec.about
            ));
        }
    }
    text
}
