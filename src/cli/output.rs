//! Standard output and standard error.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::error::Error;
use crate::report::{Paint, defuse, wrap};

use super::arguments::Color;

/// Whether something could not be printed to standard output.
static UNWRITTEN: AtomicBool = AtomicBool::new(false);

/// Where and how to print.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    color: Color,
}

impl Output {
    pub(super) const fn new(color: Color) -> Self {
        Self { color }
    }

    fn colored(self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// Colour for standard output.
    pub(super) fn paint(self) -> Paint {
        Paint::new(self.colored(std::io::stdout().is_terminal()))
    }

    /// Colour for standard error.
    pub(super) fn paint_errors(self) -> Paint {
        Paint::new(self.colored(std::io::stderr().is_terminal()))
    }

    /// Columns of standard output; `None` where it is not a terminal.
    pub(super) fn columns(self) -> Option<usize> {
        let terminal = std::io::stdout().is_terminal();
        terminal.then(|| usize::from(console::Term::stdout().size().1))
    }

    /// A text that starts at a column, broken at spaces where it would be longer than a line of the terminal.
    pub(super) fn wrapped(self, text: &str, indent: usize) -> String {
        self.columns().map_or_else(|| text.to_owned(), |columns| wrap(text, columns, indent))
    }

    /// Prints to standard output, without anything that a CI system takes for a command.
    pub(super) fn print(self, text: &str) {
        self.print_as_is(&defuse(text));
    }

    /// Prints to standard output what is a command to a CI system or a shell.
    ///
    /// A closed pipe is not an error. Any other error is reported once, and makes the exit code of the process
    /// other than 0.
    pub(super) fn print_as_is(self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error)
                if error.kind() != std::io::ErrorKind::BrokenPipe && !UNWRITTEN.swap(true, Ordering::Relaxed) =>
            {
                self.error(&format!("cannot write to standard output: {error}"));
            }
            _ => {}
        }
    }

    /// Whether something could not be printed to standard output.
    pub(super) fn lost(self) -> bool {
        UNWRITTEN.load(Ordering::Relaxed)
    }

    /// Prints a line to standard error.
    pub(super) fn log(self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", defuse(line));
    }

    /// Prints the reason why a command ends, with what to do about it.
    pub(super) fn failure(self, error: &Error) {
        self.error(&error.text());
        if let Some(advice) = error.advice() {
            self.log(&format!("{} {advice}", self.paint_errors().bold("hint:")));
        }
    }

    /// Prints an error.
    pub(super) fn error(self, message: &str) {
        let label = self.paint_errors().verdict(crate::results::Verdict::Failed, "error:");
        self.log(&format!("{label} {message}"));
    }
}

/// A JSON object with these members.
pub(super) fn object(members: impl Iterator<Item = (impl AsRef<str>, Value)>) -> Value {
    let mut object = serde_json::Map::new();
    object.extend(members.map(|(name, value)| (name.as_ref().to_owned(), value)));
    Value::Object(object)
}
