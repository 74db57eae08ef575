//! HTTP and JSON: status, media type, JSON object, data model.

use serde_json::json;

use crate::results::{Failure, FailureKind};
use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{BOOKING_MEDIA_TYPE, ErrorName, Stage};

use super::documents::{document, error};
use super::honest::{b, c1, c2, cancellation, creation, dataset_site, exchange, orders_feed, rejection};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

fn media_type(trace: Trace, label: &str, content_type: Option<&str>) -> Trace {
    trace.exchange(label, |exchanged| exchanged.reply.content_type = content_type.map(str::to_owned))
}

/// Two deletions of an Order, the second one with this status.
fn deletion(status: u16) -> Trace {
    let delete = |status: u16| exchange(Stage::OrderDelete, Purpose::Deletion, Wanted::Success(vec![204]), status);
    let first = b().request("first deletion", delete(204), json!(null), json!(null));
    first.request("deletion", delete(status), json!(null), json!(null))
}

/// A dataset site with a table in addition to its feeds.
fn download(additional_type: &str) -> Trace {
    let table = json!({
        "@type": "DataDownload",
        "name": "Sessions of this year",
        "additionalType": additional_type,
        "encodingFormat": "text/csv",
        "contentUrl": "https://data.example.com/sessions.csv"
    });
    dataset_site().edit("site/distribution", |entries| entries.as_array_mut().unwrap().push(table))
}

/// A dataset site whose only feed is not in a list.
fn single_feed() -> Trace {
    dataset_site().edit("site/distribution", |entries| *entries = entries[0].take())
}

pub(super) fn lines() -> Vec<Lines> {
    let failure = Failure { kind: FailureKind::Timeout, message: "no response".to_owned() };
    let mismatch = || rejection(Stage::B, ErrorName::TotalPaymentDueMismatch);
    let full = || rejection(Stage::C1, ErrorName::OpportunityIsFull);
    let marked = [b"\xef\xbb\xbf".to_vec(), document(Stage::C1).to_string().into_bytes()].concat();
    vec![
        row("specific-server-error")
            .right(rejection(Stage::B, ErrorName::OrderCreationFailed))
            .warned(c1().status("C1", 500).set("C1", error("InternalOpenBookingError", 500)), "@type wrong"),
        row("status")
            .right(creation().status("creation", 200))
            .right(cancellation())
            .right(deletion(404).set("deletion", error("UnknownOrderError", 404)))
            .wrong(
                deletion(404).compatible().set("deletion", error("UnknownOrderError", 404)),
                "Order Deletion response wrong",
            )
            .wrong(c1().status("C1", 500).set("C1", error("InternalApplicationError", 500)), "C1 response wrong")
            .wrong(c2().status("C2", 202), "C2 response wrong")
            .blocked(c1().exchange("C1", |exchanged| exchanged.reply.failure = Some(failure)), "C1 response wrong"),
        row("rejection-status")
            .right(full())
            .right(rejection(Stage::OrderStatus, ErrorName::Gone).status("rejected", 404))
            .wrong(mismatch().status("rejected", 409), "B response wrong")
            .wrong(full().status("rejected", 200), "C1 response wrong")
            .wrong(mismatch().status("rejected", 201).set("rejected", document(Stage::B)), "B response wrong"),
        row("json-object")
            .right(c1().bytes("C1", marked))
            .right(cancellation())
            .wrong(c1().bytes("C1", "<html>"), "C1 response wrong")
            .wrong(c1().set("C1", json!([1])), "C1 response wrong")
            .wrong(mismatch().bytes("rejected", ""), "B response wrong"),
        row("media-type")
            .right(media_type(c1(), "C1", Some("Application/vnd.openactive.booking+json;charset=utf-8; VERSION=\"1\"")))
            .right(media_type(cancellation(), "cancellation", None))
            .wrong(media_type(c1(), "C1", Some("application/json")), "header Content-Type wrong")
            .wrong(media_type(b(), "B", Some("application/vnd.openactive.booking+json")), "header Content-Type wrong")
            .wrong(media_type(b(), "B", None), "header Content-Type missing"),
        row("error-media-type")
            .right(media_type(full(), "rejected", Some(&BOOKING_MEDIA_TYPE.replace(' ', ""))))
            .wrong(media_type(full(), "rejected", Some("application/json")), "header Content-Type wrong"),
        row("valid")
            .right(c1().set("C1/orderedItem/0/orderedItem/startDate", "2030-03-01T19:00:00+01:00"))
            .right(c1().set("C1/seller/identifier", "1"))
            .right(download("https://schema.org/Table"))
            .right(single_feed())
            .wrong(single_feed().compatible(), "distribution FieldsCorrectTypeRule")
            .wrong(single_feed().without("site/distribution/contentUrl"), "distribution.contentUrl RequiredFieldsRule")
            .wrong(download("https://openactive.io/Slot"), "distribution.encodingFormat ValueIsRequiredContentRule")
            .wrong(
                download("https://schema.org/Table").compatible(),
                "distribution.encodingFormat ValueIsRequiredContentRule",
            )
            .right(orders_feed().edit("feed/orderedItem/0/orderedItem", |session| *session = session["@id"].take()))
            .wrong(
                c1().set("C1/orderedItem/0/orderedItem/startDate", "2030-03-01"),
                "orderedItem.orderedItem.startDate DatetimeFormatRule",
            )
            .wrong(b().without("B/totalPaymentDue"), "totalPaymentDue RequiredFieldsRule"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
