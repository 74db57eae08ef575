//! `oa-test run`

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::catalogue::Catalogue;
use crate::client::auth::Agent;
use crate::config::{Config, KnownFailures, Mode, TargetSite};
use crate::error::{Error, Exit};
use crate::plan::{NeedCount, Plan, needs, plan};
use crate::report::{TextOptions, to_brief, to_json, to_text};
use crate::results::{FailOn, RunReport};
use crate::run::{EventSink, Events, Journal, Limits, RunOptions, run as run_plan};
use crate::sandbox::{Furnishing, Sandbox, SandboxOptions, Stocked, Switch, Switches};
use crate::vocabulary::Profile;

use super::arguments::{ConfigurationArguments, Format, ProfileArgument, RunArguments};
use super::certificate::Certification;
use super::configuration::configuration;
use super::interrupt;
use super::list::{catalogue, selection};
use super::live::{Live, Plain};
use super::output::Output;
use super::report::{on_github, outputs, saved_run};
use super::report_arguments::NewChecksArgument;
use super::sandbox::faults;
use super::variants::{configure, variants};

pub(super) fn run(arguments: &RunArguments, output: Output) -> Result<Exit, Error> {
    let begun = Instant::now();
    let setup = Setup::of(arguments)?;
    super::runtime::enough_files()?;
    let sinks = setup.sinks(arguments, output)?;
    let seed = arguments.seed.unwrap_or_else(fresh_seed);
    let certificate = Certification::of(arguments, &setup.config)?;
    let runtime = super::runtime::runtime()?;
    let report = runtime.block_on(async {
        let place = RunTarget::of(arguments, &setup, seed).await?;
        let interrupt = CancellationToken::new();
        interrupt::watch(interrupt.clone(), output);
        run_plan(setup.options(arguments, setup.plan.clone(), &place, seed, sinks, interrupt)?)
            .await
            .map_err(Error::from)
    });
    // What a hanging target keeps waiting must not keep the report waiting.
    runtime.shutdown_background();
    let mut report = report?;
    report.fail_on = FailOn::from(arguments.fail_on.as_slice());
    report.fail_on.new_checks = arguments.new_checks == NewChecksArgument::Fail;
    let exit = report.exit();
    let written = write(arguments, &mut report, (&setup.folder, begun), output);
    written?;
    match certificate {
        Some(certification) if !certification.award(&report, &setup.catalogue, output)? && exit == Exit::Success => {
            Ok(Exit::Inconclusive)
        }
        _ => Ok(exit),
    }
}

/// What the arguments of a run mean.
pub(super) struct Setup {
    pub(super) config: Arc<Config>,
    pub(super) catalogue: Catalogue,
    pub(super) plan: Plan,
    pub(super) folder: PathBuf,
}

impl Setup {
    pub(super) fn of(arguments: &RunArguments) -> Result<Self, Error> {
        let mut config = configuration(&with_certificate(arguments)?)?;
        if let Some(shard) = arguments.shard {
            // What one machine deletes before its run must not be what another one is at.
            config.dataset_identifier.push_str(&format!("-shard-{}-of-{}", shard.number, shard.of));
        }
        configure(&mut config, &variants(&arguments.variant)?);
        let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
        let plan = plan(&catalogue, &config, arguments.profile.profile(), &selection(&arguments.selection))?;
        let folder = arguments.output.clone().unwrap_or_else(|| config.output_path.clone());
        Ok(Self { config: Arc::new(config), catalogue, plan, folder })
    }

    /// The journal and the live display.
    pub(super) fn sinks(&self, arguments: &RunArguments, output: Output) -> Result<Vec<Box<dyn EventSink>>, Error> {
        let folder = &self.folder;
        std::fs::create_dir_all(folder).map_err(|error| Error::file("make the folder", folder, error))?;
        let journal = folder.join("journal.ndjson.gz");
        let journal = Journal::create(&journal).map_err(|error| Error::file("write", &journal, error))?;
        let mut sinks: Vec<Box<dyn EventSink>> = vec![Box::new(journal)];
        if !arguments.quiet {
            sinks.push(if std::io::stderr().is_terminal() {
                Box::new(Live::new(output))
            } else {
                Box::new(Plain::new(output, arguments.verbose))
            });
        }
        Ok(sinks)
    }

    /// A run of a plan.
    pub(super) fn options(
        &self,
        arguments: &RunArguments,
        plan: Plan,
        place: &RunTarget,
        seed: u64,
        sinks: Vec<Box<dyn EventSink>>,
        interrupt: CancellationToken,
    ) -> Result<RunOptions, Error> {
        Ok(RunOptions {
            agent: arguments.login.agent(&self.config, arguments.insecure),
            config: Arc::clone(&self.config),
            plan,
            profile: arguments.profile.profile(),
            seed,
            run_id: None,
            dataset_site: place.dataset_site.clone(),
            target_name: place.name.clone(),
            insecure: arguments.insecure,
            command: command(arguments),
            events: Arc::new(Events::new(sinks)),
            interrupt,
            limits: Limits { every_page: self.config.certificate.wanted, ..limits(arguments)? },
        })
    }
}

/// Where the target is. The sandbox lives as long as this does.
pub(super) struct RunTarget {
    dataset_site: String,
    name: String,
    _sandbox: Option<Sandbox>,
}

impl RunTarget {
    pub(super) async fn of(arguments: &RunArguments, setup: &Setup, seed: u64) -> Result<Self, Error> {
        let sandbox = start_sandbox(arguments, &setup.config, &setup.plan, seed).await?;
        let (dataset_site, name) = match (&setup.config.target, &sandbox) {
            (TargetSite::Url(url), _) => (url.clone(), url.clone()),
            (TargetSite::Sandbox, Some(sandbox)) => (sandbox.dataset_site(), "sandbox".to_owned()),
            (TargetSite::Sandbox, None) => return Err(Error::internal("the sandbox cannot be started")),
        };
        Ok(Self { dataset_site, name, _sandbox: sandbox })
    }
}

/// The configuration, with what `--certificate` says.
fn with_certificate(arguments: &RunArguments) -> Result<ConfigurationArguments, Error> {
    let mut configuration = arguments.configuration.clone();
    if let Some(url) = &arguments.certificate {
        let url = serde_json::to_string(url)?;
        configuration.set.push(format!("integrationTests.conformanceCertificateId={url}"));
        configuration.set.push("integrationTests.generateConformanceCertificate=true".to_owned());
    }
    Ok(configuration)
}

fn limits(arguments: &RunArguments) -> Result<Limits, Error> {
    let selection = &arguments.selection;
    let chosen =
        [&selection.feature, &selection.category, &selection.test, &selection.flow, &selection.opportunity_type];
    Ok(Limits {
        complete: chosen.iter().all(|patterns| patterns.is_empty()) && selection.features_dir.is_none(),
        shard: arguments.shard,
        retries: arguments.retries,
        fail_fast: arguments.fail_fast,
        first_finding: false,
        every_page: false,
        fail_on_new: arguments.new_checks == NewChecksArgument::Fail,
        timeout: arguments.timeout,
        known: arguments.known_failures.as_deref().map_or_else(|| Ok(KnownFailures::default()), KnownFailures::read)?,
    })
}

/// A seed that is short enough to be read out loud.
pub(super) fn fresh_seed() -> u64 {
    // Each of these hashers has keys out of the randomness of the system.
    RandomState::new().build_hasher().finish() % 1_000_000
}

async fn start_sandbox(
    arguments: &RunArguments,
    config: &Config,
    plan: &Plan,
    seed: u64,
) -> Result<Option<Sandbox>, Error> {
    let (faults, variants) = (faults(&arguments.fault)?, variants(&arguments.variant)?);
    if config.target != TargetSite::Sandbox {
        let flag = match (arguments.fault.is_empty(), variants.none()) {
            (true, true) => return Ok(None),
            (false, _) => "--fault",
            (true, false) => "--variant",
        };
        return Err(Error::usage(format!("{flag} requires the sandbox as the target")));
    }
    let options = SandboxOptions { faults, variants, seed, ..sandbox_like(config, plan) };
    Ok(Some(Sandbox::start(options).await.map_err(|error| error.during("cannot start the sandbox"))?))
}

/// Seconds that a lease of the sandbox lasts where its end is waited for: longer than anything else takes.
const SHORT_LEASE: i64 = 10;

/// A sandbox that is what the configuration says that the target is. In random mode it has what the plan needs.
pub(super) fn sandbox_like(config: &Config, plan: &Plan) -> SandboxOptions {
    let mut switches = Switches::default();
    for switch in Switch::ALL.iter().copied() {
        if let Some(on) = config.features.get(switch.name()).copied().flatten() {
            switches.set(switch, on);
        }
    }
    if plan.cells.iter().any(|cell| cell.test.slow) {
        switches.lease_seconds = SHORT_LEASE;
    }
    let wanted = if config.mode == Mode::Random { needs(&plan.cells, config) } else { Vec::new() };
    let stocked = |NeedCount { need, count, .. }| Stocked {
        seller: need.seller,
        opportunity_type: need.opportunity_type,
        flow: need.flow,
        criteria: need.criteria,
        count,
    };
    let stock = wanted.into_iter().map(stocked).collect();
    let options = SandboxOptions { switches, stock, ..SandboxOptions::default() };
    if config.mode == Mode::Random {
        return options;
    }
    // In controlled mode, nothing is picked from the feeds: reading and judging more of the same takes time alone.
    SandboxOptions { furnishing: Furnishing::Sample, types: config.types.clone(), ..options }
}

/// Runs a plan against a sandbox of its own, with the seed of the sandbox and without any output. With the same seed, it sends the
/// same identifiers.
///
/// # Errors
/// If the sandbox cannot start, or the run cannot.
pub(super) async fn run_silently(
    config: Config,
    plan: Plan,
    profile: Profile,
    options: SandboxOptions,
) -> Result<RunReport, Error> {
    let seed = options.seed;
    let sandbox = Sandbox::start(options).await.map_err(|error| error.during("cannot start the sandbox"))?;
    run_plan(silently(config, plan, profile, (&sandbox, seed))).await.map_err(Error::from)
}

/// The options of a run against a sandbox that no other run meets, without any output.
pub(super) fn silently(config: Config, plan: Plan, profile: Profile, (sandbox, seed): (&Sandbox, u64)) -> RunOptions {
    RunOptions {
        limits: Limits::default(),
        agent: Agent::Forms,
        config: Arc::new(config),
        plan,
        profile,
        seed,
        run_id: Some(format!("seed {seed}")),
        dataset_site: sandbox.dataset_site(),
        target_name: "sandbox".to_owned(),
        insecure: false,
        command: "oa-test run".to_owned(),
        events: Arc::new(Events::new(Vec::new())),
        interrupt: CancellationToken::new(),
    }
}

/// Writes the reports of a run, and prints its result. The time that is printed is that since `begun`, reports included.
pub(super) fn write(
    arguments: &RunArguments,
    report: &mut RunReport,
    (folder, begun): (&Path, Instant),
    output: Output,
) -> Result<(), Error> {
    let saved = outputs(&arguments.outputs, report, folder);
    // What is printed as JSON is what was saved.
    if arguments.format == Format::Text {
        report.duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    }
    let place = saved_run(folder);
    let options = TextOptions {
        every_finding: arguments.verbose,
        warnings: arguments.warnings,
        saved: Some(&place),
        columns: output.columns(),
    };
    // A full disk must not keep the result from the reader.
    match arguments.format {
        Format::Json => output.print(&to_json(report)?),
        Format::Text => {
            if saved.is_ok() && !arguments.quiet {
                output.log(&format!("report: {}", folder.join("report.html").display()));
            }
            output.print(&if arguments.quiet {
                to_brief(report, output.paint())
            } else {
                to_text(report, output.paint(), options)
            });
            on_github(report, output)?;
        }
    }
    saved
}

/// What the command that runs one cell alone starts with: everything of this run but its selection.
fn command(arguments: &RunArguments) -> String {
    let mut words = vec!["oa-test".to_owned(), "run".to_owned()];
    let mut add = |flag: &str, value: &str| {
        words.push(flag.to_owned());
        words.push(quoted(value));
    };
    let configuration = &arguments.configuration;
    for file in &configuration.config {
        add("--config", &file.display().to_string());
    }
    for setting in &configuration.set {
        add("--set", &harmless(setting));
    }
    if let Some(url) = &configuration.target {
        add("--target", url);
    }
    if let Some(folder) = &arguments.selection.features_dir {
        add("--features-dir", &folder.display().to_string());
    }
    for fault in &arguments.fault {
        add("--fault", fault);
    }
    for variant in &arguments.variant {
        add("--variant", variant);
    }
    if let Some(url) = &arguments.login.webdriver {
        add("--webdriver", url);
    }
    if arguments.profile == ProfileArgument::Compatible {
        add("--profile", "compatible");
    }
    let flags = [
        (configuration.random, "--random"),
        (configuration.controlled, "--controlled"),
        (arguments.insecure, "--insecure"),
        (arguments.login.browser, "--browser"),
    ];
    words.extend(flags.into_iter().filter(|(given, _)| *given).map(|(_, flag)| flag.to_owned()));
    words.join(" ")
}

/// A setting without a value that may be secret. `implementedFeatures` is never secret, for any name.
fn harmless(setting: &str) -> String {
    match setting.split_once('=') {
        Some((_, "true" | "false" | "null")) => setting.to_owned(),
        Some((path, _)) if ["authentication", "Headers"].iter().any(|word| setting.contains(word)) => {
            format!("{path}=***")
        }
        _ => setting.to_owned(),
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
