//! Somebody else who wants what an OrderProposal is for.

use crate::catalogue::{Act, Step, Template};
use crate::run::cell::CellRun;

use super::await_feed::{effect, watch_for};
use super::book;

/// Somebody else books the opportunities of the part, and what becomes of its OrderProposal shows in a feed.
pub(super) async fn rival_books(run: &mut CellRun, step: &Step) -> bool {
    run.begin("rival-books", "The OrderProposal before somebody else books");
    let watched = watch_for(run, step).await;
    let readable = run.end();
    let Some(watched) = watched.filter(|_| readable) else { return false };
    let (part, history) = run.rival();
    let booked = book::book(run, Template::Standard, true, &Step::plain(Act::BookAtOnce(Template::Standard))).await;
    run.part = part;
    run.history = history;
    if !booked {
        return false;
    }
    run.begin("rival-books", "The OrderProposal after somebody else booked");
    effect(run, "the booking of somebody else", None, watched, step).await;
    let rejected = run.end();
    if rejected {
        run.ledger.rejected(run.partner, &run.history.uuid);
    }
    rejected
}
