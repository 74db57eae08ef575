//! The error itself.

use std::fmt;
use std::io;
use std::path::Path;

use super::kind::ErrorKind;
use crate::vocabulary::UnknownName;

/// Cause of an error.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The reason why a command could not do what it was asked for.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    source: Option<Cause>,
}

impl Error {
    /// An error without a hint. The message is a fragment without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, source: None }
    }

    /// An error in the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// An error in the configuration, in known failures or in feature files.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// An error of the booking system, or of another server.
    pub fn target(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Target, message)
    }

    /// An error of `oa-test` or of its machine.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// An error about a file or folder that somebody named: `cannot read run.json.gz: …`.
    ///
    /// A path that leads nowhere, or to something of another kind, is an error in the command line; anything else is one
    /// of the machine.
    #[must_use]
    pub fn file(verb: &str, path: &Path, error: io::Error) -> Self {
        Self::new(Self::kind_of(&error), format!("cannot {verb} {}", path.display())).source(error)
    }

    /// The kind of an error that a path or a port brought.
    #[must_use]
    pub fn kind_of(error: &io::Error) -> ErrorKind {
        match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidFilename
            | io::ErrorKind::InvalidData
            | io::ErrorKind::AddrInUse
            | io::ErrorKind::ReadOnlyFilesystem => ErrorKind::Usage,
            _ => ErrorKind::Internal,
        }
    }

    /// The same error with a hint: what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with its cause.
    #[must_use]
    pub fn source(mut self, cause: impl Into<Cause>) -> Self {
        self.source = Some(cause.into());
        self
    }

    /// The same error with what was attempted before its message: `cannot start the sandbox: …`.
    #[must_use]
    pub fn during(mut self, attempt: &str) -> Self {
        self.message = format!("{attempt}: {}", self.message);
        self
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The remedy. `None` if the message is sufficient.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Its message, and after colons those of its causes.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.message.clone();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|cause| &**cause as &(dyn std::error::Error + 'static))
    }
}

impl From<UnknownName> for Error {
    fn from(unknown: UnknownName) -> Self {
        let error = Self::usage(format!("unknown {} `{}`", unknown.what, unknown.given));
        match unknown.closest {
            Some(name) => error.hint(format!("did you mean `{name}`?")),
            None => error,
        }
    }
}

/// Data in memory can be written as JSON, so a failure is one of `oa-test`.
impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal("cannot write JSON").source(error)
    }
}

/// An error that was passed on without its type keeps its kind.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => error,
            Err(error) => Self::internal(format!("{error:#}")),
        }
    }
}

/// Any other error, made into one with a kind.
pub trait ErrorContext<T> {
    /// Adds kind and message; what was returned becomes the cause.
    ///
    /// # Errors
    /// The error with its kind.
    fn context(self, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T, E: Into<Cause>> ErrorContext<T> for Result<T, E> {
    fn context(self, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|cause| Error::new(kind, message()).source(cause))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorContext as _, ErrorKind};

    #[test]
    fn an_error_is_shown_with_its_causes() {
        let read: Result<(), _> = Err(std::io::Error::other("disk on fire"));
        let error = read.context(ErrorKind::Internal, || "cannot read a.json".to_owned()).unwrap_err();
        assert_eq!(error.during("cannot start").text(), "cannot start: cannot read a.json: disk on fire");
    }

    #[test]
    fn a_kind_is_kept_where_the_type_is_not() {
        let passed: anyhow::Error = Error::target("no answer").hint("ask again").into();
        let error = Error::from(passed.context("cannot look"));
        assert_eq!((error.kind(), error.advice()), (ErrorKind::Target, Some("ask again")));
        assert_eq!(Error::from(anyhow::anyhow!("odd").context("cannot look")).kind(), ErrorKind::Internal);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_an_error_of_usage() {
        let missing = std::fs::read("/nowhere/at/all").unwrap_err();
        assert_eq!(Error::kind_of(&missing), ErrorKind::Usage);
        assert_eq!(Error::kind_of(&std::io::Error::other("full")), ErrorKind::Internal);
    }
}
