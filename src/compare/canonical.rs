//! Texts that are the same for values of the same meaning, so that sets can be sorted by them.

use serde_json::Value;

use super::defaults::default_of;
use super::members::members;
use super::policy::Policy;
use super::scalar::Scalar;
use super::{MAX_DEPTH, as_list};

/// The text of an entry of the list `property`. `None` if it is too deep to be compared.
pub(super) fn entry_key(entry: &Value, property: &str, depth: usize, policy: &Policy) -> Option<String> {
    let mut out = String::new();
    write(&mut out, entry, Slot { property, entry: true }, depth, policy)?;
    Some(out)
}

/// Where a value is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot<'n> {
    /// The property that holds it, or the list that it is an entry of.
    pub(super) property: &'n str,
    /// Whether it is an entry of a list.
    pub(super) entry: bool,
}

impl Slot<'_> {
    /// Whether the order of a list has no meaning here.
    pub(super) fn is_set(self, policy: &Policy) -> bool {
        !self.entry && policy.is_set(self.property)
    }

    /// Whether a value is the same as a list of it here.
    pub(super) fn one_or_many(self, policy: &Policy) -> bool {
        !self.entry && policy.one_or_many(self.property)
    }
}

fn write(out: &mut String, value: &Value, slot: Slot<'_>, depth: usize, policy: &Policy) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    match value {
        Value::Object(object) => {
            // A value on its own is written as a list of one where it may be either.
            if slot.one_or_many(policy) {
                return write_list(out, as_list(value), slot, depth, policy);
            }
            out.push('{');
            for (name, value) in members(object, policy) {
                if policy.defaults && default_of(object, name) == Some(value) {
                    continue;
                }
                Scalar::Text(name.into()).write(out);
                write(out, value, Slot { property: name, entry: false }, depth + 1, policy)?;
            }
            out.push('}');
        }
        Value::Array(list) => write_list(out, list, slot, depth, policy)?,
        scalar if slot.one_or_many(policy) => write_list(out, as_list(scalar), slot, depth, policy)?,
        scalar => Scalar::of(scalar, policy.meaning(slot.property))?.write(out),
    }
    Some(())
}

fn write_list(out: &mut String, list: &[Value], slot: Slot<'_>, depth: usize, policy: &Policy) -> Option<()> {
    if slot.is_set(policy) {
        let keys = list.iter().map(|entry| entry_key(entry, slot.property, depth + 1, policy));
        let mut keys: Vec<String> = keys.collect::<Option<_>>()?;
        keys.sort_unstable();
        out.push('(');
        out.extend(keys);
        out.push(')');
    } else {
        out.push('[');
        for entry in list {
            write(out, entry, Slot { property: slot.property, entry: true }, depth + 1, policy)?;
        }
        out.push(']');
    }
    Some(())
}
