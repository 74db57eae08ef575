//! The Orders of a cell on the target: which requests created them, and which ended them.

use reqwest::Method;

use crate::results::Leftovers;
use crate::steps::PartnerName;

/// How far an Order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderState {
    /// An OrderQuote, which may hold a lease.
    Quote,
    /// An OrderProposal that nobody has rejected.
    Proposal,
    /// An Order.
    Order,
}

/// What is on the target under one UUID of one Booking Partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) partner: PartnerName,
    pub(super) uuid: String,
    pub(super) stage: OrderState,
}

/// What a request that is on its way changed, to be undone where the target refuses it.
#[derive(Debug)]
pub(super) struct Pending {
    partner: PartnerName,
    uuid: String,
    effect: Effect,
}

#[derive(Debug, Clone, Copy)]
enum Effect {
    /// The request created what is there; before it there was this.
    Created(Option<OrderState>),
    /// The request ends what is there in this stage.
    Ends(OrderState),
}

/// What the requests of a cell created on the target and did not end.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// Notes a request before it is sent: its response may never come, and the target may have acted on it all the same.
    /// `path` is relative to the base URL of the Open Booking API.
    pub(super) fn sending(&mut self, partner: PartnerName, method: &Method, path: &str) -> Option<Pending> {
        let (collection, uuid) = path.split_once('/')?;
        let stage = match collection {
            "order-quote-templates" | "order-quotes" => OrderState::Quote,
            "order-proposals" => OrderState::Proposal,
            "orders" => OrderState::Order,
            _ => return None,
        };
        let before = self.stage(partner, uuid);
        let effect = match *method {
            // An OrderQuote never takes the place of an OrderProposal or Order with the same UUID.
            Method::PUT if stage != OrderState::Quote || before.is_none() => {
                self.set(partner, uuid, Some(stage));
                Effect::Created(before)
            }
            Method::DELETE => Effect::Ends(stage),
            // The only PATCH of an OrderProposal is a rejection.
            Method::PATCH if stage == OrderState::Proposal => Effect::Ends(stage),
            _ => return None,
        };
        Some(Pending { partner, uuid: uuid.to_owned(), effect })
    }

    /// Notes the status of the response to a request; `None` where no response came.
    pub(super) fn responded(&mut self, pending: Pending, status: Option<u16>) {
        let Pending { partner, uuid, effect } = pending;
        match (effect, status) {
            // An OrderQuote with errors may hold a lease of the OrderItems that have none.
            (Effect::Created(None), Some(409)) if self.stage(partner, &uuid) == Some(OrderState::Quote) => {}
            (Effect::Created(before), Some(400..)) => self.set(partner, &uuid, before),
            (Effect::Ends(stage), Some(200..300)) if self.stage(partner, &uuid) == Some(stage) => {
                self.set(partner, &uuid, None);
            }
            _ => {}
        }
    }

    /// Notes that a request did not reach the target.
    pub(super) fn unreached(&mut self, pending: Pending) {
        if let Effect::Created(before) = pending.effect {
            self.set(pending.partner, &pending.uuid, before);
        }
    }

    /// Notes that the Seller rejected an OrderProposal.
    pub(super) fn rejected(&mut self, partner: PartnerName, uuid: &str) {
        if self.stage(partner, uuid) == Some(OrderState::Proposal) {
            self.set(partner, uuid, None);
        }
    }

    /// OrderQuotes and OrderProposals: all that can be released.
    pub(super) fn unbooked(&self) -> Vec<Entry> {
        self.entries.iter().filter(|entry| entry.stage != OrderState::Order).cloned().collect()
    }

    /// The Orders that are there, by Booking Partner and UUID.
    pub(super) fn booked(&self) -> Vec<(PartnerName, String)> {
        let orders = self.entries.iter().filter(|entry| entry.stage == OrderState::Order);
        orders.map(|entry| (entry.partner, entry.uuid.clone())).collect()
    }

    /// How much is there.
    pub(super) fn leftovers(&self) -> Leftovers {
        let count = |stage: OrderState| self.entries.iter().filter(|entry| entry.stage == stage).count();
        Leftovers {
            orders: count(OrderState::Order),
            order_proposals: count(OrderState::Proposal),
            order_quotes: count(OrderState::Quote),
        }
    }

    fn stage(&self, partner: PartnerName, uuid: &str) -> Option<OrderState> {
        self.entries.iter().find(|entry| entry.partner == partner && entry.uuid == uuid).map(|entry| entry.stage)
    }

    fn set(&mut self, partner: PartnerName, uuid: &str, stage: Option<OrderState>) {
        self.entries.retain(|entry| entry.partner != partner || entry.uuid != uuid);
        self.entries.extend(stage.map(|stage| Entry { partner, uuid: uuid.to_owned(), stage }));
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;

    use super::{Ledger, OrderState};
    use crate::results::Leftovers;
    use crate::steps::PartnerName;

    /// Requests for one UUID, each with the status of its response, and the stage that they come to.
    fn stage_after(requests: &[(&Method, &str, Option<u16>)]) -> Option<OrderState> {
        let mut ledger = Ledger::default();
        for (method, collection, status) in requests {
            if let Some(pending) = ledger.sending(PartnerName::Primary, method, &format!("{collection}/1")) {
                ledger.responded(pending, *status);
            }
        }
        ledger.stage(PartnerName::Primary, "1")
    }

    #[test]
    fn a_quote_remains_until_it_is_deleted_or_booked() {
        let c1 = (&Method::PUT, "order-quote-templates", Some(200));
        let c2 = (&Method::PUT, "order-quotes", Some(200));
        let deleted = (&Method::DELETE, "order-quotes", Some(204));
        assert_eq!(stage_after(&[c1]), Some(OrderState::Quote));
        assert_eq!(stage_after(&[c1, c2, deleted]), None);
        assert_eq!(stage_after(&[c1, deleted, c2]), Some(OrderState::Quote));
        assert_eq!(stage_after(&[c1, (&Method::DELETE, "order-quotes", Some(500))]), Some(OrderState::Quote));
        assert_eq!(stage_after(&[c1, c2, (&Method::PUT, "orders", Some(201))]), Some(OrderState::Order));
        assert_eq!(stage_after(&[c1, c2, (&Method::PUT, "orders", Some(409))]), Some(OrderState::Quote));
    }

    #[test]
    fn a_refused_quote_leaves_nothing_unless_only_its_items_have_errors() {
        assert_eq!(stage_after(&[(&Method::PUT, "order-quotes", Some(400))]), None);
        assert_eq!(stage_after(&[(&Method::PUT, "order-quotes", Some(409))]), Some(OrderState::Quote));
        let before = (&Method::PUT, "order-quote-templates", Some(200));
        assert_eq!(stage_after(&[before, (&Method::PUT, "order-quotes", Some(400))]), Some(OrderState::Quote));
    }

    #[test]
    fn a_request_without_response_may_have_had_its_effect() {
        assert_eq!(stage_after(&[(&Method::PUT, "order-quotes", None)]), Some(OrderState::Quote));
        assert_eq!(stage_after(&[(&Method::PUT, "orders", None)]), Some(OrderState::Order));
        let booked = (&Method::PUT, "orders", Some(201));
        assert_eq!(stage_after(&[booked, (&Method::DELETE, "orders", None)]), Some(OrderState::Order));
    }

    #[test]
    fn proposals_end_with_their_rejection_and_become_orders() {
        let proposed = (&Method::PUT, "order-proposals", Some(201));
        assert_eq!(stage_after(&[proposed]), Some(OrderState::Proposal));
        assert_eq!(stage_after(&[proposed, (&Method::PATCH, "order-proposals", Some(204))]), None);
        assert_eq!(
            stage_after(&[proposed, (&Method::PATCH, "order-proposals", Some(400))]),
            Some(OrderState::Proposal)
        );
        assert_eq!(stage_after(&[proposed, (&Method::PUT, "orders", Some(201))]), Some(OrderState::Order));
        assert_eq!(stage_after(&[proposed, (&Method::PUT, "order-quotes", Some(409))]), Some(OrderState::Proposal));
    }

    #[test]
    fn an_order_remains_until_it_is_deleted() {
        let booked = (&Method::PUT, "orders", Some(201));
        assert_eq!(stage_after(&[booked, (&Method::PATCH, "orders", Some(204))]), Some(OrderState::Order));
        assert_eq!(stage_after(&[booked, (&Method::DELETE, "order-quotes", Some(204))]), Some(OrderState::Order));
        assert_eq!(stage_after(&[booked, (&Method::DELETE, "orders", Some(204))]), None);
    }

    #[test]
    fn booking_partners_have_orders_of_their_own() {
        let mut ledger = Ledger::default();
        for partner in [PartnerName::Primary, PartnerName::Secondary] {
            let pending = ledger.sending(partner, &Method::PUT, "orders/1").unwrap();
            ledger.responded(pending, Some(201));
        }
        assert_eq!(ledger.leftovers(), Leftovers { orders: 2, ..Leftovers::default() });
        assert_eq!(ledger.unbooked(), []);
    }
}
