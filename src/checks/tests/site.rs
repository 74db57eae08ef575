//! The dataset site, opportunities and terms of service.

use serde_json::json;

use super::honest::{c1, created_session, dataset_site};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// C1 of a booking system with terms that require consent.
fn consented() -> Trace {
    c1().set("C1/bookingService/termsOfService/1/requiresExplicitConsent", true)
        .set("C1/bookingService/termsOfService/1/dateModified", "2029-01-01T00:00:00Z")
}

pub(super) fn lines() -> Vec<Lines> {
    let left = "C1/orderedItem/0/orderedItem/remainingAttendeeCapacity";
    let openid = "booking-partner-openid-authentication";
    let authority = "site/accessService/authenticationAuthority";
    let url = "site/accessService/endpointUrl";
    let terms = "items/0/opportunity/superEvent/organizer/termsOfService";
    vec![
        row("capacity-as-in-feed")
            .right(c1().reversed("C1/orderedItem"))
            .wrong(c1().set(left, 9), "orderedItem.orderedItem.remainingAttendeeCapacity wrong")
            .wrong(c1().compatible().without(left), "orderedItem.orderedItem.remainingAttendeeCapacity missing"),
        row("same-opportunities")
            .right(c1().reversed("C1/orderedItem"))
            .wrong(
                c1().set("C1/orderedItem/1/orderedItem/@id", "https://id.example.com/1"),
                "orderedItem.orderedItem.@id wrong",
            )
            .wrong(c1().without("C1/orderedItem/1"), "orderedItem missing"),
        row("authentication-authority")
            .right(dataset_site().feature(openid, Some(false)).without(authority))
            .right(dataset_site().feature(openid, None).without(authority))
            .wrong(dataset_site().without(authority), "accessService.authenticationAuthority missing")
            .wrong(dataset_site().feature(openid, Some(false)), "accessService.authenticationAuthority unexpected"),
        row("no-trailing-slash").right(dataset_site().set(url, "https://booking.example.com")).wrong(
            dataset_site().compatible().set(url, "https://booking.example.com/api/"),
            "accessService.endpointUrl wrong",
        ),
        row("secure-transport")
            .right(dataset_site().set(url, "http://localhost:8080/api"))
            .right(dataset_site().set(url, "http://127.0.0.1/api"))
            .wrong(dataset_site().set(url, "http://booking.example.com/api"), "accessService.endpointUrl wrong")
            .wrong(
                dataset_site().set("site/distribution/0/contentUrl", "http://data.example.com/feeds/session-series"),
                "distribution.contentUrl wrong",
            ),
        row("bookable-pair")
            .right(
                created_session().edit("look/0", |session| session["offers"] = session["superEvent"]["offers"].take()),
            )
            .wrong(created_session().without("look/0/superEvent/organizer/taxMode"), "organizer.taxMode missing")
            .wrong(created_session().without("look/0/superEvent/offers/1/@id"), "offers.@id missing")
            .wrong(
                created_session().set("look/0/superEvent/offers/0/openBookingFlowRequirement", json!([])),
                "offers.openBookingFlowRequirement unexpected",
            ),
        row("consent-asked").right(consented()).wrong(c1(), "bookingService.termsOfService wrong").wrong(
            consented().set("C1/seller/termsOfService/0/url", "http://riverside.example.com"),
            "seller.termsOfService.url wrong",
        ),
        row("consent-dated").right(c1()).right(consented()).wrong(
            consented().without("C1/bookingService/termsOfService/1/dateModified"),
            "bookingService.termsOfService.dateModified missing",
        ),
        row("no-terms-elsewhere")
            .right(consented())
            .wrong(c1().set("C1/orderedItem/1/termsOfService", json!([])), "orderedItem.termsOfService unexpected")
            .wrong(
                c1().set("C1/orderedItem/1/acceptedOffer/termsOfService", json!([])),
                "orderedItem.acceptedOffer.termsOfService unexpected",
            ),
        row("seller-terms")
            .right(c1())
            .right(c1().set("items/1/control", true).without("items/1/opportunity/superEvent/organizer/termsOfService"))
            .wrong(c1().without(terms), "organizer.termsOfService missing")
            .wrong(c1().without(&format!("{terms}/1/url")), "organizer.termsOfService.url missing"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
