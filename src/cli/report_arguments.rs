//! What the command line understands of reports and certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::results::FailOn;

use super::arguments::Format;

/// Reports that are written to files, besides those of the folder.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct OutputArguments {
    /// Write the HTML report to this file, too
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) html: Option<PathBuf>,
    /// Write JUnit XML to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) junit: Option<PathBuf>,
    /// Write Markdown to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) markdown: Option<PathBuf>,
    /// Write the run report to this file as plain JSON
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) json: Option<PathBuf>,
}

/// What makes an exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnArgument {
    /// Cells that fail (the default)
    Failure,
    /// Those, and warnings: what the specification says SHOULD be otherwise
    Warning,
    /// Those, warnings, and suggestions: what is worth knowing
    Suggestion,
    /// Those, and cells that passed only when they were tried again
    Flaky,
    /// Nothing, as long as anything was judged
    Nothing,
}

/// What a check does that this version of the program brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum NewChecksArgument {
    /// Fail, as every other check
    Fail,
    /// Warn, until the next minor version (the default)
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
    /// Make everything that a certificate claims again out of its evidence, and tell where anything differs
    Verify(VerifyArguments),
    /// Print the public key to a key that signs
    PublicKey {
        /// The key that signs: a PEM file
        #[arg(value_name = "FILE")]
        key: PathBuf,
    },
}

/// `oa-test certificate verify`
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 valid; 1 not valid; 2 it could not be read.")]
pub(super) struct VerifyArguments {
    /// A certificate: a file, or the URL where it was found
    #[arg(value_name = "FILE|URL")]
    pub(super) certificate: String,
    /// Who it must be awarded to
    #[arg(long, value_name = "NAME")]
    pub(super) holder: Option<String>,
    /// Where a file is to be found: the certificate must be for that URL
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Who must have signed it: a PEM file, or the key as Base64
    #[arg(long, value_name = "KEY")]
    pub(super) public_key: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// `oa-test report`
#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// One HTML file, to be opened from disk
    Html(RenderArguments),
    /// Markdown, for the summary of a CI job
    Markdown(RenderArguments),
    /// JUnit XML
    Junit(RenderArguments),
    /// Annotations of GitHub Actions
    Github(RenderArguments),
    /// The table of all cells
    Table(RenderArguments),
    /// What `oa-test run` printed at its end
    Text(TextArguments),
    /// The run report as plain JSON
    Json(RenderArguments),
    /// One exchange in full, with the curl line that repeats it
    Exchange {
        /// Its number
        number: u32,
        /// A saved run
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Judge a saved run again by the checks of this version, and list what changed
    Rejudge(RejudgeArguments),
    /// Put the runs of all machines of one plan together
    Merge(MergeArguments),
}

/// `oa-test report html` and its like
#[derive(Debug, Args)]
pub(super) struct RenderArguments {
    /// A saved run: run.json.gz, or the same as plain JSON
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Where to write, in the place of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// `oa-test report text`
#[derive(Debug, Args)]
pub(super) struct TextArguments {
    #[command(flatten)]
    pub(super) render: RenderArguments,
    /// Tell the warnings and suggestions of validation, too
    #[arg(long)]
    pub(super) warnings: bool,
    /// Tell every finding of every cell by itself
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// `oa-test report rejudge`
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: that of the run with the new verdicts; 2 if it cannot be judged.")]
pub(super) struct RejudgeArguments {
    /// A saved run
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Write the run with the new verdicts to this file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// `oa-test report merge`
#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// The saved runs of all machines
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) outputs: OutputArguments,
    /// The folder for the run and its report
    #[arg(long, value_name = "DIR", default_value = "output", help_heading = "Output")]
    pub(super) output: PathBuf,
    /// What makes the exit code 1; may be repeated
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Exit code")]
    pub(super) fail_on: Vec<FailOnArgument>,
}
