//! An object of a document with its position in the document.

use super::json::{Json, Member, exact, lookup};
use super::model::{KeyNames, Model, NameId, Names, Type};

/// Limit of objects that are searched for an inherited value.
const INHERITANCE: usize = 50;

/// An object of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'n, 't> {
    pub(super) object: &'n [Member<'t>],
    pub(super) parent: Option<&'n Node<'n, 't>>,
    /// The property of the parent that holds it.
    pub(super) member: Option<&'n Member<'t>>,
    /// Index in the list that holds it; of a root, index in the input. `None` outside of a list.
    pub(super) index: Option<usize>,
    pub(super) kind: Option<&'static Type>,
    /// Names of its properties.
    present: Names,
}

impl<'n, 't> Node<'n, 't> {
    pub(super) fn new(
        object: &'n [Member<'t>],
        parent: Option<&'n Node<'n, 't>>,
        member: Option<&'n Member<'t>>,
        index: Option<usize>,
        kind: Option<&'static Type>,
    ) -> Self {
        let mut present = Names::default();
        for member in object {
            present.insert(member.names.found);
        }
        Self { object, parent, member, index, kind, present }
    }

    pub(super) fn lookup(&self, name: NameId) -> Option<&'n Json<'t>> {
        if self.present.has(name) { lookup(self.object, name) } else { None }
    }

    /// The value of exactly this key, else of any key that stands for the name.
    pub(super) fn value(&self, key: &str, name: NameId) -> Option<&'n Json<'t>> {
        exact(self.object, key).or_else(|| self.lookup(name))
    }

    /// The key of the parent that holds it.
    pub(super) fn key(&self) -> Option<&'n str> {
        self.member.map(|member| member.key.as_ref())
    }

    /// `true` for the root of a JSON-LD document.
    pub(super) fn root(&self) -> bool {
        self.json_ld() && self.parent.is_none_or(|parent| !parent.json_ld())
    }

    pub(super) fn json_ld(&self) -> bool {
        self.kind.is_none_or(|kind| kind.json_ld)
    }

    /// `true` if the object has exactly one of these types.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        self.kind.is_some_and(|kind| names.contains(&kind.name))
    }

    /// The value of a property, its own or inherited; `None` if missing or null.
    pub(super) fn inherited(&self, model: &'static Model, name: NameId) -> Option<&'n Json<'t>> {
        let mut at = *self;
        for _ in 0..INHERITANCE {
            if let Some(value) = at.lookup(name).filter(|value| !value.is_null()) {
                return Some(value);
            }
            at = at.inheritance_source(model, name)?;
        }
        None
    }

    /// The object that a property is inherited from; `None` if from none.
    fn inheritance_source(&self, model: &'static Model, name: NameId) -> Option<Self> {
        let kind = self.kind?;
        if let (Some(parent), Some(member)) = (self.parent, self.member)
            && kind.in_spec.has(name)
            && parent
                .kind
                .and_then(|parent| parent.field_named(member.names.found))
                .filter(|field| model.name(field.name) == member.key)
                .and_then(|field| field.inherits_to.as_ref())
                .is_some_and(|rule| rule.allows(name))
        {
            return Some(*parent);
        }
        kind.fields.iter().filter(|field| field.inherits_from.as_ref().is_some_and(|rule| rule.allows(name))).find_map(
            |field| {
                let member = self.object.iter().rev().find(|member| member.names.found == field.name)?;
                let object = member.value.as_object()?;
                let called = lookup(object, model.known.kind)?.as_text()?;
                let kind = model.type_called(called)?;
                Some(Self::new(object, None, Some(member), None, Some(kind)))
            },
        )
    }

    /// Appends the JSON path from `$`.
    pub(super) fn path(&self, out: &mut String) {
        match self.parent {
            None => out.push('$'),
            Some(parent) => parent.path(out),
        }
        if let Some(member) = self.member {
            push_key(out, &member.key);
        }
        if let Some(index) = self.index {
            push_index(out, index);
        }
    }
}

/// Appends a property to a path.
pub(super) fn push_key(out: &mut String, key: &str) {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && key.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if plain {
        out.push('.');
        out.push_str(key);
    } else {
        out.push('[');
        out.push_str(&serde_json::Value::from(key).to_string());
        out.push(']');
    }
}

/// Appends a list index to a path.
pub(super) fn push_index(out: &mut String, index: usize) {
    out.push_str(&format!("[{index}]"));
}

/// Writes repeated brackets of one kind once, as the public validator does.
pub(super) fn collapse(path: String) -> String {
    if !path.contains("[[") && !path.contains("]]") {
        return path;
    }
    let mut out = String::with_capacity(path.len());
    let mut last = None;
    for letter in path.chars() {
        if (letter == '[' || letter == ']') && last == Some(letter) {
            continue;
        }
        last = Some(letter);
        out.push(letter);
    }
    out
}

/// `true` if a list of names contains the name of a key.
pub(super) fn lists(names: &[NameId], key: KeyNames) -> bool {
    names.iter().any(|name| *name == key.alias || *name == key.label)
}
