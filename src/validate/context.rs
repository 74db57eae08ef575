//! One JSON-LD context: the prefixes, aliases and terms that it defines.

use serde_json::Value;

/// The definitions of a context.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub(super) aliases: Vec<(String, String)>,
    pub(super) prefixes: Vec<(String, String)>,
    pub(super) terms: Vec<Value>,
}

impl Context {
    /// Adds the prefixes and aliases of a context object.
    pub(super) fn define(&mut self, context: &Value) {
        for (key, value) in context.as_object().into_iter().flatten().filter(|(key, _)| !key.starts_with('@')) {
            let Some(target) = value.as_str().or_else(|| value.get("@id").and_then(Value::as_str)) else { continue };
            let iri = target.starts_with("http://") || target.starts_with("https://");
            let list = if iri && value.is_string() { &mut self.prefixes } else { &mut self.aliases };
            list.push((key.clone(), target.to_owned()));
        }
    }
}
