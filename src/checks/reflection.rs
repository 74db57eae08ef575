//! What was sent is told again.

use serde_json::Value;

use super::value::shown;
use crate::compare::{Policy, property_difference};
use crate::opportunity::id_of;
use crate::results::Finding;
use crate::trace::EXTENSION;
use crate::vocabulary::Stage;

use super::row::rows;
use super::seen::{Seen, items};

rows! {
    BROKER_AS_SENT = "broker-as-sent": "broker and brokerRole are those that were sent"
        at [C1 C2 P B], document(broker_sent) {
        C1: ["OB-step-by-step-process-description-15"],
        P: ["OB-step-by-step-process-description-0-39"],
        B: ["OB-step-by-step-process-description-59"],
        C1 C2 P B: ["OB-schema-order-14", "OB-schema-order-16", "OB-schema-order-19"],
    }
    REQUEST_REFLECTED = "request-reflected": "every property that was sent is reflected"
        at [C1 C2 P B], document(reflected) {
        C1: ["OB-step-by-step-process-description-14"],
        C2: ["OB-step-by-step-process-description-25"],
        P: ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        B: [
            "OB-step-by-step-process-description-58",
            "OB-step-by-step-process-description-0-69",
            "OB-schema-order-22",
        ],
    }
    CUSTOMER_AS_SENT = "customer-as-sent": "customer and attendees are told again with what was sent, and with nothing else"
        at [C2 P B], document(customer_sent) {
        C2 P B: [
            "OB-schema-person-for-customer-or-attendee-9",
            "OB-schema-person-for-customer-or-attendee-10",
            "OB-schema-organization-for-customer-8",
            "OB-schema-organization-for-customer-9",
        ],
    }
    EXTENSIONS_OMITTED = "extensions-omitted": "no property of an extension that was sent is told again"
        at [C1 C2 P B], document(no_extensions) {
        C1: ["OB-step-by-step-process-description-16"],
        P: ["OB-step-by-step-process-description-0-40"],
        B: ["OB-step-by-step-process-description-60", "OB-step-by-step-process-description-0-70"],
    }
    PAYMENT_AS_SENT = "payment-as-sent": "payment is there when it was sent, and only then"
        at [P B], document(payment_as_sent) {
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
    }
}

/// The first difference between what was sent and what came back, where everything that was sent must be there. Numbers are
/// compared by their value; a reference to something may come back as the thing itself.
fn missing(sent: &Value, found: Option<&Value>, path: &str) -> Option<Finding> {
    let wrong = || {
        Finding::new(format!("{path} is not reflected as it was sent"))
            .expected(shown(Some(sent)), shown(found))
            .path(path)
    };
    match (sent, found) {
        (Value::Object(sent), Some(Value::Object(came))) => sent
            .iter()
            .filter(|(key, _)| *key != "@context" && !key.starts_with(EXTENSION))
            .find_map(|(key, value)| missing(value, came.get(key), &format!("{path}.{key}"))),
        (Value::Array(sent), Some(Value::Array(came))) if sent.len() == came.len() => sent
            .iter()
            .zip(came)
            .enumerate()
            .find_map(|(at, (sent, came))| missing(sent, Some(came), &format!("{path}[{at}]"))),
        (Value::String(id), Some(came @ Value::Object(_))) => (id_of(came) != Some(id)).then(wrong),
        (sent, Some(came)) => {
            property_difference(name_of(path), Some(sent), Some(came), &Policy::same()).map(|_| wrong())
        }
        (_, None) => Some(wrong()),
    }
}

/// The name of the property at the end of a path.
fn name_of(path: &str) -> &str {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.split('[').next().unwrap_or(last)
}

/// `broker` and `brokerRole` are those of the request; without a Broker there is none.
fn broker_sent(document: &Seen<'_>) -> Option<Finding> {
    let request = document.request?;
    let role = request.get("brokerRole")?;
    if let Some(finding) = missing(role, document.body.get("brokerRole"), "brokerRole") {
        return Some(finding);
    }
    let found = document.body.get("broker");
    if role.as_str().is_some_and(|role| role.ends_with("NoBroker")) {
        return found.map(|found| {
            Finding::new("there is a broker, though none was sent")
                .expected("nothing", shown(Some(found)))
                .path("broker")
        });
    }
    missing(request.get("broker")?, found, "broker")
}

/// Every property of the specification that was sent is there.
fn reflected(document: &Seen<'_>) -> Option<Finding> {
    let request = document.request?;
    let body = document.body;
    if let Some(finding) = request.get("seller").and_then(|seller| missing(seller, body.get("seller"), "seller")) {
        return Some(finding);
    }
    // C1 has no customer to tell of, an identifier of a payment belongs to P and B, and what is free has no payment.
    let quote = matches!(document.stage, Stage::C1 | Stage::C2);
    let free = body.pointer("/totalPaymentDue/price").and_then(Value::as_f64) == Some(0.0);
    if document.stage != Stage::C1
        && let (Some(sent), None) = (request.get("customer"), body.get("customer"))
    {
        return missing(sent, None, "customer");
    }
    if let Some(sent) = request.get("payment").filter(|_| (quote && !free) || body.get("payment").is_some()) {
        let mut sent = sent.clone();
        if let (true, Some(payment)) = (quote, sent.as_object_mut()) {
            payment.remove("identifier");
        }
        let told = sent.as_object().is_some_and(|payment| payment.len() > 1);
        if let Some(finding) = missing(&sent, body.get("payment"), "payment").filter(|_| told) {
            return Some(finding);
        }
    }
    let due = |order: &Value| order.get("totalPaymentDue").and_then(|due| due.get("price")).cloned();
    if let Some(finding) = due(request).and_then(|sent| missing(&sent, due(body).as_ref(), "totalPaymentDue.price")) {
        return Some(finding);
    }
    if document.stage == Stage::C1 {
        return None;
    }
    items(request).iter().find_map(|sent| {
        let position = sent.get("position")?;
        let (at, item) = items(body).iter().enumerate().find(|(_, item)| item.get("position") == Some(position))?;
        ["attendee", "orderItemIntakeFormResponse"].into_iter().find_map(|property| {
            missing(sent.get(property)?, item.get(property), &format!("orderedItem[{at}].{property}"))
        })
    })
}

/// Who was described is described in the same words, and in no others.
fn customer_sent(document: &Seen<'_>) -> Option<Finding> {
    let request = document.request?;
    let same = |sent: &Value, found: &Value, path: &str| {
        missing(sent, Some(found), path).or_else(|| {
            let (sent, found) = (sent.as_object()?, found.as_object()?);
            let more = found.keys().find(|key| !sent.contains_key(*key) && *key != "@context")?;
            Some(
                Finding::new(format!("{path} has what was not sent: {more}"))
                    .expected("nothing but what was sent", shown(found.get(more)))
                    .path(format!("{path}.{more}")),
            )
        })
    };
    // What need not be captured need not be told again.
    let mut told = request.get("customer").cloned();
    let optional = [
        ("customer-details-capture-non-essential", &["telephone", "givenName", "familyName"][..]),
        ("customer-details-capture-identifier", &["identifier"]),
    ];
    for name in
        optional.iter().filter(|(feature, _)| !document.config.implements(feature)).flat_map(|(_, names)| *names)
    {
        let left_out = document.body.pointer(&format!("/customer/{name}")).is_none();
        if let Some(told) = told.as_mut().and_then(Value::as_object_mut).filter(|_| left_out) {
            told.remove(*name);
        }
    }
    let customer = told.as_ref().zip(document.body.get("customer"));
    if let Some(finding) = customer.and_then(|(sent, found)| same(sent, found, "customer")) {
        return Some(finding);
    }
    items(request).iter().find_map(|sent| {
        let position = sent.get("position")?;
        let (at, item) =
            items(document.body).iter().enumerate().find(|(_, item)| item.get("position") == Some(position))?;
        same(sent.get("attendee")?, item.get("attendee")?, &format!("orderedItem[{at}].attendee"))
    })
}

/// No extension that was sent comes back.
fn no_extensions(document: &Seen<'_>) -> Option<Finding> {
    fn find(value: &Value, path: &str) -> Option<String> {
        match value {
            Value::Object(properties) => properties.iter().find_map(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if key.starts_with(EXTENSION) { Some(path) } else { find(value, &path) }
            }),
            Value::Array(list) => list.iter().enumerate().find_map(|(at, value)| find(value, &format!("{path}[{at}]"))),
            _ => None,
        }
    }
    let path = find(document.body, "")?;
    Some(
        Finding::new("a property of an extension, which the booking system cannot know, came back")
            .expected("nothing", path.clone())
            .path(path),
    )
}

/// `payment` is there when it was sent, and only then.
fn payment_as_sent(document: &Seen<'_>) -> Option<Finding> {
    let sent = document.sent?.get("payment");
    let found = document.body.get("payment");
    match (sent, found) {
        (None, Some(found)) => {
            let finding = Finding::new("there is a payment, though none was made");
            Some(finding.expected("nothing", shown(Some(found))).path("payment"))
        }
        (Some(sent), None) => {
            let finding = Finding::new("the payment that was made is not there");
            Some(finding.expected(shown(Some(sent)), "nothing").path("payment"))
        }
        _ => None,
    }
}
