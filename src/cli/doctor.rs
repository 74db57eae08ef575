//! `oa-test doctor`: everything that a run needs, looked at before it, each with what to do where it is not there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::client::auth::Access;
use crate::client::feed::{
    Halt, HaltCause, Next, PageObserver as _, PageReply, PageSource, RawPage, WalkPolicy, Walker, page_text, read_page,
};
use crate::client::{
    Client, Confidence, DatasetSite, Payload, Recorder, Redactor, Request, Response, read_dataset_site,
};
use crate::config::{Config, Headers, Mode, SellerRole, TargetSite};
use crate::error::Exit;
use crate::harvest::{Issue, IssueLevel, LiveJudge};
use crate::plan::{Cell, ItemSpec, Plan, plan};
use crate::report::{Paint, escape};
use crate::results::{FailureKind, Verdict};
use crate::run::{Events, Limits, RunOptions, take_stock};
use crate::sandbox::Sandbox;
use crate::steps::new_opportunity;
use crate::vocabulary::{BOOKING_MEDIA_TYPE, CriteriaName, Flow, OpportunityType, Stage};

use super::arguments::DoctorArguments;
use super::configuration::configuration;
use super::list::{catalogue, selection};
use super::output::Output;
use super::run::sandbox_like;

/// A clock that is wrong by more than this many seconds makes times of leases and windows wrong.
const SKEW: i64 = 30;
/// UUID of an Order that does not exist.
const NOBODYS_ORDER: &str = "00000000-0000-4000-8000-000000000000";
/// The test dataset in which the one opportunity is created.
const DATASET: &str = "oa-test-doctor";

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Good,
    Doubtful,
    Bad,
}

/// Prints each result as soon as it is known.
struct Doctor {
    output: Output,
    redactor: Redactor,
    paint: Paint,
    bad: usize,
    doubtful: usize,
}

impl Doctor {
    fn show(&mut self, health: Health, what: &str, advice: Option<&str>) {
        let mark = match health {
            Health::Good => self.paint.verdict(Verdict::Passed, "✓"),
            Health::Doubtful => self.paint.verdict(Verdict::Blocked, "!"),
            Health::Bad => self.paint.verdict(Verdict::Failed, "✗"),
        };
        self.bad += usize::from(health == Health::Bad);
        self.doubtful += usize::from(health == Health::Doubtful);
        let shown = |text: &str, indent| self.output.wrapped(&escape(&self.redactor.text(text)), indent);
        self.output.print(&format!("{mark} {}\n", shown(what, 2)));
        if let Some(advice) = advice {
            self.output.print(&format!("    {} {}\n", self.paint.dim("→"), shown(advice, 6)));
        }
    }

    fn good(&mut self, what: &str) {
        self.show(Health::Good, what, None);
    }

    fn doubtful(&mut self, what: &str, advice: &str) {
        self.show(Health::Doubtful, what, Some(advice));
    }

    fn bad(&mut self, what: &str, advice: &str) {
        self.show(Health::Bad, what, Some(advice));
    }
}

/// What the patient is known by.
struct Patient {
    config: Arc<Config>,
    client: Client,
}

impl Patient {
    async fn ask(
        &self,
        label: &str,
        method: Method,
        url: &str,
        headers: &Headers,
        accept: &str,
        body: Option<&Value>,
    ) -> Response {
        let booking = accept.starts_with("application/vnd.openactive.booking");
        self.client
            .send(Request {
                label,
                feed: None,
                redirects: method == Method::GET,
                method,
                url,
                configured: headers,
                accept,
                content_type: booking.then_some(BOOKING_MEDIA_TYPE),
                body: Payload::from(body),
                confidence: Confidence::Usual,
                timeout: self.config.request_timeout,
            })
            .await
    }
}

pub(super) fn doctor(arguments: &DoctorArguments, output: Output) -> anyhow::Result<Exit> {
    let config = configuration(&arguments.configuration)?;
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    let plan = plan(&catalogue, &config, arguments.profile.profile(), &selection(&arguments.selection))?;
    let redactor = Redactor::of(&config);
    let mut doctor = Doctor { output, redactor, paint: output.paint(), bad: 0, doubtful: 0 };
    let runtime = super::runtime::runtime()?;
    runtime.block_on(examine(&mut doctor, arguments, config, &plan))?;
    runtime.shutdown_background();
    let Doctor { bad, doubtful, .. } = doctor;
    let things = |count: usize| if count == 1 { "1 warning".to_owned() } else { format!("{count} warnings") };
    output.print(&match (bad, doubtful) {
        (0, 0) => "\nready\n".to_owned(),
        (0, n) => format!("\nready, with {}\n", things(n)),
        (n, _) => format!("\nnot ready: {}\n", if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") }),
    });
    Ok(Exit::failure_if(bad > 0))
}

async fn examine(doctor: &mut Doctor, arguments: &DoctorArguments, config: Config, plan: &Plan) -> anyhow::Result<()> {
    configured(doctor, &config, plan);
    output_folder(doctor, &config);
    let sandbox = match &config.target {
        TargetSite::Sandbox => Some(
            Sandbox::start(sandbox_like(&config, plan))
                .await
                .map_err(|error| error.during("cannot start the sandbox"))?,
        ),
        TargetSite::Url(_) => None,
    };
    let url = match (&config.target, &sandbox) {
        (TargetSite::Url(url), _) => url.clone(),
        (TargetSite::Sandbox, sandbox) => sandbox.as_ref().map(Sandbox::dataset_site).unwrap_or_default(),
    };
    let config = Arc::new(config);
    let client = Client::new(Arc::new(Recorder::new(doctor.redactor.clone())), arguments.insecure)?;
    let patient = Patient { config: Arc::clone(&config), client: client.clone() };
    let Some(site) = dataset_site(doctor, &patient, &url, arguments.insecure).await else { return Ok(()) };
    feeds(doctor, &patient, &site).await;
    let Some(api) = &site.booking_api else {
        doctor.bad(
            "the dataset site has no `accessService.endpointUrl`",
            "add the base URL of the Open Booking API to the Dataset",
        );
        return Ok(());
    };
    let agent = arguments.login.agent(&config, arguments.insecure);
    let access = Access::new(Arc::clone(&config), client, site.authentication_authority.clone(), agent);
    let headers = booking(doctor, &patient, &access, api).await;
    orders_feed(doctor, &patient, &access, api).await;
    match (config.mode, headers) {
        (Mode::Controlled, Some(headers)) => test_interface(doctor, &patient, api, &headers).await,
        (Mode::Controlled, None) => {}
        (Mode::Random, _) => stock(doctor, arguments, &config, plan, &url).await?,
    }
    drop(sandbox);
    Ok(())
}

fn configured(doctor: &mut Doctor, config: &Config, plan: &Plan) {
    let mode = config.mode.name();
    doctor.good(&format!("configuration is valid: {} cells, {mode} mode", plan.cells.len()));
    for setting in &config.ineffective {
        doctor.doubtful(
            &format!("`{}` has no effect ({}:{})", setting.path, setting.spot.source.name, setting.spot.line),
            setting.reason,
        );
    }
    for notice in &plan.notices {
        doctor.doubtful(notice, "run `oa-test explain FEATURE` for details");
    }
    for leasing in ["anonymous-leasing", "named-leasing"] {
        if config.features.get(leasing).copied().flatten().is_none() {
            doctor.doubtful(
                &format!("`implementedFeatures.{leasing}` is not set; `lease` of C1 and C2 decides"),
                "set it to true or false: the expected remaining capacity after C1 and C2 depends on it",
            );
        }
    }
    for (feature, partner) in [
        ("dynamic-client-registration", "dynamicPrimary"),
        ("dynamic-client-registration", "dynamicSecondary"),
        ("booking-partner-openid-authentication-for-multiple-sellers", "authorizationPersisted"),
    ] {
        let known = config.specific_partners.get(partner).is_some_and(|partner| partner.client.is_some());
        if plan.cells.iter().any(|cell| cell.feature.id == feature) && config.implements(feature) && !known {
            doctor.doubtful(
                &format!("tests of {feature} will be blocked: they require a separate Booking Partner"),
                &format!("set `integrationTests.bookingPartnersForSpecificTests.{partner}.authentication`"),
            );
        }
    }
    let mut obstacles: Vec<(&str, usize)> = Vec::new();
    for obstacle in plan.cells.iter().filter_map(|cell: &Arc<Cell>| cell.obstacle.as_deref()) {
        match obstacles.iter_mut().find(|(known, _)| *known == obstacle) {
            Some((_, count)) => *count += 1,
            None => obstacles.push((obstacle, 1)),
        }
    }
    for (obstacle, count) in obstacles {
        doctor.bad(&format!("{count} cells cannot run: {obstacle}"), "fix this, or exclude these tests");
    }
}

fn output_folder(doctor: &mut Doctor, config: &Config) {
    let folder = &config.output_path;
    let probe = folder.join(".oa-test-doctor");
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, b""))
        .and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => doctor.good(&format!("output folder {} is writable", folder.display())),
        Err(error) => doctor.bad(
            &format!("output folder {} is not writable: {error}", folder.display()),
            "set --output or `integrationTests.outputPath`",
        ),
    }
}

async fn dataset_site(doctor: &mut Doctor, patient: &Patient, url: &str, insecure: bool) -> Option<DatasetSite> {
    let begun = Instant::now();
    let response = patient.ask("Dataset site", Method::GET, url, &Headers::new(), "text/html", None).await;
    let took = begun.elapsed();
    if let Some(failure) = &response.failure {
        let message = failure.message.to_lowercase();
        let advice = if message.contains("certificate") {
            "this machine does not trust the TLS certificate: renew it, or use --insecure for tests"
        } else if message.contains("dns") || message.contains("lookup") || message.contains("resolve") {
            "unknown host name: check `broker.datasetSiteUrl` and the DNS of this machine"
        } else if failure.kind == FailureKind::Timeout {
            "the timeout is `integrationTests.openBookingApiRequestTimeout`; check firewalls and proxies"
        } else {
            "check `broker.datasetSiteUrl`, and that the booking system is running"
        };
        doctor.bad(&format!("dataset site {url} cannot be reached: {}", failure.message), advice);
        return None;
    }
    doctor.good(&format!("dataset site responds in {} ms", took.as_millis()));
    transport(doctor, url, insecure);
    clock(doctor, &response, took);
    let (site, findings) = read_dataset_site(&response);
    for finding in &findings {
        let advice = finding.hint.as_deref().or(finding.expected.as_deref());
        doctor.bad(&finding.message, advice.unwrap_or("see the dataset site specification"));
    }
    let site = site?;
    for warning in &site.warnings {
        doctor.doubtful(&warning.message, warning.expected.as_deref().unwrap_or("see the dataset site specification"));
    }
    let name = site.name.as_deref().unwrap_or("without name");
    doctor.good(&format!("Dataset {name} has {} feeds", site.feeds.len()));
    Some(site)
}

fn transport(doctor: &mut Doctor, url: &str, insecure: bool) {
    let parsed = url::Url::parse(url).ok();
    let local = parsed.as_ref().and_then(url::Url::host_str).is_some_and(|host| {
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    match (parsed.as_ref().map(url::Url::scheme), insecure) {
        (Some("https"), true) => {
            doctor.doubtful("TLS certificates are not verified", "remove --insecure for a certificate of conformance")
        }
        (Some("https"), false) => doctor.good("TLS certificate is trusted"),
        _ if local => {}
        _ => doctor.doubtful(
            "dataset site does not use https",
            "serve it over https: requests contain tokens and personal data",
        ),
    }
}

fn clock(doctor: &mut Doctor, response: &Response, took: Duration) {
    let Some(date) = response.header("date") else { return };
    let Ok(theirs) = jiff::fmt::rfc2822::parse(date) else {
        doctor.doubtful(&format!("`Date` header is invalid: {date}"), "expected an HTTP date (RFC 9110)");
        return;
    };
    let ours = Timestamp::now().as_second() - i64::try_from(took.as_secs()).unwrap_or_default();
    let skew = theirs.timestamp().as_second() - ours;
    if skew.abs() > SKEW {
        doctor.bad(
            &format!("clock of the target differs from this machine by {skew} s"),
            "synchronize both by NTP: leases, windows and tokens depend on time",
        );
    } else {
        doctor.good("clocks of the target and this machine agree");
    }
}

async fn feeds(doctor: &mut Doctor, patient: &Patient, site: &DatasetSite) {
    if site.feeds.is_empty() {
        doctor.bad("the Dataset has no feeds", "add the feeds to `distribution` of the Dataset");
    }
    let headers = &patient.config.opportunity_feed_headers;
    let asked = site.feeds.iter().map(|feed| async move {
        let accept = "application/vnd.openactive.rpde+json; version=1, application/json;q=0.9";
        let mut glance = Glance { patient, label: &feed.name, headers, accept };
        (feed, glance.at(&feed.url, Stage::OpportunityFeed).await)
    });
    let mut good = 0;
    let mut items = 0;
    for (feed, page) in futures::future::join_all(asked).await {
        match page {
            Ok((count, failures)) => {
                good += 1;
                items += count;
                broken_rules(doctor, &format!("{} feed", feed.name), &failures);
            }
            Err(problem) => doctor.bad(
                &format!("{} feed cannot be read: {problem}", feed.name),
                &format!("GET {} must return an RPDE page; run `oa-test feeds` for details", feed.url),
            ),
        }
    }
    if good > 0 {
        doctor.good(&format!(
            "{good} of {} opportunity feeds respond; their first pages have {items} items",
            site.feeds.len()
        ));
    }
}

/// Reports which rules of RPDE the first page of a feed breaks.
fn broken_rules(doctor: &mut Doctor, feed: &str, failures: &[Issue]) {
    for issue in failures {
        doctor.doubtful(
            &format!("{feed} violates RPDE: {} (expected {})", issue.message, issue.expected),
            &format!("{}; run `oa-test feeds` for details", issue.first),
        );
    }
}

/// A look at the first page of a feed.
struct Glance<'g> {
    patient: &'g Patient,
    label: &'g str,
    headers: &'g Headers,
    accept: &'g str,
}

impl Glance<'_> {
    /// The number of items of the first page, and the rules of RPDE that it breaks; or what is in its place.
    async fn at(&mut self, url: &str, stage: Stage) -> Result<(usize, Vec<Issue>), String> {
        let read = Walker::new(url, 0, WalkPolicy::GLANCE).read(self).await;
        let read = read.map_err(|Halt { stop, .. }| match stop.cause {
            HaltCause::Status(status) => format!("HTTP {status}"),
            _ => stop.reason,
        })?;
        if let Next::Stop(stop) = read.next {
            return Err(stop.reason);
        }
        let text = page_text(&read.response.body)?;
        let judge = LiveJudge::of_pages(self.label, stage);
        judge.page(RawPage {
            url,
            answered: &read.response.url,
            content_type: read.response.header("content-type"),
            cache_control: read.response.header("cache-control"),
            text,
            exchange: None,
        });
        let mut failures = judge.issues();
        failures.retain(|issue| issue.severity == IssueLevel::Failure);
        Ok((read_page(text)?.items.len(), failures))
    }
}

impl PageSource for Glance<'_> {
    type Response = Response;

    async fn request(&mut self, url: &str) -> Result<Response, String> {
        Ok(self.patient.ask(self.label, Method::GET, url, self.headers, self.accept, None).await)
    }

    fn reply(response: &Response) -> PageReply<'_> {
        PageReply::of(response)
    }

    fn has_credentials(&self) -> bool {
        !self.headers.is_empty()
    }
}

/// Checks the credentials of the Sellers by Order Status of an unknown Order, which books nothing.
async fn booking(doctor: &mut Doctor, patient: &Patient, access: &Access, api: &str) -> Option<Headers> {
    if let Some(authority) = access.authority() {
        match access.provider().await {
            Ok(_) => doctor.good(&format!("OpenID Discovery of {authority} succeeds")),
            Err(failure) => {
                let advice = failure
                    .hint
                    .clone()
                    .unwrap_or_else(|| "run `oa-test auth login` to test the flow step by step".to_owned());
                doctor.bad(&failure.to_string(), &advice);
            }
        }
    }
    let mut primary = None;
    for role in [SellerRole::Primary, SellerRole::Secondary] {
        if patient.config.sellers.get(role).is_none() {
            continue;
        }
        let name = role.name();
        let headers = match access.booking_headers(role, "primary").await {
            Ok(headers) => headers,
            Err(failure) => {
                let advice = failure
                    .hint
                    .clone()
                    .unwrap_or_else(|| "run `oa-test auth login` to test the flow step by step".to_owned());
                doctor.bad(&format!("{name} Seller has no credentials: {failure}"), &advice);
                continue;
            }
        };
        let url = format!("{api}/orders/{NOBODYS_ORDER}");
        let response = patient.ask("Order Status", Method::GET, &url, &headers, BOOKING_MEDIA_TYPE, None).await;
        let key = format!("sellers.{name}.authentication");
        match (&response.failure, response.status) {
            (Some(failure), _) => {
                doctor.bad(
                    &format!("Open Booking API cannot be reached: {}", failure.message),
                    &format!("check `accessService.endpointUrl` ({api}), and that the API is running"),
                );
            }
            (None, Some(status @ (401 | 403))) if headers.is_empty() => doctor.bad(
                &format!("{name} Seller has no configured credentials, and the API returns HTTP {status} without them"),
                &format!("set `{key}`: loginCredentials for an OpenID provider, otherwise requestHeaders"),
            ),
            (None, Some(status @ (401 | 403))) => doctor.bad(
                &format!("credentials of the {name} Seller are rejected with HTTP {status}"),
                &format!("check `{key}`"),
            ),
            (None, Some(status @ 500..)) => doctor.bad(
                &format!("Order Status of a nonexistent Order returns HTTP {status}"),
                "check the log of the booking system",
            ),
            (None, Some(404)) => {
                doctor.good(&format!("Open Booking API accepts the credentials of the {name} Seller"));
                if role == SellerRole::Primary {
                    primary = Some(headers);
                }
            }
            (None, status) => doctor.doubtful(
                &format!("Order Status of a nonexistent Order returns HTTP {}", status.unwrap_or_default()),
                "expected HTTP 404 with UnknownOrderError",
            ),
        }
    }
    primary
}

async fn orders_feed(doctor: &mut Doctor, patient: &Patient, access: &Access, api: &str) {
    if !patient.config.follow_orders_feeds {
        doctor.doubtful(
            "Orders feed is disabled",
            "`broker.disableOrdersFeedHarvesting` is true; checks of the Orders feed are blocked",
        );
        return;
    }
    for partner in ["primary", "secondary"] {
        if !patient.config.partners.contains_key(partner) {
            continue;
        }
        let key = format!("broker.bookingPartners.{partner}.authentication");
        let headers = match access.feed_headers(partner).await {
            Ok(headers) => headers,
            Err(failure) => {
                doctor.bad(
                    &format!("{partner} Booking Partner has no credentials for the Orders feed: {failure}"),
                    &format!("check `{key}`"),
                );
                continue;
            }
        };
        let url = format!("{api}/orders-rpde");
        let accept = "application/vnd.openactive.booking+json; version=1, application/json";
        let mut glance = Glance { patient, label: "Orders feed", headers: &headers, accept };
        match glance.at(&url, Stage::OrdersFeed).await {
            Ok((_, failures)) => {
                doctor.good(&format!("Orders feed responds to the {partner} Booking Partner"));
                broken_rules(doctor, "Orders feed", &failures);
            }
            Err(problem) => doctor.bad(
                &format!("Orders feed cannot be read by the {partner} Booking Partner: {problem}"),
                &format!("check `{key}`, and GET {url}"),
            ),
        }
    }
}

/// Creates one opportunity in a dataset of its own, and deletes the dataset.
async fn test_interface(doctor: &mut Doctor, patient: &Patient, api: &str, headers: &Headers) {
    let config = &patient.config;
    let kind = config.types.first().copied().unwrap_or(OpportunityType::ScheduledSession);
    let item = ItemSpec {
        opportunity_type: kind,
        criteria: CriteriaName::Bookable,
        control: false,
        seller: SellerRole::Primary,
        opportunity: 0,
        flow: None,
    };
    let flow = config.flows.first().copied().unwrap_or(Flow::Simple);
    let body = new_opportunity(&item, flow, &config.sellers.primary);
    let dataset = format!("{api}/test-interface/datasets/{DATASET}");
    let url = format!("{dataset}/opportunities");
    let created = patient.ask("Test Interface", Method::POST, &url, headers, BOOKING_MEDIA_TYPE, Some(&body)).await;
    let id = created.json().ok().and_then(|body| body.get("@id").and_then(Value::as_str).map(str::to_owned));
    let advice = "without a Test Interface, use random mode: set `integrationTests.useRandomOpportunities` to true";
    match (&created.failure, created.status, id) {
        (Some(failure), ..) => doctor.bad(&format!("Test Interface cannot be reached: {}", failure.message), advice),
        (None, Some(200..300), Some(_)) => doctor.good(&format!("Test Interface creates a {kind}")),
        (None, Some(200..300), None) => {
            doctor.bad(
                "Test Interface response has no `@id`",
                "expected the created opportunity, with `@type` and `@id`",
            );
        }
        (None, status, _) => {
            doctor
                .bad(&format!("Test Interface does not create a {kind}: HTTP {}", status.unwrap_or_default()), advice);
            return;
        }
    }
    let deleted = patient.ask("Test Interface", Method::DELETE, &dataset, headers, BOOKING_MEDIA_TYPE, None).await;
    match deleted.status {
        Some(204 | 200 | 202) => doctor.good("Test Interface deletes a test dataset"),
        status => doctor.doubtful(
            &format!("Test Interface does not delete a test dataset: HTTP {}", status.unwrap_or_default()),
            "DELETE test-interface/datasets/{id} should return HTTP 204; otherwise test data remains after runs",
        ),
    }
}

/// In random mode: whether the feeds hold what the run needs.
async fn stock(
    doctor: &mut Doctor,
    arguments: &DoctorArguments,
    config: &Arc<Config>,
    plan: &Plan,
    url: &str,
) -> anyhow::Result<()> {
    let options = RunOptions {
        config: Arc::clone(config),
        agent: arguments.login.agent(config, arguments.insecure),
        plan: plan.clone(),
        profile: arguments.profile.profile(),
        seed: 0,
        run_id: None,
        dataset_site: url.to_owned(),
        target_name: url.to_owned(),
        insecure: arguments.insecure,
        command: String::new(),
        events: Arc::new(Events::default()),
        interrupt: CancellationToken::new(),
        limits: Limits::default(),
    };
    let taken = take_stock(&options).await?;
    for notice in &taken.notices {
        doctor.doubtful(notice, "run `oa-test feeds` for details");
    }
    for shortage in &taken.shortages {
        let lack = shortage
            .refusals
            .first()
            .map_or_else(String::new, |refusal| format!("; most frequent mismatch: {}", refusal.reason));
        doctor.bad(
            &format!(
                "found {} of {} {} for {} in {}{lack}",
                shortage.found, shortage.needed, shortage.opportunity_type, shortage.criteria, shortage.flow
            ),
            "publish more (`oa-test test-data` lists all required opportunities), or set the feature to null",
        );
    }
    if taken.shortages.is_empty() {
        doctor.good(&format!("feeds contain the opportunities for {} cells", taken.served));
    }
    Ok(())
}
