//! What holds for any input.

use jiff::Timestamp;
use oa_test::client::feed::{Modified, read_page};
use oa_test::plan::{Clock, evaluate};
use oa_test::report::escape;
use oa_test::validate::{Options, Remote, Severity, ValidationMode, Validator};
use oa_test::vocabulary::{CriteriaName, Flow};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "P[0-9YMDTHS]{0,6}".prop_map(Value::from),
        "20[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-9:]{8}Z)?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Keys that something reads, and others.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "@type",
            "@id",
            "items",
            "next",
            "state",
            "id",
            "modified",
            "data",
            "kind",
            "offers",
            "startDate",
            "endDate",
            "superEvent",
            "facilityUse",
            "organizer",
            "price",
            "validFromBeforeStartDate",
            "remainingUses",
            "orderedItem",
            "totalPaymentDue",
            "seller",
            "position",
            "latestCancellationBeforeStartDate",
            "openBookingFlowRequirement",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ]
}

proptest! {
    #[test]
    fn any_text_is_a_page_or_an_error(text in ".{0,200}") {
        let _ = read_page(&text);
    }

    #[test]
    fn any_json_is_a_page_or_an_error(value in any_json()) {
        if let Ok(page) = read_page(&value.to_string()) {
            prop_assert!(page.items.len() <= value["items"].as_array().map_or(0, Vec::len));
        }
    }

    #[test]
    fn a_good_page_is_read_as_it_was_written(
        items in prop::collection::vec((any::<u32>(), any::<bool>(), 0_i64..i64::MAX), 0..20),
    ) {
        let list: Vec<Value> = items
            .iter()
            .map(|(id, deleted, modified)| {
                let mut item = json!({ "state": "updated", "kind": "Slot", "id": id.to_string(), "modified": modified });
                if *deleted {
                    item["state"] = json!("deleted");
                } else {
                    item["data"] = json!({ "@type": "Slot", "@id": "https://example.com/1" });
                }
                item
            })
            .collect();
        let page = json!({ "next": "https://example.com/feed?x=1", "items": list, "license": "https://example.com/licence" });
        let read = read_page(&page.to_string()).unwrap();
        prop_assert_eq!(read.items.len(), items.len());
        for (item, (id, deleted, modified)) in read.items.iter().zip(&items) {
            prop_assert_eq!(&item.id, &id.to_string());
            prop_assert_eq!(item.data.is_none(), *deleted);
            prop_assert_eq!(&item.modified, &Modified::Number(i128::from(*modified)));
        }
    }

    #[test]
    fn any_opportunity_can_be_judged(value in any_json(), criterion in prop::sample::select(CriteriaName::ALL.to_vec())) {
        for flow in [Flow::Simple, Flow::Approval] {
            let clock = Clock::starting(Timestamp::from_second(1_800_000_000).unwrap());
            let outcome = evaluate(criterion, flow, &value, clock);
            prop_assert_eq!(outcome.holds(), outcome.unmet.is_empty());
        }
    }

    #[test]
    fn any_document_can_be_validated(value in any_json(), mode in prop::sample::select(ValidationMode::ALL.to_vec())) {
        let validator = Validator::new(Remote::none());
        let validated = validator.text(&value.to_string(), Options::new(mode));
        for finding in &validated.findings {
            prop_assert!(finding.path.starts_with('$'), "{finding}");
            prop_assert!(!finding.message.is_empty());
        }
        let context = value.is_object() && !value["@context"].is_null();
        prop_assert!(context || value.get("items").is_some() || value.is_array() || validated.failed(), "it has no @context");
        let again = validator.text(&value.to_string(), Options::new(mode));
        prop_assert_eq!(validated.findings, again.findings);
    }

    #[test]
    fn any_text_gets_an_answer(text in any::<String>(), mode in prop::sample::select(ValidationMode::ALL.to_vec())) {
        let validated = Validator::new(Remote::none()).text(&text, Options::new(mode));
        let json = serde_json::from_str::<Value>(&text).is_ok();
        prop_assert!(json || validated.findings.iter().any(|finding| finding.severity == Severity::Failure));
    }

    #[test]
    fn nothing_that_is_shown_holds_control_characters(text in any::<String>()) {
        prop_assert!(!escape(&text).contains(char::is_control));
    }
}

#[test]
fn change_numbers_beyond_64_bits_are_compared_as_numbers() {
    let page = r#"{"next":"https://example.com/feed","license":"x","items":[
        {"state":"deleted","kind":"Slot","id":"a","modified":9223372036854775808},
        {"state":"deleted","kind":"Slot","id":"b","modified":18446744073709551616}]}"#;
    let read = read_page(page).unwrap();
    let order = read.items[0].modified.compare(&read.items[1].modified);
    assert_eq!(order, Some(std::cmp::Ordering::Less));
}
