//! Lists whose order has no meaning.

use serde_json::Value;

/// What two lists do not share, each entry as often as it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetDifference<T> {
    /// Entries of the first list that the second one lacks.
    pub missing: Vec<T>,
    /// Entries of the second list that the first one lacks.
    pub added: Vec<T>,
}

impl<T> SetDifference<T> {
    /// Whether the lists have the same entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.added.is_empty()
    }
}

/// Compares two lists as multisets: in any order, and each entry as often as it occurs. The entries of the result
/// are sorted.
#[must_use]
pub fn set_difference<T: Ord>(
    expected: impl IntoIterator<Item = T>,
    found: impl IntoIterator<Item = T>,
) -> SetDifference<T> {
    let sorted = |mut list: Vec<T>| {
        list.sort_unstable();
        list.into_iter().peekable()
    };
    let (mut expected, mut found) = (sorted(expected.into_iter().collect()), sorted(found.into_iter().collect()));
    let mut difference = SetDifference { missing: Vec::new(), added: Vec::new() };
    loop {
        match (expected.peek(), found.peek()) {
            (Some(one), Some(other)) if one == other => {
                expected.next();
                found.next();
            }
            (Some(one), Some(other)) if one > other => difference.added.extend(found.next()),
            (Some(_), _) => difference.missing.extend(expected.next()),
            (None, _) => {
                difference.added.extend(found);
                return difference;
            }
        }
    }
}

/// Whether two lists are the same multiset.
#[must_use]
pub fn same_set<T: Ord>(one: impl IntoIterator<Item = T>, other: impl IntoIterator<Item = T>) -> bool {
    set_difference(one, other).is_empty()
}

/// The entries of a value: those of a list, or the value itself as the only one.
#[must_use]
pub fn as_list(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        single => std::slice::from_ref(single),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn entries_count_as_often_as_they_are_there() {
        assert!(same_set(["a", "b", "a"], ["a", "a", "b"]));
        let difference = set_difference(["a", "a", "b"], ["b", "a", "c", "b"]);
        assert_eq!(difference, SetDifference { missing: vec!["a"], added: vec!["b", "c"] });
    }

    #[test]
    fn a_single_value_is_a_list_of_one() {
        assert_eq!(as_list(&json!(1)), [json!(1)]);
        assert_eq!(as_list(&json!([1, 2])), [json!(1), json!(2)]);
        assert!(as_list(&json!([])).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_missing_and_added_makes_one_of_the_other(
            one in proptest::collection::vec(0_u8..6, 0..12),
            other in proptest::collection::vec(0_u8..6, 0..12),
        ) {
            let difference = set_difference(one.clone(), other.clone());
            let back = set_difference(other.clone(), one.clone());
            prop_assert_eq!((&difference.missing, &difference.added), (&back.added, &back.missing));
            prop_assert!(same_set(
                one.iter().chain(&difference.added),
                other.iter().chain(&difference.missing),
            ));
            let (mut left, mut right) = (one.clone(), other.clone());
            left.sort_unstable();
            right.sort_unstable();
            prop_assert_eq!(difference.is_empty(), left == right);
        }
    }
}
