//! Booking of the opportunities of the OrderProposal by another Customer.

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
    "book the opportunities of the OrderProposal as another Customer, and await the update of the OrderProposal",
    || Arc::new(RivalBooks),
);

#[derive(Debug)]
struct RivalBooks;

impl Act for RivalBooks {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Booking by another Customer".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Book the same opportunities as another Customer".to_owned()
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
            driver.begin(self.keyword(), "OrderProposal before the booking by another Customer", self.stage());
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
            driver.begin(self.keyword(), "OrderProposal after the booking by another Customer", self.stage());
            change::effect(driver, "the booking by another Customer", None, watched, step).await;
            let rejected = driver.end();
            if rejected {
                driver.proposal_rejected();
            }
            rejected
        })
    }
}
