//! The checks of a step. Steps of many cells have the same checks that held: these are kept once.

#[cfg(test)]
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::finding::CheckReport;

/// The checks of a step, in order.
#[derive(Debug, Clone, Default)]
pub struct Checks(Arc<Vec<CheckReport>>);

/// Checks without findings, which are compared by what they say.
struct Shared(Arc<Vec<CheckReport>>);

/// So many lists of checks are known. Those of one catalogue are far fewer.
const KNOWN: usize = 4096;

/// The lists of checks that are known.
static LISTS: Mutex<Option<HashSet<Shared>>> = Mutex::new(None);

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for CheckReport { name, check, stage, profile, outcome, finding: _ } in self.0.iter() {
            (name, check).hash(state);
            (stage.name(), profile.map(crate::vocabulary::Profile::name), *outcome as u8).hash(state);
        }
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &CheckReport, other: &CheckReport| {
            let all = |check: &CheckReport| (check.stage, check.profile, check.outcome);
            one.name == other.name && one.check == other.check && all(one) == all(other)
        };
        self.0.len() == other.0.len() && self.0.iter().zip(other.0.iter()).all(|(one, other)| same(one, other))
    }
}

impl Eq for Shared {}

impl From<Vec<CheckReport>> for Checks {
    fn from(mut checks: Vec<CheckReport>) -> Self {
        checks.shrink_to_fit();
        let own = Arc::new(checks);
        if own.iter().any(|check| check.finding.is_some()) {
            return Self(own);
        }
        let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
        let lists = lists.get_or_insert_default();
        let own = Shared(own);
        if let Some(known) = lists.get(&own) {
            return Self(Arc::clone(&known.0));
        }
        if lists.len() >= KNOWN {
            lists.clear();
        }
        let shared = Arc::clone(&own.0);
        lists.insert(own);
        Self(shared)
    }
}

impl Deref for Checks {
    type Target = [CheckReport];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Checks {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0).as_mut_slice()
    }
}

impl<'c> IntoIterator for &'c Checks {
    type Item = &'c CheckReport;
    type IntoIter = std::slice::Iter<'c, CheckReport>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'c> IntoIterator for &'c mut Checks {
    type Item = &'c mut CheckReport;
    type IntoIter = std::slice::IterMut<'c, CheckReport>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl Serialize for Checks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Checks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
impl JsonSchema for Checks {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Checks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<CheckReport>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{CheckReport, Checks};
    use crate::results::{CheckOutcome, Finding};
    use crate::vocabulary::Stage;

    fn check(name: &str, finding: Option<Finding>) -> CheckReport {
        let outcome = if finding.is_some() { CheckOutcome::Failed } else { CheckOutcome::Held };
        let (name, finding) = (name.to_owned(), finding.map(Finding::boxed));
        CheckReport { name, check: None, stage: Stage::C1, profile: None, outcome, finding }
    }

    #[test]
    fn checks_that_held_are_kept_once() {
        let list = |name: &str| Checks::from(vec![check("one of the shared checks", None), check(name, None)]);
        let (one, mut same, other) = (list("a"), list("a"), list("b"));
        assert!(Arc::ptr_eq(&one.0, &same.0) && !Arc::ptr_eq(&one.0, &other.0));
        if let Some(first) = same.first_mut() {
            first.outcome = CheckOutcome::Blocked;
        }
        assert_eq!(one[0].outcome, CheckOutcome::Held, "a change is that of one step alone");
        assert!(!Arc::ptr_eq(&Checks::from(same.to_vec()).0, &one.0));
        let failed = || Checks::from(vec![check("one of the shared checks", Some(Finding::new("wrong")))]);
        assert!(!Arc::ptr_eq(&failed().0, &failed().0));
    }
}
