//! The command line: one file a command.

mod arguments;
mod auth;
mod certificate;
mod configuration;
mod coverage;
mod doctor;
mod explain;
mod feeds;
mod help;
mod init;
mod interrupt;
mod judge;
mod list;
mod live;
mod output;
mod report;
mod report_arguments;
mod run;
mod runtime;
mod sandbox;
mod sarif;
mod selfcheck;
mod selfcheck_variants;
mod shell;
mod sweep;
mod test_data;
mod validate;
mod variants;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;

pub use arguments::Cli;
use arguments::Command;
use output::Output;

use crate::error::{Error, ErrorKind, Exit};

/// Runs the command of the process arguments and returns the exit code of the process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.color);
    let exit = match dispatch(cli.command, output) {
        // Output that was lost has been reported as an error, so that exit code 0 would be wrong.
        Ok(Exit::Success) if output.lost() => Exit::Error(ErrorKind::Internal),
        Ok(exit) => exit,
        Err(error) => {
            output.failure(&error);
            Exit::Error(error.kind())
        }
    };
    ExitCode::from(exit.code())
}

fn dispatch(command: Command, output: Output) -> Result<Exit, Error> {
    match command {
        Command::Run(arguments) => run::run(&arguments, output),
        Command::Watch(arguments) => watch::watch(&arguments, output),
        Command::Report { command } => report::report(&command, output),
        Command::Certificate { command } => certificate::certificate(&command, output),
        Command::Judge(arguments) => judge::judge(&arguments, output),
        Command::Init(arguments) => init::init(&arguments, output),
        Command::Doctor(arguments) => Ok(doctor::doctor(&arguments, output)?),
        Command::List(arguments) => list::list(&arguments, output),
        Command::Explain(arguments) => explain::explain(&arguments, output),
        Command::Coverage(arguments) => coverage::coverage_of(&arguments, output),
        Command::TestData(arguments) => test_data::test_data(&arguments, output),
        Command::Selfcheck(arguments) => selfcheck::selfcheck(&arguments, output),
        Command::Auth { command } => auth::auth(&command, output),
        Command::Config { command } => configuration::check(&command, output),
        Command::Sandbox(arguments) => sandbox::sandbox(&arguments, output),
        Command::Validate(arguments) => validate::validate(&arguments, output),
        Command::Feeds(arguments) => Ok(feeds::feeds(&arguments, output)?),
        Command::Schema { of } => shell::schema(of, output),
        Command::Completions { shell } => shell::completions(shell, output),
        Command::Man(arguments) => help::man(&arguments, output),
        Command::Help { words } => help::help(&words, output),
    }
}
