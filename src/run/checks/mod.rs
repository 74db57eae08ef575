//! Matchers and named checks: what must hold of the document that a step brought back.

mod access;
mod approval;
mod cancellation;
mod details;
mod logistics;
mod matchers;
mod path;
mod payment;
mod site;
mod tax;

use jiff::Timestamp;
use serde_json::Value;

use crate::catalogue::{Check, CheckKind, NamedCheck};
use crate::config::{Config, PaymentDetails};
use crate::results::{CheckOutcome, CheckReport, Finding};
use crate::vocabulary::Profile;

use super::cite::Called;
use super::requests::OrderItem;

/// What checks may look at, besides the document itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct CheckContext<'c> {
    /// The OrderItems of the part, in the order of their positions.
    pub(super) items: &'c [OrderItem],
    /// The Order that B returned.
    pub(super) booked: Option<&'c Value>,
    /// The OrderProposal that P returned.
    pub(super) proposal: Option<&'c Value>,
    /// What C1 returned.
    pub(super) c1: Option<&'c Value>,
    /// The version of the OrderProposal that its feed showed last.
    pub(super) latest_version: Option<&'c str>,
    /// The OrderItems that the customer cancelled last.
    pub(super) cancelled: &'c [String],
    /// The customer that was sent.
    pub(super) customer: &'c Value,
    /// The UUID of the Order.
    pub(super) uuid: &'c str,
    /// What `payment` must say.
    pub(super) payment: Option<&'c PaymentDetails>,
    /// The configuration.
    pub(super) config: &'c Config,
    /// What time it is.
    pub(super) now: Timestamp,
    /// The profile of the run.
    pub(super) profile: Profile,
    /// The section of the specification that the feature belongs to.
    pub(super) spec: &'c str,
}

impl CheckContext<'_> {
    fn strict(&self) -> bool {
        self.profile == Profile::Strict
    }

    /// The answer in which the OrderItems have positions: that of the first request of the booking.
    fn first_answer<'v>(&'v self, document: &'v Value) -> &'v Value {
        self.proposal.or(self.booked).unwrap_or(document)
    }

    /// Where the OrderItem of a position is in a document whose OrderItems may have no positions.
    fn index_of(&self, document: &Value, position: usize) -> Option<usize> {
        let here = items(document);
        let at_position = |list: &[Value]| list.iter().position(|item| position_of(item) == Some(position));
        let first = items(self.first_answer(document));
        let known = at_position(first).and_then(|index| first.get(index)).and_then(id);
        let by_id = known.and_then(|wanted| here.iter().position(|item| id(item) == Some(wanted)));
        by_id.or_else(|| at_position(here))
    }

    /// The OrderItems under test: position, index in the document, and the OrderItem itself, or a finding if it is missing.
    fn under_test<'v>(
        &self,
        document: &'v Value,
    ) -> impl Iterator<Item = Result<(usize, usize, &'v Value), Box<Finding>>> {
        let positions: Vec<usize> =
            self.items.iter().enumerate().filter(|(_, item)| !item.control).map(|(position, _)| position).collect();
        let found: Vec<_> = positions
            .into_iter()
            .map(|position| {
                let index = self.index_of(document, position);
                let item = index.and_then(|index| Some((index, items(document).get(index)?)));
                item.map(|(index, item)| (position, index, item)).ok_or_else(|| missing(position).boxed())
            })
            .collect();
        found.into_iter()
    }
}

fn missing(position: usize) -> Finding {
    Finding::new(format!("the OrderItem at position {position} is not there"))
        .expected(format!("the OrderItem at position {position}, known by its @id"), "none")
        .path("orderedItem")
}

/// The OrderItems of a document.
fn items(order: &Value) -> &[Value] {
    order.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn id(item: &Value) -> Option<&str> {
    item.get("@id").and_then(Value::as_str)
}

fn position_of(item: &Value) -> Option<usize> {
    item.get("position").and_then(Value::as_u64).and_then(|position| usize::try_from(position).ok())
}

/// A value as findings show it, or that there is none.
pub(super) fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), brief)
}

/// Every OrderItem of the part is in the document.
fn complete(document: &Value, context: CheckContext<'_>) -> Option<Finding> {
    let (found, wanted) = (items(document).len(), context.items.len());
    (found != wanted || found == 0).then(|| {
        Finding::new("the list of OrderItems has another length than that of the request")
            .expected(wanted.to_string(), found.to_string())
            .path("orderedItem")
    })
}

/// Evaluates the checks that belong to the profile of the run.
#[must_use]
pub(super) fn evaluate_checks(
    checks: &[Check],
    document: &Value,
    context: CheckContext<'_>,
) -> Vec<(Called, CheckReport)> {
    checks
        .iter()
        .filter(|check| check.applies(context.profile))
        .map(|check| {
            let finding = evaluate(&check.kind, document, context)
                .map(|finding| finding.spec(check.spec.as_deref().unwrap_or(context.spec)));
            let outcome = if finding.is_some() { CheckOutcome::Failed } else { CheckOutcome::Held };
            let called = Called::from(check.title()).judging(check.judged());
            (called, CheckReport { name: check.title(), standard: None, profile: check.profile, outcome, finding })
        })
        .collect()
}

fn evaluate(kind: &CheckKind, document: &Value, context: CheckContext<'_>) -> Option<Finding> {
    match kind {
        CheckKind::Count { at, equals } => matchers::count(document, at, *equals, context),
        CheckKind::Each { list, at, expected } => matchers::each(document, list, at, expected, context),
        CheckKind::Value { at, expected } => matchers::value(document, at, expected, context),
        CheckKind::Named(named) => evaluate_named(*named, document, context),
    }
}

fn evaluate_named(named: NamedCheck, document: &Value, context: CheckContext<'_>) -> Option<Finding> {
    use NamedCheck as N;
    use access::Kind::{Code, Pass};
    match named {
        N::AccessChannelOrNotice => access::channel_or_notice(document, context, false),
        N::AccessChannelOfAll => access::channel_or_notice(document, context, true),
        N::AccessChannelChanged => access::channel_changed(document, context),
        N::AccessChannelChangedByIndex => access::channel_changed_by_index(document, context),
        N::AccessCodes => access::codes(document, context),
        N::AccessCodesThere => access::there(document, Code, "an access code", |_| true),
        N::AccessCodeChanged => access::changed(document, context, Code),
        N::AccessCodeChangedByIndex => access::changed_by_index(document, context, Code),
        N::AccessPassChanged => access::changed(document, context, Pass),
        N::AccessPassChangedByIndex => access::changed_by_index(document, context, Pass),
        N::AccessPassUrls => access::pass_urls(document, context),
        N::AccessPassImages => access::there(document, Pass, "a pass with an image", access::image),
        N::Barcodes => access::barcodes(document, context),
        N::BarcodesThere => access::there(document, Pass, "a Barcode with a url", access::barcode_image),
        N::CapacityAsInFeed => site::capacity_as_in_feed(document, context),
        N::SameOpportunities => site::same_opportunities(document, context),
        N::CustomerEmail => details::customer_email(document, context),
        N::CustomerIdentifier => details::customer_fields(document, context, &["identifier"]),
        N::CustomerDetails => details::customer_email(document, context)
            .or_else(|| details::customer_fields(document, context, &["telephone", "givenName", "familyName"])),
        N::CustomerReflected => details::customer_reflected(document, context),
        N::BrokerReflected => details::broker_reflected(document),
        N::AttendeesReflected => details::attendees_reflected(document),
        N::AttendeeDetailsAsked => details::asked(document, context, "attendeeDetailsRequired"),
        N::IntakeFormsAsked => details::asked(document, context, "orderItemIntakeForm"),
        N::IntakeFormsReflected => details::intake_forms_reflected(document, context),
        N::ErrorsNameTheField => details::errors_name_the_field(document, context),
        N::ProposalVersion => approval::version(document, context),
        N::SameProposalVersion => approval::same_version(document, context),
        N::OtherProposalVersion => approval::other_version(document, context),
        N::LatestProposalVersion => approval::latest_version(document, context),
        N::AllCancelled => cancellation::all_cancelled(document, context),
        N::FirstCancelled => cancellation::first_cancelled(document, context),
        N::OpportunityReplaced => cancellation::opportunity_replaced(document, context),
        N::SameOrderItems => cancellation::same_order_items(document, context),
        N::NameChanged => logistics::changed(document, context, logistics::Group::Name),
        N::TimeChanged => logistics::changed(document, context, logistics::Group::Time),
        N::LocationChanged => logistics::changed(document, context, logistics::Group::Location),
        N::CustomerNoticeNew => logistics::customer_notice_new(document, context),
        N::PaymentDetails => payment::details(document, context),
        N::PrepaymentOfFree => payment::prepayment(document, context, "Unavailable"),
        N::PrepaymentRequired => payment::prepayment(document, context, "Required"),
        N::NothingPrepaid => payment::nothing_prepaid(document),
        N::OverridesCharged => tax::overrides_charged(document, context),
        N::TaxOfOverrides => tax::tax_of_overrides(document, context),
        N::TaxGross => tax::total(document, tax::Mode::Gross),
        N::TaxNet => tax::total(document, tax::Mode::Net),
        N::TaxGrossExact => tax::exact(document, tax::Mode::Gross),
        N::TaxNetExact => tax::exact(document, tax::Mode::Net),
        N::AuthenticationAuthority => site::authentication_authority(document, context),
        N::NoTrailingSlash => site::no_trailing_slash(document),
        N::SecureTransport => site::secure_transport(document),
        N::NetOfTax => tax::net_of_tax(document, context),
        N::BookablePair => site::bookable_pair(document),
        N::ConsentAsked => site::consent_asked(document),
        N::ConsentDated => site::consent_dated(document),
        N::NoTermsElsewhere => site::no_terms_elsewhere(document),
        N::SellerTerms => site::seller_terms(context),
    }
}

/// A value short enough to be read in a finding.
pub(super) fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 200 { text } else { format!("{}…", text.chars().take(199).collect::<String>()) }
}
