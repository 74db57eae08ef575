//! What came back from a request: whether it came at all, with which status, and as JSON.

use serde_json::Value;

use crate::checks::response;
use crate::client::Response;
use crate::results::{FailureKind, Finding};
use crate::run::cite::{Called, Says};
use crate::run::steplog::StepLog;

/// What a step expects of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'e> {
    /// What was requested, in the words of the specification, such as `C1`.
    pub(super) what: &'e str,
    /// The statuses that are right. The first one is named in findings.
    pub(super) status: &'e [u16],
    /// The section of the specification.
    pub(super) spec: &'e str,
    /// What to look at when credentials are refused.
    pub(super) credentials: &'e str,
    /// What to look at when the answer is any other error.
    pub(super) hint: Option<&'e str>,
    /// Whether a wrong answer is only in the way of what is being tested.
    pub(super) beside: bool,
}

impl Expected<'_> {
    fn note(&self, log: &mut StepLog, name: Called, finding: Finding) {
        if self.beside {
            log.block(name, finding);
        } else {
            log.fail(name, finding);
        }
    }
}

fn with_exchange(finding: Finding, response: &Response) -> Finding {
    match response.exchange() {
        Some(id) => finding.exchange(id),
        None => finding,
    }
}

/// Judges transport alone. False when no answer came.
pub(super) fn answered(log: &mut StepLog, response: &Response, what: &str, spec: &str) -> bool {
    if let Some(id) = response.exchange() {
        log.exchange(id);
    }
    let Some(failure) = &response.failure else {
        says_what_broke(log, response, spec);
        return true;
    };
    let message = match failure.kind {
        FailureKind::Timeout => format!("{what} timed out: {}", failure.message),
        FailureKind::Unreachable => format!("{what} could not be sent: {}", failure.message),
        FailureKind::Unsent => format!("{what} could not be made: {}", failure.message),
        FailureKind::TooLarge => format!("the answer to {what} is too large: {}", failure.message),
        FailureKind::Broken | FailureKind::Redirects => {
            format!("{what} got no complete answer: {}", failure.message)
        }
    };
    let mut finding = Finding::new(message).spec(spec);
    if failure.kind == FailureKind::Timeout {
        finding = finding.hint("the limit is `integrationTests.openBookingApiRequestTimeout`");
    }
    log.block(response::STATUS.says(format!("{what} is answered")), with_exchange(finding, response));
    false
}

/// An error of the booking system itself has a type of its own.
fn says_what_broke(log: &mut StepLog, response: &Response, spec: &str) {
    if response.status.is_none_or(|status| status < 500) {
        return;
    }
    let Ok(body) = response.json() else { return };
    let vague = "InternalOpenBookingError";
    let finding = (body.get("@type").and_then(Value::as_str) == Some(vague)).then(|| {
        let finding = Finding::new("the error says that something is wrong with the booking system, and not what");
        with_exchange(
            finding.expected("an error of a type that says what is wrong", vague).path("@type").spec(spec),
            response,
        )
    });
    log.check(response::SPECIFIC_SERVER_ERROR.called(), None, finding);
}

/// The status of an answer, and what an error says of itself.
pub(super) fn shown_status(response: &Response) -> String {
    let found = response.status.unwrap_or_default();
    match problem_of(response) {
        Some(problem) if found >= 300 => format!("HTTP {found}: {problem}"),
        _ => format!("HTTP {found}"),
    }
}

/// Judges transport and status. False when nothing can be built on the answer.
pub(super) fn status(log: &mut StepLog, response: &Response, expected: Expected<'_>) -> bool {
    let what = expected.what;
    if !answered(log, response, what, expected.spec) {
        return false;
    }
    let found = response.status.unwrap_or_default();
    let name = response::STATUS.says(format!("{what} answers with HTTP {}", words(expected.status)));
    if expected.status.contains(&found) {
        log.check(name, None, None);
        return true;
    }
    let shown = match problem_of(response) {
        Some(problem) => format!("HTTP {found}: {problem}"),
        None => format!("HTTP {found}"),
    };
    let mut finding = Finding::new(format!("{what} answered with {shown}"))
        .expected(format!("HTTP {}", words(expected.status)), shown)
        .spec(expected.spec);
    if matches!(found, 401 | 403) {
        finding = finding.hint(expected.credentials);
    } else if let Some(hint) = expected.hint {
        finding = finding.hint(hint);
    }
    expected.note(log, name, with_exchange(finding, response));
    false
}

/// Reads the body as a JSON object. None when it is not one.
pub(super) fn object(log: &mut StepLog, response: &Response, expected: Expected<'_>) -> Option<Value> {
    let what = expected.what;
    let name = response::JSON_OBJECT.says(format!("{what} answers with a JSON object"));
    let content_type = response.header("content-type").unwrap_or("no content type").to_owned();
    let finding = match response.json() {
        Ok(value) if value.is_object() => {
            log.check(name, None, None);
            return Some(value);
        }
        Ok(value) => Finding::new(format!("the answer to {what} is not a JSON object"))
            .expected("a JSON object", crate::checks::brief(&value)),
        Err(problem) => Finding::new(format!("the answer to {what} cannot be read: {problem}"))
            .expected("a JSON object", format!("{problem} ({content_type})")),
    };
    expected.note(log, name, with_exchange(finding.spec(expected.spec), response));
    None
}

fn words(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

/// What an error body says of itself: its types, and the first description.
fn problem_of(response: &Response) -> Option<String> {
    let body = match response.json() {
        Ok(body) => body,
        Err(problem) if response.body.is_empty() => return Some(problem),
        Err(problem) => {
            let mut characters = problem.chars();
            let start: String = characters.by_ref().take(160).collect();
            // The mark lets a secret be found that is cut off here.
            return Some(if characters.next().is_some() { start + "…" } else { start });
        }
    };
    let mut types: Vec<&str> = Vec::new();
    let mut description = body.get("description").and_then(Value::as_str);
    let items = body.get("orderedItem").and_then(Value::as_array).into_iter().flatten();
    let errors = items.filter_map(|item| item.get("error").and_then(Value::as_array)).flatten();
    for error in std::iter::once(&body).chain(errors) {
        if let Some(name) = error.get("@type").and_then(Value::as_str)
            && !types.contains(&name)
        {
            types.push(name);
        }
        description = description.or_else(|| error.get("description").and_then(Value::as_str));
    }
    let types = types.join(", ");
    match (types.is_empty(), description) {
        (true, None) => None,
        (true, Some(text)) => Some(text.to_owned()),
        (false, None) => Some(types),
        (false, Some(text)) => Some(format!("{types}, {text}")),
    }
}
