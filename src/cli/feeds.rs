//! `oa-test feeds`

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::client::feed::Index;
use crate::client::{DistributionFeed, build_client, feeds_of};
use crate::config::Glob;
use crate::error::{Error, Exit};
use crate::harvest::{FeedResult, HarvestOptions, IssueLevel, Position, Progress, harvest};
use crate::plan::{Clock, Stock, Stocktaking};
use crate::report::{Paint, escape};
use crate::results::{Finding, Verdict};
use crate::validate::{Remote, Severity, ValidationMode, Validator};
use crate::vocabulary::{
    BYTE_ORDER_MARK, CriteriaName, Flow, OpportunityType, STARTS_WITH_MARK, Stage, utf8, without_mark,
};

use super::arguments::FeedsArguments;
use super::interrupt;
use super::output::Output;

/// The most bytes of a page.
const PAGE: usize = 64 * 1024 * 1024;

pub(super) fn feeds(arguments: &FeedsArguments, output: Output) -> anyhow::Result<Exit> {
    let (mode, stage) = match arguments.mode.as_deref() {
        None => (Some(ValidationMode::BookableRpdeFeed), None),
        Some("none") => (None, None),
        Some(mode) => {
            let mode = mode.parse::<ValidationMode>().map_err(Error::from)?;
            (Some(mode), Some(stage_of(mode)))
        }
    };
    let mut remote = Remote::none();
    if let Some(file) = &arguments.activity_list {
        let text = std::fs::read_to_string(file).map_err(|error| Error::file("read", file, error))?;
        let list = serde_json::from_str(&text)
            .map_err(|cause| Error::usage(format!("{} is not JSON", file.display())).source(cause))?;
        remote.add("https://openactive.io/activity-list", Some(200), Some(list));
    }
    let options = HarvestOptions {
        mode,
        stage,
        sample: arguments.sample,
        delay: Duration::from_millis(arguments.delay),
        timeout: Duration::from_millis(arguments.timeout),
        max_pages: arguments.max_pages,
        max_bytes: PAGE,
        at_once: arguments.jobs,
        headers: headers(&arguments.header)?,
        twice: arguments.twice,
        keep: arguments.criteria.then(Arc::default),
    };
    let runtime = super::runtime::runtime()?;
    runtime.block_on(async {
        let (feeds, problems) = find(arguments, output).await?;
        let state = State::open(arguments.state.as_deref(), &feeds)?;
        let known: Vec<(DistributionFeed, Option<Position>)> =
            feeds.into_iter().map(|feed| (feed.clone(), state.of(&feed.url))).collect();
        let resumed = known.iter().any(|(_, position)| position.is_some());
        let watching = Arc::new(Watching { state, bars: Bars::new(&known, output), urls: urls(&known) });
        let cancel = CancellationToken::new();
        interrupt::watch(cancel.clone(), output);
        let begun = Instant::now();
        let progress: Arc<dyn Progress> = Arc::<Watching>::clone(&watching);
        let kept = options.keep.clone();
        let results = harvest(known, options, Arc::new(Validator::new(remote)), progress, cancel.clone()).await?;
        watching.bars.clear();
        let complete = results.iter().all(|result| result.complete);
        watching.state.close(complete)?;
        let stock = kept.map(|kept| in_stock(&kept));
        let text = if arguments.json {
            let mut answer = json!({ "feeds": results, "resumed": resumed, "datasetSite": problems });
            if let (Some(stock), Some(answer)) = (&stock, answer.as_object_mut()) {
                answer.insert("criteria".to_owned(), serde_json::to_value(stock)?);
            }
            format!("{}\n", serde_json::to_string_pretty(&answer)?)
        } else {
            let mut text = text(&results, begun.elapsed(), resumed, output.paint());
            if !problems.is_empty() {
                text.push_str("\ndataset site\n");
            }
            for problem in &problems {
                text.push_str(&format!("  failure    {}\n", escape(&problem.message)));
                for (name, value) in [("expected", &problem.expected), ("found", &problem.found)] {
                    value.iter().for_each(|value| detail(&mut text, name, value));
                }
            }
            text.push_str(&stock.map_or_else(String::new, |stock| stock_table(&stock)));
            text
        };
        output.print(&text);
        let failed = !problems.is_empty() || results.iter().any(FeedResult::failed);
        Ok(match (cancel.is_cancelled(), failed, complete) {
            (true, ..) => Exit::Interrupted,
            // What was read proves it, whatever was not read.
            (false, true, _) => Exit::Failure,
            (false, false, false) => Exit::Inconclusive,
            (false, false, true) => Exit::Success,
        })
    })
}

/// The kind of feed whose items have a mode.
const fn stage_of(mode: ValidationMode) -> Stage {
    match mode {
        ValidationMode::OrdersFeed => Stage::OrdersFeed,
        ValidationMode::OrderProposalsFeed => Stage::ProposalsFeed,
        _ => Stage::OpportunityFeed,
    }
}

/// Headers that were given as `Name: value`.
fn headers(given: &[String]) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for header in given {
        // What stands after the name may be secret.
        let (name, value) = header.split_once(':').ok_or_else(|| {
            Error::usage("--header is not a name, a colon and a value, e.g. `Authorization: Bearer …`")
        })?;
        let read = HeaderName::try_from(name.trim());
        let name =
            read.map_err(|cause| Error::usage(format!("--header: `{name}` is not a header name")).source(cause))?;
        let mut value = HeaderValue::try_from(value.trim())
            .ok()
            .ok_or_else(|| Error::usage(format!("--header: value of `{name}` is not a header value")))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

fn urls(feeds: &[(DistributionFeed, Option<Position>)]) -> BTreeMap<String, String> {
    feeds.iter().map(|(feed, _)| (feed.name.clone(), feed.url.clone())).collect()
}

/// The feeds of a dataset site, or the one feed that the URL is.
///
/// What is wrong with `distribution` comes with them.
async fn find(arguments: &FeedsArguments, output: Output) -> anyhow::Result<(Vec<DistributionFeed>, Vec<Finding>)> {
    let url = &arguments.url;
    let timeout = Duration::from_millis(arguments.timeout);
    let (client, no_roots) = build_client(|| crate::client::http_client().timeout(timeout))?;
    if let Some(reason) = no_roots.filter(|_| url.starts_with("https:")) {
        return Err(Error::internal(format!("cannot read {url}: {reason}")).into());
    }
    let response = client
        .get(url)
        .headers(headers(&arguments.header)?)
        .send()
        .await
        .map_err(|cause| Error::target(format!("cannot read {url}")).source(cause))?;
    let status = response.status();
    if !status.is_success() {
        return Err(Error::target(format!("{url} returned HTTP {}", status.as_u16())).into());
    }
    let answered = response.url().to_string();
    let body = response.bytes().await;
    let body = body.map_err(|cause| Error::target(format!("cannot read {url}")).source(cause))?;
    let page = utf8(&body).map_err(|reason| Error::target(format!("{url} is {reason}")))?;
    let Some((feeds, problems)) = feeds_of(&answered, page) else {
        let is_page = serde_json::from_str::<serde_json::Value>(without_mark(page)).is_ok_and(|page| page.is_object());
        if !is_page {
            return Err(Error::target(format!("{url} is neither a dataset site with JSON-LD nor a feed")).into());
        }
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(url);
        let feed = DistributionFeed { name: name.to_owned(), additional_type: None, url: url.clone() };
        return Ok((vec![feed], Vec::new()));
    };
    if page.starts_with(BYTE_ORDER_MARK) {
        output.log(&format!("warning: {url}: {STARTS_WITH_MARK}"));
    }
    let wanted: Vec<Glob> = arguments
        .feed
        .iter()
        .map(|glob| Glob::new(glob))
        .collect::<Result<_, _>>()
        .map_err(|cause| Error::usage("--feed is not a valid pattern").source(cause))?;
    let names: Vec<String> = feeds.iter().map(|feed| feed.name.clone()).collect();
    let feeds: Vec<DistributionFeed> = feeds
        .into_iter()
        .filter(|feed| wanted.is_empty() || wanted.iter().any(|glob| glob.is_match(&feed.name)))
        .collect();
    if names.is_empty() {
        let message = format!("no feed to read: `distribution` of the dataset site {url} has no feed");
        return Err(Error::target(message)
            .hint("expected a list of DataDownload, each with an absolute `contentUrl`")
            .into());
    }
    if feeds.is_empty() {
        return Err(Error::usage(format!("no feed matches --feed: the dataset site has {}", names.join(", "))).into());
    }
    Ok((feeds, problems))
}

/// Where the reading of each feed stands, in a file.
struct State {
    file: Option<PathBuf>,
    positions: Mutex<(BTreeMap<String, Position>, Instant)>,
}

/// How often the file is written.
const KEEP: Duration = Duration::from_secs(1);

impl State {
    fn open(file: Option<&Path>, feeds: &[DistributionFeed]) -> anyhow::Result<Self> {
        let mut positions: BTreeMap<String, Position> = BTreeMap::new();
        if let Some(file) = file.filter(|file| file.exists()) {
            let text = std::fs::read_to_string(file).map_err(|error| Error::file("read", file, error))?;
            positions = serde_json::from_str(&text).map_err(|cause| {
                Error::usage(format!("{} is not a saved state of feeds", file.display())).source(cause)
            })?;
            positions.retain(|url, _| feeds.iter().any(|feed| feed.url == *url));
        }
        Ok(Self { file: file.map(Path::to_path_buf), positions: Mutex::new((positions, Instant::now())) })
    }

    fn of(&self, url: &str) -> Option<Position> {
        self.positions.lock().unwrap_or_else(PoisonError::into_inner).0.get(url).cloned()
    }

    fn set(&self, url: &str, position: &Position) {
        let Some(file) = &self.file else { return };
        let mut positions = self.positions.lock().unwrap_or_else(PoisonError::into_inner);
        positions.0.insert(url.to_owned(), position.clone());
        if positions.1.elapsed() >= KEEP {
            positions.1 = Instant::now();
            // An error of this write is reported at the end.
            let _ = write(file, &positions.0);
        }
    }

    /// Written for another time, or removed where there is nothing left to read.
    fn close(&self, complete: bool) -> anyhow::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        if complete {
            if file.exists() {
                std::fs::remove_file(file).map_err(|error| Error::file("remove", file, error))?;
            }
            return Ok(());
        }
        let positions = self.positions.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(write(file, &positions.0).map_err(|error| Error::file("write", file, error))?)
    }
}

/// Written beside it and moved, so that it is never half a file.
fn write(file: &Path, positions: &BTreeMap<String, Position>) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, serde_json::to_string_pretty(positions)?)?;
    std::fs::rename(beside, file)
}

/// A line for each feed on a terminal.
struct Bars {
    all: MultiProgress,
    bars: BTreeMap<String, (ProgressBar, Instant, u64)>,
}

impl Bars {
    fn new(feeds: &[(DistributionFeed, Option<Position>)], output: Output) -> Self {
        let all = MultiProgress::new();
        let mut bars = BTreeMap::new();
        if std::io::stderr().is_terminal() {
            let _ = output;
            let style = ProgressStyle::with_template("{spinner} {prefix:28} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            for (feed, position) in feeds {
                let bar = all.add(ProgressBar::new_spinner().with_style(style.clone()));
                bar.set_prefix(escape(&feed.name).clone());
                bar.enable_steady_tick(Duration::from_millis(120));
                let items = position.as_ref().map_or(0, |position| position.items);
                bars.insert(feed.name.clone(), (bar, Instant::now(), items));
            }
        }
        Self { all, bars }
    }

    fn clear(&self) {
        // A terminal that cannot be cleared stays as it is.
        let _ = self.all.clear();
    }
}

struct Watching {
    state: State,
    bars: Bars,
    urls: BTreeMap<String, String>,
}

impl Progress for Watching {
    fn read(&self, feed: &str, position: &Position, error: Option<&str>) {
        if let Some(url) = self.urls.get(feed) {
            self.state.set(url, position);
        }
        if let Some((bar, begun, before)) = self.bars.bars.get(feed) {
            let items = position.items - before;
            let seconds = begun.elapsed().as_secs_f64().max(0.001);
            #[allow(clippy::cast_precision_loss, reason = "shown in whole numbers")]
            let rate = items as f64 / seconds;
            let error = error.map_or_else(String::new, |error| format!("  {}", escape(error)));
            bar.set_message(format!("{} pages  {} items  {rate:.0} items/s{error}", position.pages, position.items));
        }
    }

    fn done(&self, feed: &str) {
        if let Some((bar, _, _)) = self.bars.bars.get(feed) {
            bar.finish();
        }
    }
}

/// What was kept, by criterion.
fn in_stock(kept: &Mutex<Index>) -> Vec<Stock> {
    let index = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let clock = Clock::starting(jiff::Timestamp::now());
    let parts = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let count = |part: usize| {
        let mut stock = Stocktaking::default();
        index.each(part, parts, &mut |opportunity| stock.count(opportunity, clock));
        stock
    };
    std::thread::scope(|scope| {
        let (count, mut stock) = (&count, Stocktaking::default());
        let others: Vec<_> = (1..parts).map(|part| scope.spawn(move || count(part))).collect();
        stock.merge(count(0));
        for other in others {
            match other.join() {
                Ok(counted) => stock.merge(counted),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        stock.finish()
    })
}

/// A table for each booking flow: criteria by types, over all Sellers.
fn stock_table(stock: &[Stock]) -> String {
    let mut text = String::new();
    for flow in Flow::ALL.iter().copied() {
        let of_flow: Vec<&Stock> = stock.iter().filter(|stock| stock.flow == flow).collect();
        let kinds: Vec<OpportunityType> = OpportunityType::ALL
            .iter()
            .copied()
            .filter(|kind| of_flow.iter().any(|stock| stock.opportunity_type == *kind))
            .collect();
        if kinds.is_empty() {
            continue;
        }
        let mut table = tabled::builder::Builder::default();
        let heading = format!("opportunities in {flow}");
        table.push_record(std::iter::once(heading.as_str()).chain(kinds.iter().map(|kind| kind.short())));
        for criteria in CriteriaName::ALL.iter().copied() {
            let of_criteria: Vec<&&Stock> = of_flow.iter().filter(|stock| stock.criteria == criteria).collect();
            if of_criteria.is_empty() {
                continue;
            }
            let count = |kind: &OpportunityType| {
                let count: u64 =
                    of_criteria.iter().filter(|stock| stock.opportunity_type == *kind).map(|stock| stock.count).sum();
                if count == 0 { "·".to_owned() } else { count.to_string() }
            };
            table.push_record(std::iter::once(criteria.name().to_owned()).chain(kinds.iter().map(count)));
        }
        let mut table = table.build();
        table.with(tabled::settings::Style::blank());
        text.push_str(&format!("\n{table}\n"));
    }
    if text.is_empty() { "\nno opportunity meets any criterion of the Test Interface\n".to_owned() } else { text }
}

fn text(results: &[FeedResult], elapsed: Duration, resumed: bool, paint: Paint) -> String {
    let mut table = tabled::builder::Builder::default();
    table.push_record([
        "feed",
        "pages",
        "items",
        "deleted",
        "items/s",
        "validated",
        "orphans",
        "failures",
        "warnings",
        "",
    ]);
    for result in results {
        let of_feed =
            |level: IssueLevel| result.issues.iter().filter(|i| i.severity == level).map(|i| i.count).sum::<u64>();
        let of_items =
            |level: Severity| result.findings.iter().filter(|f| f.severity == level).map(|f| f.count).sum::<u64>();
        let items = result.updated + result.deleted;
        let verdict = if !result.complete {
            paint.verdict(Verdict::Blocked, "incomplete")
        } else if result.failed() {
            paint.verdict(Verdict::Failed, "FAILED")
        } else {
            paint.verdict(Verdict::Passed, "good")
        };
        table.push_record([
            escape(&result.name).clone(),
            result.pages.to_string(),
            items.to_string(),
            result.deleted.to_string(),
            (items * 1000 / result.duration_ms.max(1)).to_string(),
            result.validated.to_string(),
            result.orphans.to_string(),
            (of_feed(IssueLevel::Failure) + of_items(Severity::Failure)).to_string(),
            (of_feed(IssueLevel::Warning) + of_items(Severity::Warning)).to_string(),
            verdict,
        ]);
    }
    let mut table = table.build();
    table.with(tabled::settings::Style::blank());
    let mut text = format!("{table}\n");
    for result in results {
        details(&mut text, result, paint);
    }
    let items: u64 = results.iter().map(|result| result.updated + result.deleted).sum();
    let seconds = elapsed.as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "shown in whole numbers")]
    let rate = items as f64 / seconds.max(0.001);
    text.push_str(&format!("\n{items} items of {} feeds in {seconds:.2} s, {rate:.0} items/s\n", results.len()));
    if resumed {
        text.push_str("Resumed from the saved position: items before it are neither counted nor judged.\n");
    }
    text
}

fn details(text: &mut String, result: &FeedResult, paint: Paint) {
    let nothing = result.issues.is_empty() && result.findings.is_empty() && result.orphan.is_none();
    if result.error.is_none() && nothing {
        return;
    }
    text.push_str(&format!("\n{}\n", paint.bold(&escape(&result.name))));
    if let Some(error) = &result.error {
        text.push_str(&format!("  {}\n", escape(error)));
    }
    for issue in &result.issues {
        let severity = match issue.severity {
            IssueLevel::Failure => "failure",
            IssueLevel::Warning => "warning",
            IssueLevel::Suggestion => "suggestion",
        };
        let message = format!("{}{}  {}", escape(&issue.message), times(issue.count), paint.dim(issue.rule.id));
        text.push_str(&format!("  {severity:<10} {message}\n"));
        detail(text, "expected", issue.expected);
        detail(text, "first", &issue.first);
    }
    if let Some(parent) = &result.orphan {
        let count = result.orphans;
        let message =
            format!("`superEvent` or `facilityUse` is in no feed, so the opportunity cannot be booked{}", times(count));
        text.push_str(&format!("  {:<10} {message}\n", "warning"));
        detail(text, "first", parent);
    }
    for finding in result.findings.iter().filter(|finding| finding.severity <= Severity::Warning) {
        text.push_str(&format!(
            "  {:<10} {}  {}{}  {}\n",
            finding.severity.name(),
            paint.bold(&escape(&finding.path)),
            escape(&finding.message),
            times(finding.count),
            paint.dim(finding.rule)
        ));
        if let Some(expected) = &finding.expected {
            detail(text, "expected", expected);
        }
        let item = format!("item {}", finding.first);
        let first = finding.found.as_ref().map_or(item.clone(), |found| format!("{found} in {item}"));
        detail(text, "first", &first);
    }
}

/// ` (3 times)`; nothing for one.
fn times(count: u64) -> String {
    if count > 1 { format!(" ({count} times)") } else { String::new() }
}

/// A line below a finding.
fn detail(text: &mut String, label: &str, value: &str) {
    text.push_str(&format!("             {label:<8}  {}\n", escape(value)));
}
