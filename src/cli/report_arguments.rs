//! Arguments of reports and certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::results::FailOn;

use super::arguments::Format;

/// Report files in addition to those of the output folder.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct OutputArguments {
    /// Write an HTML report to FILE
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(super) html: Option<PathBuf>,
    /// Write a JUnit XML report to FILE
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(super) junit: Option<PathBuf>,
    /// Write a Markdown report to FILE
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(super) markdown: Option<PathBuf>,
    /// Write the run report to FILE as uncompressed JSON
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(super) json: Option<PathBuf>,
}

/// Results that cause exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnArgument {
    /// Failed cells [default]
    Failure,
    /// Failed cells and warnings (SHOULD)
    Warning,
    /// Failed cells, warnings and suggestions (MAY)
    Suggestion,
    /// Failed cells and flaky cells
    Flaky,
    /// None: exit code 0 if any cell was judged
    Nothing,
}

/// Effect of checks that are new in this minor version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum NewChecksArgument {
    /// Failures
    Fail,
    /// Warnings, until the next minor version [default]
    #[default]
    Warn,
}

impl From<&[FailOnArgument]> for FailOn {
    fn from(given: &[FailOnArgument]) -> Self {
        Self {
            warnings: given.contains(&FailOnArgument::Warning),
            suggestions: given.contains(&FailOnArgument::Suggestion),
            flaky: given.contains(&FailOnArgument::Flaky),
            nothing: given.contains(&FailOnArgument::Nothing),
            new_checks: false,
        }
    }
}

/// `oa-test certificate`
#[derive(Debug, Subcommand)]
pub(super) enum CertificateCommand {
    /// Verify a certificate by replaying its evidence
    Verify(VerifyArguments),
    /// Print the public key of a signing key
    PublicKey {
        /// Read the private key (PEM)
        #[arg(value_name = "FILE")]
        key: PathBuf,
    },
}

/// `oa-test certificate verify`
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 valid; 1 invalid; 2 unreadable")]
pub(super) struct VerifyArguments {
    /// Verify this certificate, a file or a URL
    #[arg(value_name = "FILE|URL")]
    pub(super) certificate: String,
    /// Require this holder
    #[arg(long, value_name = "NAME")]
    pub(super) holder: Option<String>,
    /// Require a certificate for this URL
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Require a signature by this key (PEM file or Base64)
    #[arg(long, value_name = "KEY")]
    pub(super) public_key: Option<String>,
    /// Set the format of standard output
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// `oa-test report`
#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Render a self-contained HTML file
    Html(RenderArguments),
    /// Render Markdown, for the summary of a CI job
    Markdown(RenderArguments),
    /// Render JUnit XML
    Junit(RenderArguments),
    /// Render annotations for GitHub Actions
    Github(RenderArguments),
    /// Render the table of all cells
    Table(RenderArguments),
    /// Render the text that `oa-test run` printed
    Text(TextArguments),
    /// Render the run report as uncompressed JSON
    Json(RenderArguments),
    /// Show one exchange in full, with a curl command to repeat it
    Exchange {
        /// Select the exchange by number
        #[arg(value_name = "NUMBER")]
        number: u32,
        /// Read a saved run
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Write one cause to a folder: finding, exchanges, configuration
    Bundle {
        /// Select the cause by its place in the diagnosis, from 1
        #[arg(value_name = "NUMBER")]
        number: usize,
        /// Read a saved run
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Write to this folder [default: bundle-NUMBER]
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Rejudge a saved run by the checks of this version
    Rejudge(RejudgeArguments),
    /// Merge the runs of all shards
    Merge(MergeArguments),
}

/// `oa-test report html` and its like
#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// Read a saved run: run.json.gz, or uncompressed JSON
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// `oa-test report text`
#[derive(Debug, Args)]
pub(super) struct TextArguments {
    #[command(flatten)]
    pub(super) render: RenderArguments,
    /// List warnings and suggestions
    #[arg(long)]
    pub(super) warnings: bool,
    /// Print causes in full, tables and skipped tests
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// `oa-test report rejudge`
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: as for a run with the new verdicts; 2 if rejudging is impossible")]
pub(super) struct RejudgeArguments {
    /// Read a saved run
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Write the run with the new verdicts to FILE
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// `oa-test report merge`
#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// Read the saved runs of all shards
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) outputs: OutputArguments,
    /// Write the merged run and its report to DIR
    #[arg(long, value_name = "DIR", default_value = "output", help_heading = "Reports")]
    pub(super) output: PathBuf,
    /// Return exit code 1 for these results [repeatable]
    #[arg(long, value_enum, value_name = "RESULT", help_heading = "Exit code")]
    pub(super) fail_on: Vec<FailOnArgument>,
}
