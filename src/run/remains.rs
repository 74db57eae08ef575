//! What a cell that passed left on the target, to be compared with the feeds once the last cell has ended.

use std::collections::BTreeMap;

use crate::steps::PartnerName;
use crate::trace::{Event, Exchanged, History, Purpose};
use crate::vocabulary::{Action, Stage};

use super::ledger::Ledger;

/// What a cell that passed left on the target.
#[derive(Debug)]
pub(super) struct Remains {
    pub(super) cell: String,
    /// The Orders that it booked and did not delete, by Booking Partner and UUID.
    pub(super) orders: Vec<(PartnerName, String)>,
    /// Whether it changed nothing that was booked.
    pub(super) quiet: bool,
    /// The remaining capacity that it saw last, where nothing of the cell can change it any more.
    pub(super) capacities: BTreeMap<String, i64>,
}

/// Whether a request may change an Order after B, or the remaining capacity other than by a booking.
fn changes(exchanged: &Exchanged) -> bool {
    match (exchanged.stage, &exchanged.purpose) {
        // The approval of an OrderProposal does not change its Order.
        (_, Purpose::Action(action)) => *action != Action::SellerAcceptOrderProposal,
        (Stage::TestInterface, Purpose::Creation(_) | Purpose::ImpossibleCreation(_)) => false,
        (stage, _) => matches!(
            stage,
            Stage::OrderPatch | Stage::ProposalPatch | Stage::OrderDelete | Stage::QuoteDelete | Stage::TestInterface
        ),
    }
}

impl Remains {
    /// What a cell leaves, by what it did and saw. `strict`: whether every capacity was judged. `None` where a test dataset was
    /// deleted.
    pub(super) fn of(cell: &str, trace: &[Event], ledger: &Ledger, history: &History, strict: bool) -> Option<Self> {
        let requests =
            || trace.iter().filter_map(|event| if let Event::Exchange(one) = event { Some(one) } else { None });
        let deletes = |one: &Exchanged| one.stage == Stage::TestInterface && one.purpose == Purpose::Other;
        if requests().any(|one| deletes(one)) {
            return None;
        }
        let quiet = !requests().any(|one| changes(one));
        // A lease that expires changes the capacity.
        let settled = quiet && strict && ledger.unbooked().is_empty() && history.booked.is_some();
        let capacities = if settled { history.capacities.clone() } else { BTreeMap::new() };
        Some(Self { cell: cell.to_owned(), orders: ledger.booked(), quiet, capacities })
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use serde_json::json;

    use super::*;
    use crate::trace::{Body, Reply, Wanted};

    /// A request of a stage, with what it was for.
    fn request(stage: Stage, purpose: Purpose) -> Event {
        Event::Exchange(Box::new(Exchanged {
            stage,
            what: String::new(),
            purpose,
            wanted: Wanted::Response,
            body: Body::None,
            spec: String::new(),
            credentials: String::new(),
            hint: None,
            prepares: false,
            asked: crate::trace::Asked::Nothing,
            leased: None,
            path: String::new(),
            sent: None,
            reply: Reply::default(),
        }))
    }

    fn remains(more: &[Event], quote: bool, strict: bool) -> Option<Remains> {
        let mut ledger = Ledger::default();
        let mut noted = |path: &str| {
            let pending = ledger.sending(PartnerName::Primary, &Method::PUT, path).unwrap();
            ledger.responded(pending, Some(200));
        };
        noted("orders/1");
        if quote {
            noted("order-quotes/2");
        }
        let capacities = BTreeMap::from([("a".to_owned(), 3)]);
        let mut history = History::default();
        (history.booked, history.capacities) = (Some(json!({})), capacities);
        let trace = [&[request(Stage::B, Purpose::Order)], more].concat();
        Remains::of("cell", &trace, &ledger, &history, strict)
    }

    #[test]
    fn only_a_cell_that_changed_nothing_leaves_a_capacity() {
        let left = |more: &[Event], quote: bool, strict: bool| {
            let remains = remains(more, quote, strict).unwrap();
            assert_eq!(remains.orders, [(PartnerName::Primary, "1".to_owned())]);
            (remains.quiet, remains.capacities.len())
        };
        let accepted = request(Stage::TestInterface, Purpose::Action(Action::SellerAcceptOrderProposal));
        let created = request(Stage::TestInterface, Purpose::Creation("Event".to_owned()));
        assert_eq!(left(&[created, accepted], false, true), (true, 1));
        assert_eq!(left(&[], true, true), (true, 0), "a lease may expire");
        assert_eq!(left(&[], false, false), (true, 0));
        let cancelled = request(Stage::OrderPatch, Purpose::Cancellation(Vec::new()));
        assert_eq!(left(&[cancelled], false, true), (false, 0));
        let replaced = request(Stage::TestInterface, Purpose::Action(Action::Replacement));
        assert_eq!(left(&[replaced], false, true), (false, 0));
        assert!(remains(&[request(Stage::TestInterface, Purpose::Other)], false, true).is_none());
    }
}
