//! C1, C2 and P once more: nothing further may come of them.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::Repeated;
use crate::checks::repetition;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::vocabulary::Stage;

use super::answer::{Expected, object, status};
use super::book::difference;
use super::capacity::as_now;
use super::order::with;
use super::{SPEC, lacking, send};

/// Makes the last C1, C2 or P once more: the answer is the same, but for the end of a lease, and so is the capacity.
pub(super) async fn repeat(run: &mut CellRun, repeated: Repeated) -> bool {
    let (what, place) = match repeated {
        Repeated::C1 => ("C1", Stage::C1),
        Repeated::C2 => ("C2", Stage::C2),
        Repeated::P => ("P", Stage::P),
    };
    let title = format!("{what} once more");
    run.begin(repeated.name(), &title);
    run.log().at(Some(place));
    let Some(made) = run.history.made.get(&place).cloned() else { return lacking(run, what) };
    let spec = format!("{SPEC}#endpoints");
    let response = send(run, &title, Method::PUT, &made.path, Some(&made.body)).await;
    let credentials = run.session.credentials_hint(run.credentials());
    let expected = Expected {
        what: &title,
        status: &[made.status],
        spec: &spec,
        credentials: &credentials,
        hint: Some("a repeated request must be answered as the first one was"),
        beside: false,
    };
    if !status(run.log(), &response, expected) {
        return run.end();
    }
    let Some(mut again) = object(run.log(), &response, expected) else { return run.end() };
    let mut first = made.answer;
    for quote in [&mut first, &mut again] {
        // A lease may be extended.
        if let Some(lease) = quote.get_mut("lease").and_then(Value::as_object_mut) {
            lease.remove("leaseExpires");
        }
    }
    let finding = difference("", &first, &again).map(|(path, first, second)| {
        let finding = Finding::new(format!("the repeated {what} was answered otherwise")).expected(first, second);
        with(finding.path(path).spec(&spec), response.exchange())
    });
    run.log().check(repetition::REPEATED_RESPONSE.called(), None, finding);
    as_now(run, &title).await;
    run.end()
}
