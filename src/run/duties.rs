//! Judging a document by the checks of its stage.

use serde_json::Value;

use crate::checks::{Seen, cancelled_items, items, judge as judged_by_rows, order_items};
use crate::results::{ExchangeId, Finding};
use crate::vocabulary::{Profile, Stage};

use super::cell::CellRun;
use super::cite::Says;
use super::steps::context;

/// So many OrderItems are looked at, whatever was requested: what a target sends is compared in a bounded time.
const MANY: usize = 500;

/// Judges, in strict runs, a document that was seen at `stage`. `sent` is the request that it responds to.
pub(super) fn judge(run: &mut CellRun, stage: Stage, body: &Value, sent: Option<&Value>, exchange: Option<ExchangeId>) {
    if !run.strict() {
        return;
    }
    let (found, asked) = (items(body).len(), run.history.items.len());
    if found > MANY.max(asked) {
        let finding = Finding::new("the document has far more OrderItems than were asked for");
        let finding = finding.expected(asked.to_string(), found.to_string()).path("orderedItem");
        let finding = Finding { exchange, ..finding };
        run.log().check(order_items::ORDER_ITEM_COUNT.called(), Some(Profile::Strict), Some(finding));
        return;
    }
    let judged = judged_by_rows(&Seen::new(stage, body, sent, &run.history, context(run, "")));
    let ended: Vec<String> = cancelled_items(body).filter(|_| stage == Stage::OrdersFeed).map(str::to_owned).collect();
    run.history.ended.extend(ended);
    if stage == Stage::OrdersFeed {
        run.history.shown = Some(body.clone());
    }
    let all = judged.iter().all(|(_, finding)| finding.is_none());
    let before = run.log().at(Some(stage));
    // Each that is broken is told by itself.
    if all {
        let name = format!("the document keeps its {} duties beyond the data model", judged.len());
        run.log().check(name, Some(Profile::Strict), None);
    }
    for (row, finding) in judged {
        if let Some(mut finding) = finding {
            if finding.exchange.is_none() {
                finding.exchange = exchange;
            }
            run.log().check(row.called(), Some(Profile::Strict), Some(finding));
        }
    }
    run.log().at(before);
}
