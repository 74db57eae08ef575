//! Before the first cell: the dataset site, the test dataset, the feeds, and in random mode the opportunities.

use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::auth::{Access, Credentials};
use crate::client::feed::{FeedOptions, FeedStop, OpportunityFeeds, PageObserver, Patience, Turns};
use crate::client::{Client, Confidence, DatasetSite, Payload, Recorder, Redactor, Request, read_dataset_site};
use crate::config::{Config, Headers, Mode, SellerRole};
use crate::harvest::LiveJudge;
use crate::plan::{Cell, Clock, Need, Reservations, reserve};
use crate::results::{Finding, Shortage, Target};
use crate::validate::{Remote, Validator};
use crate::vocabulary::BOOKING_MEDIA_TYPE;

use super::breaker::Breaker;
use super::chance::Chance;
use super::ending::Ending;
use super::events::RunEvent;
use super::feeds::OrderFeeds;
use super::scheduler::RunOptions;
use super::scrub;
use super::seed::cell_rng;
use super::session::Session;
use super::target_trace::{SiteRead, TargetEvent, with_endpoint};

/// The feeds must be read to their end within this many times the limit of a cell.
const HARVEST_FACTOR: u32 = 5;
/// Media types that open feeds are asked for.
const ACCEPT: &str = "application/vnd.openactive.rpde+json; version=1, application/json;q=0.9";
/// How often the progress of reading the feeds is reported.
const PROGRESS: Duration = Duration::from_millis(500);

/// What is known once everything is prepared, or could not be.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// What is tested.
    pub(super) target: Target,
    /// What is wrong with the target beyond any cell.
    pub(super) findings: Vec<Finding>,
    /// What a person should know.
    pub(super) notices: Vec<String>,
    /// What was seen of the target.
    pub(super) events: Vec<TargetEvent>,
    /// What the cells run in; none when nothing can be run.
    pub(super) session: Option<Session>,
}

/// What a run finds out about the target, and what a later run against it need not find out again: above all its feeds,
/// which are followed on.
#[derive(Debug)]
pub(super) struct Base {
    target: Target,
    findings: Vec<Finding>,
    events: Vec<TargetEvent>,
    notices: Vec<String>,
    access: Access,
    booking_api: String,
    booking_service: Option<Value>,
    judges: Vec<Arc<LiveJudge>>,
    opportunities: Arc<OpportunityFeeds>,
    orders: Arc<OrderFeeds>,
}

/// Prepares a run. What was there already is in `base`, and what will be is left there.
pub(super) async fn prepare(
    options: &RunOptions,
    run_id: &str,
    client: &Client,
    base: &mut Option<Base>,
    cancel: &CancellationToken,
    ending: &Arc<Ending>,
) -> Prepared {
    let mut prepared = Prepared {
        target: Target { dataset_site: options.target_name.clone(), ..Target::default() },
        ..Prepared::default()
    };
    if let Some(known) = base.as_ref() {
        prepared.target = known.target.clone();
        prepared.findings.clone_from(&known.findings);
        prepared.events.clone_from(&known.events);
        prepared.notices.clone_from(&known.notices);
        if !made_ready(options, client, &known.booking_api, &known.access, &mut prepared.notices).await {
            return prepared;
        }
    }
    let clock = if base.is_some() {
        Clock::starting(jiff::Timestamp::now())
    } else {
        let Some((found, clock)) = first_look(options, client, &mut prepared, cancel).await else { return prepared };
        *base = Some(found);
        clock
    };
    let Some(base) = base.as_ref() else { return prepared };
    harvest(options, &base.opportunities, &mut prepared.notices).await;
    let config = Arc::clone(&options.config);
    let reservations = if config.mode == Mode::Random {
        options.events.emit(&RunEvent::Preparing { what: "opportunities that meet the criteria".to_owned() });
        let (cells, config, feeds) =
            (options.plan.cells.clone(), Arc::clone(&options.config), Arc::clone(&base.opportunities));
        let seed = options.seed;
        // It may take long, and must not keep the run from its end.
        let reserved = tokio::task::spawn_blocking(move || set_aside(&cells, &config, seed, &feeds, clock));
        match reserved.await {
            Ok(reservations) => reservations,
            Err(error) => {
                prepared.notices.push(format!("no opportunities could be reserved: {error}"));
                return prepared;
            }
        }
    } else {
        Reservations::default()
    };
    prepared.session = Some(Session {
        profile: options.profile,
        run_id: run_id.to_owned(),
        seed: options.seed,
        client: client.clone(),
        orders: Arc::clone(&base.orders),
        access: base.access.clone(),
        config,
        dataset_site: options.dataset_site.clone(),
        booking_service: base.booking_service.clone(),
        booking_api: base.booking_api.clone(),
        clock,
        opportunities: Arc::clone(&base.opportunities),
        judges: base.judges.clone(),
        reservations,
        chance: Chance::default(),
        events: Arc::clone(&options.events),
        fail_on_new: options.limits.fail_on_new,
        first_finding: options.limits.first_finding,
        ending: Arc::clone(ending),
        patience: Arc::new(Patience::new(options.config.feed_timeout)),
        turns: Turns::new(options.config.simultaneous),
        leases: Mutex::default(),
        breaker: Breaker::default(),
        keeps_cancelled: AtomicBool::new(false),
        vain_waits: AtomicU32::new(0),
        remains: Mutex::default(),
        command: options.command.clone(),
    });
    prepared
}

/// Looks at a target that nothing is known of, and begins to follow its feeds. What was found so far is in `prepared`.
async fn first_look(
    options: &RunOptions,
    client: &Client,
    prepared: &mut Prepared,
    cancel: &CancellationToken,
) -> Option<(Base, Clock)> {
    let site = dataset_site(options, client, prepared).await?;
    prepared.target.name.clone_from(&site.name);
    prepared.target.booking_api.clone_from(&site.booking_api);
    let Some(booking_api) = site.booking_api.clone() else {
        prepared.findings = with_endpoint(Some(&site), std::mem::take(&mut prepared.findings));
        return None;
    };
    let config = Arc::clone(&options.config);
    let authority = site.authentication_authority.clone();
    let access = Access::new(Arc::clone(&config), client.clone(), authority, options.agent.clone());
    credentials(options, &access, &mut prepared.notices);
    let (findings, events, notices) = (prepared.findings.clone(), prepared.events.clone(), prepared.notices.clone());
    if !made_ready(options, client, &booking_api, &access, &mut prepared.notices).await {
        return None;
    }
    let clock = Clock::starting(jiff::Timestamp::now());
    let validator = Arc::new(Validator::new(Remote::none()));
    let judges: Vec<Arc<LiveJudge>> = site
        .feeds
        .iter()
        .map(|feed| Arc::new(LiveJudge::new(&format!("{} feed", feed.name), Arc::clone(&validator))))
        .collect();
    let opportunities = Arc::new(follow(options, client, &site, &judges, cancel));
    let orders = OrderFeeds::new(client.clone(), access.clone(), &config, &booking_api, cancel.clone());
    let base = Base {
        target: prepared.target.clone(),
        findings,
        events,
        notices,
        access,
        booking_api,
        booking_service: site.dataset.get("bookingService").cloned(),
        judges,
        opportunities,
        orders: Arc::new(orders),
    };
    Some((base, clock))
}

/// In controlled mode, deletes what earlier runs left. False where the run cannot be made.
async fn made_ready(
    options: &RunOptions,
    client: &Client,
    booking_api: &str,
    access: &Access,
    notices: &mut Vec<String>,
) -> bool {
    options.config.mode != Mode::Controlled || clear_dataset(options, client, booking_api, access, notices).await
}

/// What a target has of the opportunities that a plan needs.
#[derive(Debug, Clone, Default)]
pub struct TakenStock {
    /// How many opportunities meet each need. One may meet several.
    pub found: Vec<(Need, usize)>,
    /// What some cell would lack.
    pub shortages: Vec<Shortage>,
    /// Cells for which there is everything.
    pub served: usize,
    /// What is wrong with the target.
    pub findings: Vec<Finding>,
    /// What a person should know.
    pub notices: Vec<String>,
}

/// Reads the feeds of a target, and sees what they have of the opportunities that the plan needs. Nothing is changed.
///
/// # Errors
/// Only that no HTTP client can be set up.
pub async fn take_stock(options: &RunOptions) -> anyhow::Result<TakenStock> {
    let recorder = Arc::new(Recorder::new(Redactor::of(&options.config)));
    let client = Client::new(Arc::clone(&recorder), options.insecure)?;
    let cancel = options.interrupt.child_token();
    let _ending = cancel.clone().drop_guard();
    let mut prepared = Prepared::default();
    let Some(site) = dataset_site(options, &client, &mut prepared).await else {
        prepared.findings.iter_mut().for_each(|finding| scrub::finding(recorder.redactor(), finding));
        scrub::texts(recorder.redactor(), &mut prepared.notices);
        return Ok(TakenStock { findings: prepared.findings, notices: prepared.notices, ..TakenStock::default() });
    };
    let clock = Clock::starting(jiff::Timestamp::now());
    let judges: Vec<Arc<LiveJudge>> = Vec::new();
    let feeds = follow(options, &client, &site, &judges, &cancel);
    harvest(options, &feeds, &mut prepared.notices).await;
    if feeds.index().orphans().is_some() {
        // A parent may have been published since its feed was read: what is missing must still be so.
        let _ = feeds.catch_up(Instant::now() + options.config.feed_timeout).await;
        prepared.notices.extend(feeds.index().orphans().map(|orphans| orphans.to_string()));
    }
    let reservations = set_aside(&options.plan.cells, &options.config, options.seed, &feeds, clock);
    for follower in feeds.followers() {
        prepared.findings.extend(follower.stops().iter().map(FeedStop::finding));
    }
    let redactor = recorder.redactor();
    prepared.findings.iter_mut().for_each(|finding| scrub::finding(redactor, finding));
    scrub::texts(redactor, &mut prepared.notices);
    Ok(TakenStock {
        found: reservations.found,
        served: reservations.by_cell.len(),
        shortages: reservations.shortages,
        findings: prepared.findings,
        notices: prepared.notices,
    })
}

async fn dataset_site(options: &RunOptions, client: &Client, prepared: &mut Prepared) -> Option<DatasetSite> {
    options.events.emit(&RunEvent::Preparing { what: "the dataset site".to_owned() });
    let headers = Headers::new();
    let response = client
        .send(Request {
            label: "Dataset site",
            feed: None,
            method: Method::GET,
            url: &options.dataset_site,
            configured: &headers,
            accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            content_type: None,
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: options.config.request_timeout,
        })
        .await;
    let (site, findings) = read_dataset_site(&response);
    if let (Some(failure), None) = (&response.failure, &site) {
        // Whoever cannot be reached has not been judged: that is no finding.
        let url = client.recorder().redactor().text(&response.url).into_owned();
        prepared.notices.push(format!("the dataset site {url} cannot be reached: {}", failure.message));
        return None;
    }
    prepared.events.extend(response.exchange().map(|exchange| TargetEvent::DatasetSite(SiteRead { exchange })));
    prepared.findings.extend(findings);
    site
}

/// Reports credentials that are missing before anything fails for the lack of them.
fn credentials(options: &RunOptions, access: &Access, notices: &mut Vec<String>) {
    let config = &options.config;
    for role in [SellerRole::Primary, SellerRole::Secondary] {
        let Some(seller) = config.sellers.get(role) else { continue };
        if seller.request_headers.is_empty() && seller.login.is_none() && seller.client.is_none() {
            let key = format!("sellers.{}.authentication", role.name());
            notices.push(format!(
                "Seller {} has no credentials (`{key}`): requests are sent without credentials",
                seller.id
            ));
        }
    }
    if let Some(partner) = config.partners.get("primary")
        && partner.orders_feed_headers.is_empty()
        && partner.client.is_none()
        && config.follow_orders_feeds
    {
        let key = "broker.bookingPartners.primary.authentication";
        notices.push(format!("the primary Booking Partner has no credentials for the Orders feeds (`{key}`)"));
    }
    if access.authority().is_some()
        && config.partners.values().all(|partner| partner.client.is_none())
        && [Some(&config.sellers.primary), config.sellers.secondary.as_ref()]
            .into_iter()
            .flatten()
            .all(|seller| seller.login.is_none() && seller.client.is_none())
    {
        notices.push(
            "the dataset site has an OpenID provider without configured credentials: configured headers are sent"
                .to_owned(),
        );
    }
}

/// Deletes what earlier runs left in the test dataset. False when the target cannot be reached.
async fn clear_dataset(
    options: &RunOptions,
    client: &Client,
    base: &str,
    access: &Access,
    notices: &mut Vec<String>,
) -> bool {
    options.events.emit(&RunEvent::Preparing { what: "the test dataset".to_owned() });
    let identifier: String =
        url::form_urlencoded::byte_serialize(options.config.dataset_identifier.as_bytes()).collect();
    let url = format!("{base}/test-interface/datasets/{}", identifier.replace('+', "%20"));
    // Where there are no credentials, the cells say why; the Test Interface may do without.
    let headers = access.booking_headers(SellerRole::Primary, "primary").await.unwrap_or_default();
    let response = client
        .send(Request {
            label: "Test Interface: delete the test dataset",
            feed: None,
            method: Method::DELETE,
            url: &url,
            configured: &headers,
            accept: "application/json",
            content_type: Some(BOOKING_MEDIA_TYPE),
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: Duration::from_secs(60).max(options.config.request_timeout),
        })
        .await;
    let shown = client.recorder().redactor().text(&url).into_owned();
    match (&response.failure, response.status) {
        (Some(failure), _) => {
            notices.push(format!("the test dataset could not be deleted: DELETE {shown}: {}", failure.message));
            false
        }
        (None, Some(204 | 200 | 202)) => true,
        (None, status) => {
            notices.push(format!(
                "the test dataset could not be deleted: DELETE {shown} returned HTTP {}; data of earlier runs remains",
                status.unwrap_or_default()
            ));
            true
        }
    }
}

fn follow(
    options: &RunOptions,
    client: &Client,
    site: &DatasetSite,
    judges: &[Arc<LiveJudge>],
    cancel: &CancellationToken,
) -> OpportunityFeeds {
    let feeds = site
        .feeds
        .iter()
        .enumerate()
        .map(|(number, feed)| {
            let judge = judges.get(number);
            let options = FeedOptions {
                name: format!("{} feed", feed.name),
                url: feed.url.clone(),
                credentials: Credentials::Fixed(options.config.opportunity_feed_headers.clone()),
                accept: ACCEPT,
                timeout: options.config.request_timeout,
                wait: options.config.feed_timeout,
            };
            let judge = judge.map(|judge| -> Arc<dyn PageObserver> { Arc::<LiveJudge>::clone(judge) });
            (options, judge)
        })
        .collect();
    OpportunityFeeds::start(client, feeds, cancel)
}

/// Reads the feeds to their end, as long as they make progress.
async fn harvest(options: &RunOptions, feeds: &OpportunityFeeds, notices: &mut Vec<String>) {
    let limit = Instant::now() + options.config.cell_timeout.saturating_mul(HARVEST_FACTOR);
    loop {
        let (pages, items) = feeds.followers().iter().fold((0, 0), |(pages, items), follower| {
            let status = follower.status();
            (pages + status.pages, items + status.items)
        });
        options.events.emit(&RunEvent::Preparing { what: format!("the feeds: {pages} pages, {items} items") });
        let soon = (Instant::now() + PROGRESS).min(limit);
        let Err(reason) = feeds.catch_up(soon).await else { break };
        let busy = feeds.followers().iter().any(|follower| {
            let status = follower.status();
            !status.stopped && status.ended == 0
        });
        if !busy {
            break;
        }
        if Instant::now() >= limit {
            notices.push(format!("{reason}; the run continues with the items read so far"));
            break;
        }
    }
}

fn set_aside(cells: &[Arc<Cell>], config: &Config, seed: u64, feeds: &OpportunityFeeds, clock: Clock) -> Reservations {
    let index = feeds.index();
    let mut rng = cell_rng(seed, "opportunities");
    let opportunities = |look: &mut dyn FnMut(&serde_json::Value)| index.each(0, 1, look);
    reserve(cells, config, &opportunities, clock, &mut rng)
}
