//! Details of attendees, intake forms, Brokers and customers.

use super::*;

const ATTENDEE: &str = "TestOpportunityBookableAttendeeDetails";
const FORM: &str = "TestOpportunityBookableAdditionalDetails";

fn c2(client: &Client, quote: &Value) -> (u16, Vec<Value>) {
    let answer = client.api("PUT", &format!("order-quotes/{}", uuid(1)), quote);
    let errors = answer.body["orderedItem"][0]["error"].as_array().cloned().unwrap_or_default();
    (answer.status, errors.iter().map(|error| error["@type"].clone()).collect())
}

#[test]
fn attendee_details_are_asked_for_at_c1_and_needed_from_c2_on() {
    let client = Client::plain();
    let pair = client.create(ATTENDEE, SIMPLE);
    let c1 = client.put("order-quote-templates", 1, &pair, 1);
    assert_eq!(c1.status, 200);
    assert_eq!(c1.body["orderedItem"][0]["attendeeDetailsRequired"].as_array().unwrap().len(), 4);
    let mut quote = body("OrderQuote", items(&pair, 1));
    assert_eq!(c2(&client, &quote), (409, vec![json!("IncompleteAttendeeDetailsError"); 4]), "one for each property");
    let attendee = json!({
        "@type": "Person", "givenName": "Ada", "familyName": "Byron", "email": "ada@example.com", "telephone": "01632 960001"
    });
    quote["orderedItem"][0]["attendee"] = attendee.clone();
    assert_eq!(c2(&client, &quote), (200, vec![]));
    let answer = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &quote);
    assert_eq!(answer.body["orderedItem"][0]["attendee"], attendee);
    quote["orderedItem"][0]["attendee"]["telephone"] = json!(" ");
    assert_eq!(c2(&client, &quote).0, 409);
}

#[test]
fn an_intake_form_is_asked_for_at_c1_and_judged_from_c2_on() {
    let client = Client::plain();
    let pair = client.create(FORM, SIMPLE);
    let c1 = client.put("order-quote-templates", 1, &pair, 1);
    let form = c1.body["orderedItem"][0]["orderItemIntakeForm"].as_array().unwrap().clone();
    assert!(
        form.iter()
            .all(|field| !(field["@type"] == "BooleanFormFieldSpecification" && field.get("valueRequired").is_some()))
    );
    let answers = |answer: &dyn Fn(&str) -> Value| -> Value {
        form.iter()
            .map(|field| {
                let value = answer(field["@type"].as_str().unwrap());
                json!({ "@type": "PropertyValue", "propertyID": field["@id"], "value": value })
            })
            .collect()
    };
    let mut quote = body("OrderQuote", items(&pair, 1));
    let missing = json!("IncompleteIntakeFormError");
    assert_eq!(c2(&client, &quote), (409, vec![missing.clone(), missing.clone(), missing]));
    quote["orderedItem"][0]["orderItemIntakeFormResponse"] = answers(&|kind| match kind {
        "BooleanFormFieldSpecification" => json!(true),
        "DropdownFormFieldSpecification" => json!("Some"),
        "FileUploadFormFieldSpecification" => json!("https://example.com/file"),
        _ => json!("A sentence."),
    });
    assert_eq!(c2(&client, &quote), (200, vec![]));
    quote["orderedItem"][0]["orderItemIntakeFormResponse"] = answers(&|kind| match kind {
        "BooleanFormFieldSpecification" | "DropdownFormFieldSpecification" => json!("none of these"),
        _ => json!(true),
    });
    assert_eq!(c2(&client, &quote), (409, vec![json!("InvalidIntakeFormError"); 5]));
}

#[test]
fn brokers_play_the_role_that_they_say() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let answer = |role: &str, broker: bool, customer: bool| {
        let mut quote = body("OrderQuote", items(&pair, 1));
        quote["brokerRole"] = json!(format!("https://openactive.io/{role}"));
        for (name, keep) in [("broker", broker), ("customer", customer)] {
            if !keep {
                quote.as_object_mut().unwrap().remove(name);
            }
        }
        let answer = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &quote);
        (answer.status, answer.body["@type"].as_str().unwrap().to_owned())
    };
    let good = (200, "OrderQuote".to_owned());
    let (broker, customer) =
        ((400, "IncompleteBrokerDetailsError".to_owned()), (400, "IncompleteCustomerDetailsError".to_owned()));
    assert_eq!(answer("AgentBroker", true, true), good);
    assert_eq!(answer("AgentBroker", false, true), broker);
    assert_eq!(answer("AgentBroker", true, false), customer);
    assert_eq!(answer("ResellerBroker", true, false), good);
    assert_eq!(answer("ResellerBroker", false, false), broker);
    assert_eq!(answer("NoBroker", false, true), good);
    assert_eq!(answer("NoBroker", true, true), broker);
    assert_eq!(answer("NoBroker", false, false), customer);
}

#[test]
fn payments_are_reconciled_where_that_is_agreed() {
    let mut switches = Switches::default();
    switches.set(Switch::PaymentReconciliation, true);
    let client = Client::new(SandboxOptions { switches, ..SandboxOptions::default() });
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let answer = |payment: Value| {
        let mut quote = body("OrderQuote", items(&pair, 1));
        quote["payment"] = payment;
        let answer = client.api("PUT", &format!("order-quote-templates/{}", uuid(1)), &quote);
        (answer.status, answer.body["@type"].as_str().unwrap().to_owned())
    };
    let wrong = (400, "InvalidPaymentDetailsError".to_owned());
    assert_eq!(answer(json!({ "@type": "Payment", "accountId": "SN1593", "paymentProviderId": "STRIPE" })).0, 200);
    assert_eq!(answer(json!({ "@type": "Payment" })), wrong, "also when nothing is due");
    assert_eq!(answer(json!({ "@type": "Payment", "accountId": "SN1", "paymentProviderId": "STRIPE" })), wrong);
}
