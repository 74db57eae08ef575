//! Commands and their arguments.

use std::path::PathBuf;

use crate::client::auth::{Agent, BrowserOptions};
use crate::config::Config;
use crate::results::Shard;
use crate::vocabulary::Profile;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::report_arguments::{CertificateCommand, FailOnArgument, NewChecksArgument, OutputArguments, ReportCommand};

/// Test booking systems for conformance with the Open Booking API
#[derive(Debug, Parser)]
#[command(
    name = "oa-test",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Topics (oa-test help TOPIC): exit-codes, configuration, selecting, profiles,\nrandom-mode\n\n\
                  Exit codes: 0 passed; 1 failed; 2 inconclusive or error; 130 interrupted\n\n\
                  First run, without any set-up:\n  oa-test run --feature opportunity-attendance-updates"
)]
pub struct Cli {
    /// Select a command
    #[command(subcommand)]
    pub(super) command: Command,
    /// Use colour: auto, always or never (NO_COLOR is respected)
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN", hide_possible_values = true)]
    pub(super) color: Color,
}

/// Use of colour.
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
    /// Rerun tests when a file changes or Enter is pressed
    Watch(Box<WatchArguments>),
    /// Render, merge or rejudge saved runs
    #[command(disable_help_subcommand = true)]
    Report {
        /// Select a rendering or an operation
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Check recorded exchanges (HAR) without a booking system
    Judge(JudgeArguments),
    /// Write a first configuration for a booking system
    Init(InitArguments),
    /// Check that the target and this machine are ready for a run
    Doctor(Box<DoctorArguments>),
    /// Verify certificates of conformance
    #[command(disable_help_subcommand = true)]
    Certificate {
        /// Select an operation
        #[command(subcommand)]
        command: CertificateCommand,
    },
    /// List features and tests
    List(ListArguments),
    /// Explain a feature, a test or a validation rule
    Explain(ExplainArguments),
    /// Show which checks cover each requirement of the specifications
    Coverage(CoverageArguments),
    /// List the opportunities that a run in random mode needs
    TestData(TestDataArguments),
    /// Verify that the tests detect every fault of the sandbox
    Selfcheck(SelfcheckArguments),
    /// Test the authentication flow
    #[command(disable_help_subcommand = true)]
    Auth {
        /// Select an operation
        #[command(subcommand)]
        command: AuthCommand,
    },
    /// Show the configuration or its reference
    #[command(disable_help_subcommand = true)]
    Config {
        /// Select an operation
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Start the built-in booking system
    Sandbox(SandboxArguments),
    /// Validate OpenActive data: documents, feed pages, API responses
    Validate(ValidateArguments),
    /// Read feeds to the last page; check RPDE and the data model
    Feeds(FeedsArguments),
    /// Print a JSON Schema
    Schema {
        /// Select the kind of document
        #[arg(value_enum, default_value = "feature")]
        of: SchemaOf,
    },
    /// Print completions for a shell
    Completions {
        /// Select the shell
        shell: clap_complete::Shell,
    },
    /// Print or write manual pages (roff)
    Man(ManArguments),
    /// Print help for a command or a topic
    Help {
        /// Select a command (such as `report html`) or a topic
        #[arg(value_name = "COMMAND|TOPIC")]
        words: Vec<String>,
    },
}

/// Documents that have a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Feature files
    Feature,
    /// Configuration files
    Config,
    /// The run report
    RunReport,
}

/// Features, tests, flows and types of a run; each option is repeatable and accepts globs.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Test selection")]
pub(super) struct SelectionArguments {
    /// Select features by identifier or glob [repeatable]
    #[arg(short, long, value_name = "FEATURE")]
    pub(super) feature: Vec<String>,
    /// Select features by category or glob [repeatable]
    #[arg(long, value_name = "CATEGORY")]
    pub(super) category: Vec<String>,
    /// Select tests by identifier, FEATURE/TEST or glob [repeatable]
    #[arg(short, long, value_name = "TEST")]
    pub(super) test: Vec<String>,
    /// Select booking flows by name or glob [repeatable]
    #[arg(long, value_name = "FLOW")]
    pub(super) flow: Vec<String>,
    /// Select opportunity types, or Multiple [repeatable]
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) opportunity_type: Vec<String>,
    /// Include tests that wait for minutes, such as for lease expiry
    #[arg(long)]
    pub(super) slow: bool,
    /// Add the feature files of a folder
    #[arg(long, value_name = "DIR", env = "OA_TEST_FEATURES_DIR")]
    pub(super) features_dir: Option<PathBuf>,
}

/// The configuration.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigurationArguments {
    /// Read a configuration file [repeatable; later files win]
    #[arg(short, long, value_name = "FILE")]
    pub(super) config: Vec<PathBuf>,
    /// Set one key, e.g. integrationTests.testTimeout=60000 [repeatable]
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Test this dataset site (sets broker.datasetSiteUrl)
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// Use random mode: select opportunities from the feeds
    ///
    /// Sets integrationTests.useRandomOpportunities to true.
    #[arg(long, conflicts_with = "controlled")]
    pub(super) random: bool,
    /// Use controlled mode: create opportunities by the Test Interface
    ///
    /// Sets integrationTests.useRandomOpportunities to false.
    #[arg(long)]
    pub(super) controlled: bool,
}

/// Login of Sellers at the OpenID provider.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct LoginArguments {
    /// Log in with Chromium, for pages that require JavaScript
    ///
    /// Requires chromedriver, or a running WebDriver (--webdriver).
    #[arg(long, help_heading = "Execution")]
    pub(super) browser: bool,
    /// Use a running WebDriver instead of starting chromedriver
    #[arg(long, value_name = "URL", requires = "browser", help_heading = "Execution")]
    pub(super) webdriver: Option<String>,
}

impl LoginArguments {
    /// The agent that submits the pages: a browser, or forms without one.
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
    /// Use the checks of a profile (see `oa-test help profiles`)
    #[arg(long, value_enum, default_value = "strict", help_heading = "Execution")]
    pub(super) profile: ProfileArgument,
    /// Set the seed of all random choices [default: a new seed]
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub(super) seed: Option<u64>,
    /// Accept any TLS certificate
    #[arg(long, help_heading = "Execution")]
    pub(super) insecure: bool,
    #[command(flatten)]
    pub(super) login: LoginArguments,
    /// Enable a fault of the sandbox [repeatable]
    ///
    /// `oa-test sandbox --list-faults` lists all faults.
    #[arg(long, value_name = "FAULT", help_heading = "Execution")]
    pub(super) fault: Vec<String>,
    /// Select a conforming design of the sandbox [repeatable]
    ///
    /// `oa-test sandbox --list-variants` lists all variants.
    #[arg(long, value_name = "VARIANT", help_heading = "Execution")]
    pub(super) variant: Vec<String>,
    /// Retry cells that do not pass, up to N times
    ///
    /// A cell whose verdicts differ is flaky.
    #[arg(long, default_value = "0", value_name = "N", help_heading = "Limits")]
    pub(super) retries: u32,
    /// Stop after the first failed cell
    #[arg(long, help_heading = "Limits")]
    pub(super) fail_fast: bool,
    /// Stop the run after N seconds; unfinished cells are blocked
    #[arg(long, value_name = "N", value_parser = seconds, help_heading = "Limits")]
    pub(super) timeout: Option<std::time::Duration>,
    /// Run shard K of N; requires the same --seed on every machine
    #[arg(long, value_name = "K/N", value_parser = shard, requires = "seed", help_heading = "Limits")]
    pub(super) shard: Option<Shard>,
    /// Read expected failures, each with a reason and an expiry date
    ///
    /// docs/ci.md describes the file.
    #[arg(long, value_name = "FILE", help_heading = "Exit code")]
    pub(super) known_failures: Option<PathBuf>,
    /// Return exit code 1 for these results [repeatable]
    #[arg(long, value_enum, value_name = "RESULT", help_heading = "Exit code")]
    pub(super) fail_on: Vec<FailOnArgument>,
    /// Set the effect of checks that are new in this minor version
    ///
    /// Applies from version 1.0.
    #[arg(
        long,
        value_enum,
        value_name = "EFFECT",
        default_value_t,
        hide_default_value = true,
        help_heading = "Exit code"
    )]
    pub(super) new_checks: NewChecksArgument,
    /// Write a certificate to be published at URL, if all cells pass
    #[arg(long, value_name = "URL", help_heading = "Certificate")]
    pub(super) certificate: Option<String>,
    /// Write the certificate to FILE
    ///
    /// Default: index.html in integrationTests.conformanceCertificatePath.
    #[arg(long, value_name = "FILE", help_heading = "Certificate")]
    pub(super) certificate_file: Option<PathBuf>,
    /// Sign the certificate with an Ed25519 private key (PEM)
    ///
    /// `openssl genpkey -algorithm ed25519` creates a key.
    #[arg(long, value_name = "FILE", env = "OA_TEST_SIGN_KEY", help_heading = "Certificate")]
    pub(super) sign_key: Option<PathBuf>,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text", help_heading = "Reports")]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) outputs: OutputArguments,
    /// Write run.json.gz, report.html and the journal to DIR
    ///
    /// Default: integrationTests.outputPath.
    #[arg(long, value_name = "DIR", help_heading = "Reports")]
    pub(super) output: Option<PathBuf>,
    /// Print the causes and the summary only, a line each
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Reports")]
    pub(super) quiet: bool,
    /// List warnings and suggestions
    #[arg(long, help_heading = "Reports")]
    pub(super) warnings: bool,
    /// Print every cell, causes in full, tables and skipped tests
    #[arg(short, long, help_heading = "Reports", action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
}

/// `oa-test watch`
#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// Rerun when this file or folder changes, too [repeatable]
    ///
    /// Configuration and feature files are always watched.
    #[arg(long, value_name = "PATH", help_heading = "Execution")]
    pub(super) on: Vec<PathBuf>,
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
        _ => Err("expected K/N, such as 2/5 for the second of five shards".to_owned()),
    }
}

fn seconds(text: &str) -> Result<std::time::Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected a number of seconds greater than zero".to_owned())
}

/// `oa-test man`
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Print the page of this command (such as `report html`)
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    pub(super) words: Vec<String>,
    /// Write the pages of all commands to DIR
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// `oa-test init`
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Read this dataset site
    #[arg(value_name = "URL")]
    pub(super) url: String,
    /// Write the configuration to FILE
    #[arg(short, long, value_name = "FILE", default_value = "oa-test.json")]
    pub(super) output: PathBuf,
    /// Overwrite an existing file
    #[arg(long)]
    pub(super) force: bool,
    /// Read the feeds for up to N seconds
    #[arg(long, value_name = "N", default_value = "30")]
    pub(super) seconds: u64,
    /// Accept any TLS certificate
    #[arg(long)]
    pub(super) insecure: bool,
}

/// `oa-test judge`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: as for a run; 2 if nothing was judged or a file is no HAR\n\nA recording is a HAR 1.2 file, as \
                  browsers, proxies and HTTP libraries write it.\ndocs/recordings.md lists what is judged."
)]
pub(super) struct JudgeArguments {
    /// Read recorded exchanges (HAR 1.2)
    #[arg(value_name = "RECORDING", required = true)]
    pub(super) recordings: Vec<PathBuf>,
    /// Use the checks of a profile (see `oa-test help profiles`)
    #[arg(long, value_enum, default_value = "strict", help_heading = "Execution")]
    pub(super) profile: ProfileArgument,
    /// Read a configuration file [repeatable; later files win]
    #[arg(short, long, value_name = "FILE", help_heading = "Configuration")]
    pub(super) config: Vec<PathBuf>,
    /// Set one key [repeatable]
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Configuration")]
    pub(super) set: Vec<String>,
    #[command(flatten)]
    pub(super) outputs: OutputArguments,
    /// Write the result and its report to DIR
    #[arg(long, value_name = "DIR", default_value = "output", help_heading = "Reports")]
    pub(super) output: PathBuf,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text", help_heading = "Reports")]
    pub(super) format: Format,
    /// List warnings and suggestions
    #[arg(long, help_heading = "Reports")]
    pub(super) warnings: bool,
    /// Print causes in full and the table of Orders
    #[arg(short, long, help_heading = "Reports")]
    pub(super) verbose: bool,
    /// Return exit code 1 for these results [repeatable]
    #[arg(long, value_enum, value_name = "RESULT", help_heading = "Exit code")]
    pub(super) fail_on: Vec<FailOnArgument>,
}

/// `oa-test doctor`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 ready; 1 not ready; 2 invalid configuration\n\nIn controlled mode, doctor creates one \
                  opportunity in a separate test dataset\nand deletes the dataset. It books nothing."
)]
pub(super) struct DoctorArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// Use the checks of a profile (see `oa-test help profiles`)
    #[arg(long, value_enum, default_value = "strict", help_heading = "Execution")]
    pub(super) profile: ProfileArgument,
    #[command(flatten)]
    pub(super) login: LoginArguments,
    /// Accept any TLS certificate
    #[arg(long, help_heading = "Execution")]
    pub(super) insecure: bool,
}

/// A profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileArgument {
    /// All checks of the specification
    Strict,
    /// The checks of the Node.js test suite
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

/// Format of standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for a terminal
    Text,
    /// JSON for programs
    Json,
}

/// `oa-test list`
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text", help_heading = "Reports")]
    pub(super) format: Format,
}

/// `oa-test test-data`
#[derive(Debug, Args)]
pub(super) struct TestDataArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// Use the checks of a profile (see `oa-test help profiles`)
    #[arg(long, value_enum, default_value = "strict", help_heading = "Execution")]
    pub(super) profile: ProfileArgument,
    /// Compare with the feeds of the target
    #[arg(long, help_heading = "Execution")]
    pub(super) check: bool,
    /// Accept any TLS certificate
    #[arg(long, help_heading = "Execution")]
    pub(super) insecure: bool,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text", help_heading = "Reports")]
    pub(super) format: Format,
}

/// `oa-test selfcheck`
#[derive(Debug, Args)]
pub(super) struct SelfcheckArguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    /// Select faults [repeatable]
    #[arg(long, value_name = "FAULT", conflicts_with = "variants", help_heading = "Execution")]
    pub(super) fault: Vec<String>,
    /// Change a run in every way and list what no check detects
    #[arg(long, conflicts_with_all = ["fault", "variants"], help_heading = "Execution")]
    pub(super) sweep: bool,
    /// Edit the run in FILE (run.json or run.json.gz) instead of a new one
    #[arg(long, value_name = "FILE", requires = "sweep", help_heading = "Execution")]
    pub(super) recorded: Option<PathBuf>,
    /// Edit recorded documents only; run no mutant
    #[arg(long, requires = "sweep", conflicts_with = "live", help_heading = "Execution")]
    pub(super) documents: bool,
    /// Run mutants only; N of them, selected by the seed
    #[arg(long, value_name = "N", requires = "sweep", conflicts_with = "recorded", help_heading = "Execution")]
    pub(super) live: Option<Option<usize>>,
    /// Run the tests under conforming designs; list cells that do not pass
    #[arg(long, help_heading = "Variants")]
    pub(super) variants: bool,
    /// Select variants [repeatable]
    #[arg(long, value_name = "VARIANT", requires = "variants", help_heading = "Variants")]
    pub(super) variant: Vec<String>,
    /// Run N cells of each design, selected by the seed
    #[arg(long, value_name = "N", requires = "variants", help_heading = "Variants")]
    pub(super) sample: Option<usize>,
    /// Run N combinations of variants, selected by the seed
    ///
    /// Each runs 60 cells unless --sample is given.
    #[arg(long, value_name = "N", requires = "variants", help_heading = "Variants")]
    pub(super) combinations: Option<usize>,
    /// Run N designs in parallel [default: number of processors]
    #[arg(long, value_name = "N", requires = "variants", help_heading = "Variants")]
    pub(super) jobs: Option<usize>,
    /// Select the profile
    #[arg(long, value_enum, default_value = "strict", requires = "variants", help_heading = "Variants")]
    pub(super) profile: ProfileArgument,
    /// Set the seed of all random choices
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Execution")]
    pub(super) seed: u64,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text", help_heading = "Reports")]
    pub(super) format: Format,
}

/// `oa-test explain`
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Explain a feature, a test, or `rule` and a validation rule
    #[arg(value_name = "FEATURE|TEST|rule NAME", num_args = 1..=2, required_unless_present = "markdown")]
    pub(super) name: Vec<String>,
    /// Print every feature as one Markdown document
    #[arg(long, conflicts_with = "name")]
    pub(super) markdown: bool,
    /// Add the feature files of a folder
    #[arg(long, value_name = "DIR", env = "OA_TEST_FEATURES_DIR")]
    pub(super) features_dir: Option<PathBuf>,
}

/// `oa-test coverage`
#[derive(Debug, Args)]
pub(super) struct CoverageArguments {
    /// Select requirements by identifier, or sections by anchor
    #[arg(value_name = "REQUIREMENT|SECTION")]
    pub(super) requirement: Vec<String>,
    /// List uncovered requirements only
    #[arg(long)]
    pub(super) uncovered: bool,
    /// Include requirements on others and those no client can observe
    #[arg(long)]
    pub(super) all: bool,
    /// List the open questions of the specifications
    #[arg(long, conflicts_with_all = ["requirement", "uncovered", "all"])]
    pub(super) open_questions: bool,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: CoverageFormat,
    /// Add the feature files of a folder
    #[arg(long, value_name = "DIR", env = "OA_TEST_FEATURES_DIR")]
    pub(super) features_dir: Option<PathBuf>,
}

/// Format of the coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CoverageFormat {
    /// Text for a terminal
    Text,
    /// JSON for programs
    Json,
    /// Markdown, as docs/coverage.md
    Markdown,
}

/// `oa-test auth`
#[derive(Debug, Subcommand)]
pub(super) enum AuthCommand {
    /// Test discovery, registration, login and refresh, step by step
    Login(Box<LoginCommandArguments>),
}

/// `oa-test auth login`
#[derive(Debug, Args)]
pub(super) struct LoginCommandArguments {
    #[command(flatten)]
    pub(super) configuration: ConfigurationArguments,
    #[command(flatten)]
    pub(super) login: LoginArguments,
    /// Use this OpenID provider instead of that of the dataset site
    #[arg(long, value_name = "URL", help_heading = "Execution")]
    pub(super) authority: Option<String>,
    /// Use a Booking Partner of the configuration
    #[arg(long, value_name = "NAME", default_value = "primary", help_heading = "Execution")]
    pub(super) partner: String,
    /// Log in as a Seller of the configuration
    #[arg(long, value_enum, default_value = "primary", help_heading = "Execution")]
    pub(super) seller: SellerArgument,
    /// Accept any TLS certificate
    #[arg(long, help_heading = "Execution")]
    pub(super) insecure: bool,
    /// List every exchange, with secrets redacted
    #[arg(short, long, help_heading = "Reports")]
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
    /// Check the configuration and show the source of every setting
    Check(ConfigurationArguments),
    /// Print the configuration reference (Markdown)
    Reference,
}

/// `oa-test sandbox`
#[derive(Debug, Args)]
pub(super) struct SandboxArguments {
    /// Listen on this port of 127.0.0.1; 0 selects a free port
    #[arg(long, value_name = "PORT", default_value = "5000")]
    pub(super) port: u16,
    /// Serve the Test Interface (unauthenticated)
    #[arg(long)]
    pub(super) test_interface: bool,
    /// Turn an optional behaviour on or off [repeatable]
    #[arg(long, value_name = "NAME=on|off")]
    pub(super) switch: Vec<String>,
    /// Read switches from a JSON object of names and booleans
    #[arg(long, value_name = "FILE")]
    pub(super) switches: Option<PathBuf>,
    /// List all switches and exit
    #[arg(long)]
    pub(super) list_switches: bool,
    /// Start without the standard opportunities
    #[arg(long)]
    pub(super) empty: bool,
    /// Generate N additional opportunities
    #[arg(long, default_value = "0", value_name = "N")]
    pub(super) opportunities: u64,
    /// Publish the opportunities that `test-data --format json` listed
    #[arg(long, value_name = "FILE")]
    pub(super) stock: Option<PathBuf>,
    /// Change N generated opportunities per second
    #[arg(long, default_value = "0", value_name = "N")]
    pub(super) churn: u32,
    /// Delay each feed page by N milliseconds, one page at a time
    #[arg(long, default_value = "0", value_name = "N")]
    pub(super) page_ms: u64,
    /// Save the state to FILE and resume from it after a restart
    #[arg(long, value_name = "FILE")]
    pub(super) data: Option<PathBuf>,
    /// Expire leases after N seconds
    #[arg(long, default_value = "900", value_name = "N")]
    pub(super) lease_seconds: i64,
    /// Expire access tokens after N seconds, signing keys after 4 N
    #[arg(long, default_value = "900", value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub(super) token_seconds: i64,
    /// Serve login pages that require JavaScript
    #[arg(long)]
    pub(super) scripted_login: bool,
    /// Set the seed of the opportunities
    #[arg(long, value_name = "N", default_value = "0")]
    pub(super) seed: u64,
    /// Enable a fault [repeatable]
    #[arg(long, value_name = "FAULT")]
    pub(super) fault: Vec<String>,
    /// List all faults and exit
    #[arg(long)]
    pub(super) list_faults: bool,
    /// Select a conforming design [repeatable]
    #[arg(long, value_name = "VARIANT")]
    pub(super) variant: Vec<String>,
    /// List all variants, each with what allows it, and exit
    #[arg(long)]
    pub(super) list_variants: bool,
    /// Write a configuration for this sandbox to FILE
    #[arg(long, value_name = "FILE")]
    pub(super) write_config: Option<PathBuf>,
}

/// Format of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ValidateFormat {
    /// Text for a terminal
    Text,
    /// One JSON object for all documents
    Json,
    /// SARIF for code scanners
    Sarif,
}

/// `oa-test validate`
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit codes: 0 no failures; 1 failures; 2 unreadable input\n\nNo network access without --fetch or a \
                  URL among the inputs."
)]
pub(super) struct ValidateArguments {
    /// Validate files, globs or URLs; - reads standard input
    #[arg(value_name = "FILE|URL|-", required = true)]
    pub(super) inputs: Vec<String>,
    /// Set the validation mode [default: inferred from the types]
    #[arg(short, long, value_name = "MODE")]
    pub(super) mode: Option<String>,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ValidateFormat,
    /// Read one document per line and print one JSON result per line
    ///
    /// A line may also be an object with `document` and, optionally, `mode`, `type`, `itemLimit` and `id`.
    #[arg(long)]
    pub(super) lines: bool,
    /// Read remote documents from FILE instead of the network
    ///
    /// The file is a JSON object of URLs, each with `status` and `json` or `text`.
    #[arg(long, value_name = "FILE")]
    pub(super) remote: Option<PathBuf>,
    /// Read the activity list from FILE
    #[arg(long, value_name = "FILE")]
    pub(super) activity_list: Option<PathBuf>,
    /// Fetch the activity lists and contexts that documents reference
    #[arg(long)]
    pub(super) fetch: bool,
    /// Write all remote documents to FILE, for use with --remote
    #[arg(long, value_name = "FILE")]
    pub(super) save_remote: Option<PathBuf>,
    /// Override the root type of each document
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) root_type: Option<String>,
    /// Validate at most N items per feed page
    #[arg(long, value_name = "N")]
    pub(super) item_limit: Option<usize>,
    /// Show findings of this severity and above
    ///
    /// Severities: failure, warning, suggestion, notice.
    #[arg(long, default_value = "warning", value_name = "SEVERITY")]
    pub(super) show: String,
    /// Reject documents larger than N MiB
    #[arg(long, default_value = "64", value_name = "N")]
    pub(super) max_size: u64,
}

/// `oa-test feeds`
#[derive(Debug, Clone, Args)]
#[command(after_help = "Exit codes: 0 no failures; 1 failures; 2 a feed was not read to its last page;\n130 \
                        interrupted\n\nMemory use is about 40 bytes per item.")]
pub(super) struct FeedsArguments {
    /// Read this feed, or all feeds of this dataset site
    #[arg(value_name = "URL")]
    pub(super) url: String,
    /// Select feeds of a dataset site by name or glob [repeatable]
    #[arg(short, long, value_name = "NAME")]
    pub(super) feed: Vec<String>,
    /// Set the validation mode of items; `none` disables validation
    ///
    /// By default the path of the feed determines the mode, else it is BookableRPDEFeed.
    #[arg(short, long, value_name = "MODE")]
    pub(super) mode: Option<String>,
    /// Validate every Nth item only
    #[arg(long, default_value = "1", value_name = "N")]
    pub(super) sample: u64,
    /// Read up to N feeds in parallel
    #[arg(long, default_value = "4", value_name = "N")]
    pub(super) jobs: usize,
    /// Read each feed twice to find items that vanish undeleted
    #[arg(long, conflicts_with = "max_pages")]
    pub(super) twice: bool,
    /// Count the opportunities that meet each Test Interface criterion
    ///
    /// Counts are by type and booking flow. Every opportunity is kept in memory, compressed.
    #[arg(long)]
    pub(super) criteria: bool,
    /// Send a header, e.g. `Authorization: Bearer …` [repeatable]
    ///
    /// The header is sent to the host of the feed only, and appears in no output.
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    pub(super) header: Vec<String>,
    /// Wait N milliseconds between the pages of a feed
    #[arg(long, default_value = "0", value_name = "N")]
    pub(super) delay: u64,
    /// Time out page requests after N milliseconds
    #[arg(long, default_value = "30000", value_name = "N")]
    pub(super) timeout: u64,
    /// Read at most N pages per feed
    #[arg(long, value_name = "N")]
    pub(super) max_pages: Option<u64>,
    /// Save progress to FILE and resume from it; removed on completion
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Read the activity list from FILE
    #[arg(long, value_name = "FILE")]
    pub(super) activity_list: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub(super) json: bool,
}
