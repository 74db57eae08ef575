//! The cell as its steps know it.

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::client::auth::Access;
use crate::client::feed::{OpportunityFeeds, OrderWatch, Patience};
use crate::results::{ExchangeId, Opportunity};
use crate::steps::{Call, Demanded, Driver, Facts, Kept, PartnerName, Picked, UnjudgedExchange};
use crate::trace::{Awaited, CapacityRule, Event, History};
use crate::vocabulary::{CriteriaName, FeedName, Profile, Stage};

use super::cell::CellRun;

impl Driver for CellRun {
    fn facts(&self) -> Arc<Facts> {
        Arc::clone(&self.facts)
    }

    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn partner(&self) -> PartnerName {
        self.partner
    }

    fn access(&self) -> Access {
        self.session.access.clone()
    }

    fn feeds(&self) -> Arc<OpportunityFeeds> {
        Arc::clone(&self.session.opportunities)
    }

    fn patience(&self) -> Arc<Patience> {
        Arc::clone(&self.patience)
    }

    fn picked(&self) -> Picked {
        let reservations = &self.session.reservations;
        match reservations.by_cell.get(&self.cell.id) {
            Some(ids) => Picked::Opportunities(ids.clone()),
            None => Picked::Nothing(reservations.shortages.clone()),
        }
    }

    fn history(&self) -> &History {
        &self.history
    }

    fn kept(&self) -> &Kept {
        &self.kept
    }

    fn kept_mut(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn begin(&mut self, keyword: &'static str, title: &str, stage: Option<Stage>) {
        Self::begin(self, keyword, title, stage);
    }

    fn waits_for(&mut self, what: &str) {
        Self::waits_for(self, what);
    }

    fn end(&mut self) -> bool {
        Self::end(self)
    }

    fn skip(&mut self, keyword: &'static str, title: &str) {
        Self::skip(self, keyword, title);
    }

    fn uses(&mut self, opportunity: Opportunity) {
        Self::uses(self, opportunity);
    }

    fn notes_offer(&mut self, criteria: CriteriaName, offer: &Value) {
        self.session.chance.note(criteria, offer);
    }

    fn proposal_rejected(&mut self) {
        self.ledger.rejected(self.partner, &self.history.uuid);
    }

    fn demand(&mut self, demanded: Demanded) -> Demanded {
        std::mem::replace(&mut self.demands, demanded)
    }

    fn call(&mut self, call: Call) -> BoxFuture<'_, UnjudgedExchange> {
        Box::pin(Self::call(self, call))
    }

    fn call_all(&mut self, calls: Vec<Call>) -> BoxFuture<'_, Vec<UnjudgedExchange>> {
        Box::pin(Self::call_all(self, calls))
    }

    fn judge(&mut self, called: UnjudgedExchange) -> bool {
        Self::judge(self, called)
    }

    fn capacity<'d>(&'d mut self, rule: CapacityRule, after: &'d str, profile: Option<Profile>) -> BoxFuture<'d, bool> {
        Box::pin(Self::capacity(self, rule, after, profile))
    }

    fn watch(&mut self, feed: FeedName) -> BoxFuture<'_, Option<OrderWatch>> {
        Box::pin(Self::watch(self, feed))
    }

    fn awaits<'d>(
        &'d mut self,
        watch: (FeedName, &'d mut OrderWatch),
        awaited: Awaited,
        cause: &'d str,
        sent: Option<ExchangeId>,
        spec: &'d str,
    ) -> BoxFuture<'d, bool> {
        Box::pin(Self::awaits(self, watch, awaited, cause, sent, spec))
    }

    fn absent_from(&mut self, feed: FeedName) -> BoxFuture<'_, bool> {
        Box::pin(Self::absent_from(self, feed))
    }

    fn see(&mut self, event: Event) -> bool {
        Self::see(self, event)
    }

    fn remember(&mut self, event: Event) {
        Self::remember(self, event);
    }
}
