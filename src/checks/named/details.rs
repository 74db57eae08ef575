//! Details of the Customer, of attendees and of the Broker.

use serde_json::Value;

use crate::results::Finding;
use crate::trace::{attendee, broker, must_be_answered};
use crate::vocabulary::Stage;

use super::item_set::lost;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, items, position_of};
use crate::checks::value::{listed, shown};

rows! {
    CUSTOMER_REFLECTED = "customer-reflected": "customer has the @type and email of the request"
        at [], asked(|seen| customer_reflected(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
    }, violates {
        [B] "customer" => ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
        [P] "customer" => ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        [C2] "customer" => [
            "OB-schema-order-22",
            "OB-step-by-step-process-description-25",
            "OB-step-by-step-process-description-14",
        ],
        [B] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-58"],
        [P] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-0-38"],
        [Any] => ["OB-schema-person-for-customer-or-attendee-9"],
    }
    BROKER_REFLECTED = "broker-reflected": "broker is that of the request"
        at [], asked(|seen| broker_reflected(seen.body)) {
        Any: ["OB-step-by-step-process-description-59"],
    }, violates {
        [C1] => ["OB-step-by-step-process-description-15"],
        [C2] => ["OB-step-by-step-process-description-25", "OB-step-by-step-process-description-15"],
        [P] => ["OB-step-by-step-process-description-0-39"],
        [B] => ["OB-step-by-step-process-description-59"],
    }
    CUSTOMER_EMAIL = "customer-email": "customer.email is that of the request"
        at [], asked(|seen| customer_email(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-58"],
    }, violates {
        [B] "customer" => ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
        [P] "customer" => ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        [C2] "customer" => [
            "OB-schema-order-22",
            "OB-step-by-step-process-description-25",
            "OB-step-by-step-process-description-14",
        ],
        [B] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-58"],
        [P] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-0-38"],
        [Any] => ["OB-schema-person-for-customer-or-attendee-9"],
    }
    CUSTOMER_IDENTIFIER = "customer-identifier": "customer.identifier is that of the request"
        at [], asked(|seen| customer_fields(seen.body, *seen, &["identifier"])) {
        Any: ["OB-step-by-step-process-description-58", "OB-schema-person-for-customer-or-attendee-9"],
    }, violates {
        [B] "customer" => ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
        [P] "customer" => ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        [C2] "customer" => [
            "OB-schema-order-22",
            "OB-step-by-step-process-description-25",
            "OB-step-by-step-process-description-14",
        ],
        [B] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-58"],
        [P] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-0-38"],
        [Any] => ["OB-schema-person-for-customer-or-attendee-9"],
    }
    CUSTOMER_DETAILS = "customer-details": "customer has the email, telephone, givenName and familyName of the request"
        at [], asked(|seen| customer_email(seen.body, *seen) .or_else(|| customer_fields(seen.body, *seen, &["telephone", "givenName", "familyName"]))) {
        Any: ["OB-step-by-step-process-description-58", "OB-schema-person-for-customer-or-attendee-9"],
    }, violates {
        [B] "customer" => ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
        [P] "customer" => ["OB-step-by-step-process-description-0-38", "OB-schema-order-22"],
        [C2] "customer" => [
            "OB-schema-order-22",
            "OB-step-by-step-process-description-25",
            "OB-step-by-step-process-description-14",
        ],
        [B] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-58"],
        [P] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-0-38"],
        [Any] => ["OB-schema-person-for-customer-or-attendee-9"],
    }
    ATTENDEES_REFLECTED = "attendees-reflected": "every OrderItem has the attendee of the request"
        at [], asked(|seen| attendees_reflected(seen.body)) {
        Any: ["OB-step-by-step-process-description-58"],
    }, violates {
        [B] "attendee" => ["OB-step-by-step-process-description-58"],
        [P] "attendee" => ["OB-step-by-step-process-description-0-38"],
        [B] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-58"],
        [P] => ["OB-schema-person-for-customer-or-attendee-9", "OB-step-by-step-process-description-0-38"],
        [C2] => ["OB-schema-person-for-customer-or-attendee-9"],
    }
    ATTENDEE_DETAILS_ASKED = "attendee-details-asked": "every OrderItem under test has attendeeDetailsRequired"
        at [], asked(|seen| required(seen.body, *seen, "attendeeDetailsRequired")) {
        Any: ["OB-schema-person-for-customer-or-attendee-2"],
    }, violates {
        [C1] "attendeeDetailsRequired" => [
            "OB-booking-system-contract-with-the-broker-2",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-19",
        ],
        [Any] "attendeeDetailsRequired" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-19"],
    }
    INTAKE_FORMS_ASKED = "intake-forms-asked": "every OrderItem under test has an orderItemIntakeForm"
        at [], asked(|seen| required(seen.body, *seen, "orderItemIntakeForm")) {
        Any: ["OB-step-by-step-process-description-11", "OB-booking-system-contract-with-the-broker-2"],
    }, violates {
        [C1] "orderItemIntakeForm" => [
            "OB-step-by-step-process-description-11",
            "OB-booking-system-contract-with-the-broker-2",
        ],
        [Any] "orderItemIntakeForm" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-19"],
    }
    INTAKE_FORMS_REFLECTED = "intake-forms-reflected": "every OrderItem has the orderItemIntakeFormResponse of the request"
        at [], asked(|seen| intake_forms_reflected(seen.body, *seen)) {
        Any: ["OB-step-by-step-process-description-58", "OB-checkbox-fields-1"],
    }, violates {
        [B] "orderItemIntakeFormResponse" => ["OB-step-by-step-process-description-58"],
        [P] "orderItemIntakeFormResponse" => ["OB-step-by-step-process-description-0-38"],
        [C2] "orderItemIntakeFormResponse" => [
            "OB-step-by-step-process-description-25",
            "OB-step-by-step-process-description-14",
        ],
    }
    ERRORS_NAME_THE_FIELD = "errors-name-the-field": "each error of an OrderItem has the @id of the field as instance"
        at [], asked(|seen| errors_name_the_field(seen.body, *seen)) {
        Any: ["OB-attendee-details-capture-8", "OB-form-validation-and-auto-fill-2", "OB-form-validation-and-auto-fill-4"],
    }
}

/// The defect of a property that differs from the request.
const fn words(found: Option<&Value>) -> &'static str {
    if found.is_some() { "differs from the request" } else { "is missing" }
}

/// Finds that the value at a pointer is not the one that was sent.
fn differing(document: &Value, path: &str, pointer: &str, sent: Option<&Value>) -> Option<Finding> {
    let found = document.pointer(pointer);
    (found != sent).then(|| {
        let words = if sent.is_none() { "is not in the request" } else { words(found) };
        Finding::new(format!("`{path}` {words}")).expected(shown(sent), shown(found)).path(path)
    })
}

/// Finds that a document has no `customer` at all.
fn no_customer(document: &Value, context: Seen<'_>) -> Option<Finding> {
    document.get("customer").is_none_or(Value::is_null).then(|| {
        let found = shown(document.get("customer"));
        Finding::new("`customer` is missing").expected(shown(Some(context.customer)), found).path("customer")
    })
}

/// Finds another `customer.email` than that of the request, ignoring case.
fn customer_email(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let sent = context.customer.get("email");
    let found = document.pointer("/customer/email");
    let lower = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_lowercase);
    no_customer(document, context).or_else(|| {
        (lower(found).is_none() || lower(found) != lower(sent)).then(|| {
            Finding::new(format!("`customer.email` {}", words(found)))
                .expected(shown(sent), shown(found))
                .path("customer.email")
        })
    })
}

/// Finds the first of these properties of `customer` that is not that of the request.
fn customer_fields(document: &Value, context: Seen<'_>, names: &[&str]) -> Option<Finding> {
    let wanted = names.iter().any(|name| context.customer.get(*name).is_some());
    no_customer(document, context).filter(|_| wanted).or_else(|| {
        names.iter().find_map(|name| {
            let sent = context.customer.get(*name);
            differing(document, &format!("customer.{name}"), &format!("/customer/{name}"), sent)
        })
    })
}

/// Finds another `@type` or `email` of `customer` than that of the request.
fn customer_reflected(document: &Value, context: Seen<'_>) -> Option<Finding> {
    customer_email(document, context)
        .or_else(|| differing(document, "customer.@type", "/customer/@type", context.customer.get("@type")))
}

/// Finds that `broker` is missing, or has another name than in the request.
fn broker_reflected(document: &Value) -> Option<Finding> {
    let sent = broker();
    let found = document.get("broker");
    if found.is_none_or(Value::is_null) {
        return Some(Finding::new("`broker` is missing").expected(shown(Some(&sent)), shown(found)).path("broker"));
    }
    differing(document, "broker.name", "/broker/name", sent.get("name"))
}

/// Finds an OrderItem without the attendee of the request.
fn attendees_reflected(document: &Value) -> Option<Finding> {
    let sent = attendee();
    let names = sent.as_object().map(|sent| sent.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    items(document).iter().enumerate().find_map(|(index, item)| {
        let Some(attendee) = item.get("attendee").filter(|attendee| !attendee.is_null()) else {
            let finding = Finding::new("`attendee` of an OrderItem is missing");
            let finding = finding.expected(shown(Some(&sent)), shown(item.get("attendee")));
            return Some(finding.path(format!("orderedItem[{index}].attendee")));
        };
        names.iter().find_map(|name| {
            let found = attendee.get(name);
            (found != sent.get(name)).then(|| {
                Finding::new(format!("`attendee.{name}` of an OrderItem {}", words(found)))
                    .expected(shown(sent.get(name)), shown(found))
                    .path(format!("orderedItem[{index}].attendee.{name}"))
            })
        })
    })
}

/// Finds an OrderItem under test whose list of required details is missing or empty.
fn required(document: &Value, context: Seen<'_>, property: &str) -> Option<Finding> {
    context.under_test(document).find_map(|found| {
        let (_, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(lost(*finding, context)),
        };
        let found = item.get(property);
        let there = found.and_then(Value::as_array).is_some_and(|list| !list.is_empty());
        (!there).then(|| {
            let words = if found.is_some() { "has no entry" } else { "is missing" };
            Finding::new(format!("`{property}` of an OrderItem whose Offer requires details {words}"))
                .expected("a list that is not empty", shown(found))
                .path(format!("orderedItem[{index}].{property}"))
        })
    })
}

/// The intake form that C1 returned for the OrderItem of a position, if a response to it is required.
fn form_at<'c>(context: &Seen<'c>, position: usize) -> Option<&'c Value> {
    let asked = items(context.c1?).iter().find(|item| position_of(item) == Some(position))?;
    asked.get("orderItemIntakeForm").filter(|form| must_be_answered(form))
}

/// Finds a field of an intake form whose response is missing.
fn intake_forms_reflected(document: &Value, context: Seen<'_>) -> Option<Finding> {
    context.under_test(document).find_map(|found| {
        let (position, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(lost(*finding, context)),
        };
        let fields = form_at(&context, position)?.as_array()?;
        let found = item.get("orderItemIntakeFormResponse");
        let responses = found.and_then(Value::as_array);
        fields.iter().filter_map(|field| field.get("@id")).find_map(|field| {
            let reflected = responses
                .is_some_and(|responses| responses.iter().any(|response| response.get("propertyID") == Some(field)));
            (!reflected).then(|| {
                let words = if found.is_some() { "does not have the response to a field" } else { "is missing" };
                Finding::new(format!("`orderItemIntakeFormResponse` {words}"))
                    .expected(format!("a PropertyValue with propertyID {}", shown(Some(field))), shown(found))
                    .path(format!("orderedItem[{index}].orderItemIntakeFormResponse"))
            })
        })
    })
}

/// The requirement that an error of a type has the field as `instance`.
fn instance_of(error: &Value) -> Option<&'static str> {
    match error.get("@type").and_then(Value::as_str)? {
        "IncompleteAttendeeDetailsError" => Some("OB-attendee-details-capture-8"),
        "IncompleteIntakeFormError" => Some("OB-form-validation-and-auto-fill-2"),
        "InvalidIntakeFormError" => Some("OB-form-validation-and-auto-fill-4"),
        _ => None,
    }
}

/// Finds an IncompleteAttendeeDetailsError whose `instance` is a property that the attendee of the request has.
fn wrong_detail(context: &Seen<'_>, position: usize, item: &Value, error: &Value) -> Option<Finding> {
    let name = |property: &str| property.rsplit(['/', ':']).next().unwrap_or(property).to_owned();
    let instance = error.get("instance").and_then(Value::as_str)?;
    if error.get("@type").and_then(Value::as_str) != Some("IncompleteAttendeeDetailsError") {
        return None;
    }
    let sent = items(context.sent?).iter().find(|sent| position_of(sent) == Some(position))?.get("attendee")?;
    let asked = || items(context.c1?).iter().find(|known| position_of(known) == Some(position));
    let required = item.get("attendeeDetailsRequired").or_else(|| asked()?.get("attendeeDetailsRequired"))?;
    let required = required.as_array()?.iter().filter_map(Value::as_str);
    let missing: Vec<&str> = required.filter(|property| sent.get(name(property)).is_none()).collect();
    (!missing.is_empty() && !missing.iter().any(|property| name(property) == name(instance))).then(|| {
        Finding::new("`instance` of IncompleteAttendeeDetailsError is not a property that the attendee lacks")
            .expected(listed(missing.iter().copied(), Some(instance)), shown(error.get("instance")))
            .violating(instance_of(error))
    })
}

/// Finds an error of an OrderItem whose `instance` is not the `@id` of a field.
fn errors_name_the_field(document: &Value, context: Seen<'_>) -> Option<Finding> {
    // P and B may return one error for the whole Order.
    let kind = document.get("@type").and_then(Value::as_str).unwrap_or_default();
    if matches!(context.stage, Stage::P | Stage::B)
        && context.strict()
        && kind.ends_with("Error")
        && items(document).is_empty()
    {
        return None;
    }
    context.under_test(document).find_map(|found| {
        let (position, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(lost(*finding, context)),
        };
        let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let form = form_at(&context, position);
        let fields: Option<Vec<&str>> = form
            .and_then(Value::as_array)
            .map(|fields| fields.iter().filter_map(|field| field.get("@id").and_then(Value::as_str)).collect());
        errors.iter().enumerate().find_map(|(at, error)| {
            let found = error.get("instance");
            let instance = found.and_then(Value::as_str);
            if let Some(finding) = wrong_detail(&context, position, item, error) {
                return Some(finding.path(format!("orderedItem[{index}].error[{at}].instance")));
            }
            let right = match (&fields, instance) {
                (_, None) => false,
                (Some(fields), Some(instance)) => fields.contains(&instance),
                (None, Some(instance)) => instance.starts_with("http"),
            };
            (!right).then(|| {
                let expected = match &fields {
                    Some(fields) => format!("one of {}", listed(fields.iter().copied(), instance)),
                    None => "the URL of a property, e.g. \"https://schema.org/givenName\"".to_owned(),
                };
                let kind = error.get("@type").and_then(Value::as_str).unwrap_or("an error");
                let words = if found.is_some() { "is not the @id of a field" } else { "is missing" };
                Finding::new(format!("`instance` of {kind} {words}"))
                    .expected(expected, shown(found))
                    .path(format!("orderedItem[{index}].error[{at}].instance"))
                    .violating(instance_of(error))
            })
        })
    })
}
