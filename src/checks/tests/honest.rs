//! Honest traces, each the smallest in which a stage can be judged.

use serde_json::{Value, json};

use crate::results::ExchangeId;
use crate::trace::{
    Asked, Awaited, Body, CapacityRule, CapacityWatched, Event, Exchanged, Items, Looked, OpportunitySeen, Purpose,
    Reply, Requested, Sight, Sought, Update, Wanted, Watched,
};
use crate::vocabulary::{
    Action, BOOKING_MEDIA_TYPE, CriteriaName, ErrorName, FeedName, Flow, OpportunityType, Stage, openactive,
};

use super::documents::{
    dataset, document, error, item_error, item_id, opportunity, request, requested_items, seller, session_id,
};
use super::trace::{Trace, UUID, fact};

/// Any exchange will do where findings name one.
const EXCHANGE: ExchangeId = 1;

/// An exchange that comes to what it must.
pub(super) fn exchange(stage: Stage, purpose: Purpose, wanted: Wanted, status: u16) -> Exchanged {
    let document = matches!(stage, Stage::C1 | Stage::C2 | Stage::P | Stage::B | Stage::OrderStatus);
    let mut reply = Reply::default();
    (reply.exchange, reply.status) = (Some(EXCHANGE), Some(status));
    reply.content_type = Some(BOOKING_MEDIA_TYPE.to_owned());
    Exchanged {
        stage,
        what: stage.name().to_owned(),
        purpose,
        wanted,
        body: if document { Body::Document } else { Body::None },
        spec: String::new(),
        credentials: String::new(),
        hint: None,
        prepares: false,
        asked: Asked::Expect,
        leased: None,
        path: String::new(),
        sent: None,
        reply,
    }
}

impl Trace {
    /// With an exchange.
    pub(super) fn request(self, label: &'static str, exchanged: Exchanged, sent: Value, body: Value) -> Self {
        self.then(label, Event::Exchange(Box::new(exchanged)), sent, body)
    }

    /// With the opportunities that are requested, just found in the feeds. `control`: whether nothing is wrong with the second.
    pub(super) fn items(self, control: bool) -> Self {
        let items = Items { items: Vec::new(), needed: Some(2) };
        self.then("items", Event::Items(items), json!(null), requested_items(control))
    }

    /// With a request of the booking that succeeds.
    pub(super) fn stage(self, stage: Stage, purpose: Purpose) -> Self {
        let (label, status) = match stage {
            Stage::C1 => ("C1", 200),
            Stage::C2 => ("C2", 200),
            Stage::P => ("P", 201),
            _ => ("B", 201),
        };
        let exchanged = exchange(stage, purpose, Wanted::Success(vec![status]), status);
        self.request(label, exchanged, request(stage), document(stage))
    }

    /// With a wait for the Order in its feed, or for the OrderProposal.
    pub(super) fn wait(self, feed: FeedName, awaited: Awaited) -> Self {
        let deleted = matches!(awaited, Awaited::Deletion | Awaited::EndOfProposal(_) | Awaited::Retention);
        let nothing = matches!(awaited, Awaited::Nothing | Awaited::Absence | Awaited::AbsenceOfNew);
        let (kind, label) = match feed {
            FeedName::Orders => ("Order", "feed"),
            FeedName::OrderProposals => ("OrderProposal", "proposals feed"),
        };
        let update = Update {
            exchange: EXCHANGE,
            id: UUID.to_owned(),
            modified: "1".to_owned(),
            kind: Some(kind.to_owned()),
            data: None,
            text: None,
            marked: false,
        };
        let watched = Watched {
            feed,
            awaited,
            cause: "a change".to_owned(),
            sent: Some(EXCHANGE),
            spec: String::new(),
            opened: Some(EXCHANGE),
            seen: if nothing { Vec::new() } else { vec![update] },
            met: !nothing,
            pages: 3,
            unreadable: None,
        };
        let data = if deleted || nothing { Value::Null } else { document(feed.stage()) };
        self.then(label, Event::Watch(Box::new(watched)), json!(null), data)
    }

    /// With a simulate action.
    pub(super) fn act(self, action: Action) -> Self {
        let exchanged = exchange(Stage::TestInterface, Purpose::Action(action), Wanted::Success(vec![204]), 204);
        self.request("action", exchanged, json!({}), json!(null))
    }

    /// With a look for opportunities.
    pub(super) fn look(self, sought: Sought, opportunities: Vec<OpportunitySeen>, data: Vec<Value>) -> Self {
        let looked = Looked {
            sought,
            spec: "minimal-proposal".to_owned(),
            prepares: false,
            opportunities,
            exchange: None,
            unreadable: None,
        };
        self.then("look", Event::Look(Box::new(looked)), json!(null), json!(data))
    }

    /// With a wait for capacity, at the end of which both sessions have so much left.
    pub(super) fn capacity(self, rule: CapacityRule, stage: Stage, left: i64) -> Self {
        let sight = |number: usize| Sight {
            id: session_id(number),
            capacity: Some(left),
            property: Some("remainingAttendeeCapacity".to_owned()),
            exchange: Some(EXCHANGE),
            missing: None,
        };
        let watched = CapacityWatched {
            rule,
            after: stage.name().to_owned(),
            stage: Some(stage),
            profile: None,
            sights: vec![sight(0), sight(1)],
            unreadable: None,
        };
        self.then("capacity", Event::Capacity(Box::new(watched)), json!(null), json!(null))
    }
}

/// C1.
pub(super) fn c1() -> Trace {
    Trace::new().items(false).stage(Stage::C1, Purpose::Quote)
}

/// C2.
pub(super) fn c2() -> Trace {
    Trace::new().items(false).stage(Stage::C2, Purpose::Quote)
}

/// C1 and C2.
pub(super) fn quotes() -> Trace {
    c1().stage(Stage::C2, Purpose::Quote)
}

/// C1 where prices are without tax.
pub(super) fn net() -> Trace {
    c1().replacing("TaxGross", "TaxNet")
        .set("C1/orderedItem/0/unitTaxSpecification/0/price", 2.4)
        .set("C1/orderedItem/1/unitTaxSpecification/0/price", 1.2)
        .set("C1/totalPaymentTax/0/price", 3.6)
        .set("C1/totalPaymentDue/price", 21.6)
}

/// C1 of sessions that cost nothing.
pub(super) fn free() -> Trace {
    [18, 12, 6, 3, 2, 1]
        .iter()
        .fold(c1(), |trace, price| trace.replacing(&format!("\"price\":{price}"), "\"price\":0"))
        .set("C1/totalPaymentDue/openBookingPrepayment", openactive("Unavailable"))
        .without("C1/payment")
        .without("C1 request/payment")
}

/// P.
pub(super) fn p() -> Trace {
    Trace::new().items(false).stage(Stage::P, Purpose::Proposal)
}

/// B.
pub(super) fn b() -> Trace {
    Trace::new().items(false).stage(Stage::B, Purpose::Order)
}

/// B after P.
pub(super) fn b_after_p() -> Trace {
    p().stage(Stage::B, Purpose::OrderAfterProposal)
}

/// B, and an update in the Orders feed.
pub(super) fn orders_feed() -> Trace {
    b().wait(FeedName::Orders, Awaited::Update)
}

/// P, and the acceptance in the OrderProposals feed.
pub(super) fn proposals_feed() -> Trace {
    p().wait(FeedName::OrderProposals, Awaited::Acceptance)
}

/// B, and Order Status.
pub(super) fn order_status() -> Trace {
    let exchanged = exchange(Stage::OrderStatus, Purpose::Status, Wanted::Success(vec![200]), 200);
    b().request("status", exchanged, json!(null), document(Stage::OrderStatus))
}

/// C2, and Order Status of the OrderQuote.
pub(super) fn early_status() -> Trace {
    let purpose = Purpose::EarlyStatus("OrderQuote".to_owned());
    let mut exchanged = exchange(Stage::OrderStatus, purpose, Wanted::Response, 200);
    exchanged.body = Body::None;
    c2().request("status", exchanged, json!(null), document(Stage::C2))
}

/// B, the cancellation of the first OrderItem by the customer, and its update in the Orders feed.
pub(super) fn cancellation() -> Trace {
    let purpose = Purpose::Cancellation(vec![item_id(0)]);
    let exchanged = exchange(Stage::OrderPatch, purpose, Wanted::Success(vec![204]), 204);
    cancel_first(b().request("cancellation", exchanged, json!({}), json!(null)).wait(FeedName::Orders, Awaited::Update))
}

/// With the first OrderItem cancelled in the last update of the Orders feed.
pub(super) fn cancel_first(trace: Trace) -> Trace {
    trace
        .set("feed/orderedItem/0/orderItemStatus", openactive("CustomerCancelled"))
        .set("feed/totalPaymentDue/price", 6)
        .set("feed/totalPaymentTax/0/price", 1)
}

/// B, and the Replacement of the first OrderItem by a session that costs as much.
pub(super) fn replacement() -> Trace {
    let session = session_id(2);
    let offer = json!("https://id.example.com/series/1#/offers/2");
    b().act(Action::Replacement)
        .wait(FeedName::Orders, Awaited::Update)
        .set("feed/orderedItem/0/orderedItem/@id", session)
        .set("feed/orderedItem/0/acceptedOffer/@id", offer)
}

/// A request for two OrderItems that must be rejection, and is; the second one is valid.
pub(super) fn rejection(stage: Stage, name: ErrorName) -> Trace {
    let status = name.status();
    let purpose = match stage {
        Stage::C1 | Stage::C2 => Purpose::Quote,
        Stage::P => Purpose::Proposal,
        Stage::B => Purpose::Order,
        Stage::OrderPatch => Purpose::Cancellation(Vec::new()),
        Stage::OrderDelete => Purpose::Deletion,
        _ => Purpose::Status,
    };
    let exchanged = exchange(stage, purpose, Wanted::Error(name), status);
    let trace = Trace::new().items(true);
    if !name.of_order_items() {
        return trace.request("rejected", exchanged, json!({}), error(name.name(), status));
    }
    let trace = trace.request("rejected", exchanged, request(stage), document(stage));
    let trace = trace.set("rejected/orderedItem/0/error", item_error(name.name()));
    let trace = trace.set("rejected/totalPaymentDue/price", 6).set("rejected/totalPaymentTax/0/price", 1);
    trace.without("rejected/lease")
}

/// C1, and a wait for the remaining capacity that a rule leaves of both sessions.
pub(super) fn capacity(rule: CapacityRule, stage: Stage, left: i64) -> Trace {
    c1().capacity(rule, stage, left)
}

/// A session that was requested, as the feeds show it.
pub(super) fn created_session() -> Trace {
    let requested = Requested {
        opportunity_type: OpportunityType::ScheduledSession,
        criteria: CriteriaName::Bookable,
        flow: Flow::Simple,
        seller: seller()["@id"].as_str().expect("an @id").to_owned(),
        role: "primary".to_owned(),
        again: false,
    };
    let seen = OpportunitySeen { requested: Some(requested), ..sight_of(0) };
    Trace::new().look(Sought::Requested, vec![seen], vec![opportunity(0)])
}

/// A session that was seen.
pub(super) fn sight_of(number: usize) -> OpportunitySeen {
    OpportunitySeen { id: session_id(number), exchange: Some(EXCHANGE), ..OpportunitySeen::default() }
}

/// The creation of a session by the Test Interface.
pub(super) fn creation() -> Trace {
    let purpose = Purpose::Creation("ScheduledSession".to_owned());
    let exchanged = Exchanged {
        body: Body::Object,
        ..exchange(Stage::TestInterface, purpose, Wanted::Success(vec![201, 200]), 201)
    };
    Trace::new().request("creation", exchanged, json!({}), json!({ "@type": "ScheduledSession", "@id": session_id(0) }))
}

/// The dataset site.
pub(super) fn dataset_site() -> Trace {
    let exchanged = Exchanged {
        path: "https://data.example.com/openactive/".to_owned(),
        ..exchange(Stage::DatasetSite, Purpose::DatasetSite, Wanted::Response, 200)
    };
    Trace::new().request("site", exchanged, json!(null), dataset())
}

/// A request with wrong credentials that is rejected.
pub(super) fn wrong_credentials() -> Trace {
    let exchanged = exchange(Stage::Auth, Purpose::WrongCredentials(vec![401, 403]), Wanted::Response, 401);
    Trace::new().request("response", exchanged, json!(null), error("InvalidAPITokenError", 401))
}

/// Every honest trace, by its name.
pub(super) fn all() -> Vec<(&'static str, Trace)> {
    vec![
        ("net prices", net()),
        ("free sessions", free()),
        ("booking", quotes().stage(Stage::B, Purpose::Order)),
        ("proposal", b_after_p()),
        ("Orders feed", orders_feed()),
        ("OrderProposals feed", proposals_feed()),
        ("Order Status", order_status()),
        ("early Order Status", early_status()),
        ("cancellation", cancellation()),
        ("replacement", replacement()),
        ("deletion", b().wait(FeedName::Orders, Awaited::Deletion)),
        ("rejected C1", rejection(Stage::C1, ErrorName::OpportunityIsFull)),
        ("rejected B", rejection(Stage::B, ErrorName::TotalPaymentDueMismatch)),
        ("intake form", quotes().stage(Stage::B, Purpose::Order).with_intake_form()),
        ("attendee", quotes().stage(Stage::B, Purpose::Order).with_attendee()),
        ("online", orders_feed().online()),
        ("capacity", capacity(CapacityRule::Requested, Stage::C1, 9)),
        ("created opportunity", created_session()),
        ("creation", creation()),
        ("dataset site", dataset_site()),
        ("wrong credentials", wrong_credentials()),
        ("authentication", fact("discovery", json!(null))),
    ]
}
