//! Recorded exchanges of a booking system, judged without it: what they were for is derived from method, path and body.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::checks::errors;
use crate::client::feed::{RawPage, read_page};
use crate::client::{Redactor, Timeline};
use crate::config::{Config, redacted};
use crate::harvest::{FeedTrace, judge_pages};
use crate::opportunity::{id_of, offers};
use crate::recording::Recording;
use crate::results::{
    CellReport, Counts, Exchange, ExchangeId, Exchanges, FailOn, FeedReport, Grades, RUN_REPORT_VERSION, Requests,
    RunReport, SavedTrace, Scope, Target, Tool,
};
use crate::trace::{
    Asked, Awaited, Body, End, Event, Exchanged, Identity, Items, OrderItem, PartBegun, Purpose, Reply, StepBegun,
    Update, Wanted, Watched, to_saved,
};
use crate::validate::{Remote, Validator};
use crate::vocabulary::{ErrorName, FeedName, Profile, Stage};

use super::rejudge::rejudge;
use super::target_trace::{SiteRead, TargetEvent, judged_feed, saved};

/// The feature of the cells of a recording, which no feature file has.
pub(super) const RECORDING: &str = "recording";
/// The mode of the report of a recording.
pub(super) const RECORDED: &str = "recorded";
/// The specification.
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/";

/// How a recording is judged.
#[derive(Debug)]
pub struct RecordedOptions<'o> {
    /// The configuration.
    pub config: &'o Config,
    /// How much is asserted.
    pub profile: Profile,
    /// Its name in reports.
    pub name: String,
    /// The command that judges it.
    pub command: String,
}

/// An endpoint of the Open Booking API that is about one Order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Collection {
    QuoteTemplates,
    Quotes,
    Proposals,
    Orders,
}

impl Collection {
    const ALL: [Self; 4] = [Self::QuoteTemplates, Self::Quotes, Self::Proposals, Self::Orders];

    const fn name(self) -> &'static str {
        match self {
            Self::QuoteTemplates => "order-quote-templates",
            Self::Quotes => "order-quotes",
            Self::Proposals => "order-proposals",
            Self::Orders => "orders",
        }
    }
}

/// An Orders or OrderProposals feed by the last segment of its path.
const ORDER_FEEDS: [(&str, FeedName); 2] =
    [("orders-rpde", FeedName::Orders), ("order-proposals-rpde", FeedName::OrderProposals)];

/// The part of a URL before its path, and the segments of its path.
fn parts(url: &str) -> Option<(String, Vec<String>)> {
    let parsed = url::Url::parse(url).ok()?;
    let segments = parsed.path_segments()?.map(str::to_owned).collect();
    Some((parsed[..url::Position::BeforePath].to_owned(), segments))
}

/// A request about an Order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OrderRequest {
    stage: Stage,
    collection: Collection,
    /// The base URL of the Open Booking API, without a slash at its end.
    base: String,
    uuid: String,
}

impl OrderRequest {
    /// By method and path; `None` where it is about no Order.
    fn of(method: &str, url: &str) -> Option<Self> {
        let (origin, segments) = parts(url)?;
        let [before @ .., name, uuid] = segments.as_slice() else { return None };
        let collection = Collection::ALL.into_iter().find(|collection| collection.name() == name)?;
        let stage = match (collection, method) {
            (Collection::QuoteTemplates, "PUT") => Stage::C1,
            (Collection::Quotes, "PUT") => Stage::C2,
            (Collection::Quotes, "DELETE") => Stage::QuoteDelete,
            (Collection::Proposals, "PUT") => Stage::P,
            (Collection::Proposals, "PATCH") => Stage::ProposalPatch,
            (Collection::Orders, "PUT") => Stage::B,
            (Collection::Orders, "PATCH") => Stage::OrderPatch,
            (Collection::Orders, "DELETE") => Stage::OrderDelete,
            (Collection::Orders, "GET") => Stage::OrderStatus,
            _ => return None,
        };
        let base = before.iter().fold(origin, |base, segment| format!("{base}/{segment}"));
        (!uuid.is_empty()).then(|| Self { stage, collection, base, uuid: uuid.clone() })
    }

    /// What names it in findings.
    const fn what(&self) -> &'static str {
        match self.stage {
            Stage::C1 => "C1",
            Stage::C2 => "C2",
            Stage::P => "P",
            Stage::B => "B",
            Stage::OrderPatch => "Order Cancellation",
            Stage::ProposalPatch => "OrderProposal Update",
            Stage::OrderDelete => "Order Deletion",
            Stage::QuoteDelete => "OrderQuote Deletion",
            _ => "Order Status",
        }
    }

    fn spec(&self) -> String {
        let section = match self.stage {
            Stage::C1 => "orderquote-creation-c1",
            Stage::C2 => "orderquote-creation-c2",
            Stage::P => "orderproposal-creation-p",
            Stage::B => "order-creation-b",
            Stage::OrderPatch => "order-cancellation",
            Stage::ProposalPatch => "customer-requested-proposal-cancellation",
            Stage::OrderDelete => "order-deletion",
            Stage::QuoteDelete => "orderquote-deletion",
            _ => "order-status",
        };
        format!("{SPEC}#{section}")
    }

    /// The HTTP statuses of success, and the body that comes with them.
    const fn success(&self, strict: bool) -> (&'static [u16], Body) {
        match self.stage {
            Stage::C1 | Stage::C2 | Stage::OrderStatus => (&[200], Body::Document),
            Stage::P | Stage::B if strict => (&[201, 200], Body::Document),
            Stage::P | Stage::B => (&[201], Body::Document),
            _ => (&[204], Body::None),
        }
    }
}

/// A page of a feed: the name of the feed, and its kind.
fn feed_of(exchange: &Exchange) -> Option<(String, Stage)> {
    let answer = exchange.answer.as_ref().filter(|answer| answer.status == 200 && !answer.truncated)?;
    if exchange.method != "GET" || OrderRequest::of("GET", &exchange.url).is_some() {
        return None;
    }
    let (_, segments) = parts(&exchange.url)?;
    if let Some((_, feed)) = ORDER_FEEDS.iter().find(|(name, _)| segments.last().is_some_and(|last| last == name)) {
        // Each Booking Partner has a feed of its own.
        let partner = exchange.request_headers.iter().find(|(name, _)| name == "authorization");
        let partner = partner.map_or("recorded", |(_, value)| value.as_str());
        let title = if *feed == FeedName::Orders { "Orders" } else { "OrderProposals" };
        return Some((format!("{title} feed ({partner})"), feed.stage()));
    }
    let page: Value = serde_json::from_str(crate::vocabulary::without_mark(&answer.body)).ok()?;
    let is_page = page.get("items").is_some_and(Value::is_array) && page.get("next").is_some();
    is_page.then(|| (format!("{} feed", segments.join("/")), Stage::OpportunityFeed))
}

/// Whether a response is a dataset site.
fn is_dataset_site(exchange: &Exchange) -> bool {
    let page = exchange.answer.as_ref().filter(|answer| answer.status == 200 && exchange.method == "GET");
    page.is_some_and(|answer| answer.body.contains("application/ld+json") && answer.body.contains("\"Dataset\""))
}

/// The trace of one Order.
#[derive(Debug, Default)]
struct OrderTrace {
    uuid: String,
    base: String,
    events: Vec<Event>,
    /// Bodies of P and of B that succeeded.
    booked: Vec<(Stage, Value)>,
    customer: Value,
    last: Option<ExchangeId>,
}

impl OrderTrace {
    fn new(request: &OrderRequest) -> Self {
        let order = Identity { uuid: request.uuid.clone(), customer: Value::Null };
        let part = PartBegun { name: None, order, same_uuid: false, seller: "primary".to_owned() };
        Self {
            uuid: request.uuid.clone(),
            base: request.base.clone(),
            events: vec![Event::Part(part)],
            ..Self::default()
        }
    }

    fn step(&mut self, keyword: &str, title: &str, stage: Stage, events: Vec<Event>) {
        let (keyword, title) = (keyword.to_owned(), title.to_owned());
        self.events.push(Event::Step(StepBegun { keyword, title, number: None, stage: Some(stage) }));
        self.events.extend(events);
        self.events.push(Event::End(End::default()));
    }

    /// A request about the Order.
    fn request(&mut self, request: &OrderRequest, exchange: &Exchange, timeline: &Timeline, context: (bool, bool)) {
        let (strict, repeats_credentials) = context;
        let sent: Option<Value> = exchange.request_body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        let answer = exchange.answer.as_ref();
        let mut reply = Reply::with_body(answer.map(|answer| answer.body.as_bytes()).unwrap_or_default());
        reply.exchange = Some(exchange.id);
        reply.failure.clone_from(&exchange.failure);
        reply.repeats_credentials = repeats_credentials;
        reply.status = answer.map(|answer| answer.status);
        let mut events = Vec::new();
        if let Some(customer) =
            sent.as_ref().and_then(|sent| sent.get("customer")).filter(|sent| **sent != self.customer)
        {
            self.customer = customer.clone();
            events.push(Event::Order(Identity { uuid: self.uuid.clone(), customer: customer.clone() }));
        }
        let put = matches!(request.stage, Stage::C1 | Stage::C2 | Stage::P | Stage::B);
        if let Some(items) = sent.as_ref().filter(|_| put).and_then(|sent| items(sent, &reply, exchange.id, timeline)) {
            events.push(Event::Items(Items { items, needed: None }));
        }
        let (wanted, body) = self.wanted(request, &reply, strict);
        let purpose = self.purpose(request, sent.as_ref(), &wanted);
        if let (true, Stage::P | Stage::B, Some(sent)) = (reply.succeeded(), request.stage, &sent) {
            self.booked.push((request.stage, sent.clone()));
        }
        events.push(Event::Exchange(Box::new(Exchanged {
            stage: request.stage,
            what: request.what().to_owned(),
            purpose,
            wanted,
            body,
            spec: request.spec(),
            credentials: String::new(),
            hint: None,
            prepares: false,
            asked: Asked::Nothing,
            leased: None,
            path: format!("{}/{}", request.collection.name(), request.uuid),
            sent,
            reply,
        })));
        self.last = Some(exchange.id);
        self.step(request.stage.name(), request.what(), request.stage, events);
    }

    /// What the request must have come to: a recording does not say what it must come to, so that a response which says that it
    /// succeeded is judged as that, and an error as the error that it says to be.
    fn wanted(&self, request: &OrderRequest, reply: &Reply, strict: bool) -> (Wanted, Body) {
        let (statuses, body) = request.success(strict);
        let status = reply.status.unwrap_or_default();
        if reply.failure.is_some() || status < 300 {
            return (Wanted::Success(statuses.to_vec()), body);
        }
        let found = reply.json().ok();
        let put = matches!(request.stage, Stage::C1 | Stage::C2 | Stage::P | Stage::B);
        if let Some(found) = found.filter(|found| put && status == 409 && found.get("orderedItem").is_some()) {
            return (of_items(found), body);
        }
        let name = found.and_then(|found| found.get("@type")).and_then(Value::as_str);
        match name.and_then(|name| name.parse::<ErrorName>().ok()) {
            Some(error) if !error.of_order_items() => (Wanted::Error(error), Body::Object),
            _ => (Wanted::Response, Body::None),
        }
    }

    fn purpose(&self, request: &OrderRequest, sent: Option<&Value>, wanted: &Wanted) -> Purpose {
        let succeeds = matches!(wanted, Wanted::Success(_));
        let repeated = sent.is_some_and(|sent| self.booked.iter().any(|(_, known)| known == sent));
        match request.stage {
            Stage::C1 | Stage::C2 => Purpose::Quote,
            Stage::P | Stage::B if repeated => Purpose::Repetition,
            Stage::P => Purpose::Proposal,
            Stage::B if self.booked.iter().any(|(stage, _)| *stage == Stage::P) => Purpose::OrderAfterProposal,
            Stage::B => Purpose::Order,
            Stage::OrderPatch => {
                let items = sent.and_then(|sent| sent.get("orderedItem")).and_then(Value::as_array);
                let ids = items.into_iter().flatten().filter_map(id_of).map(str::to_owned);
                Purpose::Cancellation(ids.collect())
            }
            Stage::ProposalPatch => Purpose::Rejection,
            Stage::OrderDelete | Stage::QuoteDelete => Purpose::Deletion,
            Stage::OrderStatus if succeeds && !self.booked.is_empty() => Purpose::Status,
            _ => Purpose::Other,
        }
    }

    /// An update of the Order in one of its feeds.
    fn update(&mut self, feed: FeedName, update: Update) {
        let exchange = update.exchange;
        let watched = Watched {
            feed,
            awaited: Awaited::Update,
            cause: "the last request".to_owned(),
            sent: self.last,
            spec: format!("{SPEC}#orders-rpde-feed"),
            opened: Some(exchange.saturating_sub(1)),
            seen: vec![update],
            met: true,
            pages: 1,
            unreadable: None,
        };
        let title = if feed == FeedName::Orders { "Orders feed" } else { "OrderProposals feed" };
        self.step(feed.stage().name(), title, feed.stage(), vec![Event::Watch(Box::new(watched))]);
    }

    fn cell(self, command: &str) -> CellReport {
        let trace = to_saved(self.events, &|_| None).map(|trace| SavedTrace::of(&trace)).unwrap_or_default();
        CellReport {
            category: RECORDING.to_owned(),
            feature: RECORDING.to_owned(),
            test: self.uuid.clone(),
            implemented: true,
            name: format!("Order {}", self.uuid),
            order_uuid: Some(self.uuid.clone()),
            trace,
            ..CellReport::blank(format!("{RECORDING}/{}", self.uuid), command.to_owned())
        }
    }
}

/// What a request came to that was rejected with errors of OrderItems: one error, where all are the same.
fn of_items(document: &Value) -> Wanted {
    let items = document.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut names: Vec<&str> = items.iter().flat_map(errors).collect();
    names.sort_unstable();
    names.dedup();
    let known: Vec<ErrorName> = names.iter().filter_map(|name| name.parse().ok()).collect();
    match known.as_slice() {
        [one] if names.len() == 1 && one.of_order_items() => Wanted::Error(*one),
        // An OrderItem that is incomplete cannot be valid when it is reflected.
        several if several.contains(&ErrorName::IncompleteOrderItem) => Wanted::AnyError,
        _ => Wanted::ItemErrors,
    }
}

/// The OrderItems of a request, each with its opportunity and offer as the feeds had shown them by then; `None` where it has none.
/// An OrderItem whose entry in an error response has no error is a control item.
fn items(sent: &Value, reply: &Reply, exchange: ExchangeId, timeline: &Timeline) -> Option<Vec<OrderItem>> {
    let mut sent: Vec<&Value> = sent.get("orderedItem")?.as_array()?.iter().collect();
    let position = |item: &Value| item.get("position").and_then(Value::as_u64);
    sent.sort_by_key(|item| position(item));
    let answered = reply.object().and_then(|body| body.get("orderedItem")).and_then(Value::as_array);
    let has_error = |wanted: &Value| {
        let same = |item: &&Value| position(item).is_some() && position(item) == position(wanted);
        answered.into_iter().flatten().find(same).is_some_and(|item| item.get("error").is_some())
    };
    let item = |item: &&Value| {
        let id = |name: &str| item.get(name).and_then(id_of).unwrap_or_default().to_owned();
        let (opportunity_id, offer_id) = (id("orderedItem"), id("acceptedOffer"));
        let opportunity = timeline.state(&opportunity_id, exchange).map(|located| located.data).unwrap_or_default();
        let offer = offers(&opportunity).into_iter().find(|offer| id_of(offer) == Some(&offer_id)).cloned();
        let own = item.get("acceptedOffer").filter(|offer| crate::trace::is_override(offer)).cloned();
        let offer = own.or(offer).unwrap_or_default();
        OrderItem { opportunity, opportunity_id, offer_id, offer, control: !reply.succeeded() && !has_error(item) }
    };
    Some(sent.iter().map(item).collect())
}

/// Judges a recording. The exchanges of each Order are a cell.
///
/// # Errors
/// In words, why there is nothing to judge.
pub fn judge_recording(
    recording: Recording,
    options: &RecordedOptions<'_>,
    redactor: &Redactor,
    catalogue: &Catalogue,
) -> Result<RunReport, String> {
    let Recording { mut exchanges, repeats_credentials } = recording;
    let began = exchanges.first().map(|exchange| exchange.sent.clone()).unwrap_or_default();
    let mut feeds: BTreeMap<String, (Stage, Vec<ExchangeId>)> = BTreeMap::new();
    let mut events = Vec::new();
    let mut judged = 0_usize;
    for exchange in &mut exchanges {
        if let Some((feed, stage)) = feed_of(exchange) {
            feeds.entry(feed.clone()).or_insert((stage, Vec::new())).1.push(exchange.id);
            exchange.label.clone_from(&feed);
            exchange.feed = Some(feed);
        } else if is_dataset_site(exchange) {
            "Dataset site".clone_into(&mut exchange.label);
            events.push(TargetEvent::DatasetSite(SiteRead { exchange: exchange.id }));
        } else if let Some(request) = OrderRequest::of(&exchange.method, &exchange.url) {
            request.what().clone_into(&mut exchange.label);
        } else {
            continue;
        }
        judged += 1;
    }
    if judged == 0 {
        return Err(format!("none of {} exchanges belongs to the Open Booking API", exchanges.len()));
    }
    let packed: Exchanges = exchanges.iter().cloned().collect();
    let timeline = Timeline::of(&packed);
    let strict = options.profile == Profile::Strict;
    let mut orders: Vec<OrderTrace> = Vec::new();
    let mut cut = 0_usize;
    for exchange in &exchanges {
        if let Some(request) = OrderRequest::of(&exchange.method, &exchange.url) {
            let answer = exchange.answer.as_ref();
            if answer.is_some_and(|answer| answer.truncated || (300..400).contains(&answer.status)) {
                cut += 1;
                continue;
            }
            let same =
                |order: &OrderTrace| order.base == request.base && order.uuid.eq_ignore_ascii_case(&request.uuid);
            let at = orders.iter().position(same).unwrap_or_else(|| {
                orders.push(OrderTrace::new(&request));
                orders.len() - 1
            });
            if let Some(order) = orders.get_mut(at) {
                order.request(&request, exchange, &timeline, (strict, repeats_credentials.contains(&exchange.id)));
            }
        } else {
            updates(exchange, &mut orders);
        }
    }
    let (mut findings, mut remarks, mut reports) = (Vec::new(), Vec::new(), Vec::new());
    let validator = Validator::new(Remote::none());
    for (feed, (stage, ids)) in &feeds {
        let pages: Vec<RawPage<'_>> = ids.iter().filter_map(|id| RawPage::recorded(find(&exchanges, *id)?)).collect();
        let of_items = (*stage == Stage::OpportunityFeed).then_some(&validator);
        let (issues, items) = judge_pages(*stage, pages.iter().copied(), of_items);
        let mut trace = FeedTrace::new(feed, *stage);
        pages.iter().for_each(|page| trace.page(page));
        events.push(TargetEvent::Feed(trace.with_items(&items)));
        let (wrong, worth) = judged_feed(feed, *stage, issues, items);
        findings.extend(wrong);
        remarks.extend(worth);
        reports.push(FeedReport {
            name: feed.clone(),
            url: pages.first().map(|page| page.url.to_owned()).unwrap_or_default(),
            pages: pages.len() as u64,
            items: pages.iter().map(|page| read_page(page.text).map_or(0, |page| page.items.len() as u64)).sum(),
            reached_end: pages.last().is_some_and(|page| read_page(page.text).is_ok_and(|page| page.items.is_empty())),
            recorded: true,
            error: None,
        });
    }
    let mut notices = Vec::new();
    let unknown = exchanges.len() - judged;
    if unknown > 0 {
        notices.push(format!(
            "{unknown} of {} exchanges are not judged: no endpoint of the Open Booking API",
            exchanges.len()
        ));
    }
    if cut > 0 {
        notices.push(format!("{cut} exchanges are not judged: their response is a redirect or was not recorded"));
    }
    let base = orders.first().map(|order| order.base.clone());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let cells: Vec<CellReport> = orders
        .into_iter()
        .map(|order| {
            let mut cell = order.cell(&options.command);
            let number = seen.entry(cell.id.clone()).or_insert(0);
            *number += 1;
            if *number > 1 {
                cell.id = format!("{}-{number}", cell.id);
            }
            cell
        })
        .collect();
    let report = RunReport {
        version: RUN_REPORT_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        target: Target { dataset_site: options.name.clone(), name: None, booking_api: base },
        started: began.clone(),
        clock: Some(began),
        duration_ms: 0,
        run_id: None,
        seed: 0,
        profile: options.profile,
        mode: RECORDED.to_owned(),
        scope: Scope { complete: true, shard: None, planned: cells.len(), plan: String::new() },
        insecure: false,
        interrupted: false,
        ended_early: None,
        stopped: None,
        fail_on: FailOn::default(),
        counts: Counts::of(&cells),
        leftovers: None,
        grades: Grades::default(),
        findings,
        remarks,
        notices,
        cells,
        skipped: Vec::new(),
        shortages: Vec::new(),
        screenshots: Vec::new(),
        feeds: reports,
        requests: Requests::default(),
        trace: saved(&events, redactor, packed.texts()),
        parts: Vec::new(),
        exchanges: packed,
        configuration: redacted(&options.config.tree, &|secret| redactor.placeholder(secret)),
    };
    Ok(rejudge(report, catalogue)?.report)
}

fn find(exchanges: &[Exchange], id: ExchangeId) -> Option<&Exchange> {
    exchanges.binary_search_by_key(&id, |exchange| exchange.id).ok().and_then(|at| exchanges.get(at))
}

/// Adds what a page of a feed of Orders shows to the Orders of the recording.
fn updates(exchange: &Exchange, orders: &mut [OrderTrace]) {
    let feed = exchange.feed.as_deref().unwrap_or_default();
    let feed = match feed {
        _ if feed.starts_with("Orders feed (") => FeedName::Orders,
        _ if feed.starts_with("OrderProposals feed (") => FeedName::OrderProposals,
        _ => return,
    };
    let Some(page) = exchange.answer.as_ref().and_then(|answer| read_page(&answer.body).ok()) else { return };
    for item in page.items {
        let Some(order) = orders.iter_mut().find(|order| order.uuid.eq_ignore_ascii_case(&item.id)) else { continue };
        // What a deleted item must follow, a recording does not say.
        let Some(text) = item.data else { continue };
        let update = Update {
            exchange: exchange.id,
            id: item.id,
            modified: item.modified.to_string(),
            kind: item.kind,
            data: Some(serde_json::from_str(&text).unwrap_or_default()),
            text: Some(text),
            marked: item.marked,
        };
        order.update(feed, update);
    }
}

#[cfg(test)]
mod tests {
    use super::OrderRequest;
    use crate::vocabulary::Stage;

    #[test]
    fn the_stage_follows_from_method_and_path() {
        let of = |method: &str, url: &str| OrderRequest::of(method, url).map(|request| request.stage);
        let base = "https://a.example/api/openbooking";
        for (method, path, stage) in [
            ("PUT", "order-quote-templates/u", Some(Stage::C1)),
            ("PUT", "order-quotes/u", Some(Stage::C2)),
            ("DELETE", "order-quotes/u", Some(Stage::QuoteDelete)),
            ("PUT", "order-proposals/u", Some(Stage::P)),
            ("PATCH", "order-proposals/u", Some(Stage::ProposalPatch)),
            ("PUT", "orders/u", Some(Stage::B)),
            ("PATCH", "orders/u", Some(Stage::OrderPatch)),
            ("DELETE", "orders/u", Some(Stage::OrderDelete)),
            ("GET", "orders/u?x=1", Some(Stage::OrderStatus)),
            ("OPTIONS", "orders/u", None),
            ("GET", "orders-rpde", None),
            ("PUT", "orders/", None),
            ("PUT", "orders/u/items", None),
        ] {
            assert_eq!(of(method, &format!("{base}/{path}")), stage, "{method} {path}");
        }
        assert_eq!(OrderRequest::of("PUT", &format!("{base}/orders/u")).unwrap().base, base);
        assert!(of("PUT", "no url").is_none());
    }
}
