//! Documents of an honest booking system: two sessions of one series, an OrderItem for each.

use serde_json::{Value, json};

use crate::trace::broker;
use crate::vocabulary::{Stage, openactive};

use super::trace::{BASE, UUID};

/// The series of both sessions.
pub(super) const SERIES: &str = "https://id.example.com/series/1";
/// The names of the Offers.
const NAMES: [&str; 2] = ["Adult", "Junior"];
/// The prices of the Offers, which include 20% of tax.
const PRICES: [u32; 2] = [12, 6];

/// Terms of a party with this website.
fn terms(website: &str) -> Value {
    let terms = |kind: &str, name: &str, path: &str| {
        let url = format!("{website}/{path}");
        json!({ "@type": kind, "name": name, "url": url, "requiresExplicitConsent": false })
    };
    json!([terms("PrivacyPolicy", "Privacy policy", "privacy"), terms("TermsOfUse", "Terms of use", "terms")])
}

/// The Seller, as the feeds have it.
pub(super) fn seller() -> Value {
    json!({
        "@type": "Organization",
        "@id": "https://id.example.com/sellers/1",
        "name": "Riverside Leisure",
        "legalName": "Riverside Leisure Limited",
        "url": "https://riverside.example.com",
        "email": "hello@riverside.example.com",
        "telephone": "01632 960000",
        "taxMode": openactive("TaxGross"),
        "isOpenBookingAllowed": true,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "1 Mill Lane",
            "addressLocality": "Exampleton",
            "addressRegion": "Exampleshire",
            "postalCode": "EX2 2BB",
            "addressCountry": "GB"
        },
        "termsOfService": terms("https://riverside.example.com")
    })
}

/// An Offer of the series.
pub(super) fn offer(number: usize) -> Value {
    json!({
        "@type": "Offer",
        "@id": format!("{SERIES}#/offers/{number}"),
        "identifier": number.to_string(),
        "name": NAMES[number],
        "price": PRICES[number],
        "priceCurrency": "GBP",
        "openBookingInAdvance": openactive("Optional"),
        "allowCustomerCancellationFullRefund": true
    })
}

/// A session, as an OrderItem has it.
fn session(number: usize) -> Value {
    json!({
        "@type": "ScheduledSession",
        "@id": session_id(number),
        "startDate": format!("2030-03-0{}T18:00:00Z", number + 1),
        "endDate": format!("2030-03-0{}T19:00:00Z", number + 1),
        "duration": "PT1H",
        "maximumAttendeeCapacity": 10,
        "remainingAttendeeCapacity": 10,
        "superEvent": {
            "@type": "SessionSeries",
            "@id": SERIES,
            "name": "Morning Yoga",
            "url": "https://riverside.example.com/yoga",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "activity": [{
                "@type": "Concept",
                "@id": "https://openactive.io/activity-list#bf1a5e00-cdcf-465d-8c5a-6f57040b7f7e",
                "prefLabel": "Yoga",
                "inScheme": "https://openactive.io/activity-list"
            }],
            "location": {
                "@type": "Place",
                "@id": "https://id.example.com/places/1",
                "name": "Riverside Leisure Centre",
                "url": "https://riverside.example.com/centre",
                "telephone": "01632 960000",
                "address": seller()["address"],
                "geo": { "@type": "GeoCoordinates", "latitude": 51.7, "longitude": -1.2 }
            }
        }
    })
}

/// `@id` of a session.
pub(super) fn session_id(number: usize) -> String {
    format!("{SERIES}/sessions/{number}")
}

/// A session with everything that its feed has.
pub(super) fn opportunity(number: usize) -> Value {
    let mut opportunity = session(number);
    opportunity["superEvent"]["organizer"] = seller();
    opportunity["superEvent"]["offers"] = json!([offer(0), offer(1)]);
    opportunity
}

/// The OrderItems that are requested. `control`: whether nothing is wrong with the second one.
pub(super) fn requested_items(control: bool) -> Value {
    let item = |number: usize| {
        json!({
            "opportunity": opportunity(number),
            "opportunity_id": session_id(number),
            "offer": offer(number),
            "offer_id": offer(number)["@id"],
            "control": control && number > 0
        })
    };
    json!([item(0), item(1)])
}

/// The customer of every request.
pub(super) fn customer() -> Value {
    json!({
        "@type": "Person",
        "email": "grace.shaw@example.com",
        "telephone": "01632 604024",
        "givenName": "Grace",
        "familyName": "Shaw",
        "identifier": "customer-1"
    })
}

/// `payment` of a request at a stage.
fn payment(stage: Stage) -> Value {
    let mut payment = json!({
        "@type": "Payment", "name": "AcmeBroker Points", "accountId": "SN1593", "paymentProviderId": "STRIPE"
    });
    if matches!(stage, Stage::P | Stage::B) {
        payment["identifier"] = json!("payment-1");
    }
    payment
}

/// Tax of an OrderItem, or of several.
fn tax(price: u32) -> Value {
    json!([{
        "@type": "TaxChargeSpecification", "name": "VAT at 20%", "price": price, "priceCurrency": "GBP", "rate": 0.2
    }])
}

/// The total of the Order.
fn due() -> Value {
    json!({
        "@type": "PriceSpecification",
        "price": PRICES[0] + PRICES[1],
        "priceCurrency": "GBP",
        "openBookingPrepayment": openactive("Required")
    })
}

/// The `@type` of the document at a stage, and the collection that its URL is in.
const fn kind(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::C1 | Stage::C2 => ("OrderQuote", "order-quotes"),
        Stage::P | Stage::ProposalsFeed => ("OrderProposal", "order-proposals"),
        _ => ("Order", "orders"),
    }
}

/// `@id` of an OrderItem that was booked or proposed.
pub(super) fn item_id(number: usize) -> String {
    format!("{BASE}/orders/{UUID}#/orderedItem/{number}")
}

/// The request body of C1, C2, P or B.
pub(super) fn request(stage: Stage) -> Value {
    let item = |number: usize| {
        json!({
            "@type": "OrderItem",
            "position": number,
            "acceptedOffer": offer(number)["@id"],
            "orderedItem": session_id(number)
        })
    };
    let mut request = json!({
        "@context": "https://openactive.io/",
        "@type": kind(stage).0,
        "brokerRole": openactive("AgentBroker"),
        "broker": broker(),
        "seller": seller()["@id"],
        "orderedItem": [item(0), item(1)],
        "payment": payment(stage)
    });
    if stage != Stage::C1 {
        request["customer"] = customer();
    }
    if matches!(stage, Stage::P | Stage::B) {
        request["totalPaymentDue"] =
            json!({ "@type": "PriceSpecification", "price": due()["price"], "priceCurrency": "GBP" });
    }
    request
}

/// An OrderItem at a stage.
fn ordered(number: usize, stage: Stage) -> Value {
    let mut item = json!({
        "@type": "OrderItem",
        "acceptedOffer": offer(number),
        "orderedItem": session(number),
        "unitTaxSpecification": tax(PRICES[number] / 6)
    });
    let quote = matches!(stage, Stage::C1 | Stage::C2);
    if !quote {
        item["@id"] = json!(item_id(number));
        item["orderedItem"].as_object_mut().expect("a session").remove("remainingAttendeeCapacity");
    }
    if quote || matches!(stage, Stage::P | Stage::B) {
        item["position"] = json!(number);
    }
    if matches!(stage, Stage::B | Stage::OrderStatus | Stage::OrdersFeed) {
        item["orderItemStatus"] = json!(openactive("OrderItemConfirmed"));
        item["accessCode"] =
            json!([{ "@type": "PropertyValue", "name": "Door", "description": format!("12{number}") }]);
        item["accessPass"] = json!([
            { "@type": "ImageObject", "url": format!("https://passes.example.com/{number}.png") },
            {
                "@type": "Barcode",
                "text": format!("5391{number}"),
                "url": format!("https://passes.example.com/{number}-barcode.png"),
                "beta:codeType": "code128"
            }
        ]);
    }
    item
}

/// The response to C1, C2, P, B or Order Status, or the item of a feed.
pub(super) fn document(stage: Stage) -> Value {
    let (kind, collection) = kind(stage);
    let feed = matches!(stage, Stage::OrdersFeed | Stage::ProposalsFeed);
    let context = ["https://openactive.io/", "https://openactive.io/ns-beta"];
    let mut document = json!({
        "@context": context,
        "@type": kind,
        "@id": format!("{BASE}/{collection}/{UUID}"),
        "orderedItem": [ordered(0, stage), ordered(1, stage)],
        "totalPaymentDue": due(),
        "totalPaymentTax": tax(3)
    });
    if !matches!(stage, Stage::C1 | Stage::C2) {
        document["identifier"] = json!(UUID);
    }
    if matches!(stage, Stage::P | Stage::ProposalsFeed) {
        let status = if feed { "SellerAccepted" } else { "AwaitingSellerConfirmation" };
        document["orderProposalStatus"] = json!(openactive(status));
        document["orderProposalVersion"] =
            json!(format!("{BASE}/order-proposals/{UUID}/versions/0d0c4c0b-40b5-4d1c-b2bc-11f4d0e8a3a1"));
    }
    if feed {
        return document;
    }
    let reflected = if stage == Stage::OrderStatus { Stage::B } else { stage };
    for property in ["brokerRole", "broker", "payment", "customer"] {
        if let Some(sent) = request(reflected).get(property) {
            document[property] = sent.clone();
        }
    }
    document["seller"] = seller();
    document["taxCalculationExcluded"] = json!(false);
    document["bookingService"] = json!({
        "@type": "BookingService",
        "name": "Example Booking",
        "url": "https://booking.example.com",
        "softwareVersion": "1.0",
        "termsOfService": terms("https://booking.example.com")
    });
    if matches!(stage, Stage::C1 | Stage::C2) {
        document["orderRequiresApproval"] = json!(false);
        document["lease"] = json!({ "@type": "Lease", "leaseExpires": "2030-01-01T12:15:00Z" });
    }
    document
}

/// An error as the response to a whole request.
pub(super) fn error(name: &str, status: u16) -> Value {
    json!({
        "@context": "https://openactive.io/",
        "@type": name,
        "statusCode": status,
        "name": "This is not possible",
        "description": "Please try something else."
    })
}

/// The errors of an OrderItem: one.
pub(super) fn item_error(name: &str) -> Value {
    let mut error = error(name, 409);
    error.as_object_mut().expect("an error").remove("@context");
    json!([error])
}

/// The Dataset of a dataset site.
pub(super) fn dataset() -> Value {
    json!({
        "@context": ["https://schema.org/", "https://openactive.io/"],
        "@type": "Dataset",
        "@id": "https://data.example.com/openactive/",
        "url": "https://data.example.com/openactive/",
        "name": "Example Sessions",
        "description": "Sessions that do not exist.",
        "dateModified": "2029-12-01T00:00:00+00:00",
        "datePublished": "2029-01-01T00:00:00+00:00",
        "keywords": ["Sessions", "Activities", "OpenActive"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "inLanguage": ["en-GB"],
        "schemaVersion": "https://openactive.io/modelling-opportunity-data/2.0/",
        "documentation": "https://permalink.openactive.io/dataset-site/open-data-documentation",
        "discussionUrl": "https://data.example.com/discussion",
        "backgroundImage": { "@type": "ImageObject", "url": "https://data.example.com/background.jpg" },
        "publisher": {
            "@type": "Organization",
            "name": "Example Booking",
            "legalName": "Example Booking Limited",
            "email": "hello@booking.example.com",
            "url": "https://booking.example.com",
            "logo": { "@type": "ImageObject", "url": "https://booking.example.com/logo.png" }
        },
        "bookingService": {
            "@type": "BookingService",
            "name": "Example Booking",
            "url": "https://booking.example.com",
            "softwareVersion": "1.0"
        },
        "distribution": [{
            "@type": "DataDownload",
            "name": "SessionSeries",
            "identifier": "SessionSeries",
            "additionalType": "https://openactive.io/SessionSeries",
            "encodingFormat": "application/vnd.openactive.rpde+json; version=1",
            "contentUrl": "https://data.example.com/feeds/session-series"
        }],
        "accessService": {
            "@type": "WebAPI",
            "name": "Open Booking API",
            "description": "The Open Booking API of the example.",
            "endpointUrl": BASE,
            "endpointDescription": "https://www.openactive.io/open-booking-api/EditorsDraft/swagger.json",
            "documentation": "https://permalink.openactive.io/dataset-site/open-booking-api-documentation",
            "conformsTo": ["https://openactive.io/open-booking-api/EditorsDraft/"],
            "authenticationAuthority": "https://identity.example.com",
            "landingPage": "https://booking.example.com/api",
            "termsOfService": "https://booking.example.com/api-terms"
        }
    })
}
