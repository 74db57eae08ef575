//! Another customer who books what the OrderProposal of the part is for.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::trace::Event;
use crate::vocabulary::Stage;

use super::act::{Act, FeedEffect, Kind, Step};
use super::booking::book;
use super::change;
use super::driver::Demanded;
use super::driver::Driver;
use super::template::Template;

pub(super) const KIND: Kind = Kind::plain(
    "rival-books",
    "another customer books the opportunities of the OrderProposal, and its effect shows in a feed",
    || Arc::new(RivalBooks),
);

#[derive(Debug)]
struct RivalBooks;

impl Act for RivalBooks {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Booking by somebody else".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "somebody else books the same opportunities".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::B)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["propose"]
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::Shown
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), "The OrderProposal before somebody else books", self.stage());
            let watched = change::open(driver, step.awaits).await;
            let readable = driver.end();
            let Some(watched) = watched.filter(|_| readable) else { return false };
            let facts = driver.facts();
            let (order, part) = driver.kept_mut().start_part(&facts);
            driver.remember(Event::Rival(order));
            // The checks of the feature file are about the OrderProposal.
            let demanded = driver.demand(Demanded::default());
            let booked = book(driver, Template::Standard, true, &Step::plain(Arc::new(RivalBooks))).await;
            driver.demand(demanded);
            driver.kept_mut().resume(part);
            driver.remember(Event::RivalEnded);
            if !booked {
                return false;
            }
            driver.begin(self.keyword(), "The OrderProposal after somebody else booked", self.stage());
            change::effect(driver, "the booking of somebody else", None, watched, step).await;
            let rejected = driver.end();
            if rejected {
                driver.proposal_rejected();
            }
            rejected
        })
    }
}
