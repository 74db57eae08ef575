//! Bodies of booking requests, for the OrderItems of the part.

use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::trace::{Event, Items};

use super::driver::Driver;
use super::requests::{Draft, override_offer};
use super::template::Template;

/// Writes the body of a booking request.
pub(super) fn draft(
    driver: &mut dyn Driver,
    template: Template,
    write: impl FnOnce(&Draft<'_>, &mut ChaCha8Rng) -> Value,
) -> Value {
    let facts = driver.facts();
    if template == Template::WithOfferOverrides {
        let mut items = driver.history().items.clone();
        items.iter_mut().for_each(|item| override_offer(item, driver.kept_mut().identifiers()));
        driver.remember(Event::Items(Items { items, needed: None }));
    }
    if template.is_dynamic() && !driver.history().dynamic {
        driver.remember(Event::Dynamic);
    }
    // The draft reads from the driver while it chooses.
    let mut choices = driver.kept_mut().choices().clone();
    let draft = Draft {
        template,
        seller: facts.seller(facts.seller),
        items: &driver.history().items,
        party: driver.kept().part().party(),
        payment: facts.payment_details(),
        c1: driver.history().c1.as_ref(),
    };
    let body = write(&draft, &mut choices);
    *driver.kept_mut().choices() = choices;
    body
}
