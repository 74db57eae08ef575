//! Standard output and standard error.

use std::io::{IsTerminal as _, Write as _};

use crate::report::Paint;

use super::arguments::Color;

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

    /// Prints to standard output. A reader that went away is no error of ours.
    pub(super) fn print(self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    }

    /// Prints a line to standard error.
    pub(super) fn tell(self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// Prints an error.
    pub(super) fn error(self, message: &str) {
        let label = self.paint_errors().verdict(crate::results::Verdict::Failed, "error:");
        self.tell(&format!("{label} {message}"));
    }
}
