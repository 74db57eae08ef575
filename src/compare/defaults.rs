//! Properties that mean something when they are absent.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::vocabulary::openactive;

static FALSE: Value = Value::Bool(false);
static REQUIRED: LazyLock<Value> = LazyLock::new(|| json!(openactive("Required")));
static UNAVAILABLE: LazyLock<Value> = LazyLock::new(|| json!(openactive("Unavailable")));
static NO_RESTRICTION: LazyLock<Value> = LazyLock::new(|| json!(openactive("NoRestriction")));

/// The value that a property has in an object that lacks it. `None` if the absence of a property means nothing.
#[must_use]
pub fn default_of(object: &Map<String, Value>, property: &str) -> Option<&'static Value> {
    match property {
        // Open Booking API 1.0, "Booking without payment": an Offer or total without prepayment counts as `Required` if its
        // price is not 0, and no payment is taken if it is 0.
        "openBookingPrepayment" => {
            let price = object.get("price")?.as_number()?;
            let free = super::same_number(price, &0.into());
            Some(if free { &UNAVAILABLE } else { &REQUIRED })
        }
        // Open Booking API 1.0, "Orders feed": only included if its value is true.
        "taxCalculationExcluded" => Some(&FALSE),
        // schema.org, PropertyValueSpecification: the default is false.
        "valueRequired" => Some(&FALSE),
        // Modelling Opportunity Data 2.0, Event: without a restriction, an event is for a mixed audience.
        "genderRestriction" => Some(&NO_RESTRICTION),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default(object: Value, property: &str) -> Option<&'static Value> {
        default_of(object.as_object().unwrap(), property)
    }

    #[test]
    fn prepayment_depends_on_the_price() {
        assert_eq!(default(json!({ "price": 10 }), "openBookingPrepayment"), Some(&*REQUIRED));
        assert_eq!(default(json!({ "price": 0.00 }), "openBookingPrepayment"), Some(&*UNAVAILABLE));
        assert_eq!(default(json!({}), "openBookingPrepayment"), None);
        assert_eq!(default(json!({ "price": "10" }), "openBookingPrepayment"), None);
    }

    #[test]
    fn few_properties_have_defaults() {
        assert_eq!(default(json!({}), "taxCalculationExcluded"), Some(&json!(false)));
        assert_eq!(default(json!({}), "valueRequired"), Some(&json!(false)));
        assert_eq!(default(json!({}), "genderRestriction"), Some(&json!("https://openactive.io/NoRestriction")));
        for none in
            ["isAccessibleForFree", "eventStatus", "openBookingInAdvance", "allowCustomerCancellationFullRefund"]
        {
            assert_eq!(default(json!({}), none), None, "{none}");
        }
    }
}
