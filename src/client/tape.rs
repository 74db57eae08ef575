//! A record instead of a target: requests of a cell get their recorded responses.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use crate::results::{Exchange, ExchangeId, Exchanges};

use super::feed::{Index, Item, Located, OrderUpdate, embedded, read_page};
use super::message::{Request, Response};

/// A change of something in a feed.
#[derive(Debug)]
struct Change {
    exchange: ExchangeId,
    feed: usize,
    item: Item,
}

/// How many parents are followed upwards.
const PARENTS: usize = 3;

/// What feeds showed, and when: by the numbers of the exchanges that brought it.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Every item with an opportunity, by the `@id` of the opportunity.
    opportunities: HashMap<String, Vec<Arc<Change>>>,
    /// Every update of an Order, by feed and UUID.
    orders: HashMap<(String, String), Vec<OrderUpdate>>,
}

/// Whether a feed is one of Orders or OrderProposals.
fn of_orders(feed: &str) -> bool {
    feed.starts_with("Orders feed (") || feed.starts_with("OrderProposals feed (")
}

impl Timeline {
    /// Out of the pages among some exchanges.
    #[must_use]
    pub fn of(exchanges: &Exchanges) -> Self {
        let mut timeline = Self::default();
        let mut feeds: Vec<String> = Vec::new();
        let mut brought: HashMap<(usize, String), BTreeSet<String>> = HashMap::new();
        for exchange in exchanges.iter() {
            let (Some(feed), Some(answer)) = (&exchange.feed, &exchange.answer) else { continue };
            let Ok(page) = read_page(&answer.body) else { continue };
            if answer.status != 200 {
                continue;
            }
            let number = feeds.iter().position(|known| known == feed).unwrap_or_else(|| {
                feeds.push(feed.clone());
                feeds.len() - 1
            });
            for item in page.items {
                if of_orders(feed) {
                    let key = (feed.clone(), item.id.to_lowercase());
                    let update = OrderUpdate::of(&item, exchange.id);
                    timeline.orders.entry(key).or_default().push(update);
                    continue;
                }
                let known = brought.entry((number, item.id.clone())).or_default();
                known.extend(item.data.as_deref().map(embedded).into_iter().flatten().map(|(id, _)| id));
                let change = Arc::new(Change { exchange: exchange.id, feed: number, item });
                for id in known.iter() {
                    timeline.opportunities.entry(id.clone()).or_default().push(Arc::clone(&change));
                }
            }
        }
        timeline
    }

    /// The last change of an opportunity up to an exchange.
    fn last(&self, id: &str, upto: ExchangeId) -> Option<&Arc<Change>> {
        self.opportunities.get(id)?.iter().rev().find(|change| change.exchange <= upto)
    }

    /// An opportunity and its parents, upwards, as they are known by then.
    fn chain(&self, id: &str, upto: ExchangeId) -> Vec<String> {
        let mut chain = vec![id.to_owned()];
        for _ in 0..PARENTS {
            let Some(last) = chain.last() else { break };
            let data = self.last(last, upto).and_then(|change| change.item.data.as_deref());
            let parent = data.and_then(|data| embedded(data).into_iter().find(|(known, _)| known == last)?.1);
            match parent {
                Some(parent) if !chain.contains(&parent) => chain.push(parent),
                _ => break,
            }
        }
        chain
    }

    /// An opportunity, joined with its parents, as the feeds had shown it by then.
    #[must_use]
    pub fn state(&self, id: &str, upto: ExchangeId) -> Option<Located> {
        let mut index = Index::default();
        index.watch(id);
        for member in self.chain(id, upto) {
            if let Some(change) = self.last(&member, upto) {
                index.take(change.feed, std::slice::from_ref(&change.item), &mut || change.exchange);
            }
        }
        index.get(id)
    }

    /// Whether an opportunity was in its feed by then.
    fn contains(&self, id: &str, upto: ExchangeId) -> bool {
        self.last(id, upto).is_some_and(|change| change.item.data.is_some())
    }

    /// The exchanges between two others at which an opportunity or one of its parents changed.
    fn changes(&self, id: &str, after: ExchangeId, before: ExchangeId) -> BTreeSet<ExchangeId> {
        let chain = self.chain(id, before.saturating_sub(1));
        let all = chain.iter().filter_map(|id| self.opportunities.get(id)).flatten();
        all.map(|change| change.exchange)
            .filter(|exchange| (after.saturating_add(1)..before).contains(exchange))
            .collect()
    }
}

/// An exchange of the cell itself.
#[derive(Debug)]
struct Own {
    exchange: Arc<Exchange>,
    used: bool,
}

/// The record of one cell: its own exchanges, and the feeds beside it.
#[derive(Debug)]
pub struct Tape {
    timeline: Arc<Timeline>,
    own: Mutex<Vec<Own>>,
    /// From where it watched feeds of Orders, in order.
    watched: Vec<ExchangeId>,
    /// The last exchange that the cell can have seen. `None` means all.
    until: Option<ExchangeId>,
    next_watch: AtomicUsize,
    /// The last of its own exchanges that was replayed.
    now: AtomicU32,
    moment: Mutex<Timestamp>,
    strange: Mutex<Option<String>>,
}

impl Tape {
    /// The record of a cell: its exchanges in the order in which it made them (which, where it made some at once, need not
    /// be that of their numbers), from where it watched feeds of Orders, the last exchange before its clean-up (`None` where
    /// there was none), and when it began.
    #[must_use]
    pub fn new(
        timeline: Arc<Timeline>,
        own: Vec<Arc<Exchange>>,
        watched: Vec<ExchangeId>,
        until: Option<ExchangeId>,
        began: Timestamp,
    ) -> Self {
        Self {
            timeline,
            own: Mutex::new(own.into_iter().map(|exchange| Own { exchange, used: false }).collect()),
            watched,
            until,
            next_watch: AtomicUsize::new(0),
            now: AtomicU32::new(0),
            moment: Mutex::new(began),
            strange: Mutex::new(None),
        }
    }

    /// What was asked for and is not in the record, if anything.
    #[must_use]
    pub fn lack(&self) -> Option<String> {
        self.strange.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is in the record and was not asked for, if anything.
    #[must_use]
    pub fn surplus(&self) -> Option<String> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let left = own.iter().find(|own| !own.used)?;
        Some(format!("exchange {} ({}) is none that the test makes", left.exchange.id, left.exchange.label))
    }

    /// The moment of the last response.
    #[must_use]
    pub fn moment(&self) -> Timestamp {
        *self.moment.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The recorded response to a request.
    pub(super) fn answer(&self, request: &Request<'_>) -> Response {
        let body = request.body.bytes().map(|body| String::from_utf8_lossy(&body).into_owned());
        let method = request.method.as_str();
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |own: &&mut Own| {
            let recorded = &own.exchange;
            !own.used
                && recorded.method == method
                && recorded.url == request.url
                && alike(recorded.request_body.as_deref(), body.as_deref())
        };
        let Some(found) = own.iter_mut().find(same) else {
            let next = own.iter().find(|own| !own.used).map(|own| own.exchange.id);
            let instead = next.map_or_else(String::new, |id| format!("; the record has exchange {id} in its place"));
            drop(own);
            let reason = format!("{} ({method} {}) is not in the record{instead}", request.label, request.url);
            self.strange.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason.clone());
            return Response::unsent(request.label, &request.method, request.url, &reason, None);
        };
        found.used = true;
        let exchange = Arc::clone(&found.exchange);
        drop(own);
        self.now.fetch_max(exchange.id, Ordering::SeqCst);
        if let Ok(sent) = exchange.sent.parse::<Timestamp>() {
            let took = i64::try_from(exchange.duration_ms).unwrap_or(i64::MAX);
            let moment = sent.checked_add(jiff::SignedDuration::from_millis(took)).unwrap_or(sent);
            let mut last = self.moment.lock().unwrap_or_else(PoisonError::into_inner);
            *last = moment.max(*last);
        }
        if exchange.answer.as_ref().is_some_and(|answer| answer.truncated) {
            let reason = format!("exchange {} was not kept in full", exchange.id);
            self.strange.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        }
        Response::recorded(&exchange)
    }

    /// What lies between what was done last and what was done next: the exchanges of feeds that may have been waited for.
    fn window(&self) -> (ExchangeId, ExchangeId) {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let end = self.until.map_or(ExchangeId::MAX, |until| until.saturating_add(1));
        let next = own.iter().filter(|own| !own.used).map(|own| own.exchange.id).min().unwrap_or(end);
        (self.now.load(Ordering::SeqCst), next)
    }

    /// The state of an opportunity that was waited for: the first one that is wanted, or else the last.
    pub(super) fn wait_for(&self, id: &str, wanted: impl Fn(&Value) -> bool) -> Result<Located, Option<Located>> {
        let (now, next) = self.window();
        let mut last = None;
        for at in std::iter::once(now).chain(self.timeline.changes(id, now, next)) {
            match self.timeline.state(id, at) {
                Some(located) if wanted(&located.data) => return Ok(located),
                located => last = located.or(last),
            }
        }
        Err(last)
    }

    /// Whether an opportunity left its feed in time.
    pub(super) fn gone(&self, id: &str) -> bool {
        let (now, next) = self.window();
        std::iter::once(now).chain(self.timeline.changes(id, now, next)).any(|at| !self.timeline.contains(id, at))
    }

    /// Every opportunity that was in a feed when it had been read to its end.
    pub(super) fn ids(&self) -> Vec<String> {
        let upto = self.window().1.saturating_sub(1);
        let mut ids: Vec<String> =
            self.timeline.opportunities.keys().filter(|id| self.timeline.contains(id, upto)).cloned().collect();
        ids.sort_unstable();
        ids
    }

    /// An opportunity as it was when its feed had been read to its end.
    pub(super) fn get(&self, id: &str) -> Option<Located> {
        self.timeline.state(id, self.window().1.saturating_sub(1))
    }

    /// From where the next watch of a feed of Orders sees updates.
    pub(super) fn watch(&self) -> ExchangeId {
        let number = self.next_watch.fetch_add(1, Ordering::SeqCst);
        self.watched.get(number).copied().unwrap_or_else(|| {
            let reason = "the record does not say from where a feed of Orders was watched".to_owned();
            self.strange.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
            ExchangeId::MAX
        })
    }

    /// The updates of an Order that a watch saw.
    pub(super) fn updates(&self, feed: &str, uuid: &str, after: ExchangeId) -> Vec<OrderUpdate> {
        let (_, next) = self.window();
        let key = (feed.to_owned(), uuid.to_lowercase());
        let all = self.timeline.orders.get(&key).into_iter().flatten();
        all.filter(|update| update.exchange > after && update.exchange < next).cloned().collect()
    }

    /// Whether a feed had shown an Order by then.
    pub(super) fn has_shown(&self, feed: &str, uuid: &str) -> bool {
        self.updates(feed, uuid, 0).iter().any(|update| update.data.is_some())
    }
}

/// The start of a placeholder in a record; the number of the secret follows.
const MASK: &str = "***";

/// What comes after the number of a placeholder.
fn after_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    // `*` keeps digits that follow from the number.
    if rest.len() == text.len() { text } else { rest.strip_prefix('*').unwrap_or(rest) }
}

/// Whether a body is the recorded one. What was hidden in the record may be anything.
fn alike(recorded: Option<&str>, body: Option<&str>) -> bool {
    match (recorded, body) {
        (Some(recorded), Some(body)) => {
            recorded == body || {
                let mut parts = recorded.split(MASK);
                let first = parts.next().unwrap_or_default();
                let mut rest = body.strip_prefix(first);
                let mut last = first;
                for part in parts.map(after_number) {
                    last = part;
                    rest = rest.and_then(|rest| rest.find(part).and_then(|at| rest.get(at + part.len()..)));
                }
                recorded.contains(MASK) && rest.is_some() && body.ends_with(last)
            }
        }
        (recorded, body) => recorded == body,
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn a_placeholder_stands_for_anything() {
        let alike = |recorded, body| alike(Some(recorded), Some(body));
        for recorded in [r#"{"a": "***", "b": 1}"#, r#"{"a": "***1", "b": 1}"#, r#"{"a": "***12*7", "b": 1}"#] {
            assert!(alike(recorded, r#"{"a": "hidden-7", "b": 1}"#), "{recorded}");
            assert!(!alike(recorded, r#"{"a": "hidden-7", "b": 2}"#), "{recorded}");
        }
        assert!(!alike(r#"{"a": "***1*8"}"#, r#"{"a": "hidden-7"}"#));
        assert!(alike("code=***3&x=***4", "code=abc&x=def") && !alike("code=***3&x=***4", "code=abc&y=def"));
    }
}
