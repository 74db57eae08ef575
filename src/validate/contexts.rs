//! JSON-LD contexts of a document other than that of OpenActive, which define extensions.

use serde_json::Value;

use super::context::Context;
use super::json::{Json, Member, exact};
use super::model::{Model, Resolved, Type};
use super::remote::Remote;

/// URL of the OpenActive context.
pub(super) const OPENACTIVE: &str = "https://openactive.io/";

/// The contexts of a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Contexts {
    pub(super) contexts: Vec<Context>,
    /// URLs of contexts that are not available.
    pub(super) missing: Vec<String>,
    /// Number of nested contexts that are not checked.
    pub(super) unchecked: usize,
}

/// Definition of an extension term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    Known { superseded: bool },
    Undefined,
    WrongDomain,
    UnknownDomain,
}

impl Contexts {
    /// Reads the `@context` of a document.
    pub(super) fn of(object: &[Member<'_>], remote: &Remote) -> Self {
        let mut contexts = Self::default();
        match exact(object, "@context") {
            Some(Json::List(items)) => items.iter().for_each(|item| contexts.add(item, remote)),
            Some(item) => contexts.add(item, remote),
            None => {}
        }
        contexts
    }

    fn add(&mut self, item: &Json<'_>, remote: &Remote) {
        match item {
            Json::Text(url) if url != OPENACTIVE => match remote.get(url).json {
                Some(document) => self.add_document(document, remote),
                None => self.missing.push(url.to_string()),
            },
            Json::Object(_) => {
                let mut text = String::new();
                item.write(&mut text, usize::MAX);
                let value: Value = serde_json::from_str(&text).unwrap_or_default();
                let mut context = Context::default();
                context.define(&value);
                context.terms = own_terms(&value);
                self.contexts.push(context);
            }
            _ => {}
        }
    }

    fn add_document(&mut self, document: &Value, remote: &Remote) {
        let mut context = Context::default();
        match document.get("@context") {
            Some(Value::Array(parts)) => {
                for part in parts {
                    match part {
                        Value::String(url) => match remote.get(url).json {
                            Some(nested) => {
                                if nested.get("@context").is_some_and(Value::is_array) {
                                    self.unchecked += 1;
                                }
                                if nested.get("@graph").is_some() {
                                    self.unchecked += 1;
                                }
                                context.define(nested.get("@context").unwrap_or(&Value::Null));
                            }
                            None => self.missing.push(url.clone()),
                        },
                        other => context.define(other),
                    }
                }
            }
            Some(own) => context.define(own),
            None => {}
        }
        context.terms = match document.get("@graph") {
            Some(Value::Array(terms)) => terms.clone(),
            Some(Value::Object(graph)) => graph
                .get("@reverse")
                .and_then(|reverse| reverse.get("rdfs:isDefinedBy"))
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            _ => own_terms(document.get("@context").unwrap_or(document)),
        };
        self.contexts.push(context);
    }

    /// Looks up an unknown key of an object of a type.
    pub(super) fn term(&self, model: &Model, resolved: &Resolved, kind: &Type) -> Term {
        let Some(wanted) = full(resolved) else { return Term::Undefined };
        let mut answer = Term::Undefined;
        for context in &self.contexts {
            let expand = |name: &str| full(&model.resolve(name, std::slice::from_ref(context)));
            for term in &context.terms {
                let named = term.get("@id").and_then(Value::as_str).and_then(expand).is_some_and(|id| id == wanted);
                if !named || is_class(term, &expand) {
                    continue;
                }
                let superseded = ["supersededBy", "schema:supersededBy"].iter().any(|name| term.get(name).is_some());
                let domain = domain(term);
                let classes: Vec<String> = domain.iter().filter_map(|name| expand(name)).collect();
                if domain.is_empty() || classes.iter().any(|class| kind.classes.contains(&class.as_str())) {
                    return Term::Known { superseded };
                }
                answer = if kind.classes.is_empty() { Term::UnknownDomain } else { Term::WrongDomain };
            }
        }
        answer
    }
}

/// Full IRI of a name; `None` without a namespace.
fn full(resolved: &Resolved) -> Option<String> {
    resolved.namespace.as_ref().map(|namespace| format!("{namespace}{}", resolved.label))
}

fn is_class(term: &Value, expand: &impl Fn(&str) -> Option<String>) -> bool {
    let class = "http://www.w3.org/2000/01/rdf-schema#Class";
    let named = |value: &Value| value.as_str().and_then(expand).is_some_and(|name| name == class);
    match term.get("@type") {
        Some(Value::Array(types)) => types.iter().any(named),
        Some(one) => named(one),
        None => false,
    }
}

fn domain(term: &Value) -> Vec<&str> {
    let names = [
        "schema:domainIncludes",
        "domainIncludes",
        "https://schema.org/domainIncludes",
        "rdfs:domain",
        "http://www.w3.org/2000/01/rdf-schema#domain",
    ];
    let Some(value) = names.iter().find_map(|name| term.get(name)) else { return Vec::new() };
    let list: Vec<&Value> = match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    list.into_iter().filter_map(|value| value.as_str().or_else(|| value.get("@id").and_then(Value::as_str))).collect()
}

/// The terms that a context without a graph defines in place.
fn own_terms(context: &Value) -> Vec<Value> {
    let entries = context.as_object().into_iter().flatten();
    entries.filter(|(key, value)| !key.starts_with('@') && value.is_object()).map(|(_, value)| value.clone()).collect()
}
