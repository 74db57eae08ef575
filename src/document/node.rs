//! The tree of located values.

use std::sync::Arc;

/// A text that values were read from: a file, an environment variable, a flag.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// How the source is called in messages: a path, or `--set`, or the name of a variable.
    pub name: String,
    /// Its text.
    pub text: String,
    /// How its lines are shown.
    pub excerpts: Excerpts,
}

/// How lines of a source are shown in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excerpts {
    /// As they are: nothing in the source is secret.
    Plain,
    /// JSON, without its values: any of them may be secret.
    Json,
    /// `key=value`, without the value.
    Setting,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The text that the value was read from.
    pub source: Arc<Source>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The name of a property, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub spot: Spot,
}

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it starts.
    pub spot: Spot,
    /// Its kind and content.
    pub kind: NodeKind,
}

/// Kind and content of a [`Node`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Properties, in the order in which they stand.
    Object(Vec<(Key, Node)>),
}

impl Node {
    /// The kind in words, for messages.
    #[must_use]
    pub fn kind_in_words(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "text",
            NodeKind::List(_) => "a list",
            NodeKind::Object(_) => "an object",
        }
    }

    /// The property `name` of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Object(entries) => entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a number that is a whole number of at least zero.
    #[must_use]
    pub fn as_count(&self) -> Option<u64> {
        match &self.kind {
            NodeKind::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The entries of an object; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            NodeKind::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The same value without places, as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
            NodeKind::Text(text) => Value::String(text.clone()),
            NodeKind::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeKind::Object(entries) => {
                let mut object = serde_json::Map::new();
                object.extend(entries.iter().map(|(key, value)| (key.name.clone(), value.to_json())));
                Value::Object(object)
            }
        }
    }
}
