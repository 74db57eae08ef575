//! The cells of a run once more, out of its record: the same requests must be made, and every check is judged anew by
//! what was answered then.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex};

use futures::StreamExt as _;
use jiff::Timestamp;

use crate::client::auth::{Access, Agent};
use crate::client::feed::{OpportunityFeeds, Patience, Turns};
use crate::client::{Client, DatasetSite, Tape, Timeline};
use crate::config::{Config, Mode};
use crate::plan::{Cell, Clock, Plan, Reservations};
use crate::results::{CellReport, CheckOutcome, Exchange, ExchangeId, RunReport, StepReport, Verdict};

use super::breaker::Breaker;
use super::cell::run_cell;
use super::chance::Chance;
use super::ending::Ending;
use super::events::Events;
use super::feeds::OrderFeeds;
use super::session::Session;

/// What became of a cell when it was made again out of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replayed {
    /// Every check was judged again, with the same outcome.
    Confirmed,
    /// It rests on secrets, which no record may hold: its checks are those of the report.
    Attested,
    /// What the report says does not follow from the record.
    Differs(String),
}

/// The record of a run, and what is needed to make its cells again.
#[derive(Debug)]
pub struct Replay<'r> {
    report: &'r RunReport,
    config: Arc<Config>,
    site: &'r DatasetSite,
    dataset_site: String,
    clock: Timestamp,
    run_id: &'r str,
    timeline: Arc<Timeline>,
    exchanges: HashMap<ExchangeId, Arc<Exchange>>,
}

impl<'r> Replay<'r> {
    /// Reads the record. `dataset_site` is the URL at which the dataset site was.
    ///
    /// # Errors
    /// The report lacks `clock` or `run_id`.
    pub fn of(
        report: &'r RunReport,
        config: Arc<Config>,
        site: &'r DatasetSite,
        dataset_site: &str,
    ) -> Result<Self, String> {
        let clock = report.clock.as_deref().and_then(|clock| clock.parse().ok());
        Ok(Self {
            report,
            config,
            site,
            dataset_site: dataset_site.to_owned(),
            clock: clock.ok_or("`clock` is missing")?,
            run_id: report.run_id.as_deref().ok_or("`run_id` is missing")?,
            timeline: Arc::new(Timeline::of(&report.exchanges)),
            exchanges: report.exchanges.iter().map(|exchange| (exchange.id, Arc::new(exchange))).collect(),
        })
    }

    /// Makes every cell of the plan again.
    pub async fn all(&self, plan: &Plan) -> BTreeMap<String, Replayed> {
        let reported: HashMap<&str, &CellReport> =
            self.report.cells.iter().map(|cell| (cell.id.as_str(), cell)).collect();
        futures::stream::iter(plan.cells.iter())
            .map(|cell| {
                let reported = reported.get(cell.id.as_str()).copied();
                async move {
                    let replayed = match reported {
                        None => Replayed::Differs("the cell is missing".to_owned()),
                        Some(reported) => self.one(cell, reported).await,
                    };
                    (cell.id.clone(), replayed)
                }
            })
            .buffer_unordered(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
            .collect()
            .await
    }

    async fn one(&self, cell: &Arc<Cell>, reported: &CellReport) -> Replayed {
        if cell.test.steps().any(|step| step.act.rests_on_secrets()) {
            return Replayed::Attested;
        }
        let mut known: BTreeSet<ExchangeId> = BTreeSet::new();
        let own: Vec<Arc<Exchange>> = reported
            .steps
            .iter()
            .flat_map(|step| step.exchanges.iter().copied())
            .filter(|id| known.insert(*id))
            .filter_map(|id| self.exchanges.get(&id))
            .filter(|exchange| exchange.feed.is_none())
            .map(Arc::clone)
            .collect();
        let watched = reported.steps.iter().flat_map(|step| step.watched_from.iter().copied()).collect();
        let tape = Arc::new(Tape::new(Arc::clone(&self.timeline), own, watched, reported.judged_until, self.clock));
        let session = Arc::new(self.session(&tape, reported));
        let turn = session.turns.take().await;
        let task = tokio::spawn(run_cell(session, Arc::clone(cell), 0, Some(turn)));
        let Ok(again) = task.await else { return Replayed::Differs("the cell cannot be replayed".to_owned()) };
        // The first check that comes out otherwise says why a later request is another one.
        let differs = match (difference(&reported.steps, &again.steps), tape.lack()) {
            (Some(difference), Some(lack)) => Some(format!("{difference}; {lack}")),
            (difference, lack) => difference.or(lack).or_else(|| tape.surplus()),
        };
        match differs {
            Some(difference) => Replayed::Differs(difference),
            None if again.verdict != reported.verdict
                || !matches!(again.verdict, Verdict::Passed | Verdict::Skipped) =>
            {
                Replayed::Differs(format!("the verdict of the replay is {}", again.verdict.word()))
            }
            None => Replayed::Confirmed,
        }
    }

    fn session(&self, tape: &Arc<Tape>, reported: &CellReport) -> Session {
        let client = Client::replaying(Arc::clone(tape));
        let authority = self.site.authentication_authority.clone();
        let access = Access::new(Arc::clone(&self.config), client.clone(), authority, Agent::Forms);
        let booking_api = self.site.booking_api.clone().unwrap_or_default();
        let ending = Arc::new(Ending::with(&tokio_util::sync::CancellationToken::new()));
        Session {
            profile: self.report.profile,
            run_id: self.run_id.to_owned(),
            seed: self.report.seed,
            orders: Arc::new(OrderFeeds::new(
                client.clone(),
                access.clone(),
                &self.config,
                &booking_api,
                ending.token().clone(),
            )),
            client,
            access,
            config: Arc::clone(&self.config),
            dataset_site: self.dataset_site.clone(),
            booking_service: self.site.dataset.get("bookingService").cloned(),
            booking_api,
            clock: Clock::starting(self.clock),
            opportunities: Arc::new(OpportunityFeeds::replaying(Arc::clone(tape))),
            judges: Vec::new(),
            reservations: self.reservations(reported),
            chance: Chance::default(),
            events: Arc::new(Events::default()),
            fail_on_new: false,
            first_finding: false,
            ending,
            patience: Arc::new(Patience::new(self.config.feed_timeout)),
            turns: Turns::new(self.config.simultaneous),
            leases: Mutex::default(),
            breaker: Breaker::default(),
            keeps_cancelled: AtomicBool::new(false),
            vain_waits: AtomicU32::new(0),
            remains: Mutex::default(),
            command: String::new(),
        }
    }

    /// In random mode: the opportunities that were picked for a cell. Whether they are what they must be is judged when the
    /// cell finds them in the feeds.
    fn reservations(&self, reported: &CellReport) -> Reservations {
        let mut reservations = Reservations::default();
        if self.config.mode == Mode::Random && !reported.picked.is_empty() {
            reservations.by_cell.insert(reported.id.clone(), reported.picked.clone());
        }
        reservations
    }
}

/// Where the steps that are reported and those that were made again do not say the same.
fn difference(reported: &[StepReport], again: &[StepReport]) -> Option<String> {
    for (number, step) in again.iter().enumerate() {
        let Some(before) = reported.get(number) else {
            return Some(format!("step {} is missing", step.title));
        };
        if (&before.step, &before.title) != (&step.step, &step.title) {
            return Some(format!("the recorded step is {}; expected {}", before.title, step.title));
        }
        if let Some(check) = step.checks.iter().find(|check| check.outcome != CheckOutcome::Held) {
            let why = check.finding.as_ref().map_or_else(String::new, |finding| format!(": {}", finding.message));
            return Some(format!("{}: check “{}” fails for the recorded responses{why}", step.title, check.name));
        }
        for (place, check) in step.checks.iter().enumerate() {
            let Some(known) = before.checks.get(place) else {
                return Some(format!("{}: check “{}” is missing", step.title, check.name));
            };
            if (&known.name, known.profile) != (&check.name, check.profile) {
                return Some(format!(
                    "{}: the recorded check is “{}”; expected “{}”",
                    step.title, known.name, check.name
                ));
            }
            if known.outcome != check.outcome || known.finding.is_some() {
                return Some(format!(
                    "{}: the recorded outcome of check “{}” differs; the check holds",
                    step.title, check.name
                ));
            }
        }
        if before.checks.len() != step.checks.len() {
            return Some(format!("{}: the record has additional checks", step.title));
        }
        if before.verdict != step.verdict {
            return Some(format!("{}: the recorded verdict differs from that of its checks", step.title));
        }
    }
    (reported.len() != again.len()).then(|| "the record has additional steps".to_owned())
}
