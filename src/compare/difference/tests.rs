use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::compare::canonical::entry_key;

/// Drops a value without recursion, which would be too deep for the stack.
pub(in crate::compare) fn drop_deep(value: Value) {
    let mut values = vec![value];
    while let Some(value) = values.pop() {
        match value {
            Value::Array(list) => values.extend(list),
            Value::Object(object) => values.extend(object.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

fn all(expected: &Value, found: &Value, policy: &Policy) -> Vec<(String, DifferenceKind)> {
    let differences = differences(expected, found, policy, 100);
    differences.into_iter().map(|difference| (difference.path, difference.kind)).collect()
}

#[track_caller]
fn assert_same(expected: &Value, found: &Value, policy: &Policy) {
    assert_eq!(all(expected, found, policy), []);
}

#[track_caller]
fn assert_differ(expected: &Value, found: &Value, policy: &Policy, differences: &[(&str, DifferenceKind)]) {
    let differences: Vec<_> = differences.iter().map(|(path, kind)| ((*path).to_owned(), *kind)).collect();
    assert_eq!(all(expected, found, policy), differences);
}

#[test]
fn values_are_compared_by_what_their_property_holds() {
    let one = json!({
        "@context": "https://openactive.io/",
        "@type": "Order",
        "seller": { "@id": "https://example.com/sellers/1", "url": "https://Example.com" },
        "orderedItem": [
            { "position": 0, "acceptedOffer": { "@id": "https://example.com/o/0", "price": 3 } },
            { "position": 1, "acceptedOffer": { "@id": "https://example.com/o/1", "price": 0.5 } },
        ],
        "lease": { "leaseExpires": "2030-01-31T18:00:00Z" },
        "duration": "PT60M",
        "identifier": { "propertyID": "a", "value": 1 },
        "openBookingFlowRequirement": ["https://openactive.io/OpenBookingApproval", "https://openactive.io/OpenBookingIntakeForm"],
        "description": null,
    });
    let other = json!({
        "type": "Order",
        "duration": "PT1H",
        "lease": { "leaseExpires": "2030-01-31T19:00+01:00" },
        "identifier": [{ "propertyID": "a", "value": 1.0 }],
        "orderedItem": [
            { "acceptedOffer": { "price": 0.50, "id": "https://example.com/o/1" }, "position": 1 },
            { "acceptedOffer": { "price": 3.00, "@id": "https://example.com/o/0" }, "position": 0 },
        ],
        "openBookingFlowRequirement": ["https://openactive.io/OpenBookingIntakeForm", "https://openactive.io/OpenBookingApproval"],
        "seller": { "@id": "https://example.com/sellers/1", "url": "https://example.com/" },
        "image": [],
    });
    assert_same(&one, &other, &Policy::same());
    assert_same(&other, &one, &Policy::same());
    assert_differ(
        &one,
        &other,
        &Policy::same().with_context().with_empty_values(),
        &[
            ("@context", DifferenceKind::Missing),
            ("description", DifferenceKind::Missing),
            ("image", DifferenceKind::Added),
        ],
    );
}

#[test]
fn texts_of_other_properties_are_compared_letter_by_letter() {
    for (one, other) in [
        (json!({ "name": "2030-01-31T18:00:00Z" }), json!({ "name": "2030-01-31T18:00:00+00:00" })),
        (json!({ "description": "PT60M" }), json!({ "description": "PT1H" })),
        (json!({ "email": "A@example.com" }), json!({ "email": "a@example.com" })),
        (json!({ "@id": "https://example.com" }), json!({ "@id": "https://example.com/" })),
        (
            json!({ "eventStatus": "https://schema.org/EventScheduled" }),
            json!({ "eventStatus": "http://schema.org/EventScheduled" }),
        ),
        (json!({ "startDate": "2030-01-31T18:00:00" }), json!({ "startDate": "2030-01-31T18:00:00Z" })),
    ] {
        assert!(!same(&one, &other, &Policy::same()), "{one} {other}");
    }
    let (one, other) = (json!({ "email": "A@example.com" }), json!({ "email": "a@example.com" }));
    assert_same(&one, &other, &Policy::same().comparing("email", Meaning::AnyCase));
    let (one, other) = (json!({ "@id": "https://example.com" }), json!({ "@id": "https://Example.com/" }));
    assert_same(&one, &other, &Policy::same().with_normal_identifiers());
}

#[test]
fn every_kind_of_difference_has_its_path() {
    let one = json!({ "a": 1, "b": { "c": "x" }, "d": "3", "e": [1, 2], "beta:f": true });
    let other = json!({ "a": 1.5, "b": { "g": 1 }, "d": 3, "e": [1], "beta:f": false });
    let wanted = [
        ("a", DifferenceKind::Changed),
        ("b.c", DifferenceKind::Missing),
        ("b.g", DifferenceKind::Added),
        ("beta:f", DifferenceKind::Changed),
        ("d", DifferenceKind::Type),
        ("e[1]", DifferenceKind::Missing),
    ];
    assert_differ(&one, &other, &Policy::same(), &wanted);
    let first = difference(&one, &other, &Policy::same()).unwrap();
    assert_eq!((first.expected_text().as_deref(), first.found_text().as_deref()), (Some("1"), Some("1.5")));
    assert_eq!(first.under("x[0]").path, "x[0].a");
    let of_type = differences(&one, &other, &Policy::same().ignoring(["a", "b"]).without_extensions(), 1).remove(0);
    assert_eq!((of_type.expected_text().as_deref(), of_type.found_text().as_deref()), (Some("\"3\""), Some("3")));
    assert_eq!(difference(&json!(1), &json!([]), &Policy::same()).unwrap().under("x").path, "x");
    assert_eq!(differences(&one, &other, &Policy::same(), 2).len(), 2);
    assert!(differences(&one, &other, &Policy::same(), 0).is_empty());
}

#[test]
fn what_more_was_found_counts_or_not() {
    let (less, more) = (json!({ "a": { "b": 1 } }), json!({ "a": { "b": 1, "c": 2 }, "d": [1] }));
    assert_differ(&less, &more, &Policy::same(), &[("a.c", DifferenceKind::Added), ("d", DifferenceKind::Added)]);
    assert_differ(&more, &less, &Policy::same(), &[("a.c", DifferenceKind::Missing), ("d", DifferenceKind::Missing)]);
    assert_same(&less, &more, &Policy::includes());
    assert_differ(
        &more,
        &less,
        &Policy::includes(),
        &[("a.c", DifferenceKind::Missing), ("d", DifferenceKind::Missing)],
    );
    assert_same(&less, &more, &Policy::overlap());
    assert_same(&more, &less, &Policy::overlap());
    assert_differ(&json!({ "a": { "b": 2 } }), &more, &Policy::overlap(), &[("a.b", DifferenceKind::Changed)]);
    // Entries of lists are no properties.
    let (one, two) = (json!({ "offers": [1] }), json!({ "offers": [1, 2] }));
    assert_differ(&one, &two, &Policy::overlap(), &[("offers[1]", DifferenceKind::Added)]);
    assert_differ(&two, &one, &Policy::overlap(), &[("offers[1]", DifferenceKind::Missing)]);
}

#[test]
fn order_items_are_known_by_their_id_or_their_position() {
    let items = |items: Value| json!({ "orderedItem": items });
    let one = items(json!([{ "@id": "a", "price": 1 }, { "@id": "b", "price": 2 }]));
    let other = items(json!([{ "@id": "b", "price": 2 }, { "@id": "a", "price": 3 }]));
    assert_differ(&one, &other, &Policy::same(), &[("orderedItem[1].price", DifferenceKind::Changed)]);
    let one = items(json!([{ "position": 0, "price": 1 }, { "position": 1, "price": 2 }]));
    let other = items(json!([{ "@id": "x", "position": 1.0, "price": 2 }, { "@id": "y", "position": 0, "price": 3 }]));
    assert_differ(&one, &other, &Policy::includes(), &[("orderedItem[1].price", DifferenceKind::Changed)]);
    assert_differ(
        &one,
        &items(json!([])),
        &Policy::same().with_empty_values(),
        &[("orderedItem[0]", DifferenceKind::Missing), ("orderedItem[1]", DifferenceKind::Missing)],
    );
    assert_differ(&one, &items(json!([])), &Policy::same(), &[("orderedItem", DifferenceKind::Missing)]);
}

#[test]
fn ids_that_are_ignored_pair_nothing() {
    let one = json!({ "offers": [{ "@id": "1", "price": 1 }, { "@id": "2", "price": 2 }] });
    let other = json!({ "offers": [{ "@id": "2", "price": 1 }, { "@id": "1", "price": 2 }] });
    assert_same(&one, &other, &Policy::same().ignoring(["@id"]));
    assert!(!same(&one, &other, &Policy::same()));
}

#[test]
fn entries_of_sets_count_as_often_as_they_are_there() {
    let list = |name: &str, list: Value| json!({ name: list });
    let policy = Policy::same();
    assert_same(&list("keywords", json!(["a", "b", "a"])), &list("keywords", json!(["b", "a", "a"])), &policy);
    assert!(!same(&list("keywords", json!(["a", "b", "a"])), &list("keywords", json!(["b", "a", "b"])), &policy));
    assert_same(
        &list("offers", json!([{ "price": 1 }, { "price": 2 }])),
        &list("offers", json!([{ "price": 2.0 }, { "price": 1 }])),
        &policy,
    );
    assert!(!same(&list("unknown", json!([1, 2])), &list("unknown", json!([2, 1])), &policy));
    assert!(!same(
        &list("keywords", json!(["a", "b"])),
        &list("keywords", json!(["b", "a"])),
        &policy.clone().with_order()
    ));
    assert!(!same(&list("keywords", json!([["a", "b"]])), &list("keywords", json!([["b", "a"]])), &policy));
    assert!(!same(&list("keywords", json!(["a"])), &list("keywords", json!("a")), &policy));
    let allowed = policy.with_one_or_many(|name| name == "keywords");
    assert_same(&list("keywords", json!(["a"])), &list("keywords", json!("a")), &allowed);
}

#[test]
fn entries_correspond_wherever_they_can() {
    // The first entry fits both, the second only the first one.
    let one = json!({ "accessCode": [{ "name": "a" }, { "name": "a", "description": "x" }] });
    let other =
        json!({ "accessCode": [{ "name": "a", "description": "x", "z": 1 }, { "name": "a", "description": "y" }] });
    assert_same(&one, &other, &Policy::includes());
    let nothing = json!({ "accessCode": [{ "name": "b" }, { "name": "a", "description": "y" }] });
    assert!(!same(&one, &nothing, &Policy::includes()));
}

#[test]
fn references_stand_for_what_they_name() {
    let one =
        json!({ "seller": "https://example.com/1", "superEvent": { "@id": "https://example.com/2", "name": "x" } });
    let other =
        json!({ "seller": { "@id": "https://example.com/1", "name": "y" }, "superEvent": "https://example.com/2" });
    assert_same(&one, &other, &Policy::same().with_references());
    assert_differ(
        &one,
        &other,
        &Policy::same(),
        &[("seller", DifferenceKind::Type), ("superEvent", DifferenceKind::Type)],
    );
    let wrong = json!({ "seller": { "@id": "https://example.com/3" }, "superEvent": { "name": "x" } });
    let policy = Policy::same().with_references();
    assert_differ(
        &other,
        &wrong,
        &policy,
        &[
            ("seller.@id", DifferenceKind::Changed),
            ("seller.name", DifferenceKind::Missing),
            ("superEvent", DifferenceKind::Type),
        ],
    );
}

#[test]
fn defaults_stand_for_what_is_absent() {
    let policy = Policy::same().with_defaults();
    let required = json!({ "price": 5, "openBookingPrepayment": "https://openactive.io/Required" });
    assert_same(&required, &json!({ "price": 5 }), &policy);
    assert_same(&json!({ "price": 5, "taxCalculationExcluded": false }), &required, &policy);
    assert_differ(
        &required,
        &json!({ "price": 5 }),
        &Policy::same(),
        &[("openBookingPrepayment", DifferenceKind::Missing)],
    );
    let optional = json!({ "price": 5, "openBookingPrepayment": "https://openactive.io/Optional" });
    assert_differ(&optional, &json!({ "price": 5 }), &policy, &[("openBookingPrepayment", DifferenceKind::Missing)]);
    assert_differ(&json!({ "price": 5 }), &optional, &policy, &[("openBookingPrepayment", DifferenceKind::Added)]);
}

#[test]
fn single_properties_are_compared() {
    let policy = Policy::same();
    let (one, other) = (json!(3), json!("3"));
    assert_eq!(property_difference("price", Some(&one), Some(&json!(3.0)), &policy), None);
    assert_eq!(property_difference("price", None, None, &policy), None);
    assert_eq!(property_difference("price", Some(&Value::Null), None, &policy), None);
    let difference = property_difference("price", Some(&one), Some(&other), &policy).unwrap();
    assert_eq!((difference.path.as_str(), difference.kind), ("price", DifferenceKind::Type));
    let difference = property_difference("price", Some(&one), None, &policy).unwrap().under("x");
    assert_eq!((difference.path.as_str(), difference.kind), ("x.price", DifferenceKind::Missing));
    assert_eq!(difference.found_text(), None);
    assert_eq!(property_difference("price", None, Some(&one), &Policy::includes()), None);
    assert_eq!(property_difference("price", None, Some(&one), &policy).unwrap().kind, DifferenceKind::Added);
}

#[test]
fn deep_documents_are_compared_to_a_depth() {
    let deep =
        |depth: usize, inner: Value, wrap: &dyn Fn(Value) -> Value| (0..depth).fold(inner, |value, _| wrap(value));
    // `json!` would copy what is put into it, and that by recursion.
    let object = |name: &str, value| Value::Object([(name.to_owned(), value)].into_iter().collect());
    let wraps: [&dyn Fn(Value) -> Value; 3] =
        [&|value| object("a", value), &|value| Value::Array(vec![value]), &|value| {
            object("offers", Value::Array(vec![value, json!(1)]))
        }];
    for wrap in wraps {
        for policy in [Policy::same(), Policy::includes(), Policy::overlap().with_references()] {
            let (one, other) = (deep(10_000, json!(1), wrap), deep(10_000, json!(2), wrap));
            let found = difference(&one, &other, &policy).map(|difference| difference.kind);
            assert_eq!(found, Some(DifferenceKind::TooDeep));
            assert!(!same(&one, &one, &policy));
            drop_deep(one);
            drop_deep(other);
            let (one, other) = (deep(60, json!(1), wrap), deep(60, json!(2), wrap));
            assert!(same(&one, &one, &policy));
            assert!(!same(&one, &other, &policy));
        }
    }
}

// Neither test would end today if every entry were compared with every other one.

#[test]
fn long_lists_are_compared_in_time() {
    const MANY: usize = 100_000;
    let list = |name: &str, entry: &dyn Fn(usize) -> Value| {
        let entries: Vec<Value> = (0..MANY).map(entry).collect();
        Value::Object([(name.to_owned(), Value::Array(entries))].into_iter().collect())
    };
    let price = |at: usize| json!({ "price": at });
    let (one, other) = (list("offers", &price), list("offers", &|at| price(MANY - 1 - at)));
    assert!(same(&one, &other, &Policy::includes()));
    assert!(!same(&one, &list("offers", &|at| price(at + MANY)), &Policy::includes()));
    let named = |at: usize| json!({ "@id": at.to_string() });
    let (one, other) = (list("orderedItem", &named), list("orderedItem", &|at| named(MANY - 1 - at)));
    assert!(same(&one, &other, &Policy::includes()));
    let equal = list("orderedItem", &|_| json!({ "@id": "a", "position": 0 }));
    assert!(same(&equal, &equal, &Policy::same()));
    assert!(!same(&list("unknown", &price), &list("unknown", &|at| price(MANY - 1 - at)), &Policy::same()));
}

#[test]
fn nested_sets_are_compared_in_time() {
    fn nested(depth: usize, wide: usize, leaf: usize) -> Value {
        let entry =
            |at: usize| if depth == 0 { json!({ "x": leaf + at }) } else { nested(depth - 1, wide, leaf * wide + at) };
        json!({ "offers": (0..wide).map(entry).collect::<Vec<_>>() })
    }
    for policy in [Policy::includes(), Policy::overlap().with_references()] {
        assert!(!same(&nested(2, 30, 0), &nested(2, 30, 1), &policy));
        assert!(!same(&nested(12, 2, 0), &nested(12, 2, 1), &policy));
        assert!(same(&nested(2, 30, 0), &nested(2, 30, 0), &policy));
    }
}

/// Values that are alike often enough to be compared in earnest.
fn documents() -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!("")),
        (0_i32..3).prop_map(|number| json!(number)),
        (0_i32..3).prop_map(|number| json!(f64::from(number))),
        Just(json!("2030-01-31T18:00:00Z")),
        Just(json!("2030-01-31T19:00+01:00")),
        Just(json!("PT60M")),
        Just(json!("PT1H")),
        Just(json!("https://Example.com")),
        Just(json!("https://example.com/")),
        Just(json!("https://openactive.io/Required")),
    ];
    let names = prop::sample::select(vec![
        "@id",
        "id",
        "@context",
        "startDate",
        "duration",
        "url",
        "price",
        "position",
        "offers",
        "orderedItem",
        "identifier",
        "openBookingPrepayment",
        "taxCalculationExcluded",
        "beta:x",
        "unknown",
    ]);
    scalars.prop_recursive(4, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((names.clone(), inner), 0..5).prop_map(|members| Value::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

fn policies() -> impl Strategy<Value = Policy> {
    let constructors = prop::sample::select(vec![Policy::same(), Policy::includes(), Policy::overlap()]);
    (constructors, prop::array::uniform7(any::<bool>())).prop_map(|(mut policy, switches)| {
        let [context, extensions, defaults, references, identifiers, empties, order] = switches;
        let set = |policy: Policy, on: bool, with: fn(Policy) -> Policy| if on { with(policy) } else { policy };
        policy = set(policy, context, Policy::with_context);
        policy = set(policy, extensions, Policy::without_extensions);
        policy = set(policy, defaults, Policy::with_defaults);
        policy = set(policy, references, Policy::with_references);
        policy = set(policy, identifiers, Policy::with_normal_identifiers);
        policy = set(policy, empties, Policy::with_empty_values);
        set(policy, order, Policy::with_order)
    })
}

/// The same document in another order, as far as order has no meaning.
fn reversed(value: &Value, property: &str, policy: &Policy) -> Value {
    match value {
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(|entry| reversed(entry, "", policy)).collect();
            if policy.is_set(property) {
                list.reverse();
            }
            Value::Array(list)
        }
        Value::Object(object) => {
            object.iter().rev().map(|(name, value)| (name.clone(), reversed(value, name, policy))).collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn every_document_is_the_same_as_itself(document in documents(), policy in policies()) {
        prop_assert_eq!(all(&document, &document, &policy), []);
        prop_assert_eq!(all(&document, &reversed(&document, "", &policy), &policy), []);
    }

    #[test]
    fn comparison_is_symmetric_unless_one_side_may_have_more(one in documents(), other in documents(), policy in policies()) {
        if policy.extras != Extras::InFound {
            prop_assert_eq!(same(&one, &other, &policy), same(&other, &one, &policy));
        }
    }

    #[test]
    fn keys_are_the_same_for_what_is_the_same(one in documents(), other in documents(), policy in policies()) {
        let equal = entry_key(&one, "offers", 0, &policy) == entry_key(&other, "offers", 0, &policy);
        let lists = (json!([one]), json!([other]));
        let differ = property_difference("unknown", Some(&lists.0), Some(&lists.1), &policy).is_some();
        if policy.is_tolerant() {
            prop_assert!(!(equal && differ));
        } else {
            prop_assert_eq!(equal, !differ);
        }
    }

    #[test]
    fn what_is_the_same_under_a_policy_is_the_same_under_a_more_tolerant_one(one in documents(), other in documents()) {
        if same(&one, &other, &Policy::same()) {
            prop_assert!(same(&one, &other, &Policy::includes()));
        }
        if same(&one, &other, &Policy::includes()) {
            prop_assert!(same(&one, &other, &Policy::overlap()));
        }
    }

    #[test]
    fn a_policy_that_allows_more_finds_it_only_where_it_is(document in documents(), more in documents()) {
        prop_assume!(document.is_object());
        let mut larger = document.clone();
        larger["more"] = more.clone();
        prop_assert!(same(&document, &larger, &Policy::includes()));
        let nothing = is_empty(&more);
        prop_assert_eq!(same(&document, &larger, &Policy::same()), nothing);
        prop_assert_eq!(same(&larger, &document, &Policy::includes()), nothing);
    }
}
