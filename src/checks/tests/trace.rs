//! A trace with what it is judged by, and the edits of it.

use std::fmt;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::checks::asked::{Check, CheckKind, NamedCheck};
use crate::checks::{Context, Demands, Made, StepLog, remember, row, see};
use crate::config::{Config, Layers, load};
use crate::opportunity::Clock;
use crate::results::{CheckOutcome, Finding, StepReport};
use crate::trace::{Event, Exchanged, Fact, History, Identity, PartBegun, Reply, StepBegun, Watched};
use crate::vocabulary::{Profile, Stage};

use super::documents::customer;

/// The base URL of the Open Booking API.
pub(super) const BASE: &str = "https://booking.example.com/api";
/// The UUID of the Order.
pub(super) const UUID: &str = "6b1a6e2c-8f6d-4c1e-9a51-3f0c3f7b1d20";
/// The moment at which everything is judged.
const NOW: &str = "2030-01-01T12:00:00Z";

/// What a finding makes of its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Impact {
    /// It fails its step.
    Fails,
    /// It is a warning or a suggestion.
    Warns,
    /// It keeps its step from being judged.
    Blocks,
}

/// What a check says of a trace.
#[derive(Clone, Debug)]
pub(super) struct Objection {
    /// The identifier of the row.
    pub(super) row: String,
    /// What it makes of the step.
    pub(super) impact: Impact,
    /// The subject of the finding.
    pub(super) subject: String,
    /// Its defect.
    pub(super) defect: String,
    /// What it says, for a line that does not hold.
    message: String,
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, impact, subject, defect, message } = self;
        write!(f, "{row} {impact:?} \"{subject} {defect}\": {message}")
    }
}

/// An event, with the JSON of it that lines edit.
#[derive(Clone, Debug)]
struct Moment {
    label: &'static str,
    event: Event,
    /// The request body; `Null` where there is none.
    request: Value,
    /// What was seen: a response body, the data of a feed item, OrderItems, opportunities, or an observation.
    seen: Value,
    /// The response body as bytes, where it is no JSON.
    bytes: Option<Vec<u8>>,
}

/// A change of a property, given its name.
pub(super) type Change = fn(&str, &mut Value);

/// Everything that a cell saw, and what it is judged by.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    config: Arc<Config>,
    profile: Profile,
    base: String,
    now: Timestamp,
    asked: Vec<Check>,
    moments: Vec<Moment>,
}

static CONFIG: LazyLock<Arc<Config>> =
    LazyLock::new(|| Arc::new(load(&Layers::built_in().expect("JSON")).expect("a configuration")));

impl Trace {
    /// A trace without events, in a strict run.
    pub(super) fn new() -> Self {
        Self {
            config: CONFIG.clone(),
            profile: Profile::Strict,
            base: BASE.to_owned(),
            now: NOW.parse().expect("a moment"),
            asked: Vec::new(),
            moments: Vec::new(),
        }
    }

    /// With another event. `label` is what edits call it; `seen` is the JSON that belongs to it.
    pub(super) fn then(mut self, label: &'static str, event: Event, request: Value, seen: Value) -> Self {
        self.moments.push(Moment { label, event, request, seen, bytes: None });
        self
    }

    /// In a run of the compatible profile.
    pub(super) fn compatible(mut self) -> Self {
        self.profile = Profile::Compatible;
        self
    }

    /// Judged by a changed configuration.
    pub(super) fn configured(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }

    /// Judged by a configuration that implements a feature, or does not; `None`: that leaves it open.
    pub(super) fn feature(self, name: &str, implemented: Option<bool>) -> Self {
        self.configured(|config| _ = config.features.insert(name.to_owned(), implemented))
    }

    /// With another base URL of the Open Booking API.
    pub(super) fn base(mut self, base: &str) -> Self {
        base.clone_into(&mut self.base);
        self
    }

    /// Where a named check is asked for at the last event.
    pub(super) fn asking(mut self, id: &str) -> Self {
        if let Some(row) = row(id).filter(|row| matches!(row.made, Made::Asked(_))) {
            let kind = CheckKind::Named(NamedCheck::of(row));
            self.asked = vec![Check { kind, profile: None, spec: None, covers: Vec::new(), violates: Vec::new() }];
        }
        self
    }

    /// What edits call its events.
    pub(super) fn labels(&self) -> Vec<&'static str> {
        self.moments.iter().map(|moment| moment.label).collect()
    }

    fn moment(&mut self, label: &str) -> &mut Moment {
        let found = self.moments.iter_mut().rfind(|moment| moment.label == label);
        found.unwrap_or_else(|| panic!("no event is called {label}"))
    }

    /// The JSON at a place: the label of an event (`C1`, or `C1 request` for the request body), and a JSON pointer in it.
    fn json(&mut self, label: &str) -> &mut Value {
        match label.strip_suffix(" request") {
            Some(label) => &mut self.moment(label).request,
            None => &mut self.moment(label).seen,
        }
    }

    /// With an edit of the JSON at a place.
    pub(super) fn edit(mut self, place: &str, change: impl FnOnce(&mut Value)) -> Self {
        let (label, pointer) = split(place);
        change(self.json(label).pointer_mut(pointer).unwrap_or_else(|| panic!("nothing is at {place}")));
        self
    }

    /// With another value at a place, which need not exist; `-` is the end of a list.
    pub(super) fn set(self, place: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let (_, pointer) = split(place);
        if pointer.is_empty() {
            return self.edit(place, |seen| *seen = value);
        }
        let (parent, name) = place.rsplit_once('/').expect("a parent");
        self.edit(parent, |parent| match parent {
            Value::Array(list) if name == "-" => list.push(value),
            Value::Array(list) => list[name.parse::<usize>().expect("an index")] = value,
            parent => parent[name] = value,
        })
    }

    /// Without what is at a place.
    pub(super) fn without(self, place: &str) -> Self {
        let (parent, name) = place.rsplit_once('/').expect("a parent");
        self.edit(parent, |parent| {
            let known = match parent {
                Value::Array(list) => Some(list.remove(name.parse().expect("an index"))),
                parent => parent.as_object_mut().and_then(|parent| parent.remove(name)),
            };
            assert!(known.is_some(), "nothing is at {place}");
        })
    }

    /// With a list in the other order.
    pub(super) fn reversed(self, place: &str) -> Self {
        self.edit(place, |list| list.as_array_mut().expect("a list").reverse())
    }

    /// With another text wherever one stands, in requests as well.
    pub(super) fn replacing(mut self, text: &str, by: &str) -> Self {
        let replaced = |value: &Value| serde_json::from_str(&value.to_string().replace(text, by)).expect("JSON");
        for moment in &mut self.moments {
            (moment.request, moment.seen) = (replaced(&moment.request), replaced(&moment.seen));
        }
        self
    }

    /// With other values in everything that was seen, but for the opportunities that are requested: `change` is given each
    /// property with its name, the outer ones first.
    pub(super) fn changing(mut self, change: Change) -> Self {
        fn walk(value: &mut Value, change: Change) {
            match value {
                Value::Object(properties) => properties.iter_mut().for_each(|(name, value)| {
                    change(name, value);
                    walk(value, change);
                }),
                Value::Array(list) => list.iter_mut().for_each(|value| walk(value, change)),
                _ => {}
            }
        }
        for moment in self.moments.iter_mut().filter(|moment| !matches!(moment.event, Event::Items(_))) {
            walk(&mut moment.seen, change);
        }
        self
    }

    /// With these bytes as the body of a response.
    pub(super) fn bytes(mut self, label: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.moment(label).bytes = Some(bytes.into());
        self
    }

    /// With another HTTP status of a response.
    pub(super) fn status(self, label: &str, status: u16) -> Self {
        self.exchange(label, |exchanged| exchanged.reply.status = Some(status))
    }

    /// With a change of a request or of its response, beyond their bodies.
    pub(super) fn exchange(mut self, label: &str, change: impl FnOnce(&mut Exchanged)) -> Self {
        match &mut self.moment(label).event {
            Event::Exchange(exchanged) => change(exchanged),
            _ => panic!("{label} is no exchange"),
        }
        self
    }

    /// With a change of a wait for an Order, beyond the data of the last update.
    pub(super) fn watch(mut self, label: &str, change: impl FnOnce(&mut Watched)) -> Self {
        match &mut self.moment(label).event {
            Event::Watch(watched) => change(watched),
            _ => panic!("{label} is no wait for an Order"),
        }
        self
    }

    /// With a change of an event of any other kind.
    pub(super) fn event(mut self, label: &str, change: impl FnOnce(&mut Event)) -> Self {
        change(&mut self.moment(label).event);
        self
    }

    /// What is wrong in the trace, by all checks.
    pub(super) fn objections(&self) -> Vec<Objection> {
        let customer = customer();
        let order = Identity { uuid: UUID.to_owned(), customer };
        let part = Event::Part(PartBegun { name: None, order, same_uuid: false, seller: "primary".to_owned() });
        let mut context = Context {
            config: &self.config,
            profile: self.profile,
            base: &self.base,
            payment: self.config.sellers.primary.payment.as_ref(),
            now: self.now,
            clock: Clock::starting(self.now),
            spec: "",
            demands: Demands::default(),
        };
        let mut history = History::default();
        remember(&part, &mut history, &context);
        let mut found = Vec::new();
        for (number, moment) in self.moments.iter().enumerate() {
            if number + 1 == self.moments.len() {
                context.demands.expect = &self.asked;
            }
            let event = moment.event();
            let stage = matches!(event, Event::Fact(_)).then_some(Stage::Auth);
            let step = Event::Step(StepBegun { keyword: String::new(), title: String::new(), number: None, stage });
            remember(&step, &mut history, &context);
            let mut log = StepLog::new("", moment.label, stage);
            log.fail_on_new(true);
            log.dynamic = history.dynamic;
            see(&event, &history, &context, &mut log);
            remember(&event, &mut history, &context);
            found.extend(objections(&log.finish().0, &event));
        }
        found
    }
}

/// A place as the label of an event, and a JSON pointer.
fn split(place: &str) -> (&str, &str) {
    place.split_at(place.find('/').unwrap_or(place.len()))
}

impl Moment {
    /// The event with its JSON.
    fn event(&self) -> Event {
        let mut event = self.event.clone();
        match &mut event {
            Event::Exchange(exchanged) => {
                let body = if self.seen.is_null() { Vec::new() } else { self.seen.to_string().into_bytes() };
                let known =
                    std::mem::replace(&mut exchanged.reply, Reply::with_body(self.bytes.as_deref().unwrap_or(&body)));
                let Reply { exchange, failure, repeats_credentials, status, content_type, .. } = known;
                let reply = &mut exchanged.reply;
                (reply.exchange, reply.failure, reply.repeats_credentials) = (exchange, failure, repeats_credentials);
                (reply.status, reply.content_type) = (status, content_type);
                exchanged.sent = Some(self.request.clone()).filter(|sent| !sent.is_null());
            }
            Event::Watch(watched) => {
                if let Some(update) = watched.seen.last_mut() {
                    update.data = Some(self.seen.clone()).filter(|data| !data.is_null());
                    update.text = update.data.as_ref().map(|data| Arc::from(data.to_string()));
                }
            }
            Event::Items(items) => items.items = serde_json::from_value(self.seen.clone()).expect("OrderItems"),
            Event::Look(looked) => {
                for (opportunity, data) in looked.opportunities.iter_mut().zip(self.seen.as_array().expect("a list")) {
                    opportunity.data = Some(data.clone()).filter(|data| !data.is_null());
                }
            }
            Event::Fact(fact) => fact.observed = self.seen.clone(),
            _ => {}
        }
        event
    }
}

/// The findings of a step, and those of its remarks that a check makes.
fn objections(report: &StepReport, event: &Event) -> Vec<Objection> {
    let of_checks = report.checks.iter().filter_map(|check| {
        let finding = check.finding.as_ref()?;
        let impact = match check.outcome {
            CheckOutcome::Blocked => Impact::Blocks,
            _ => Impact::Fails,
        };
        Some(objection(check.check.as_deref().unwrap_or(&check.name), impact, finding))
    });
    let of_remarks = report.remarks.iter().filter_map(|remark| {
        // What is only worth a remark about authentication has no row in it.
        let id = match event {
            Event::Fact(fact) => fact.check.as_str(),
            _ => remark.rule.as_str(),
        };
        row(id)?;
        // A remark has what was expected and found in its message.
        let (message, differing) = remark.message.rsplit_once(" (expected ").unwrap_or((&remark.message, ""));
        let (expected, seen) = differing.rsplit_once(", found ").unwrap_or_default();
        let finding = Finding::new(message).expected(expected, seen.trim_end_matches(')')).path(&remark.path);
        let mut finding = Finding { path: finding.path.filter(|path| !path.is_empty()), ..finding };
        finding.classify(report_stage(event));
        Some(objection(id, Impact::Warns, &finding))
    });
    of_checks.chain(of_remarks).collect()
}

fn objection(row: &str, impact: Impact, finding: &Finding) -> Objection {
    let Finding { subject, defect, message, expected, found, .. } = finding;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Objection {
        row: row.to_owned(),
        impact,
        subject: subject.clone(),
        defect: defect.clone(),
        message: format!("{message} (expected {}, found {})", text(expected), text(found)),
    }
}

/// The stage that a remark of an event is about.
const fn report_stage(event: &Event) -> Stage {
    match event {
        Event::Exchange(exchanged) => exchanged.stage,
        Event::Watch(watched) => watched.stage(),
        Event::Fact(_) => Stage::Auth,
        _ => Stage::Any,
    }
}

/// An observation of authentication.
pub(super) fn fact(check: &str, observed: Value) -> Trace {
    let fact = Fact { check: check.to_owned(), ..Fact::default() };
    Trace::new().then("fact", Event::Fact(Box::new(fact)), json!(null), observed)
}
