//! What is asked of attendees: their details, and an intake form.

use serde_json::{Value, json};

use crate::vocabulary::schema_org;

use super::errors::{ErrorType, item_error};
use super::faults::{Fault, Faults};
use super::offer::Terms;
use super::seller::IDS;

/// Properties of attendee details.
const ATTENDEE: &[&str] = &["givenName", "familyName", "email", "telephone"];

/// `attendeeDetailsRequired`
pub(super) fn attendee_details_required() -> Value {
    ATTENDEE.iter().map(|name| Value::from(schema_org(name))).collect()
}

/// `orderItemIntakeForm`: one field of each kind.
pub(super) fn intake_form() -> Value {
    let field = |kind: &str, path: &str, name: &str, description: &str| {
        json!({
            "@type": format!("{kind}FormFieldSpecification"),
            "@id": format!("{IDS}/forms/{path}"),
            "name": name,
            "description": description
        })
    };
    let with = |mut field: Value, name: &str, value: Value| {
        if let Some(object) = field.as_object_mut() {
            object.insert(name.to_owned(), value);
        }
        field
    };
    let experience = field("Dropdown", "experience", "Experience", "How long have you done this?");
    let experience = with(experience, "valueOption", json!(["None", "Some", "A lot"]));
    json!([
        field("Boolean", "photos", "Photos", "May we take photos?"),
        with(experience, "valueRequired", json!(true)),
        with(field("ShortAnswer", "age", "Age", "How old are you?"), "valueRequired", json!(true)),
        field("Paragraph", "notes", "Notes", "What should we know?"),
        field("FileUpload", "insurance", "Insurance", "A proof of insurance")
    ])
}

fn filled(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

/// The errors in the details of an attendee.
pub(super) fn errors(terms: &Terms, attendee: Option<&Value>, response: Option<&Value>) -> Vec<Value> {
    let mut errors = Vec::new();
    if terms.attendee_details {
        let missing: Vec<&str> = ATTENDEE
            .iter()
            .copied()
            .filter(|name| !filled(attendee.and_then(|attendee| attendee.get(*name))))
            .collect();
        errors.extend(missing.into_iter().map(|name| {
            about(ErrorType::IncompleteAttendeeDetails, &format!("the attendee lacks {name}"), &schema_org(name))
        }));
    }
    if terms.intake_form {
        let form = intake_form();
        let answers = response.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for field in form.as_array().into_iter().flatten() {
            errors.extend(field_error(field, answers));
        }
    }
    errors
}

/// Changes errors by faults. `attendee`: whether the request has one.
pub(super) fn deviate(faults: &Faults, attendee: bool, errors: &mut Vec<Value>) {
    let of_attendee = |error: &Value| error["@type"] == "IncompleteAttendeeDetailsError";
    if faults.has(Fault::AttendeeDetailsFirstOnly) && attendee {
        errors.retain(|error| !of_attendee(error) || error["instance"] == schema_org("givenName"));
    }
    if faults.has(Fault::AttendeeDetailsEndsOnly) && attendee {
        let ends = [ATTENDEE.first(), ATTENDEE.last()].map(|name| name.map(|name| json!(schema_org(name))));
        errors.retain(|error| !of_attendee(error) || ends.contains(&error.get("instance").cloned()));
    }
    for (fault, field) in [(Fault::IntakeChoicesNotChecked, "experience"), (Fault::IntakeBooleansNotChecked, "photos")]
    {
        if faults.has(fault) {
            let id = format!("{IDS}/forms/{field}");
            errors.retain(|error| error["@type"] != "InvalidIntakeFormError" || error["instance"] != id);
        }
    }
    if faults.has(Fault::AttendeeErrorsOther) && attendee {
        for error in errors.iter_mut().filter(|error| of_attendee(error)) {
            error["instance"] = json!(schema_org("familyName"));
        }
    }
}

fn field_error(field: &Value, answers: &[Value]) -> Option<Value> {
    let id = field.get("@id").and_then(Value::as_str).unwrap_or_default();
    let kind = field.get("@type").and_then(Value::as_str).unwrap_or_default();
    let given: Vec<&Value> = answers
        .iter()
        .filter(|answer| answer.get("propertyID").and_then(Value::as_str) == Some(id))
        .filter_map(|answer| answer.get("value"))
        .collect();
    let required = kind.starts_with("Boolean") || field.get("valueRequired") == Some(&Value::Bool(true));
    let (error, description) = match given.as_slice() {
        [] if required => (ErrorType::IncompleteIntakeForm, "value of a required field is missing"),
        [] => return None,
        [value] if right(kind, field, value) => return None,
        [_] => (ErrorType::InvalidIntakeForm, "value is not valid for the field"),
        _ => (ErrorType::InvalidIntakeForm, "field has several values"),
    };
    Some(about(error, description, id))
}

/// An error that says in `instance` which field it is about.
fn about(error: ErrorType, description: &str, field: &str) -> Value {
    let mut error = item_error(error, description);
    if let Some(object) = error.as_object_mut() {
        object.insert("instance".to_owned(), json!(field));
    }
    error
}

fn right(kind: &str, field: &Value, value: &Value) -> bool {
    match kind.trim_end_matches("FormFieldSpecification") {
        "Boolean" => value.is_boolean(),
        "Dropdown" => field.get("valueOption").and_then(Value::as_array).is_some_and(|options| options.contains(value)),
        "FileUpload" => value.as_str().is_some_and(|text| url::Url::parse(text).is_ok()),
        _ => value.is_string(),
    }
}
