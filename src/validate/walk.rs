//! What a walk through a document knows, and what rules say of it.

use std::fmt::Display;
use std::rc::Rc;

use super::activity_lists::Lists;
use super::contexts::Contexts;
use super::finding::{Category, FindingKind, ModelFinding, Severity};
use super::json::{Json, Member};
use super::mode::ValidationMode;
use super::model::{Model, NameId, Type};
use super::node::{Node, collapse, push_index, push_key};
use super::remote::Remote;
use super::rule::Rule;

/// How long a value in a finding may be.
const FOUND_LIMIT: usize = 200;

/// A walk through one input.
pub(super) struct Walk<'w> {
    pub(super) model: &'static Model,
    pub(super) mode: ValidationMode,
    pub(super) remote: &'w Remote,
    /// The lists of activities that were looked into, by their URLs.
    pub(super) activities: &'w Lists,
    /// The contexts of the last document at whose top they were wanted, by its address.
    contexts: Option<(usize, Rc<Contexts>)>,
    pub(super) findings: Vec<ModelFinding>,
}

/// Where in a node a finding is.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Node,
    Key(&'a str),
    Name(NameId),
    /// One of these is missing.
    Group(&'a [NameId]),
    Item(&'a str, usize),
    /// Two properties down, with a place in a list.
    Deep(&'a str, NameId, usize),
}

/// What a rule has to say, but for where and how bad.
pub(super) struct Saying<'a> {
    pub(super) rule: Rule,
    pub(super) kind: FindingKind,
    pub(super) category: Category,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) found: Option<&'a Json<'a>>,
}

impl<'a> Saying<'a> {
    /// A failure of conformance.
    pub(super) fn new(rule: Rule, kind: FindingKind, message: impl Display) -> Self {
        Self {
            rule,
            kind,
            category: Category::Conformance,
            severity: Severity::Failure,
            message: message.to_string(),
            found: None,
        }
    }

    pub(super) const fn quality(mut self) -> Self {
        self.category = Category::DataQuality;
        self
    }

    pub(super) const fn internal(mut self) -> Self {
        self.category = Category::Internal;
        self
    }

    pub(super) const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(super) const fn found(mut self, value: &'a Json<'a>) -> Self {
        self.found = Some(value);
        self
    }
}

impl<'w> Walk<'w> {
    pub(super) const fn new(
        model: &'static Model,
        mode: ValidationMode,
        remote: &'w Remote,
        activities: &'w Lists,
    ) -> Self {
        Self { model, mode, remote, activities, contexts: None, findings: Vec::new() }
    }

    /// The type that an object says it has.
    pub(super) fn own_type(&self, object: &[Member<'_>]) -> Option<&'static Type> {
        match super::json::lookup(object, self.model.known.kind)? {
            Json::Text(name) => self.model.type_called(name),
            other => {
                // What is no text has a type only where its text is an alias.
                let alias = self.model.resolve(&other.coerced(), &[]).alias?;
                self.model.type_named(&alias)
            }
        }
    }

    /// The contexts of the document that a node stands in.
    pub(super) fn contexts(&mut self, node: &Node<'_, '_>) -> Rc<Contexts> {
        let mut top = node;
        while !top.root() {
            match top.parent {
                Some(parent) => top = parent,
                None => break,
            }
        }
        let address = top.object.as_ptr() as usize;
        match &self.contexts {
            Some((known, contexts)) if *known == address => Rc::clone(contexts),
            _ => {
                let contexts = Rc::new(Contexts::of(top.object, self.remote));
                self.contexts = Some((address, Rc::clone(&contexts)));
                contexts
            }
        }
    }

    /// Keeps what a rule has to say.
    pub(super) fn say(&mut self, node: &Node<'_, '_>, at: At<'_>, saying: Saying<'_>) {
        let mut path = String::with_capacity(48);
        node.path(&mut path);
        match at {
            At::Node => {}
            At::Key(key) => push_key(&mut path, key),
            At::Name(name) => push_key(&mut path, self.model.name(name)),
            At::Group(names) => {
                let names: Vec<&str> = names.iter().map(|name| self.model.name(*name)).collect();
                path.push_str(&serde_json::Value::from(names).to_string());
            }
            At::Item(key, index) => {
                push_key(&mut path, key);
                push_index(&mut path, index);
            }
            At::Deep(key, name, index) => {
                push_key(&mut path, key);
                push_key(&mut path, self.model.name(name));
                push_index(&mut path, index);
            }
        }
        let found = saying.found.map(|value| {
            let mut text = String::new();
            value.write(&mut text, FOUND_LIMIT);
            shortened(text)
        });
        self.findings.push(ModelFinding {
            path: collapse(path),
            kind: saying.kind,
            category: saying.category,
            severity: saying.severity,
            rule: saying.rule,
            model: node.kind.map(|kind| kind.name),
            message: saying.message,
            found,
            undetermined: false,
        });
    }

    /// That the last finding could not be told for want of a remote document.
    pub(super) fn undetermined(&mut self) {
        if let Some(last) = self.findings.last_mut() {
            last.undetermined = true;
        }
    }
}

fn shortened(mut text: String) -> String {
    if let Some((cut, _)) = text.char_indices().nth(FOUND_LIMIT) {
        text.truncate(cut);
        text.push('…');
    }
    text
}
