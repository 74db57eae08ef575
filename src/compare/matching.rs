//! Which entries of two sets correspond.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::entry_key;
use super::members::member;
use super::policy::Policy;
use super::scalar::Scalar;

/// Properties by which entries of a set are known: OrderItems by `@id`, or by `position` before they have one; responses to an
/// intake form by the field that they are about.
const KEYS: &[&str] = &["@id", "position", "propertyID"];

/// Limit of entries without a counterpart that are compared with each other.
const TRIED: usize = 64;

/// Entries of two sets, by their indices in the lists, as far as they are not the same.
#[derive(Debug, Default)]
pub(super) struct Matching {
    /// Entries that correspond and may differ.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Entries of the first set without a counterpart.
    pub(super) missing: Vec<usize>,
    /// Entries of the second set without a counterpart.
    pub(super) added: Vec<usize>,
    /// How much work the comparison of whole entries was.
    pub(super) cost: usize,
}

/// Two sets that are being matched: all entries, and those without a counterpart so far.
pub(super) struct Sets<'v> {
    pub(super) expected: &'v [Value],
    pub(super) found: &'v [Value],
    open: (Vec<usize>, Vec<usize>),
}

impl<'v> Sets<'v> {
    pub(super) fn new(expected: &'v [Value], found: &'v [Value]) -> Self {
        Self { expected, found, open: ((0..expected.len()).collect(), (0..found.len()).collect()) }
    }

    /// Matches the entries of the list `property`: first by what they are known by, then those that are the same, then, where
    /// the policy is tolerant, those of which `fits` is true, and at last in their order.
    pub(super) fn matched(
        mut self,
        property: &str,
        depth: usize,
        policy: &Policy,
        fits: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Matching {
        let mut matching = Matching::default();
        for key in KEYS.iter().filter(|key| !policy.ignores(key)) {
            let known = |entry: &Value| {
                let value = member(entry.as_object()?, key)?;
                let mut text = String::new();
                Scalar::of(value, policy.meaning(key))?.write(&mut text);
                Some(text)
            };
            let expected = unique(self.expected, &self.open.0, known);
            let found = unique(self.found, &self.open.1, known);
            let pairs = expected.into_iter().filter_map(|(key, one)| Some((one?, (*found.get(&key)?)?)));
            let pairs: Vec<(usize, usize)> = pairs.collect();
            self.close(&pairs);
            matching.pairs.extend(pairs);
        }
        let keys = |list: &[Value], open: &[usize]| -> Vec<(Option<String>, usize)> {
            let key = |at: &usize| entry_key(list.get(*at)?, property, depth, policy);
            let mut keys: Vec<_> = open.iter().map(|at| (key(at), *at)).collect();
            keys.sort_unstable();
            keys
        };
        let (expected, found) = (keys(self.expected, &self.open.0), keys(self.found, &self.open.1));
        let length =
            |keys: &[(Option<String>, usize)]| keys.iter().flat_map(|(key, _)| key).map(String::len).sum::<usize>();
        matching.cost = length(&expected).saturating_add(length(&found));
        self.close(&equal(&expected, &found));
        // Two entries that are left alone are compared whether they fit or not.
        let few = self.open.0.len().max(self.open.1.len());
        if policy.is_tolerant() && (2..=TRIED).contains(&few) {
            let fitting = fitting(&self.open.0, &self.open.1, fits);
            self.close(&fitting);
        }
        let (expected, found) = self.open;
        let both = expected.len().min(found.len());
        matching.pairs.extend(expected.iter().copied().zip(found.iter().copied()));
        matching.pairs.sort_unstable_by_key(|(_, found)| *found);
        matching.missing.extend(expected.into_iter().skip(both));
        matching.added.extend(found.into_iter().skip(both));
        matching
    }

    /// Takes out entries that have found their counterparts.
    fn close(&mut self, pairs: &[(usize, usize)]) {
        let mut done = (vec![false; self.expected.len()], vec![false; self.found.len()]);
        for (one, other) in pairs {
            for (done, at) in [(&mut done.0, one), (&mut done.1, other)] {
                if let Some(done) = done.get_mut(*at) {
                    *done = true;
                }
            }
        }
        self.open.0.retain(|at| done.0.get(*at) == Some(&false));
        self.open.1.retain(|at| done.1.get(*at) == Some(&false));
    }
}

/// Entries by what they are known by; `None` for what several have.
fn unique(list: &[Value], open: &[usize], key: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, Option<usize>> {
    let mut known = BTreeMap::new();
    for at in open {
        if let Some(key) = list.get(*at).and_then(&key) {
            known.entry(key).and_modify(|at| *at = None).or_insert(Some(*at));
        }
    }
    known
}

/// Pairs of entries with the same key, of two sorted lists.
fn equal(expected: &[(Option<String>, usize)], found: &[(Option<String>, usize)]) -> Vec<(usize, usize)> {
    let (mut expected, mut found) = (expected.iter().peekable(), found.iter().peekable());
    let mut pairs = Vec::new();
    while let (Some((one, at)), Some((other, place))) = (expected.peek(), found.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => _ = expected.next(),
            std::cmp::Ordering::Greater => _ = found.next(),
            std::cmp::Ordering::Equal => {
                if one.is_some() {
                    pairs.push((*at, *place));
                }
                expected.next();
                found.next();
            }
        }
    }
    pairs
}

/// As many pairs of entries that fit as there can be.
fn fitting(expected: &[usize], found: &[usize], fits: &mut dyn FnMut(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let edges: Vec<Vec<bool>> =
        expected.iter().map(|one| found.iter().map(|other| fits(*one, *other)).collect()).collect();
    let mut partners: Vec<Option<usize>> = vec![None; found.len()];
    for one in 0..expected.len() {
        augment(one, &edges, &mut partners, &mut vec![false; found.len()]);
    }
    let pairs = partners.iter().zip(found).filter_map(|(one, other)| Some((*expected.get((*one)?)?, *other)));
    pairs.collect()
}

/// Finds a partner for an entry; those who have one already may change theirs.
fn augment(one: usize, edges: &[Vec<bool>], partners: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for other in 0..partners.len() {
        let fits = edges.get(one).and_then(|row| row.get(other)) == Some(&true);
        let Some(seen_before) = seen.get_mut(other).filter(|seen| fits && !**seen) else { continue };
        *seen_before = true;
        let taken = partners.get(other).copied().flatten();
        if taken.is_none_or(|taken| augment(taken, edges, partners, seen)) {
            if let Some(partner) = partners.get_mut(other) {
                *partner = Some(one);
            }
            return true;
        }
    }
    false
}
