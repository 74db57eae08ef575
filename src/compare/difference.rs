//! Differences of two documents.

use serde_json::{Map, Value};

use super::canonical::Slot;
use super::defaults::default_of;
use super::matching::Sets;
use super::members::{is_empty, member, members};
use super::path::{Segment, written};
use super::policy::{Extras, Policy};
use super::property::Meaning;
use super::quoted::{QUOTED_LENGTH, quoted};
use super::scalar::Scalar;
use super::{MAX_DEPTH, as_list};

/// The work that is spent on entries of sets that correspond without being the same. Beyond it they are compared in their
/// order, so that hostile documents are found different rather than compared for ever.
const TRIALS: usize = 200_000;

/// What makes two values different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It was expected, and is not there.
    Missing,
    /// It is there, and was not expected.
    Added,
    /// It has another value.
    Changed,
    /// It is of another JSON type.
    Type,
    /// It lies deeper than [`MAX_DEPTH`], and was not compared.
    TooDeep,
}

/// A place where two documents differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<'v> {
    /// The JSON path, such as `orderedItem[0].acceptedOffer.price`; empty for the documents themselves. The index of an entry
    /// of a set is that in the document that was found, or, if it is missing there, in the one that was expected.
    pub path: String,
    /// What makes the difference.
    pub kind: DifferenceKind,
    /// The value that was expected. `None` if there was none.
    pub expected: Option<&'v Value>,
    /// The value that was found. `None` if there was none.
    pub found: Option<&'v Value>,
}

impl Difference<'_> {
    /// The expected value as findings quote it. `None` if none was expected.
    #[must_use]
    pub fn expected_text(&self) -> Option<String> {
        quoted(self.expected, QUOTED_LENGTH)
    }

    /// The value that was found, as findings quote it. `None` if there was none.
    #[must_use]
    pub fn found_text(&self) -> Option<String> {
        quoted(self.found, QUOTED_LENGTH)
    }

    /// The difference with its path under another one: `price` under `orderedItem[0].acceptedOffer`.
    #[must_use]
    pub fn under(mut self, path: &str) -> Self {
        let joint = if path.is_empty() || self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{path}{joint}{}", self.path);
        self
    }
}

/// The first difference of two documents, in the order of the names of properties. `None` if they mean the same.
#[must_use]
pub fn difference<'v>(expected: &'v Value, found: &'v Value, policy: &Policy) -> Option<Difference<'v>> {
    differences(expected, found, policy, 1).pop()
}

/// The differences of two documents, up to a limit.
#[must_use]
pub fn differences<'v>(expected: &'v Value, found: &'v Value, policy: &Policy, limit: usize) -> Vec<Difference<'v>> {
    let mut walk = Walk::new(policy, limit, TRIALS, false);
    walk.values(Slot { property: "", entry: false }, 0, expected, found);
    walk.differences
}

/// Whether two documents mean the same.
#[must_use]
pub fn same(expected: &Value, found: &Value, policy: &Policy) -> bool {
    difference(expected, found, policy).is_none()
}

/// The first difference of the values of a property, each of which may be absent. The path begins with its name.
///
/// Default values that depend on other properties of the object are not known here.
#[must_use]
pub fn property_difference<'v>(
    property: &'v str,
    expected: Option<&'v Value>,
    found: Option<&'v Value>,
    policy: &Policy,
) -> Option<Difference<'v>> {
    let mut walk = Walk::new(policy, 1, TRIALS, false);
    let there = |value: Option<&'v Value>| value.filter(|value| !(policy.drops_empty() && is_empty(value)));
    let nothing = Map::new();
    walk.property(property, 0, (there(expected), &nothing), (there(found), &nothing));
    walk.differences.pop()
}

/// A walk through two documents side by side.
struct Walk<'v, 'p> {
    policy: &'p Policy,
    path: Vec<Segment<'v>>,
    differences: Vec<Difference<'v>>,
    limit: usize,
    /// What is left of [`TRIALS`].
    budget: usize,
    /// Whether the walk only finds out if two entries fit, at the cost of the budget.
    trial: bool,
}

/// A property's value, if it is there, and the object that it belongs to.
type Side<'v, 'o> = (Option<&'v Value>, &'o Map<String, Value>);

impl<'v, 'p> Walk<'v, 'p> {
    const fn new(policy: &'p Policy, limit: usize, budget: usize, trial: bool) -> Self {
        Self { policy, path: Vec::new(), differences: Vec::new(), limit, budget, trial }
    }

    fn full(&self) -> bool {
        self.differences.len() >= self.limit
    }

    fn push(&mut self, kind: DifferenceKind, expected: Option<&'v Value>, found: Option<&'v Value>) {
        if !self.full() {
            let path = if self.trial { String::new() } else { written(&self.path) };
            self.differences.push(Difference { path, kind, expected, found });
        }
    }

    fn at(&mut self, segment: Segment<'v>, visit: impl FnOnce(&mut Self)) {
        self.path.push(segment);
        visit(self);
        self.path.pop();
    }

    fn values(&mut self, slot: Slot<'_>, depth: usize, expected: &'v Value, found: &'v Value) {
        if self.full() {
            return;
        }
        if self.trial {
            self.budget = self.budget.saturating_sub(1);
        }
        if depth > MAX_DEPTH {
            return self.push(DifferenceKind::TooDeep, Some(expected), Some(found));
        }
        if self.trial && self.budget == 0 {
            return self.push(DifferenceKind::Changed, Some(expected), Some(found));
        }
        match (expected, found) {
            (Value::Array(one), Value::Array(other)) => self.lists(slot, depth, one, other),
            (Value::Array(_), _) | (_, Value::Array(_)) if slot.one_or_many(self.policy) => {
                self.lists(slot, depth, as_list(expected), as_list(found));
            }
            (Value::Object(one), Value::Object(other)) => self.objects(depth, one, other),
            (Value::String(_), Value::Object(object)) if self.policy.references => {
                self.reference(expected, object, (expected, found));
            }
            (Value::Object(object), Value::String(_)) if self.policy.references => {
                self.reference(found, object, (expected, found));
            }
            _ => self.scalars(self.policy.meaning(slot.property), expected, found),
        }
    }

    fn scalars(&mut self, meaning: Meaning, expected: &'v Value, found: &'v Value) {
        let scalars = Scalar::of(expected, meaning).zip(Scalar::of(found, meaning));
        if scalars.is_some_and(|(one, other)| one == other) {
            return;
        }
        let kind = if std::mem::discriminant(expected) == std::mem::discriminant(found) {
            DifferenceKind::Changed
        } else {
            DifferenceKind::Type
        };
        self.push(kind, Some(expected), Some(found));
    }

    /// Compares the text that names something with the `@id` of the thing itself.
    fn reference(&mut self, id: &'v Value, object: &'v Map<String, Value>, both: (&'v Value, &'v Value)) {
        let meaning = self.policy.meaning("@id");
        let own = member(object, "@id").and_then(|own| Scalar::of(own, meaning));
        if own.is_none() || own != Scalar::of(id, meaning) {
            let kind = if own.is_some() { DifferenceKind::Changed } else { DifferenceKind::Type };
            self.push(kind, Some(both.0), Some(both.1));
        }
    }

    fn objects(&mut self, depth: usize, expected: &'v Map<String, Value>, found: &'v Map<String, Value>) {
        let (ours, theirs) = (members(expected, self.policy), members(found, self.policy));
        let mut names: Vec<&'v str> = ours.keys().chain(theirs.keys()).copied().collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            if self.full() {
                return;
            }
            self.property(name, depth, (ours.get(name).copied(), expected), (theirs.get(name).copied(), found));
        }
    }

    fn property(&mut self, name: &'v str, depth: usize, expected: Side<'v, '_>, found: Side<'v, '_>) {
        if self.policy.ignores(name) {
            return;
        }
        let is_default = |object: &Map<String, Value>, value: &Value| {
            self.policy.defaults && default_of(object, name) == Some(value)
        };
        match (expected.0, found.0) {
            (Some(one), Some(other)) => self.at(Segment::Name(name), |walk| {
                walk.values(Slot { property: name, entry: false }, depth + 1, one, other);
            }),
            (Some(one), None) if self.policy.extras != Extras::InBoth && !is_default(found.1, one) => {
                self.at(Segment::Name(name), |walk| walk.push(DifferenceKind::Missing, Some(one), None));
            }
            (None, Some(other)) if self.policy.extras == Extras::Nowhere && !is_default(expected.1, other) => {
                self.at(Segment::Name(name), |walk| walk.push(DifferenceKind::Added, None, Some(other)));
            }
            _ => {}
        }
    }

    fn lists(&mut self, slot: Slot<'_>, depth: usize, expected: &'v [Value], found: &'v [Value]) {
        let entry = Slot { property: slot.property, entry: true };
        let (pairs, missing, added) = if slot.is_set(self.policy) {
            self.matched(entry, depth + 1, expected, found)
        } else {
            let both = expected.len().min(found.len());
            let pairs = (0..both).map(|at| (at, at)).collect();
            (pairs, (both..expected.len()).collect(), (both..found.len()).collect())
        };
        for (one, other) in pairs {
            if self.full() {
                return;
            }
            if let (Some(one), Some(entry_found)) = (expected.get(one), found.get(other)) {
                self.at(Segment::Index(other), |walk| walk.values(entry, depth + 1, one, entry_found));
            }
        }
        for at in missing {
            if self.full() {
                return;
            }
            self.at(Segment::Index(at), |walk| walk.push(DifferenceKind::Missing, expected.get(at), None));
        }
        for at in added {
            if self.full() {
                return;
            }
            self.at(Segment::Index(at), |walk| walk.push(DifferenceKind::Added, None, found.get(at)));
        }
    }

    fn matched(
        &mut self,
        entry: Slot<'_>,
        depth: usize,
        expected: &'v [Value],
        found: &'v [Value],
    ) -> (Vec<(usize, usize)>, Vec<usize>, Vec<usize>) {
        let (policy, mut budget) = (self.policy, self.budget);
        let matching = Sets::new(expected, found).matched(entry.property, depth, policy, &mut |one, other| {
            let (Some(one), Some(other)) = (expected.get(one), found.get(other)) else { return false };
            if budget == 0 {
                return false;
            }
            let mut trial = Walk::new(policy, 1, budget, true);
            trial.values(entry, depth, one, other);
            budget = trial.budget;
            trial.differences.is_empty()
        });
        self.budget = budget;
        if self.trial {
            self.budget = self.budget.saturating_sub(matching.cost / 8);
            // Which of the entries that fit nowhere differ, and how, is of no interest.
            if !matching.missing.is_empty() || !matching.added.is_empty() {
                self.push(DifferenceKind::Changed, None, None);
            }
        }
        (matching.pairs, matching.missing, matching.added)
    }
}

#[cfg(test)]
pub(super) mod tests;
