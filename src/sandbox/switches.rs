//! What this booking system has or lacks. Each switch has the name of the feature of the Open Booking API that it is.

use std::collections::BTreeSet;

use crate::vocabulary::named_enumeration as named;

/// Declares the switches: name, identifier, whether it is on unless told otherwise, and what it does when it is on.
macro_rules! switches {
    ($( $variant:ident = $id:literal, $on:literal, $summary:literal; )+) => {
        named! {
            /// An optional behaviour, by the name of its feature.
            "switch"
            pub enum Switch {
                $( #[doc = $summary] $variant = $id, )+
            }
        }

        impl Switch {
            /// What it does when it is on, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$variant => $summary, )+ }
            }

            /// Whether it is on unless it is told otherwise.
            #[must_use]
            pub const fn default(self) -> bool {
                match self { $( Self::$variant => $on, )+ }
            }
        }
    };
}

switches! {
    OpenIdAuthentication = "booking-partner-openid-authentication", true,
        "Booking Partners have tokens of an OpenID provider; without it, headers name Booking Partner and Seller";
    OpenIdSellers = "booking-partner-openid-authentication-for-multiple-sellers", true,
        "Sellers log in and allow a Booking Partner to act for them; without it, its own credentials are enough";
    DynamicRegistration = "dynamic-client-registration", true, "Booking Partners register with the OpenID provider";
    AnonymousLeasing = "anonymous-leasing", true, "C1 takes a lease";
    NamedLeasing = "named-leasing", true, "C2 takes a lease";
    MinimalProposal = "minimal-proposal", true, "opportunities can need the approval of the Seller (P)";
    ProposalAmendment = "proposal-amendment", true, "the Seller can amend an OrderProposal";
    CustomerRequestedCancellation = "customer-requested-cancellation", true, "customers can cancel";
    CancellationAlwaysAllowed = "customer-requested-cancellation-always-allowed", false,
        "every offer can be cancelled at any time before its start";
    CancellationWindow = "cancellation-window", true, "offers can have a latest time for cancellation";
    SellerRequestedCancellation = "seller-requested-cancellation", true, "the Seller can cancel";
    SellerRequestedCancellationMessage = "seller-requested-cancellation-message", true,
        "the Seller can cancel and say why";
    SellerRequestedReplacement = "seller-requested-replacement", true, "the Seller can replace what was booked";
    FreeOpportunities = "free-opportunities", true, "opportunities can be free";
    NonFreeOpportunities = "non-free-opportunities", true, "opportunities can have a price";
    PrepaymentRequired = "prepayment-required", true, "payment can be required when booking";
    PrepaymentOptional = "prepayment-optional", true, "payment can be optional when booking";
    PrepaymentUnavailable = "prepayment-unavailable", true, "payment can be impossible when booking";
    PaymentReconciliation = "payment-reconciliation-detail-validation", false,
        "payments must carry the accountId and paymentProviderId that were agreed";
    TaxConsumerGross = "business-to-consumer-tax-calculation-gross", true,
        "tax is told to consumers of the Seller whose prices include it";
    TaxConsumerNet = "business-to-consumer-tax-calculation-net", true,
        "tax is told to consumers of the Seller whose prices exclude it";
    TaxBusinessGross = "business-to-business-tax-calculation-gross", true,
        "tax is told to businesses that buy from the Seller whose prices include it";
    TaxBusinessNet = "business-to-business-tax-calculation-net", true,
        "tax is told to businesses that buy from the Seller whose prices exclude it";
    OfferOverrides = "offer-overrides", true, "Brokers can bring prices of their own";
    DynamicPayment = "dynamic-payment", true, "Brokers can leave prices to what was agreed with the Seller";
    AttendeeDetails = "attendee-details-capture", true, "offers can need details of the attendee";
    AdditionalDetails = "additional-details-capture", true, "offers can need an intake form";
    CustomerIdentifier = "customer-details-capture-identifier", true, "customer.identifier is kept";
    CustomerNonEssential = "customer-details-capture-non-essential", true,
        "names and telephone of the customer are kept";
    AgentBroker = "agent-broker", true, "Brokers can act for the customer";
    ResellerBroker = "reseller-broker", true, "Brokers can resell";
    NoBroker = "no-broker", true, "there can be no Broker";
    MultipleSellers = "multiple-sellers", true, "there are two Sellers rather than one";
    AccessCode = "access-code", true, "access codes are given";
    AccessPassImage = "access-pass-image", true, "access passes are images";
    AccessPassBarcode = "access-pass-barcode-seller-provided", true, "access passes are barcodes";
    AccessChannel = "access-channel", true, "access channels are given for what is online";
    AccessCodeUpdates = "access-code-update-notifications", true, "access codes can change after booking";
    AccessPassUpdates = "access-pass-update-notifications", true, "access passes can change after booking";
    AccessChannelUpdates = "access-channel-update-notifications", true, "access channels can change after booking";
    AttendanceUpdates = "opportunity-attendance-updates", true, "attendance is told";
    CustomerNotices = "customer-notice-notifications", true, "the Seller can leave notices for customers";
    ChangeOfLogistics = "change-of-logistics-notifications", true,
        "time, name and place can change after booking";
    PastOpportunities = "past-opportunities", true, "what is over stays in the feeds";
    BookingWindow = "booking-window", true, "offers can be bookable from a certain time only";
    OrderDeletion = "order-deletion", true, "Orders can be deleted";
    BookingSystemTerms = "terms-of-service-for-booking-system", true, "the booking system has terms of service";
    SellerTerms = "terms-of-service-for-seller", true, "Sellers have terms of service";
    TermsWithConsent = "terms-of-service-with-consent", false, "terms of service ask for explicit consent";
    TermsWithConsentDated = "terms-of-service-with-consent-with-date-modified", false,
        "terms of service ask for explicit consent and say when they last changed";
    TaxReseller = "reseller-broker-tax-calculation", true, "tax is told to Brokers that resell, as to businesses";
}

/// The switches, and what else differs between one booking system and another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switches {
    on: BTreeSet<Switch>,
    /// Seconds that a lease lasts.
    pub lease_seconds: i64,
}

impl Default for Switches {
    fn default() -> Self {
        let on = Switch::ALL.iter().copied().filter(|switch| switch.default()).collect();
        Self { on, lease_seconds: 15 * 60 }
    }
}

impl Switches {
    /// Whether a switch is on.
    #[must_use]
    pub fn has(&self, switch: Switch) -> bool {
        self.on.contains(&switch)
    }

    /// Turns a switch on or off.
    pub fn set(&mut self, switch: Switch, on: bool) {
        if on {
            self.on.insert(switch);
        } else {
            self.on.remove(&switch);
        }
    }

    /// Whether offers and totals say when payment is made: a system in which it is always required need not.
    pub(super) fn tells_prepayment(&self) -> bool {
        self.has(Switch::PrepaymentOptional) || self.has(Switch::PrepaymentUnavailable)
    }
}
