//! Another customer who books what an OrderProposal is for.

use crate::catalogue::{Act, Step, Template};
use crate::run::cell::CellRun;
use crate::trace::{Event, Identity};

use super::{book, change};

/// Another customer books the opportunities of the part, and what becomes of its OrderProposal shows in a feed.
pub(super) async fn rival_books(run: &mut CellRun, step: &Step) -> bool {
    run.begin("rival-books", "The OrderProposal before somebody else books");
    let watched = change::open(run, step.awaits).await;
    let readable = run.end();
    let Some(watched) = watched.filter(|_| readable) else { return false };
    let (part, order): (_, Identity) = run.rival();
    run.remember(Event::Rival(order));
    let plain = Step::plain(Act::BookAtOnce(Template::Standard));
    let demands = std::mem::take(&mut run.demands);
    let booked = book::book(run, Template::Standard, true, &plain).await;
    run.demands = demands;
    run.part = part;
    run.remember(Event::RivalEnded);
    if !booked {
        return false;
    }
    run.begin("rival-books", "The OrderProposal after somebody else booked");
    change::effect(run, "the booking of somebody else", None, watched, step).await;
    let rejected = run.end();
    if rejected {
        run.ledger.rejected(run.partner, &run.history.uuid);
    }
    rejected
}
