//! What was sent is told again.

use serde_json::Value;

use crate::plan::id_of;
use crate::results::Finding;
use crate::run::checks::shown;
use crate::run::requests::EXTENSION;
use crate::vocabulary::Place;

use super::{Document, items};

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
        (Value::Number(sent), Some(Value::Number(came))) => (sent.as_f64() != came.as_f64()).then(wrong),
        (Value::String(id), Some(came @ Value::Object(_))) => (id_of(came) != Some(id)).then(wrong),
        (sent, Some(came)) => (sent != came).then(wrong),
        (_, None) => Some(wrong()),
    }
}

/// `broker` and `brokerRole` are those of the request; without a Broker there is none.
pub(super) fn broker_sent(document: &Document<'_>) -> Option<Finding> {
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
pub(super) fn reflected(document: &Document<'_>) -> Option<Finding> {
    let request = document.request?;
    let body = document.body;
    if let Some(finding) = request.get("seller").and_then(|seller| missing(seller, body.get("seller"), "seller")) {
        return Some(finding);
    }
    // C1 has no customer to tell of, an identifier of a payment belongs to P and B, and what is free has no payment.
    let quote = matches!(document.place, Place::C1 | Place::C2);
    let free = body.pointer("/totalPaymentDue/price").and_then(Value::as_f64) == Some(0.0);
    if document.place != Place::C1
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
    if document.place == Place::C1 {
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
pub(super) fn customer_sent(document: &Document<'_>) -> Option<Finding> {
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
pub(super) fn no_extensions(document: &Document<'_>) -> Option<Finding> {
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
pub(super) fn payment_as_sent(document: &Document<'_>) -> Option<Finding> {
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
