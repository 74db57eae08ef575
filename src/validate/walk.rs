//! The state of one validation, and how rules report findings to it.

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::activity_lists::ActivityLists;
use super::consequences::{self, Mistyped};
use super::contexts::Contexts;
use super::finding::{Category, FindingKind, ModelFinding, Severity};
use super::json::{Json, Member};
use super::mode::ValidationMode;
use super::model::{Model, NameId, Type};
use super::node::{Node, collapse, push_index, push_key};
use super::remote::Remote;
use super::rule::Rule;

/// Limit of a found value in a finding, in characters.
const FOUND_LIMIT: usize = 200;

/// The state of the validation of one input.
pub(super) struct Walk<'w> {
    pub(super) model: &'static Model,
    pub(super) mode: ValidationMode,
    pub(super) remote: &'w Remote,
    /// Activity lists that are loaded, by URL.
    pub(super) activities: &'w ActivityLists,
    /// Contexts of the current document, by the address of its root object.
    contexts: Option<(usize, Rc<Contexts>)>,
    pub(super) findings: Vec<ModelFinding>,
    mistyped: Vec<Mistyped>,
    /// Paths of properties that a misspelt one stands for.
    meant: FxHashSet<String>,
}

/// Place of a finding relative to a node.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Node,
    Key(&'a str),
    Name(NameId),
    /// A group of properties of which one is required.
    Group(&'a [NameId]),
    Item(&'a str, usize),
    /// Property, property of it, and list index, as the public validator writes this path.
    Deep(&'a str, NameId, usize),
}

/// A finding without its place.
pub(super) struct Draft<'a> {
    rule: Rule,
    kind: FindingKind,
    category: Category,
    severity: Severity,
    message: Cow<'static, str>,
    expected: Option<Cow<'static, str>>,
    found: Found<'a>,
    cause: Option<Rule>,
}

/// The found value of a draft.
enum Found<'a> {
    /// Nothing: a property is missing.
    Nothing,
    Value(&'a Json<'a>),
    /// In words.
    Text(String),
}

impl<'a> Draft<'a> {
    /// A failure of conformance. `message`: the property and its defect, without any value of the document.
    pub(super) fn new(rule: Rule, kind: FindingKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            rule,
            kind,
            category: Category::Conformance,
            severity: Severity::Failure,
            message: message.into(),
            expected: None,
            found: Found::Nothing,
            cause: None,
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

    pub(super) fn message(mut self, message: String) -> Self {
        self.message = Cow::Owned(message);
        self
    }

    /// Sets the expected value, in words with strings quoted.
    pub(super) fn expected(mut self, expected: impl Into<Cow<'static, str>>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Sets the found value.
    pub(super) fn found(mut self, value: &'a Json<'a>) -> Self {
        self.found = Found::Value(value);
        self
    }

    /// Sets the found value where there is one.
    pub(super) fn maybe_found(self, value: Option<&'a Json<'a>>) -> Self {
        match value {
            Some(value) => self.found(value),
            None => self,
        }
    }

    /// Describes the found value if the value alone is not enough.
    pub(super) fn found_text(mut self, text: impl Into<String>) -> Self {
        self.found = Found::Text(text.into());
        self
    }

    /// Marks the finding as a consequence of another one, if `caused`.
    pub(super) const fn caused_by(mut self, rule: Rule, caused: bool) -> Self {
        if caused {
            self.cause = Some(rule);
        }
        self
    }
}

/// A value as JSON, shortened.
pub(super) fn found_json(value: &Json<'_>) -> String {
    let mut text = String::new();
    value.write(&mut text, FOUND_LIMIT);
    shortened(text)
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        model: &'static Model,
        mode: ValidationMode,
        remote: &'w Remote,
        activities: &'w ActivityLists,
    ) -> Self {
        Self {
            model,
            mode,
            remote,
            activities,
            contexts: None,
            findings: Vec::new(),
            mistyped: Vec::new(),
            meant: FxHashSet::default(),
        }
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

    /// Records that an object has a type of the model that is wrong for its place: findings about the requirements of that type follow
    /// from the wrong type.
    pub(super) fn mistyped(&mut self, node: &Node<'_, '_>, at: At<'_>, kind: &'static Type, cause: Rule) {
        let path = self.path(node, at);
        self.mistyped.push(Mistyped { path, kind: kind.name, cause });
    }

    /// Records that a property of an object is misspelt: that the meant one is missing follows from it.
    pub(super) fn misspelt(&mut self, node: &Node<'_, '_>, meant: NameId) {
        let path = self.path(node, At::Name(meant));
        self.meant.insert(path);
    }

    /// The findings, with the consequences among them marked.
    pub(super) fn finish(mut self) -> Vec<ModelFinding> {
        consequences::mark(&mut self.findings, &self.mistyped, &self.meant);
        self.findings
    }

    fn path(&self, node: &Node<'_, '_>, at: At<'_>) -> String {
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
        collapse(path)
    }

    /// Adds a finding.
    pub(super) fn report(&mut self, node: &Node<'_, '_>, at: At<'_>, draft: Draft<'_>) {
        let path = self.path(node, at);
        let found = match draft.found {
            Found::Nothing => None,
            Found::Value(value) => Some(found_json(value)),
            Found::Text(text) => Some(shortened(text)),
        };
        self.findings.push(ModelFinding {
            path,
            kind: draft.kind,
            category: draft.category,
            severity: draft.severity,
            rule: draft.rule,
            model: node.kind.map(|kind| kind.name),
            message: draft.message.into_owned(),
            expected: draft.expected,
            found,
            undetermined: false,
            cause: draft.cause,
        });
    }

    /// Marks the last finding as undetermined: a remote document was not given.
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
