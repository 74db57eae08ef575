//! What the command line understands.

use std::path::PathBuf;

use crate::client::auth::{Agent, BrowserOptions};
use crate::config::Config;
use crate::results::Shard;
use crate::vocabulary::Profile;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::report_arguments::{CertificateCommand, FailOnArgument, NewChecksArgument, OutputArguments, ReportCommand};

/// Tells a booking system whether it conforms to the OpenActive Open Booking API, and where it does not.
#[derive(Debug, Parser)]
#[command(
    name = "oa-test",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 all passed; 1 the target does not conform; 2 the run could not be made or judged; \
                  130 interrupted.\n\nTry it without any set-up: oa-test run --feature opportunity-attendance-updates"
)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(super) command: Command,
    /// When to use colour; NO_COLOR is respected
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Test a booking system
    Run(Box<RunArguments>),
    /// Test again whenever a file changes or Enter is pressed; the feeds are followed on in between
    Watch(Box<WatchArguments>),
    /// Render a saved run, or put the runs of several machines together
    Report {
        /// As what
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Write a configuration to begin with, out of what is seen of a booking system
    Init(InitArguments),
    /// See whether everything is there that a run needs, and tell what to do where it is not
    Doctor(Box<DoctorArguments>),
    /// Certificates of conformance
    Certificate {
        /// What to do
        #[command(subcommand)]
        command: CertificateCommand,
    },
    /// List features and tests
    List(ListArguments),
    /// Tell what a feature or a test does, step by step, or what a rule of validation says
    Explain(ExplainArguments),
    /// Tell, requirement by requirement of the specification, which checks judge it
    Coverage(CoverageArguments),
    /// Tell which opportunities a booking system must have for a run in random mode, and which it has
    TestData(TestDataArguments),
    /// Run the tests against the sandbox under each of its faults, and tell which tests find which fault
    Selfcheck(SelfcheckArguments),
    /// Authenticate, without testing anything
    Auth {
        /// What to do
        #[command(subcommand)]
        command: AuthCommand,
    },
    /// Look at the configuration
    Config {
        /// What to do with it
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Start the booking system that is built in
    Sandbox(SandboxArguments),
    /// Validate OpenActive data: documents, pages of feeds, answers of the Open Booking API
    Validate(ValidateArguments),
    /// Read feeds to their ends and judge them: the rules of RPDE, and the data model for every item
    Feeds(FeedsArguments),
    /// Print a JSON Schema
    Schema {
        /// Of what
        #[arg(value_enum, default_value = "feature")]
        of: SchemaOf,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// What there are schemas of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Feature files
    Feature,
    /// Configuration files
    Config,
    /// The run report
    RunReport,
}

/// Which tests.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which tests (all may be repeated and may hold globs such as 'access-*')")]
pub(super) struct SelectionArguments {
    /// Only these features
    #[arg(short, long, value_name = "FEATURE")]
    pub(super) feature: Vec<String>,
    /// Only features of these categories
    #[arg(long, value_name = "CATEGORY")]
    pub(super) category: Vec<String>,
    /// Only these tests
    #[arg(short, long, value_name = "TEST")]
    pub(super) test: Vec<String>,
    /// Only these booking flows
    #[arg(long, value_name = "FLOW")]
    pub(super) flow: Vec<String>,
    /// Only these opportunity types, or Multiple
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) opportunity_type: Vec<String>,
    /// Tests that wait for long, too: until leases are over
    #[arg(long, help_heading = "Selection")]
    pub(super) slow: bool,
    /// A folder of feature files of your own
    #[arg(long, value_name = "DIR", env = "OA_TEST_FEATURES_DIR")]
    pub(super) features_dir: Option<PathBuf>,
}

/// The configuration.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Configuration (later ones win: built in, files, environment, flags)")]
pub(super) struct ConfigurationArguments {
    /// A configuration file; may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub(super) config: Vec<PathBuf>,
    /// One setting, such as integrationTests.testTimeout=60000; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// The dataset site to test: broker.datasetSiteUrl
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// Pick opportunities from the feeds: integrationTests.useRandomOpportunities true
    #[arg(long, conflicts_with = "controlled")]
    pub(super) random: bool,
    /// Create opportunities through the Test Interface: integrationTests.useRandomOpportunities false
    #[arg(long)]
    pub(super) controlled: bool,
}

/// How Sellers log in at the OpenID provider.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct LoginArguments {
    /// Log in with a real browser, for pages that need JavaScript: Chromium, with its chromedriver
    #[arg(long, help_heading = "How")]
    pub(super) browser: bool,
    /// A WebDriver that is running, in the place of the one that `--browser` starts
    #[arg(long, value_name = "URL", requires = "browser", help_heading = "How")]
    pub(super) webdriver: Option<String>,
}

impl LoginArguments {
    /// Who goes through the pages.
    pub(super) fn agent(&self, config: &Config, insecure: bool) -> Agent {
        if !self.browser {
            return Agent::Forms;
        }
        Agent::Browser(BrowserOptions { webdriver: self.webdriver.clone(), headless: config.headless, insecure })
    }
}

/// `oa-test run`
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// How much to assert
    #[arg(long, value_enum, default_value = "strict", help_heading = "How")]
    pub(super) profile: ProfileArgument,
    /// The seed of all choices; a new one unless given
    #[arg(long, help_heading = "How")]
    pub(super) seed: Option<u64>,
    /// Do not verify TLS certificates
    #[arg(long, help_heading = "How")]
    pub(super) insecure: bool,
    #[command(flatten)]
    pub(super) login: LoginArguments,
    /// Let the sandbox deviate; may be repeated (see `oa-test sandbox --list-faults`)
    #[arg(long, value_name = "FAULT", help_heading = "How")]
    pub(super) fault: Vec<String>,
    /// Give the sandbox another conforming design; may be repeated (see `oa-test sandbox --list-variants`)
    #[arg(long, value_name = "VARIANT", help_heading = "How")]
    pub(super) variant: Vec<String>,
    /// Try a cell that did not pass again, up to so often; a cell whose tries differ is flaky
    #[arg(long, default_value = "0", value_name = "N", help_heading = "How far")]
    pub(super) retries: u32,
    /// Begin no further cell once one has failed
    #[arg(long, help_heading = "How far")]
    pub(super) fail_fast: bool,
    /// End the run after so many seconds; what has not ended by then is not judged
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "How far")]
    pub(super) timeout: Option<std::time::Duration>,
    /// Run the share of one machine of several, such as 2/5; give all of them the same --seed
    #[arg(long, value_name = "K/N", value_parser = shard, requires = "seed", help_heading = "How far")]
    pub(super) shard: Option<Shard>,
    /// Failures that are expected, each with a reason and a last day (docs/ci.md)
    #[arg(long, value_name = "FILE", help_heading = "Exit code")]
    pub(super) known_failures: Option<PathBuf>,
    /// What makes the exit code 1; may be repeated
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Exit code")]
    pub(super) fail_on: Vec<FailOnArgument>,
    /// What a check does in the minor version that brought it (from 1.0 on)
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t,
        hide_default_value = true,
        help_heading = "Exit code"
    )]
    pub(super) new_checks: NewChecksArgument,
    /// Write a certificate of conformance that will be found at this URL, if everything in scope passes
    #[arg(long, value_name = "URL", help_heading = "Certificate")]
    pub(super) certificate: Option<String>,
    /// The file of the certificate: integrationTests.conformanceCertificatePath, and index.html there
    #[arg(long, value_name = "FILE", help_heading = "Certificate")]
    pub(super) certificate_file: Option<PathBuf>,
    /// Sign the certificate by this Ed25519 key: a PEM file, as `openssl genpkey -algorithm ed25519` writes it
    #[arg(long, value_name = "FILE", env = "OA_TEST_SIGN_KEY", help_heading = "Certificate")]
    pub(super) sign_key: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) outputs: OutputArguments,
    /// Where run.json.gz, report.html and journal.ndjson are written: integrationTests.outputPath
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Show no progress
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(super) quiet: bool,
    /// Tell the warnings and suggestions of validation, too
    #[arg(long, help_heading = "Output")]
    pub(super) warnings: bool,
    /// Tell every finding of every cell by itself
    #[arg(short, long, help_heading = "Output", action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
}

/// `oa-test watch`
#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// A file or folder at whose change the cells are run again; may be repeated. Configuration and feature files are
    /// watched anyway
    #[arg(long, value_name = "PATH", help_heading = "How")]
    pub(super) on: Vec<PathBuf>,
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
        _ => Err("expected K/N, such as 2/5 for the second of five machines".to_owned()),
    }
}

fn seconds(text: &str) -> Result<std::time::Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected seconds, a number above zero".to_owned())
}

/// `oa-test init`
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The dataset site of the booking system
    #[arg(value_name = "URL")]
    pub(super) url: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE", default_value = "oa-test.json")]
    pub(super) output: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    pub(super) force: bool,
    /// How long the feeds are read, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub(super) seconds: u64,
    /// Do not verify TLS certificates
    #[arg(long)]
    pub(super) insecure: bool,
}

/// `oa-test doctor`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing is in the way; 1 something is; 2 the configuration cannot be used.\n\nIn                         controlled mode one opportunity is created in a test dataset of its own, which is deleted again.                         Nothing is booked."
)]
pub(super) struct DoctorArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// The profile of the run that is to be made
    #[arg(long, value_enum, default_value = "strict", help_heading = "How")]
    pub(super) profile: ProfileArgument,
    #[command(flatten)]
    pub(super) login: LoginArguments,
    /// Do not verify TLS certificates
    #[arg(long, help_heading = "How")]
    pub(super) insecure: bool,
}

/// A profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileArgument {
    /// Also what the specification demands and the public Node.js suite leaves unchecked
    Strict,
    /// What the public Node.js suite asserts
    Compatible,
}

impl ProfileArgument {
    /// The profile that is meant.
    pub(super) const fn profile(self) -> Profile {
        match self {
            Self::Strict => Profile::Strict,
            Self::Compatible => Profile::Compatible,
        }
    }
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// The run report, for programs
    Json,
}

/// `oa-test list`
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// `oa-test test-data`
#[derive(Debug, Args)]
pub(super) struct TestDataArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// The profile of the run that is to be made
    #[arg(long, value_enum, default_value = "strict")]
    pub(super) profile: ProfileArgument,
    /// Read the feeds of the target, and tell what is there and what lacks
    #[arg(long)]
    pub(super) check: bool,
    /// Do not verify TLS certificates
    #[arg(long)]
    pub(super) insecure: bool,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// `oa-test selfcheck`
#[derive(Debug, Args)]
pub(super) struct SelfcheckArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// Only these faults; may be repeated
    #[arg(long, value_name = "FAULT", conflicts_with = "variants")]
    pub(super) fault: Vec<String>,
    /// Edit what an honest run saw, and list the edits that no check objects to
    #[arg(long, conflicts_with_all = ["fault", "variants"])]
    pub(super) sweep: bool,
    /// Run the tests under each conforming design of the sandbox instead, and list the cells that do not pass
    #[arg(long, help_heading = "Variants")]
    pub(super) variants: bool,
    /// Only these variants; may be repeated
    #[arg(long, value_name = "VARIANT", requires = "variants", help_heading = "Variants")]
    pub(super) variant: Vec<String>,
    /// Run N cells of each design, chosen by the seed
    #[arg(long, value_name = "N", requires = "variants", help_heading = "Variants")]
    pub(super) sample: Option<usize>,
    /// Run N combinations of variants, chosen by the seed, 60 cells each unless --sample says otherwise
    #[arg(long, value_name = "N", requires = "variants", help_heading = "Variants")]
    pub(super) combinations: Option<usize>,
    /// Run N designs at a time; as many as there are processors unless given
    #[arg(long, value_name = "N", requires = "variants", help_heading = "Variants")]
    pub(super) jobs: Option<usize>,
    /// How much to assert
    #[arg(long, value_enum, default_value = "strict", requires = "variants", help_heading = "Variants")]
    pub(super) profile: ProfileArgument,
    /// The seed of everything random
    #[arg(long, default_value = "1")]
    pub(super) seed: u64,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// `oa-test explain`
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// A feature, a test, or `rule` and the name of a rule of validation
    #[arg(value_name = "FEATURE|TEST|rule NAME", num_args = 1..=2, required_unless_present = "markdown")]
    pub(super) name: Vec<String>,
    /// Print every feature as one Markdown document
    #[arg(long, conflicts_with = "name")]
    pub(super) markdown: bool,
    /// A folder of feature files of your own
    #[arg(long, value_name = "DIR", env = "OA_TEST_FEATURES_DIR")]
    pub(super) features_dir: Option<PathBuf>,
}

/// `oa-test coverage`
#[derive(Debug, Args)]
pub(super) struct CoverageArguments {
    /// Only these: a requirement by its identifier, or the section of a specification by its anchor
    #[arg(value_name = "REQUIREMENT|SECTION")]
    pub(super) requirement: Vec<String>,
    /// Only what nothing judges
    #[arg(long)]
    pub(super) uncovered: bool,
    /// What binds others, and what no client can see, as well
    #[arg(long)]
    pub(super) all: bool,
    /// List the questions that the specifications leave open
    #[arg(long, conflicts_with_all = ["requirement", "uncovered", "all"])]
    pub(super) open_questions: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: CoverageFormat,
    /// A folder of feature files of your own
    #[arg(long, value_name = "DIR", env = "OA_TEST_FEATURES_DIR")]
    pub(super) features_dir: Option<PathBuf>,
}

/// How coverage is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CoverageFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// As docs/coverage.md
    Markdown,
}

/// `oa-test auth`
#[derive(Debug, Subcommand)]
pub(super) enum AuthCommand {
    /// Walk the way to the tokens step by step: discovery, registration, client credentials, login, refresh
    Login(Box<LoginCommandArguments>),
}

/// `oa-test auth login`
#[derive(Debug, Args)]
pub(super) struct LoginCommandArguments {
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    #[command(flatten)]
    pub(super) login: LoginArguments,
    /// The OpenID provider, in the place of the one that the dataset site names
    #[arg(long, value_name = "URL", help_heading = "How")]
    pub(super) authority: Option<String>,
    /// The Booking Partner of the configuration
    #[arg(long, value_name = "NAME", default_value = "primary", help_heading = "How")]
    pub(super) partner: String,
    /// The Seller who logs in
    #[arg(long, value_enum, default_value = "primary", help_heading = "How")]
    pub(super) seller: SellerArgument,
    /// Do not verify TLS certificates
    #[arg(long, help_heading = "How")]
    pub(super) insecure: bool,
    /// Show every exchange, with its secrets hidden
    #[arg(short, long, help_heading = "Output")]
    pub(super) verbose: bool,
}

/// A Seller of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SellerArgument {
    /// `sellers.primary`
    Primary,
    /// `sellers.secondary`
    Secondary,
}

/// `oa-test config`
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show every setting, and where it came from
    Check(ConfigurationArguments),
    /// Print what every key is for, in Markdown
    Reference,
}

/// `oa-test sandbox`
#[derive(Debug, Args)]
pub(super) struct SandboxArguments {
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, default_value = "5000")]
    pub(super) port: u16,
    /// Serve the Test Interface, with which anybody who reaches the port can change anything
    #[arg(long)]
    pub(super) test_interface: bool,
    /// Turn an optional behaviour on or off; may be repeated
    #[arg(long, value_name = "NAME=on|off")]
    pub(super) switch: Vec<String>,
    /// A file of switches: a JSON object of names, each true or false
    #[arg(long, value_name = "FILE")]
    pub(super) switches: Option<PathBuf>,
    /// Tell what each switch does, and stop
    #[arg(long)]
    pub(super) list_switches: bool,
    /// Begin without any opportunity: there is what is generated, stocked or created
    #[arg(long)]
    pub(super) empty: bool,
    /// Generate so many opportunities besides those that are always there
    #[arg(long, default_value = "0", value_name = "N")]
    pub(super) opportunities: u64,
    /// Have the opportunities in the feeds that `oa-test test-data --format json` wrote to a file
    #[arg(long, value_name = "FILE")]
    pub(super) stock: Option<PathBuf>,
    /// Rename, remove and add so many opportunities a second, of those that nobody made or booked
    #[arg(long, default_value = "0", value_name = "PER_SECOND")]
    pub(super) churn: u32,
    /// Take N milliseconds for each page of a feed, one page at a time
    #[arg(long, default_value = "0", value_name = "N")]
    pub(super) page_ms: u64,
    /// Keep the state in this file across restarts; it is created where there is none
    #[arg(long, value_name = "FILE")]
    pub(super) data: Option<PathBuf>,
    /// Seconds that a lease lasts
    #[arg(long, default_value = "900", value_name = "SECONDS")]
    pub(super) lease_seconds: i64,
    /// Seconds that an access token lives; keys are replaced after four times as long
    #[arg(long, default_value = "900", value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(1..))]
    pub(super) token_seconds: i64,
    /// Make the pages for logging in by JavaScript, so that only a browser can use them
    #[arg(long)]
    pub(super) scripted_login: bool,
    /// The seed of its opportunities
    #[arg(long, default_value = "0")]
    pub(super) seed: u64,
    /// Let it deviate; may be repeated
    #[arg(long, value_name = "FAULT")]
    pub(super) fault: Vec<String>,
    /// Tell what each fault does, and stop
    #[arg(long)]
    pub(super) list_faults: bool,
    /// Give it another conforming design; may be repeated
    #[arg(long, value_name = "VARIANT")]
    pub(super) variant: Vec<String>,
    /// List the variants, each with what allows it, and stop
    #[arg(long)]
    pub(super) list_variants: bool,
    /// Write a configuration for this sandbox to a file
    #[arg(long, value_name = "FILE")]
    pub(super) write_config: Option<PathBuf>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ValidateFormat {
    /// For people
    Text,
    /// One object for all documents
    Json,
    /// For code scanners
    Sarif,
}

/// `oa-test validate`
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit codes: 0 no failure; 1 at least one failure; 2 something could not be read.\n\nNothing is \
                        fetched unless --fetch is given, or the input is a URL."
)]
pub(super) struct ValidateArguments {
    /// Files, globs, URLs, or - for standard input
    #[arg(value_name = "FILE|URL|-", required = true)]
    pub(super) inputs: Vec<String>,
    /// What the documents are for; told from their types when not given
    #[arg(short, long, value_name = "MODE")]
    pub(super) mode: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ValidateFormat,
    /// One document a line, each answered by one line of JSON. A line may also be an object with `document`, and `mode`,
    /// `type`, `itemLimit` and `id` beside it
    #[arg(long)]
    pub(super) lines: bool,
    /// A file with remote documents: a JSON object of URLs, each with `status` and `json` or `text`
    #[arg(long, value_name = "FILE")]
    pub(super) remote: Option<PathBuf>,
    /// A file with the activity list
    #[arg(long, value_name = "FILE")]
    pub(super) activity_list: Option<PathBuf>,
    /// Fetch activity lists and contexts that documents refer to
    #[arg(long)]
    pub(super) fetch: bool,
    /// Write all remote documents to a file that --remote takes
    #[arg(long, value_name = "FILE")]
    pub(super) save_remote: Option<PathBuf>,
    /// The type of the top of each document, whatever it says itself
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) root_type: Option<String>,
    /// Look at so many items of each page of a feed only
    #[arg(long, value_name = "N")]
    pub(super) item_limit: Option<usize>,
    /// The least that is shown: failure, warning, suggestion or notice
    #[arg(long, default_value = "warning", value_name = "SEVERITY")]
    pub(super) show: String,
    /// The largest document that is read, in MiB
    #[arg(long, default_value = "64", value_name = "MIB")]
    pub(super) max_size: u64,
}

/// `oa-test feeds`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Exit codes: 0 no failure; 1 at least one failure; 2 a feed could not be read to its end; 130 \
                        interrupted.\n\nOf an item some 40 bytes are kept, so that feeds of millions fit.")]
pub(super) struct FeedsArguments {
    /// A dataset site, or a feed
    pub(super) url: String,
    /// Only feeds with these names, when it is a dataset site; may be repeated and may hold globs
    #[arg(short, long, value_name = "NAME")]
    pub(super) feed: Vec<String>,
    /// What items are validated as; `none` to leave that
    #[arg(short, long, default_value = "BookableRPDEFeed", value_name = "MODE")]
    pub(super) mode: String,
    /// Validate every N-th item only
    #[arg(long, default_value = "1", value_name = "N")]
    pub(super) sample: u64,
    /// How many feeds are read at once
    #[arg(long, default_value = "4", value_name = "N")]
    pub(super) jobs: usize,
    /// Read each feed a second time, to find items that have vanished without being deleted
    #[arg(long, conflicts_with = "max_pages")]
    pub(super) twice: bool,
    /// Count the opportunities that meet each criterion of the Test Interface, by type and booking flow. Keeps every
    /// opportunity in memory, packed
    #[arg(long)]
    pub(super) criteria: bool,
    /// A header for the feeds, such as `Authorization: Bearer …` for an Orders feed; may be repeated. It goes to the
    /// host of the feed only, and is shown nowhere
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    pub(super) header: Vec<String>,
    /// Milliseconds between two pages of a feed
    #[arg(long, default_value = "0", value_name = "MS")]
    pub(super) delay: u64,
    /// Milliseconds that a page may take
    #[arg(long, default_value = "30000", value_name = "MS")]
    pub(super) timeout: u64,
    /// The most pages of each feed
    #[arg(long, value_name = "N")]
    pub(super) max_pages: Option<u64>,
    /// Where the reading stands is kept in this file, and taken up from there; it is removed at the end
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// A file with the activity list
    #[arg(long, value_name = "FILE")]
    pub(super) activity_list: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub(super) json: bool,
}
