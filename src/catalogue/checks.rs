//! The checks of steps, typed.

use serde::Serialize;
use serde_json::Value;

use crate::vocabulary::Profile;

use crate::vocabulary::named_enumeration as named;

/// One assertion of a step.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What is asserted.
    #[serde(flatten)]
    pub kind: CheckKind,
    /// The only profile that it belongs to; none when it belongs to both.
    pub profile: Option<Profile>,
    /// The section of the specification that justifies it, where it is not the feature's own.
    pub spec: Option<String>,
    /// The requirements that it judges in this place, by their identifiers.
    pub judges: Vec<String>,
}

/// What a check asserts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The list at `at` has exactly so many entries.
    Count {
        /// Dotted path of the list.
        at: String,
        /// How many.
        equals: CountOf,
    },
    /// There is at least one entry in the list, and each holds what is expected at `at`.
    Each {
        /// Dotted path of the list.
        list: String,
        /// Dotted path within each entry.
        at: String,
        /// What is expected.
        expected: Expectation,
    },
    /// The value at `at` is what is expected.
    Value {
        /// Dotted path.
        at: String,
        /// What is expected.
        expected: Expectation,
    },
    /// A check that is written in Rust.
    Named(NamedCheck),
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// This value.
    Equals(Value),
    /// A value of this kind.
    Is(ValueKind),
}

named! {
    /// A kind of value.
    "kind of value"
    pub enum ValueKind {
        /// It is not there.
        Absent = "absent",
        /// It is there.
        Present = "present",
        /// Text.
        Text = "text",
        /// Text that is not empty.
        NonEmptyText = "non-empty-text",
        /// A URL with https.
        HttpsUrl = "https-url",
        /// A date and time that has not come yet.
        FutureTime = "future-time",
    }
}

impl ValueKind {
    /// What it is, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "there",
            Self::Text => "text",
            Self::NonEmptyText => "text that is not empty",
            Self::HttpsUrl => "a URL with https",
            Self::FutureTime => "a date and time that has not come yet",
        }
    }
}

/// A number that a list must have entries.
#[derive(Debug, Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum CountOf {
    /// As many as the cell has OrderItems (`$items`).
    Items,
    /// This many.
    Exactly(usize),
}

/// Declares the named checks with what each asserts.
macro_rules! named_checks {
    ($( $variant:ident = $name:literal : $summary:literal [$($id:literal),*], )+) => {
        named! {
            /// A check that is written in Rust and used by name, because no matcher says it well.
            "named check"
            pub enum NamedCheck {
                $( #[doc = $summary] $variant = $name, )+
            }
        }

        impl NamedCheck {
            /// What it asserts, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$variant => $summary, )+ }
            }

            /// The requirements that it judges wherever it is used.
            #[must_use]
            pub const fn judged(self) -> &'static [&'static str] {
                match self { $( Self::$variant => &[$($id),*], )+ }
            }
        }
    };
}

named_checks! {
    AccessChannelOrNotice = "access-channel-or-notice": "the first OrderItem has an accessChannel of type VirtualLocation, or a customerNotice" ["OB-access-control-5"],
    AccessChannelOfAll = "access-channel-of-all": "every OrderItem under test has an accessChannel of type VirtualLocation, or a customerNotice" ["OB-access-control-5", "OB-schema-orderitem-34"],
    AccessChannelChanged = "access-channel-changed": "every OrderItem under test has a VirtualLocation as accessChannel that differs from the one at B" ["OB-broker-processing-the-orders-feed-14"],
    AccessChannelChangedByIndex = "access-channel-changed-by-index": "the accessChannel of the first OrderItem differs from that of the first one at B" ["OB-broker-processing-the-orders-feed-14"],
    AccessCodes = "access-codes": "the accessCode of every physical OrderItem is a list whose entries have a name and a description" ["OB-access-control-1", "OB-access-control-2", "OB-text-based-access-control-1", "OB-text-based-access-control-2"],
    AccessCodesThere = "access-codes-there": "there is a physical OrderItem, and every one has an accessCode that is not empty" ["OB-access-control-1", "OB-schema-orderitem-28"],
    AccessCodeChanged = "access-code-changed": "every physical OrderItem, matched by @id, has an accessCode whose content differs from the one at B" ["OB-broker-processing-the-orders-feed-13"],
    AccessCodeChangedByIndex = "access-code-changed-by-index": "the accessCode of each physical OrderItem differs from that of the one in the same place at B" ["OB-broker-processing-the-orders-feed-13"],
    AccessPassChanged = "access-pass-changed": "every physical OrderItem, matched by @id, has an accessPass whose content differs from the one at B" ["OB-broker-processing-the-orders-feed-12"],
    AccessPassChangedByIndex = "access-pass-changed-by-index": "the accessPass of each physical OrderItem differs from that of the one in the same place at B" ["OB-broker-processing-the-orders-feed-12"],
    AccessPassUrls = "access-pass-urls": "the accessPass of every physical OrderItem is a list whose entries have a URL with https" ["OB-access-control-1"],
    AccessPassImages = "access-pass-images": "there is a physical OrderItem, and every one has an accessPass with an image" ["OB-access-control-1", "OB-schema-orderitem-31"],
    Barcodes = "barcodes": "the accessPass of every physical OrderItem is a list whose Barcodes have a text and a beta:codeType" ["OB-access-control-1", "OB-extension-point-for-barcode-based-access-control-3"],
    BarcodesThere = "barcodes-there": "there is a physical OrderItem, and every one has a Barcode with a url in its accessPass" ["OB-access-control-1", "OB-image-based-access-control-3", "OB-extension-point-for-barcode-based-access-control-2"],
    CapacityAsInFeed = "capacity-as-in-feed": "every OrderItem shows the remaining capacity that its opportunity has in the feed" ["OB-step-by-step-process-description-8", "OB-booking-system-contract-with-the-broker-12"],
    SameOpportunities = "same-opportunities": "every OrderItem is for the opportunity that was asked for last" ["OB-amending-the-orderquote-before-b-4", "OB-globally-unique-identifiers-2"],
    CustomerReflected = "customer-reflected": "customer has the type and the email that were sent" ["OB-step-by-step-process-description-58", "OB-schema-order-22"],
    BrokerReflected = "broker-reflected": "broker is the one that was sent" ["OB-step-by-step-process-description-59"],
    CustomerEmail = "customer-email": "customer.email is the one that was sent" ["OB-step-by-step-process-description-58"],
    CustomerIdentifier = "customer-identifier": "customer.identifier is the one that was sent" ["OB-step-by-step-process-description-58", "OB-schema-person-for-customer-or-attendee-9"],
    CustomerDetails = "customer-details": "customer has the email, telephone, givenName and familyName that were sent" ["OB-step-by-step-process-description-58", "OB-schema-person-for-customer-or-attendee-9"],
    AttendeesReflected = "attendees-reflected": "every OrderItem has the attendee that was sent" ["OB-step-by-step-process-description-58"],
    AttendeeDetailsAsked = "attendee-details-asked": "every OrderItem under test has attendeeDetailsRequired" ["OB-schema-person-for-customer-or-attendee-2"],
    IntakeFormsAsked = "intake-forms-asked": "every OrderItem under test has an orderItemIntakeForm" ["OB-step-by-step-process-description-11", "OB-booking-system-contract-with-the-broker-2"],
    IntakeFormsReflected = "intake-forms-reflected": "every OrderItem has the answers to its intake form that were sent" ["OB-step-by-step-process-description-58", "OB-checkbox-fields-1"],
    ErrorsNameTheField = "errors-name-the-field": "each error of an OrderItem names in instance the field that it is about" ["OB-attendee-details-capture-8", "OB-form-validation-and-auto-fill-2", "OB-form-validation-and-auto-fill-4"],
    ProposalVersion = "proposal-version": "orderProposalVersion has the UUID of the Order, /versions/ and a version" ["OB-step-by-step-process-description-0-15", "OB-step-by-step-process-description-0-16", "OB-schema-order-38", "OB-schema-order-39", "OB-orderproposal-statuses-10"],
    SameProposalVersion = "same-proposal-version": "orderProposalVersion is the one that P returned" ["OB-step-by-step-process-description-0-54", "OB-message-exchange-4"],
    OtherProposalVersion = "other-proposal-version": "orderProposalVersion is another one than P returned" ["OB-orderproposal-statuses-11"],
    LatestProposalVersion = "latest-proposal-version": "orderProposalVersion is the one that the feed showed before" ["OB-schema-order-39", "OB-broker-processing-the-orders-feed-7"],
    AllCancelled = "all-cancelled": "the OrderItems are those of the Order, and every one is CustomerCancelled" ["OB-customer-requested-cancellation-14", "OB-broker-processing-the-orders-feed-11"],
    FirstCancelled = "first-cancelled": "the OrderItem that was cancelled is CustomerCancelled, and every other one is OrderItemConfirmed" ["OB-customer-requested-cancellation-14", "OB-order-cancellation-2", "OB-order-cancellation-4", "OB-broker-processing-the-orders-feed-11"],
    OpportunityReplaced = "opportunity-replaced": "at least one OrderItem has another opportunity than at B" ["OB-change-of-logistics-notifications-3"],
    NameChanged = "name-changed": "the name has changed, and neither time nor place" ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    TimeChanged = "time-changed": "the time has changed, and neither name nor place" ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    LocationChanged = "location-changed": "the place has changed, and neither name nor time" ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    SameOrderItems = "same-order-items": "the OrderItems are those of the Order, by their @id" ["OB-cancellation-after-b-1", "OB-totalpaymentdue-invariant-1"],
    PaymentDetails = "payment-details": "payment has the reconciliation details that were sent" ["OB-payment-reconciliation-detail-validation-10", "OB-step-by-step-process-description-58", "OB-schema-order-36", "OB-oa-payment-2", "OB-oa-payment-5", "OB-oa-payment-6"],
    PrepaymentOfFree = "prepayment-of-free": "totalPaymentDue.openBookingPrepayment is what the configured features demand of a free Order" ["OB-booking-without-payment-4", "OB-schema-pricespecification-7"],
    PrepaymentRequired = "prepayment-required": "totalPaymentDue.openBookingPrepayment is what the configured features demand where prepayment is required" ["OB-booking-without-payment-2"],
    TaxGross = "tax-gross": "tax is calculated, and totalPaymentDue is the sum of the offers" ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-10"],
    TaxNet = "tax-net": "tax is calculated, and totalPaymentDue is the sum of the offers and of the tax" ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-9"],
    TaxGrossExact = "tax-gross-exact": "totalPaymentDue is the sum of the offers, and the tax of the OrderItems and totalPaymentTax agree rate by rate, but for rounding" ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-8", "OB-tax-mode-10", "OB-schema-order-28"],
    OverridesCharged = "overrides-charged": "every OrderItem is for its OfferOverride, and totalPaymentDue is their sum, with tax where prices are without it" ["OB-offer-overrides-5"],
    TaxOfOverrides = "tax-of-overrides": "every OrderItem has tax in the proportion that it had at C1 with the listed offer" ["OB-offer-overrides-7"],
    NothingPrepaid = "nothing-prepaid": "totalPaymentDue is left out, or its openBookingPrepayment is Unavailable" ["OB-dynamicpayment-10"],
    NetOfTax = "net-of-tax": "every offer costs what it did at C1 before, less its tax" ["OB-business-to-business-tax-calculation-by-booking-system-is-optional-4"],
    TaxNetExact = "tax-net-exact": "totalPaymentDue is the sum of the offers and of the tax, and the tax of the OrderItems and totalPaymentTax agree rate by rate, but for rounding" ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-8", "OB-tax-mode-9", "OB-schema-order-28"],
    AuthenticationAuthority = "authentication-authority": "accessService.authenticationAuthority is there where OpenID Connect is implemented, and only there" ["OB-authentication-2"],
    NoTrailingSlash = "no-trailing-slash": "accessService.endpointUrl does not end with a slash" ["OB-paths-and-verbs-1", "OB-paths-and-verbs-2"],
    SecureTransport = "secure-transport": "every address of the booking system has https, but for those on the machine itself" ["OB-security-1"],
    BookablePair = "bookable-pair": "the opportunity has an @id, a Seller with an @id and a tax mode, and an offer that has an @id and asks for nothing that its booking does not need" ["OB-definition-of-a-bookable-opportunity-and-offer-pair-2", "OB-definition-of-a-bookable-opportunity-and-offer-pair-6", "OB-definition-of-a-bookable-opportunity-and-offer-pair-7", "OB-definition-of-a-bookable-opportunity-and-offer-pair-14"],
    ConsentAsked = "consent-asked": "terms of the booking system or of the Seller ask for explicit consent, each with a URL with https" ["OB-oa-terms-5"],
    ConsentDated = "consent-dated": "all terms that ask for explicit consent say when they last changed" ["OB-oa-terms-8"],
    NoTermsElsewhere = "no-terms-elsewhere": "no OrderItem and no offer has terms of service of its own" ["OB-delivery-of-terms-and-conditions-and-privacy-policy-5"],
    SellerTerms = "seller-terms": "the Seller of every opportunity has termsOfService, each with a URL with https" ["TI-TestOpportunityBookableSellerTermsOfService-1"],
    CustomerNoticeNew = "customer-notice-new": "every OrderItem has a customerNotice that differs from the one at B" ["OB-broker-processing-the-orders-feed-17"],
}

impl Check {
    /// Whether the check takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }

    /// Every requirement that it judges.
    pub fn judged(&self) -> impl Iterator<Item = &str> {
        let named: &[&str] = match self.kind {
            CheckKind::Named(named) => named.judged(),
            _ => &[],
        };
        self.judges.iter().map(String::as_str).chain(named.iter().copied())
    }

    /// What it asserts, in words.
    #[must_use]
    pub fn title(&self) -> String {
        let plain = |expected: &Expectation| match expected {
            Expectation::Equals(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            Expectation::Is(kind) => kind.words().to_owned(),
        };
        match &self.kind {
            CheckKind::Count { at, equals: CountOf::Items } => format!("{at} lists every OrderItem"),
            CheckKind::Count { at, equals: CountOf::Exactly(n) } => format!("{at} has {n} entries"),
            CheckKind::Each { list, at, expected } => format!("{list}[*].{at} is {}", plain(expected)),
            CheckKind::Value { at, expected } => format!("{at} is {}", plain(expected)),
            CheckKind::Named(named) => named.summary().to_owned(),
        }
    }
}
