//! What this booking system has or lacks. Each switch has the name of the feature of the Open Booking API that it is.

use std::collections::BTreeSet;

use crate::vocabulary::named_enumeration as named;

/// Declares the switches: name, identifier, whether it is on by default, and its effect when it is on.
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
            /// Its effect when it is on, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$variant => $summary, )+ }
            }

            /// `true` if it is on by default.
            #[must_use]
            pub const fn default(self) -> bool {
                match self { $( Self::$variant => $on, )+ }
            }
        }
    };
}

switches! {
    OpenIdAuthentication = "booking-partner-openid-authentication", true,
        "Booking Partners use tokens of an OpenID provider; without it, headers identify Booking Partner and Seller";
    OpenIdSellers = "booking-partner-openid-authentication-for-multiple-sellers", true,
        "Sellers log in to authorise a Booking Partner; without it, its client credentials are sufficient";
    DynamicRegistration = "dynamic-client-registration", true, "Booking Partners register with the OpenID provider";
    AnonymousLeasing = "anonymous-leasing", true, "C1 leases capacity";
    NamedLeasing = "named-leasing", true, "C2 leases capacity";
    MinimalProposal = "minimal-proposal", true, "opportunities can require approval by the Seller (P)";
    ProposalAmendment = "proposal-amendment", true, "the Seller can amend an OrderProposal";
    CustomerRequestedCancellation = "customer-requested-cancellation", true, "Customers can cancel OrderItems";
    CancellationAlwaysAllowed = "customer-requested-cancellation-always-allowed", false,
        "every Offer can be cancelled at any time before the start";
    CancellationWindow = "cancellation-window", true, "Offers can have latestCancellationBeforeStartDate";
    SellerRequestedCancellation = "seller-requested-cancellation", true, "the Seller can cancel OrderItems";
    SellerRequestedCancellationMessage = "seller-requested-cancellation-message", true,
        "the Seller can cancel OrderItems with a cancellationMessage";
    SellerRequestedReplacement = "seller-requested-replacement", true, "the Seller can replace booked opportunities";
    FreeOpportunities = "free-opportunities", true, "opportunities can be free";
    NonFreeOpportunities = "non-free-opportunities", true, "opportunities can have a price";
    PrepaymentRequired = "prepayment-required", true, "Offers can have openBookingPrepayment Required";
    PrepaymentOptional = "prepayment-optional", true, "Offers can have openBookingPrepayment Optional";
    PrepaymentUnavailable = "prepayment-unavailable", true, "Offers can have openBookingPrepayment Unavailable";
    PaymentReconciliation = "payment-reconciliation-detail-validation", false,
        "payments must include the agreed accountId and paymentProviderId";
    TaxConsumerGross = "business-to-consumer-tax-calculation-gross", true,
        "tax is calculated for consumers at the Seller with TaxGross";
    TaxConsumerNet = "business-to-consumer-tax-calculation-net", true,
        "tax is calculated for consumers at the Seller with TaxNet";
    TaxBusinessGross = "business-to-business-tax-calculation-gross", true,
        "tax is calculated for businesses at the Seller with TaxGross";
    TaxBusinessNet = "business-to-business-tax-calculation-net", true,
        "tax is calculated for businesses at the Seller with TaxNet";
    OfferOverrides = "offer-overrides", true, "Brokers can override prices of Offers";
    DynamicPayment = "dynamic-payment", true, "Brokers can use the prices agreed with the Seller";
    AttendeeDetails = "attendee-details-capture", true, "Offers can require attendee details";
    AdditionalDetails = "additional-details-capture", true, "Offers can require additional details (intake form)";
    CustomerIdentifier = "customer-details-capture-identifier", true, "customer.identifier is retained";
    CustomerNonEssential = "customer-details-capture-non-essential", true,
        "names and telephone of the Customer are retained";
    AgentBroker = "agent-broker", true, "Brokers can act for the Customer (AgentBroker)";
    ResellerBroker = "reseller-broker", true, "Brokers can resell (ResellerBroker)";
    NoBroker = "no-broker", true, "bookings without a Broker are accepted (NoBroker)";
    MultipleSellers = "multiple-sellers", true, "the booking system has two Sellers";
    AccessCode = "access-code", true, "OrderItems include access codes";
    AccessPassImage = "access-pass-image", true, "OrderItems include access passes as images";
    AccessPassBarcode = "access-pass-barcode-seller-provided", true, "OrderItems include access passes as barcodes";
    AccessChannel = "access-channel", true, "OrderItems of online events include access channels";
    AccessCodeUpdates = "access-code-update-notifications", true, "access codes can change after B";
    AccessPassUpdates = "access-pass-update-notifications", true, "access passes can change after B";
    AccessChannelUpdates = "access-channel-update-notifications", true, "access channels can change after B";
    AttendanceUpdates = "opportunity-attendance-updates", true, "attendance is published in the Orders feed";
    CustomerNotices = "customer-notice-notifications", true, "the Seller can send customer notices";
    ChangeOfLogistics = "change-of-logistics-notifications", true,
        "time, name and location can change after B";
    PastOpportunities = "past-opportunities", true, "past opportunities are retained in the feeds";
    BookingWindow = "booking-window", true, "Offers can have validFromBeforeStartDate";
    OrderDeletion = "order-deletion", true, "Orders can be deleted";
    BookingSystemTerms = "terms-of-service-for-booking-system", true, "the booking system has terms of service";
    SellerTerms = "terms-of-service-for-seller", true, "Sellers have terms of service";
    TermsWithConsent = "terms-of-service-with-consent", false, "terms of service require explicit consent";
    TermsWithConsentDated = "terms-of-service-with-consent-with-date-modified", false,
        "terms of service require explicit consent and include dateModified";
    TaxReseller = "reseller-broker-tax-calculation", true, "tax is calculated for ResellerBrokers as for businesses";
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
