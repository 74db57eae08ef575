//! Reflection: responses repeat the properties of the request, and no extensions.

use serde_json::Value;

use super::value::shown;
use crate::compare::{Policy, property_difference};
use crate::opportunity::id_of;
use crate::results::Finding;
use crate::trace::EXTENSION;
use crate::vocabulary::Stage;

use super::row::rows;
use super::seen::{Seen, items, position_of};

rows! {
    BROKER_AS_SENT = "broker-as-sent": "`broker` and `brokerRole` are reflected unchanged"
        at [C1 C2 P B], document(expect_broker) {
        C1: ["OB-step-by-step-process-description-15"],
        P: ["OB-step-by-step-process-description-0-39"],
        B: ["OB-step-by-step-process-description-59"],
        C1 C2 P B: ["OB-schema-order-14", "OB-schema-order-16", "OB-schema-order-19"],
    }, violates {
        [C1 C2 P B] "broker" if "unexpected" => ["OB-schema-order-16"],
        [C1] "broker" if "missing" => ["OB-step-by-step-process-description-15", "OB-schema-order-14"],
        [C2] "broker" if "missing" => ["OB-step-by-step-process-description-25", "OB-schema-order-14"],
        [P] "broker" if "missing" => ["OB-step-by-step-process-description-0-39", "OB-schema-order-14"],
        [B] "broker" if "missing" => ["OB-step-by-step-process-description-59", "OB-schema-order-14"],
        [C1] => ["OB-step-by-step-process-description-15"],
        [C2] => ["OB-step-by-step-process-description-25"],
        [P] => ["OB-step-by-step-process-description-0-39"],
        [B] => ["OB-step-by-step-process-description-59"],
    }
    REQUEST_REFLECTED = "request-reflected": "every property of the request is reflected"
        at [C1 C2 P B], document(expect_reflection) {
        C1: ["OB-step-by-step-process-description-14"],
        C2: ["OB-step-by-step-process-description-25"],
        P: ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        B: [
            "OB-step-by-step-process-description-58",
            "OB-step-by-step-process-description-0-69",
            "OB-schema-order-22",
        ],
    }, violates {
        [C1] => ["OB-step-by-step-process-description-14"],
        [C2] "customer" if "missing" => ["OB-step-by-step-process-description-25", "OB-schema-order-22"],
        [C2] => ["OB-step-by-step-process-description-25"],
        [P] "customer" if "missing" => ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        [P] => ["OB-step-by-step-process-description-0-38"],
        [B] "customer" if "missing" => ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
        [B] => ["OB-step-by-step-process-description-58"],
    }
    CUSTOMER_AS_SENT = "customer-as-sent": "`customer` and `attendee` are reflected unchanged, without additional properties"
        at [C2 P B], document(expect_customer) {
        C2 P B: [
            "OB-schema-person-for-customer-or-attendee-9",
            "OB-schema-person-for-customer-or-attendee-10",
            "OB-schema-organization-for-customer-8",
            "OB-schema-organization-for-customer-9",
        ],
    }
    EXTENSIONS_OMITTED = "extensions-omitted": "extension properties of the request are not reflected"
        at [C1 C2 P B], document(expect_no_extensions) {
        C1: ["OB-step-by-step-process-description-16"],
        P: ["OB-step-by-step-process-description-0-40"],
        B: ["OB-step-by-step-process-description-60", "OB-step-by-step-process-description-0-70"],
    }, violates {
        [C1] => ["OB-step-by-step-process-description-16"],
        [C2] => ["OB-step-by-step-process-description-25"],
        [P] => ["OB-step-by-step-process-description-0-40"],
        [B] => ["OB-step-by-step-process-description-60"],
    }
    PAYMENT_AS_SENT = "payment-as-sent": "the response has `payment` if, and only if, the request has it"
        at [P B], document(expect_payment) {
        P: [
            "OB-step-by-step-process-description-0-27",
            "OB-booking-without-payment-13",
            "OB-booking-without-payment-14",
            "OB-schema-order-36",
        ],
        B: [
            "OB-step-by-step-process-description-45",
            "OB-step-by-step-process-description-46",
            "OB-booking-without-payment-13",
            "OB-booking-without-payment-14",
            "OB-schema-order-36",
        ],
    }, violates {
        [P] if "unexpected" => ["OB-booking-without-payment-13", "OB-step-by-step-process-description-0-27"],
        [B] if "unexpected" => ["OB-booking-without-payment-13", "OB-step-by-step-process-description-45"],
        [P] => ["OB-schema-order-36", "OB-step-by-step-process-description-0-38"],
        [B] => ["OB-schema-order-36", "OB-step-by-step-process-description-58"],
    }
}

/// The first property of the request that the response lacks or changes; more properties in the response do not count.
/// Numbers are compared by value, and lists whatever their order. An `@id` may be reflected as the object that it identifies.
fn difference_to_request(sent: &Value, found: Option<&Value>, path: &str) -> Option<Finding> {
    let wrong = || {
        let defect = if found.is_none() { "is missing" } else { "is not reflected unchanged" };
        Finding::new(format!("`{path}` {defect}")).expected(shown(Some(sent)), shown(found)).path(path)
    };
    match (sent, found) {
        (Value::Object(sent), Some(Value::Object(came))) => sent
            .iter()
            .filter(|(key, _)| *key != "@context" && !key.starts_with(EXTENSION))
            .find_map(|(key, value)| difference_to_request(value, came.get(key), &format!("{path}.{key}"))),
        (Value::Array(sent), Some(Value::Array(came))) if sent.len() == came.len() => {
            // The order of entries has no meaning.
            let mut left: Vec<usize> = (0..came.len()).collect();
            sent.iter().enumerate().find_map(|(at, sent)| {
                let differing = |at: usize| difference_to_request(sent, came.get(at), &format!("{path}[{at}]"));
                if let Some(same) = left.iter().position(|at| differing(*at).is_none()) {
                    left.remove(same);
                    return None;
                }
                differing(if left.contains(&at) { at } else { *left.first()? })
            })
        }
        (Value::String(id), Some(came @ Value::Object(_))) => (id_of(came) != Some(id)).then(wrong),
        (sent, Some(came)) => {
            property_difference(name_of(path), Some(sent), Some(came), &Policy::same()).map(|_| wrong())
        }
        (_, None) => Some(wrong()),
    }
}

/// The property at the end of a path, without its index.
fn name_of(path: &str) -> &str {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.split('[').next().unwrap_or(last)
}

/// Expects `broker` and `brokerRole` of the request; no `broker` with `NoBroker`.
fn expect_broker(document: &Seen<'_>) -> Option<Finding> {
    let request = document.request?;
    let role = request.get("brokerRole")?;
    if let Some(finding) = difference_to_request(role, document.body.get("brokerRole"), "brokerRole") {
        return Some(finding);
    }
    let found = document.body.get("broker");
    if role.as_str().is_some_and(|role| role.ends_with("NoBroker")) {
        return found.map(|found| {
            Finding::new("`broker` is present, although `brokerRole` is NoBroker")
                .expected("nothing", shown(Some(found)))
                .path("broker")
        });
    }
    difference_to_request(&defined(request.get("broker")?, found, BROKER), found, "broker")
}

/// Properties of `broker` in the specification.
const BROKER: &[&str] = &["@type", "identifier", "name", "email", "telephone", "url", "logo", "termsOfService"];
/// Properties of an Organization that is a Customer in the specification.
const ORGANIZATION: &[&str] = &["@type", "identifier", "name", "email", "telephone", "address"];
/// Properties of a Person that is a Customer or attendee in the specification.
const PERSON: &[&str] = &["@type", "identifier", "email", "givenName", "familyName", "telephone"];

/// What was sent, without properties that the specification does not define there and that the response leaves out.
fn defined(sent: &Value, found: Option<&Value>, names: &[&str]) -> Value {
    let mut sent = sent.clone();
    if let Some(properties) = sent.as_object_mut() {
        let omitted = |name: &str| found.is_none_or(|found| found.get(name).is_none());
        properties.retain(|name, _| names.contains(&name.as_str()) || !omitted(name));
    }
    sent
}

/// Expects every property of the request in the response. The content of `customer` and `attendee` is left to
/// `customer-as-sent`.
fn expect_reflection(document: &Seen<'_>) -> Option<Finding> {
    let finding = unreflected(document)?;
    let after_proposal = document.stage == Stage::B && document.proposal.is_some();
    Some(if after_proposal { finding.violating(["OB-step-by-step-process-description-0-69"]) } else { finding })
}

/// The first property of the request that the response does not reflect. A missing `seller` is left to validation.
fn unreflected(document: &Seen<'_>) -> Option<Finding> {
    let request = document.request?;
    let body = document.body;
    let seller = request.get("seller").zip(body.get("seller"));
    if let Some(finding) = seller.and_then(|(sent, found)| difference_to_request(sent, Some(found), "seller")) {
        return Some(finding);
    }
    // C1 responses have no customer, only P and B reflect `payment.identifier`, and free Orders have no payment.
    let quote = matches!(document.stage, Stage::C1 | Stage::C2);
    let free = body.pointer("/totalPaymentDue/price").and_then(Value::as_f64) == Some(0.0);
    if document.stage != Stage::C1
        && let (Some(sent), None) = (request.get("customer"), body.get("customer"))
    {
        return difference_to_request(sent, None, "customer");
    }
    if let Some(sent) = request.get("payment").filter(|_| (quote && !free) || body.get("payment").is_some()) {
        let mut sent = sent.clone();
        if let (true, Some(payment)) = (quote, sent.as_object_mut()) {
            payment.remove("identifier");
        }
        let details = sent.as_object().is_some_and(|payment| payment.len() > 1);
        if let Some(finding) = difference_to_request(&sent, body.get("payment"), "payment").filter(|_| details) {
            return Some(finding);
        }
    }
    let due = |order: &Value| order.get("totalPaymentDue").and_then(|due| due.get("price")).cloned();
    if let Some(finding) =
        due(request).and_then(|sent| difference_to_request(&sent, due(body).as_ref(), "totalPaymentDue.price"))
    {
        return Some(finding);
    }
    if document.stage == Stage::C1 {
        return None;
    }
    items(request).iter().find_map(|sent| {
        let at = document.index_of(body, position_of(sent)?)?;
        let item = items(body).get(at)?;
        ["attendee", "orderItemIntakeFormResponse"].into_iter().find_map(|property| {
            let (sent, found) = (sent.get(property)?, item.get(property));
            if property == "attendee" && found.is_some() {
                return None;
            }
            difference_to_request(sent, found, &format!("orderedItem[{at}].{property}"))
        })
    })
}

/// Expects `customer` and `attendee` as they were sent, without additional properties.
fn expect_customer(document: &Seen<'_>) -> Option<Finding> {
    let request = document.request?;
    let same = |sent: &Value, found: &Value, path: &str| {
        difference_to_request(sent, Some(found), path).or_else(|| {
            let (sent, found) = (sent.as_object()?, found.as_object()?);
            let more = found.keys().find(|key| !sent.contains_key(*key) && *key != "@context")?;
            let path = format!("{path}.{more}");
            let finding = Finding::new(format!("`{path}` is present, although it was not sent"));
            Some(finding.expected("nothing", shown(found.get(more))).path(path))
        })
    };
    let same = |sent: &Value, found: &Value, path: &str| {
        let names = if sent.get("@type").is_some_and(|kind| kind == "Organization") { ORGANIZATION } else { PERSON };
        let sent = &defined(sent, Some(found), names);
        let organization = sent.get("@type").is_some_and(|kind| kind == "Organization");
        same(sent, found, path).map(|finding| {
            let additional = finding.expected.as_deref() == Some("nothing");
            finding.violating(
                match (organization, additional) {
                    (true, true) => {
                        &["OB-schema-organization-for-customer-9", "OB-schema-organization-for-customer-8"][..]
                    }
                    (true, false) => &["OB-schema-organization-for-customer-8"],
                    (false, true) => {
                        &["OB-schema-person-for-customer-or-attendee-10", "OB-schema-person-for-customer-or-attendee-9"]
                    }
                    (false, false) => &["OB-schema-person-for-customer-or-attendee-9"],
                }
                .iter()
                .copied(),
            )
        })
    };
    if let (None, Some(found)) = (request.get("customer"), document.body.get("customer")) {
        return Some(
            Finding::new("`customer` is present, although it was not sent")
                .expected("nothing", shown(Some(found)))
                .path("customer"),
        );
    }
    // Details that the booking system need not capture need not be reflected.
    let mut sent = request.get("customer").cloned();
    let optional = [
        ("customer-details-capture-non-essential", &["telephone", "givenName", "familyName"][..]),
        ("customer-details-capture-identifier", &["identifier"]),
    ];
    for name in
        optional.iter().filter(|(feature, _)| !document.config.implements(feature)).flat_map(|(_, names)| *names)
    {
        let omitted = document.body.pointer(&format!("/customer/{name}")).is_none();
        if let Some(sent) = sent.as_mut().and_then(Value::as_object_mut).filter(|_| omitted) {
            sent.remove(*name);
        }
    }
    let customer = sent.as_ref().zip(document.body.get("customer"));
    if let Some(finding) = customer.and_then(|(sent, found)| same(sent, found, "customer")) {
        return Some(finding);
    }
    items(request).iter().find_map(|sent| {
        let position = position_of(sent)?;
        let (at, item) =
            items(document.body).iter().enumerate().find(|(_, item)| position_of(item) == Some(position))?;
        same(sent.get("attendee")?, item.get("attendee")?, &format!("orderedItem[{at}].attendee"))
    })
}

/// Expects the response to omit the extension properties of the request.
fn expect_no_extensions(document: &Seen<'_>) -> Option<Finding> {
    fn find<'v>(value: &'v Value, path: &str) -> Option<(String, &'v Value)> {
        match value {
            Value::Object(properties) => properties.iter().find_map(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if key.starts_with(EXTENSION) { Some((path, value)) } else { find(value, &path) }
            }),
            Value::Array(list) => list.iter().enumerate().find_map(|(at, value)| find(value, &format!("{path}[{at}]"))),
            _ => None,
        }
    }
    let (path, value) = find(document.body, "")?;
    let message =
        format!("`{path}` is reflected, although it is an extension that the booking system does not support");
    let finding = Finding::new(message).expected("nothing", shown(Some(value))).path(path);
    let after_proposal = document.stage == Stage::B && document.proposal.is_some();
    Some(if after_proposal { finding.violating(["OB-step-by-step-process-description-0-70"]) } else { finding })
}

/// Expects `payment` if, and only if, it was sent.
fn expect_payment(document: &Seen<'_>) -> Option<Finding> {
    let sent = document.sent?.get("payment");
    let found = document.body.get("payment");
    match (sent, found) {
        (None, Some(found)) => {
            let finding = Finding::new("`payment` is present, although the request has none");
            Some(finding.expected("nothing", shown(Some(found))).path("payment"))
        }
        (Some(sent), None) => {
            let finding = Finding::new("`payment` is missing, although the request has it");
            Some(finding.expected(shown(Some(sent)), "nothing").path("payment"))
        }
        _ => None,
    }
}
