//! What the customer, the attendees and the Broker said of themselves.

use serde_json::Value;

use crate::results::Finding;
use crate::trace::{attendee, broker, must_be_answered};

use crate::checks::row::rows;
use crate::checks::seen::{Seen, items, position_of};
use crate::checks::value::shown;

rows! {
    CUSTOMER_REFLECTED = "customer-reflected": "customer has the type and the email that were sent"
        at [], asked(|seen| customer_reflected(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
    }
    BROKER_REFLECTED = "broker-reflected": "broker is the one that was sent"
        at [], asked(|seen| broker_reflected(seen.body)) {
        Any: ["OB-step-by-step-process-description-59"],
    }
    CUSTOMER_EMAIL = "customer-email": "customer.email is the one that was sent"
        at [], asked(|seen| customer_email(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-58"],
    }
    CUSTOMER_IDENTIFIER = "customer-identifier": "customer.identifier is the one that was sent"
        at [], asked(|seen| customer_fields(seen.body, *seen, &["identifier"])) {
        Any: ["OB-step-by-step-process-description-58", "OB-schema-person-for-customer-or-attendee-9"],
    }
    CUSTOMER_DETAILS = "customer-details": "customer has the email, telephone, givenName and familyName that were sent"
        at [], asked(|seen| customer_email(seen.body, *seen) .or_else(|| customer_fields(seen.body, *seen, &["telephone", "givenName", "familyName"]))) {
        Any: ["OB-step-by-step-process-description-58", "OB-schema-person-for-customer-or-attendee-9"],
    }
    ATTENDEES_REFLECTED = "attendees-reflected": "every OrderItem has the attendee that was sent"
        at [], asked(|seen| attendees_reflected(seen.body)) {
        Any: ["OB-step-by-step-process-description-58"],
    }
    ATTENDEE_DETAILS_ASKED = "attendee-details-asked": "every OrderItem under test has attendeeDetailsRequired"
        at [], asked(|seen| asked(seen.body, *seen, "attendeeDetailsRequired")) {
        Any: ["OB-schema-person-for-customer-or-attendee-2"],
    }
    INTAKE_FORMS_ASKED = "intake-forms-asked": "every OrderItem under test has an orderItemIntakeForm"
        at [], asked(|seen| asked(seen.body, *seen, "orderItemIntakeForm")) {
        Any: ["OB-step-by-step-process-description-11", "OB-booking-system-contract-with-the-broker-2"],
    }
    INTAKE_FORMS_REFLECTED = "intake-forms-reflected": "every OrderItem has the answers to its intake form that were sent"
        at [], asked(|seen| intake_forms_reflected(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-58", "OB-checkbox-fields-1"],
    }
    ERRORS_NAME_THE_FIELD = "errors-name-the-field": "each error of an OrderItem names in instance the field that it is about"
        at [], asked(|seen| errors_name_the_field(seen.body, *seen)) {
        Any: ["OB-attendee-details-capture-8", "OB-form-validation-and-auto-fill-2", "OB-form-validation-and-auto-fill-4"],
    }
}

fn told_as(document: &Value, path: &str, pointer: &str, sent: Option<&Value>) -> Option<Finding> {
    let found = document.pointer(pointer);
    (found != sent).then(|| {
        Finding::new(format!("{path} is not the one that was sent")).expected(shown(sent), shown(found)).path(path)
    })
}

/// `customer.email`, whatever the case of its letters.
pub(super) fn customer_email(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let sent = context.customer.get("email");
    let found = document.pointer("/customer/email");
    let lower = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_lowercase);
    (lower(found).is_none() || lower(found) != lower(sent)).then(|| {
        Finding::new("customer.email is not the one that was sent")
            .expected(shown(sent), shown(found))
            .path("customer.email")
    })
}

/// Properties of `customer` are those that were sent.
pub(super) fn customer_fields(document: &Value, context: Seen<'_>, names: &[&str]) -> Option<Finding> {
    names.iter().find_map(|name| {
        let sent = context.customer.get(*name);
        told_as(document, &format!("customer.{name}"), &format!("/customer/{name}"), sent)
    })
}

/// The customer has the type and the email that were sent.
pub(super) fn customer_reflected(document: &Value, context: Seen<'_>) -> Option<Finding> {
    customer_email(document, context)
        .or_else(|| told_as(document, "customer.@type", "/customer/@type", context.customer.get("@type")))
}

/// `brokerRole` and the name of the Broker are those that were sent.
pub(super) fn broker_reflected(document: &Value) -> Option<Finding> {
    let sent = broker();
    let found = document.get("broker");
    if found.is_none_or(Value::is_null) {
        let finding = Finding::new("the Broker is not told").expected(shown(sent.get("name")), "nothing");
        return Some(finding.path("broker"));
    }
    told_as(document, "broker.name", "/broker/name", sent.get("name"))
}

/// Every OrderItem has the attendee that was sent.
pub(super) fn attendees_reflected(document: &Value) -> Option<Finding> {
    let sent = attendee();
    let names = sent.as_object().map(|sent| sent.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    items(document).iter().enumerate().find_map(|(index, item)| {
        names.iter().find_map(|name| {
            let found = item.get("attendee").and_then(|attendee| attendee.get(name));
            (found != sent.get(name)).then(|| {
                Finding::new("an OrderItem does not have the attendee that was sent")
                    .expected(shown(sent.get(name)), shown(found))
                    .path(format!("orderedItem[{index}].attendee.{name}"))
            })
        })
    })
}

/// Every OrderItem under test has a list of what is asked.
pub(super) fn asked(document: &Value, context: Seen<'_>, property: &str) -> Option<Finding> {
    context.under_test(document).find_map(|found| {
        let (_, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(*finding),
        };
        let there = item.get(property).and_then(Value::as_array).is_some_and(|list| !list.is_empty());
        (!there).then(|| {
            Finding::new(format!("an OrderItem whose offer needs details has no {property}"))
                .expected("a list that is not empty", shown(item.get(property)))
                .path(format!("orderedItem[{index}].{property}"))
        })
    })
}

/// The form that C1 gave the OrderItem of a position, if it must be answered.
fn form_at<'c>(context: &Seen<'c>, position: usize) -> Option<&'c Value> {
    let asked = items(context.c1?).iter().find(|item| position_of(item) == Some(position))?;
    asked.get("orderItemIntakeForm").filter(|form| must_be_answered(form))
}

/// Every question of a form is answered in the document.
pub(super) fn intake_forms_reflected(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.under_test(document).find_map(|found| {
        let (position, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(*finding),
        };
        let questions = form_at(&context, position)?.as_array()?;
        let answers = item.get("orderItemIntakeFormResponse").and_then(Value::as_array);
        questions.iter().filter_map(|question| question.get("@id")).find_map(|question| {
            let answered =
                answers.is_some_and(|answers| answers.iter().any(|answer| answer.get("propertyID") == Some(question)));
            (!answered).then(|| {
                Finding::new("an answer to the intake form is not told")
                    .expected(
                        format!("a PropertyValue with propertyID {}", shown(Some(question))),
                        shown(item.get("orderItemIntakeFormResponse")),
                    )
                    .path(format!("orderedItem[{index}].orderItemIntakeFormResponse"))
            })
        })
    })
}

/// Errors of OrderItems say in `instance` which field they are about.
pub(super) fn errors_name_the_field(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.under_test(document).find_map(|found| {
        let (position, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(*finding),
        };
        let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let form = form_at(&context, position);
        let fields: Option<Vec<&str>> = form
            .and_then(Value::as_array)
            .map(|fields| fields.iter().filter_map(|field| field.get("@id").and_then(Value::as_str)).collect());
        errors.iter().enumerate().find_map(|(at, error)| {
            let instance = error.get("instance").and_then(Value::as_str);
            let right = match (&fields, instance) {
                (_, None) => false,
                (Some(fields), Some(instance)) => fields.contains(&instance),
                (None, Some(instance)) => instance.starts_with("http"),
            };
            (!right).then(|| {
                let expected = match &fields {
                    Some(fields) => fields.join(", "),
                    None => "the URL of a property, such as https://schema.org/givenName".to_owned(),
                };
                Finding::new("an error does not say which field it is about")
                    .expected(expected, shown(error.get("instance")))
                    .path(format!("orderedItem[{index}].error[{at}].instance"))
            })
        })
    })
}
