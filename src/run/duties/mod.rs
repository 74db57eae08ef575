//! What every OrderQuote, OrderProposal and Order must be like, whatever the test: the duties of a whole document, as far as
//! they lie beyond the data model.

mod advice;
mod feed;
mod identity;
mod money;
mod opportunity;
mod presence;
mod reflection;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::catalogue::StandardCheck;
use crate::config::Config;
use crate::plan::id_of;
use crate::results::{ExchangeId, Finding};
use crate::vocabulary::{Place, Profile};

use super::cell::CellRun;
use super::cite::Says;
use super::requests::OrderItem;

/// A document of a booking system, with what it can be judged by.
#[derive(Debug)]
pub(super) struct Document<'d> {
    /// Where it was shown.
    place: Place,
    /// The document.
    body: &'d Value,
    /// The request that it answers. For B after P, that of P.
    request: Option<&'d Value>,
    /// The request itself, as it was sent.
    sent: Option<&'d Value>,
    /// What was asked for, by position.
    items: &'d [OrderItem],
    /// The first answer of the booking: that of P, or of B.
    first: Option<&'d Value>,
    /// The Order that B returned.
    booked: Option<&'d Value>,
    /// What the feed showed of it before.
    before: Option<&'d Value>,
    /// OrderItems that a feed has shown as cancelled.
    cancelled: &'d BTreeSet<String>,
    /// Whether the Seller replaced something, or changed what was booked.
    replaced: bool,
    base: &'d str,
    uuid: &'d str,
    config: &'d Config,
}

/// What is wrong with a document, if anything.
type Judge = fn(&Document<'_>) -> Option<Finding>;

/// The places of answers to C1, C2, P and B.
const ANSWERS: &[Place] = &[Place::C1, Place::C2, Place::P, Place::B];
const QUOTES: &[Place] = &[Place::C1, Place::C2];
const FEEDS: &[Place] = &[Place::OrdersFeed, Place::ProposalsFeed];
const EVERYWHERE: &[Place] =
    &[Place::C1, Place::C2, Place::P, Place::B, Place::OrderStatus, Place::OrdersFeed, Place::ProposalsFeed];

/// So many OrderItems are looked at, whatever was asked for.
const MANY: usize = 500;

/// Every duty, and where it is judged.
const DUTIES: &[(StandardCheck, &[Place], Judge)] = {
    use Place as P;
    use StandardCheck as S;
    &[
        (S::OwnUrl, ANSWERS, identity::own_url),
        (S::RootType, EVERYWHERE, identity::root_type),
        (S::BrokerSent, ANSWERS, reflection::broker_sent),
        (S::Reflected, ANSWERS, reflection::reflected),
        (S::CustomerSent, &[P::C2, P::P, P::B], reflection::customer_sent),
        (S::NoExtensions, ANSWERS, reflection::no_extensions),
        (S::PaymentAsSent, &[P::P, P::B], reflection::payment_as_sent),
        (S::NoAnswersAtC1, &[P::C1], presence::no_answers_at_c1),
        (S::NoChannelYet, QUOTES, presence::no_channel_yet),
        (S::NoOrderStatus, &[P::B, P::OrdersFeed, P::OrderStatus], presence::no_order_status),
        (S::NoFlowRequirement, EVERYWHERE, presence::no_flow_requirement),
        (S::NoPaymentMethod, ANSWERS, presence::no_payment_method),
        (S::ConcreteFields, ANSWERS, presence::concrete_fields),
        (S::SellerAddress, ANSWERS, presence::seller_address),
        (S::TermsApart, ANSWERS, presence::terms_apart),
        (S::WaysApart, &[P::B, P::OrdersFeed], presence::ways_apart),
        (S::MessagesInPlace, &[P::OrdersFeed], presence::messages_in_place),
        (S::NoNote, FEEDS, presence::no_note),
        (S::OneCurrency, &[P::C1, P::C2, P::P, P::B, P::OrdersFeed], money::one_currency),
        (S::TotalOfItems, &[P::C1, P::C2, P::P, P::B, P::OrdersFeed, P::OrderStatus], money::total_of_items),
        (S::TaxOfItems, &[P::C1, P::C2, P::P, P::B, P::OrdersFeed, P::OrderStatus], money::tax_of_items),
        (S::TaxTold, ANSWERS, money::tax_told),
        (S::NoTaxWhereExcluded, ANSWERS, money::no_tax_where_excluded),
        (S::PrepaymentOfTotal, QUOTES, money::prepayment_of_total),
        (S::TaxModeOfFeed, ANSWERS, opportunity::tax_mode_of_feed),
        (S::OfferOfFeed, ANSWERS, opportunity::offer_of_feed),
        (S::OpportunityOfFeed, &[P::C1, P::C2, P::P, P::B, P::OrderStatus], opportunity::opportunity_of_feed),
        (S::NeedsOfFeed, QUOTES, opportunity::needs_of_feed),
        (S::FeedIdentity, FEEDS, feed::identity),
        (S::PartOfAnswer, FEEDS, feed::part_of_answer),
        (S::TaxInFeed, FEEDS, feed::tax_in_feed),
        (S::OfferInFeed, &[P::OrdersFeed], feed::offer_in_feed),
        (S::ReplacedFairly, &[P::OrdersFeed], feed::replaced_fairly),
        (S::OfferKept, &[P::OrdersFeed, P::OrderStatus], feed::offer_kept),
        (S::NothingUndone, &[P::OrdersFeed, P::OrderStatus], feed::nothing_undone),
        (S::TotalsFall, &[P::OrdersFeed], feed::totals_fall),
        (S::FormsInFeed, &[P::ProposalsFeed], feed::forms_in_feed),
        (S::WholePlace, &[P::C1, P::C2, P::P, P::B, P::OrderStatus], advice::whole_place),
        (S::ParentTold, &[P::C1, P::C2, P::P, P::B, P::OrderStatus], advice::parent_told),
        (S::ItemIdForm, &[P::B, P::OrdersFeed], advice::item_id_form),
        (S::ChannelWhole, &[P::B, P::OrdersFeed], advice::channel_whole),
        (S::Instructions, &[P::C1, P::C2, P::B], advice::instructions),
        (S::RestAsBooked, &[P::OrderStatus], feed::rest_as_booked),
    ]
};

/// Every duty of documents, with the places where it is judged.
pub fn duties() -> impl Iterator<Item = (StandardCheck, &'static [Place])> {
    DUTIES.iter().map(|(check, places, _)| (*check, *places))
}

/// Judges, in strict runs, a document that was shown in `place`. `sent` is the request that it answers.
pub(super) fn judge(run: &mut CellRun, place: Place, body: &Value, sent: Option<&Value>, exchange: Option<ExchangeId>) {
    if !run.strict() {
        return;
    }
    // Whatever a target sends is compared in a time that one can wait for.
    let (found, asked) = (items(body).len(), run.part.items.len());
    if found > MANY.max(asked) {
        let finding = Finding::new("the document has far more OrderItems than were asked for");
        let finding = finding.expected(asked.to_string(), found.to_string()).path("orderedItem");
        let finding = Finding { exchange, ..finding };
        run.log().check(StandardCheck::AllItems.called(), Some(Profile::Strict), Some(finding));
        return;
    }
    let part = &run.part;
    let document = Document {
        place,
        body,
        request: part.proposed.as_ref().filter(|_| place == Place::B).or(sent),
        sent,
        items: &part.items,
        first: part.proposal.as_ref().or(part.booked.as_ref()),
        booked: part.booked.as_ref(),
        before: part.shown.as_ref(),
        cancelled: &part.ended,
        replaced: part.changed,
        base: &run.session.booking_api,
        uuid: &part.uuid,
        config: &run.session.config,
    };
    let duties = DUTIES.iter().filter(|(_, places, _)| places.contains(&place));
    let judged: Vec<(StandardCheck, Option<Finding>)> =
        duties.map(|(check, _, judge)| (*check, judge(&document))).collect();
    let ended: Vec<String> = cancelled_items(body).filter(|_| place == Place::OrdersFeed).map(str::to_owned).collect();
    run.part.ended.extend(ended);
    if place == Place::OrdersFeed {
        run.part.shown = Some(body.clone());
    }
    let all = judged.iter().all(|(_, finding)| finding.is_none());
    let before = run.log().at(Some(place));
    // Each that is broken is told by itself.
    if all {
        let name = format!("the document keeps its {} duties beyond the data model", judged.len());
        run.log().check(name, Some(Profile::Strict), None);
    }
    for (check, finding) in judged {
        if let Some(mut finding) = finding {
            if finding.exchange.is_none() {
                finding.exchange = exchange;
            }
            run.log().check(check.called(), Some(Profile::Strict), Some(finding));
        }
    }
    run.log().at(before);
}

/// The OrderItems of a document.
fn items(document: &Value) -> &[Value] {
    document.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// `@id`s of the OrderItems that are cancelled.
fn cancelled_items(document: &Value) -> impl Iterator<Item = &str> {
    items(document).iter().filter(|item| is_cancelled(item)).filter_map(|item| item.get("@id").and_then(Value::as_str))
}

fn is_cancelled(item: &Value) -> bool {
    let status = item.get("orderItemStatus").and_then(Value::as_str).unwrap_or_default();
    status.ends_with("CustomerCancelled") || status.ends_with("SellerCancelled")
}

/// The types of the errors of an OrderItem.
fn errors(item: &Value) -> impl Iterator<Item = &str> {
    let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| error.get("@type").and_then(Value::as_str))
}

impl Document<'_> {
    /// The OrderItems that were asked for, with their index and themselves in this document.
    fn asked(&self) -> impl Iterator<Item = (usize, &Value, &OrderItem)> {
        items(self.body).iter().enumerate().filter_map(|(index, item)| {
            let position = item.get("position").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
            let asked = match position {
                Some(position) => self.items.get(position),
                // Without positions an OrderItem is known by its opportunity, where no other one has it too.
                None => {
                    let id = item.get("orderedItem").and_then(id_of)?;
                    let mut same = self.items.iter().filter(|asked| asked.opportunity_id == id);
                    same.next().filter(|_| same.next().is_none())
                }
            }?;
            Some((index, item, asked))
        })
    }

    /// The OrderItem of the first answer that has the same `@id`.
    fn in_first(&self, item: &Value) -> Option<&Value> {
        let id = item.get("@id")?;
        items(self.booked.or(self.first)?).iter().find(|known| known.get("@id") == Some(id))
    }
}
