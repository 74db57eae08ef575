//! `oa-test help` and `oa-test man`

use std::io;
use std::path::Path;

use clap::CommandFactory as _;

use crate::error::{Error, ErrorContext as _, ErrorKind, Exit};
use crate::vocabulary::closest;

use super::arguments::{Cli, ManArguments};
use super::output::Output;

/// Topics of `oa-test help` that are not commands, each with its text.
const TOPICS: &[(&str, &str)] = &[
    ("exit-codes", include_str!("topics/exit-codes.txt")),
    ("configuration", include_str!("topics/configuration.txt")),
    ("selecting", include_str!("topics/selecting.txt")),
    ("profiles", include_str!("topics/profiles.txt")),
    ("random-mode", include_str!("topics/random-mode.txt")),
];

/// Prints help for a command, a topic, or `oa-test` itself where `words` is empty.
pub(super) fn help(words: &[String], output: Output) -> Result<Exit, Error> {
    if let [word] = words
        && let Some((_, text)) = TOPICS.iter().find(|(topic, _)| topic == word)
    {
        output.print(text);
        return Ok(Exit::Success);
    }
    find_command(words)?;
    // `--help` itself decides between the short and the long layout.
    let arguments = ["oa-test"].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]);
    let help = match Cli::command().try_get_matches_from(arguments) {
        Err(help) if help.kind() == clap::error::ErrorKind::DisplayHelp => help.render(),
        _ => return Err(Error::internal("the help of the command cannot be rendered")),
    };
    output.print(&if output.paint().is_on() { help.ansi().to_string() } else { help.to_string() });
    Ok(Exit::Success)
}

/// Prints one manual page, or writes those of all commands to a folder.
pub(super) fn man(arguments: &ManArguments, output: Output) -> Result<Exit, Error> {
    if let Some(folder) = &arguments.output {
        write_pages(folder).map_err(|error| Error::file("write manual pages to", folder, error))?;
        return Ok(Exit::Success);
    }
    let command = find_command(&arguments.words)?;
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .context(ErrorKind::Internal, || "cannot render the manual page".to_owned())?;
    output.print_as_is(&String::from_utf8_lossy(&page));
    Ok(Exit::Success)
}

/// Writes `oa-test.1`, `oa-test-run.1`, and so on.
fn write_pages(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}

/// The command with the name `words`, such as `report html`; its name for display is `oa-test report html`.
fn find_command(words: &[String]) -> Result<clap::Command, Error> {
    let mut command = Cli::command();
    command.build();
    for word in words {
        let Some(next) = command.find_subcommand(word) else {
            return Err(unknown(word, &command));
        };
        command = next.clone();
    }
    Ok(command)
}

/// The error for a word that is neither a subcommand of `command` nor a topic.
fn unknown(word: &str, command: &clap::Command) -> Error {
    let topics = TOPICS.iter().map(|(topic, _)| *topic);
    let known = command.get_subcommands().map(clap::Command::get_name).chain(topics);
    let error = Error::usage(format!("no command or topic is named `{word}`"));
    match closest(word, known) {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        None => error.hint("run `oa-test help` for a list of commands and topics"),
    }
}
