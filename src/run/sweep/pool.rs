//! Values that documents of the run have, by type and property: what an edit may add, or put instead of another value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Prefixes of terms of vocabularies.
const VOCABULARIES: &[&str] = &["https://openactive.io/", "https://schema.org/"];

/// Values that documents of the run have.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// The first value of each property, by `@type`.
    members: BTreeMap<String, BTreeMap<String, Value>>,
    /// Terms of vocabularies, by property.
    terms: BTreeMap<String, BTreeSet<String>>,
}

impl Pool {
    /// Takes the values of a document.
    pub(super) fn take(&mut self, document: &Value) {
        match document {
            Value::Object(members) => {
                let kind = members.get("@type").and_then(Value::as_str);
                for (name, member) in members {
                    if let Some(kind) = kind
                        && !name.starts_with('@')
                        && !self.members.get(kind).is_some_and(|known| known.contains_key(name))
                    {
                        let known = self.members.entry(kind.to_owned()).or_default();
                        known.insert(name.clone(), member.clone());
                    }
                    self.take_term(name, member);
                    self.take(member);
                }
            }
            Value::Array(entries) => entries.iter().for_each(|entry| self.take(entry)),
            _ => {}
        }
    }

    fn take_term(&mut self, name: &str, value: &Value) {
        let Some(text) = value.as_str() else { return };
        let term = VOCABULARIES.iter().any(|prefix| text.starts_with(prefix)) && !text.contains("/api/");
        if !(term || name == "@type") || self.terms.get(name).is_some_and(|known| known.contains(text)) {
            return;
        }
        self.terms.entry(name.to_owned()).or_default().insert(text.to_owned());
    }

    /// Another term that the property has somewhere.
    pub(super) fn other_term(&self, name: &str, found: &str) -> Option<&str> {
        let terms = self.terms.get(name)?;
        if !terms.contains(found) {
            return None;
        }
        terms.iter().map(String::as_str).find(|term| *term != found)
    }

    /// Properties that other objects of the same type have, each with a value.
    pub(super) fn lacking<'p>(
        &'p self,
        members: &'p Map<String, Value>,
    ) -> impl Iterator<Item = (&'p String, &'p Value)> {
        let kind = members.get("@type").and_then(Value::as_str);
        let known = kind.and_then(|kind| self.members.get(kind));
        known.into_iter().flatten().filter(|(name, _)| !members.contains_key(*name))
    }
}
