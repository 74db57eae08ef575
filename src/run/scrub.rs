//! Secrets that a target sends back: whatever of its answers gets into a report passes through here.

use crate::client::Redactor;
use crate::results::{CellReport, CheckReport, Finding, Remark};

fn text(redactor: &Redactor, text: &mut String) {
    if let std::borrow::Cow::Owned(shown) = redactor.text(text) {
        *text = shown;
    }
}

/// A finding without secrets.
pub(super) fn finding(redactor: &Redactor, finding: &mut Finding) {
    text(redactor, &mut finding.message);
    let optional = [&mut finding.expected, &mut finding.found, &mut finding.path, &mut finding.hint];
    for part in optional.into_iter().flatten() {
        text(redactor, part);
    }
}

/// A remark without secrets.
pub(super) fn remark(redactor: &Redactor, remark: &mut Remark) {
    text(redactor, &mut remark.message);
    text(redactor, &mut remark.path);
    if let Some(first) = &mut remark.first {
        text(redactor, first);
    }
}

/// A cell without secrets.
pub(super) fn cell(redactor: &Redactor, report: &mut CellReport) {
    for part in [&mut report.rerun].into_iter().chain(report.reason.as_mut()) {
        text(redactor, part);
    }
    report.picked.iter_mut().for_each(|picked| text(redactor, picked));
    for opportunity in &mut report.opportunities {
        text(redactor, &mut opportunity.id);
        text(redactor, &mut opportunity.offer);
    }
    for before in &mut report.tries {
        before.reason.iter_mut().for_each(|reason| text(redactor, reason));
    }
    for said in report.all_steps_mut().flat_map(|step| &mut step.remarks) {
        remark(redactor, said);
    }
    // Checks without findings are shared by many steps, and their names hold no secrets but where a feature file does.
    let unclean = |check: &CheckReport| check.finding.is_some() || redactor.text(&check.name) != check.name;
    let steps = report.all_steps_mut().filter(|step| step.checks.iter().any(unclean));
    for check in steps.flat_map(|step| &mut step.checks) {
        text(redactor, &mut check.name);
        if let Some(found) = &mut check.finding {
            finding(redactor, found);
        }
    }
}

/// Texts without secrets.
pub(super) fn texts<'t>(redactor: &Redactor, texts: impl IntoIterator<Item = &'t mut String>) {
    for part in texts {
        text(redactor, part);
    }
}
