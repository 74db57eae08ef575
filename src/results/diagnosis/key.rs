//! What makes two findings ones of the same cause.

use crate::results::finding::Finding;
use crate::vocabulary::{Flow, OpportunityType, Stage};

/// Characters of a reason that distinguish it from others.
const KEY: usize = 240;

/// The property that a feed shows of the spaces that are left.
const CAPACITY: &str = "remainingAttendeeCapacity";

/// The check that a step ends in time.
const STEP_ENDS: &str = "step-ends";

/// What makes two findings ones of the same cause: subject and defect, in responses, in each of the feeds of Orders, or in Order
/// Status. Where the subject is a whole response or feed, the message without identifiers is part of the defect.
#[must_use]
pub fn cause_key(stage: Stage, check: Option<&str>, finding: &Finding) -> String {
    let base = base_key(stage, check, finding);
    match stage {
        Stage::OrdersFeed | Stage::ProposalsFeed | Stage::OrderStatus => format!("{base}\n{}", stage.subject()),
        _ => base,
    }
}

/// What makes two findings ones of the same cause, whatever the document.
pub(super) fn base_key(stage: Stage, check: Option<&str>, finding: &Finding) -> String {
    if check == Some(STEP_ENDS) {
        return reason_key(&finding.message);
    }
    if let Some((_, reason)) = finding.message.split_once(" was not sent: ") {
        return format!("unsent\n{}", general(reason));
    }
    let (subject, defect) = (subject(finding), defect(finding));
    let about_all = subject.is_empty() || subject == stage.subject();
    // The error with which a request is not rejected, whatever the stage and whatever came instead.
    if let Some(error) = finding.expected.as_deref().and_then(error_name)
        && (about_all || subject == "@type")
    {
        return format!("rejection\n{error}");
    }
    // A request that must be rejected in any way, whatever the stage.
    if about_all && finding.expected.as_deref().is_some_and(|expected| expected.starts_with("an error")) {
        let label = stage_label(stage);
        return format!("rejection\n{}", general(&finding.message.replace(&format!("{label} "), "")));
    }
    // What takes capacity is one thing, and each request that must release it, or leave it, another.
    if subject == CAPACITY {
        let takes = matches!(stage, Stage::C1 | Stage::C2 | Stage::P | Stage::B);
        return format!("{subject}\n{defect}\n{}", if takes { "" } else { stage.subject() });
    }
    let what = if about_all { general(&finding.message) } else { constant(subject, finding.expected.as_deref()) };
    let subject = if about_all { stage.subject() } else { subject };
    format!("{subject}\n{defect}\n{what}")
}

/// What makes two reasons of cells that never started the same.
#[must_use]
pub fn reason_key(reason: &str) -> String {
    format!("\nreason\n{}", general(reason))
}

/// The name of a stage, as blocks show it: `C1`, `Orders feed`.
#[must_use]
pub fn stage_label(stage: Stage) -> &'static str {
    let subject = stage.subject();
    subject.strip_suffix(" response").unwrap_or(subject)
}

/// The subject of a finding. The remaining capacity is one property with two names.
pub(super) fn subject(finding: &Finding) -> &str {
    match finding.subject.as_str() {
        "remainingUses" => CAPACITY,
        other => other,
    }
}

/// The defect of a finding; a rule of the data model that says the same as a check is that defect.
pub(super) fn defect(finding: &Finding) -> &str {
    match finding.defect.as_str() {
        "RequiredFieldsRule" | "RequiredOptionalFieldsRule" => "missing",
        other => other,
    }
}

/// The name of an error in an expected value, such as `HTTP 409: OpportunityIsFullError`.
pub(super) fn error_name(expected: &str) -> Option<&str> {
    let text = match expected.strip_prefix("HTTP ") {
        Some(rest) => rest.split_once(": ")?.1,
        None => expected.trim_matches('"'),
    };
    (text.ends_with("Error") && text.chars().all(|c| c.is_ascii_alphanumeric())).then_some(text)
}

/// An expected value as far as it distinguishes one fault from another: the name of an error, of a status or type, an HTTP status.
/// Values that depend on the example are not.
fn constant(subject: &str, expected: Option<&str>) -> String {
    let Some(expected) = expected else { return String::new() };
    let text = expected.trim_matches('"');
    let name = last_name(subject);
    let status = text.contains("openactive.io/") && (name.ends_with("Status") || name == "@type");
    let kept = status || error_name(expected).is_some() || text.starts_with("HTTP ");
    if kept { text.to_owned() } else { String::new() }
}

/// A text without what depends on the example: URLs, identifiers, numbers, types, flows and criteria.
pub(super) fn general(text: &str) -> String {
    let mut general = String::with_capacity(text.len().min(KEY));
    let mut before = "";
    for (number, word) in text.split_whitespace().enumerate() {
        if !general.is_empty() {
            general.push(' ');
        }
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        let identifier = inner.len() >= 16 && inner.contains('-') && inner.contains(|c: char| c.is_ascii_digit());
        let kind = inner.parse::<OpportunityType>().is_ok() || inner.parse::<Flow>().is_ok();
        let named = inner.starts_with("TestOpportunity") || (number == 0 && inner.ends_with("SimulateAction"));
        if word.contains("://") || identifier || kind || named {
            general.push('…');
        } else if before == "HTTP" {
            general.push_str(word);
        } else {
            let mut digit = false;
            for c in word.chars() {
                if !(c.is_ascii_digit() && digit) {
                    general.push(if c.is_ascii_digit() { '#' } else { c });
                }
                digit = c.is_ascii_digit();
            }
        }
        before = word;
        if general.len() >= KEY {
            break;
        }
    }
    general
}

/// The last name of a path.
pub(super) fn last_name(subject: &str) -> &str {
    subject.rsplit('.').next().unwrap_or(subject)
}
