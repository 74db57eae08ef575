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
    /// The requirements that it judges, by their identifiers.
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
    ($( $variant:ident = $name:literal : $summary:literal, )+) => {
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
        }
    };
}

named_checks! {
    AccessChannelOrNotice = "access-channel-or-notice": "the first OrderItem has an accessChannel of type VirtualLocation, or a customerNotice",
    AccessChannelOfAll = "access-channel-of-all": "every OrderItem under test has an accessChannel of type VirtualLocation, or a customerNotice",
    AccessChannelChanged = "access-channel-changed": "every OrderItem under test has a VirtualLocation as accessChannel that differs from the one at B",
    AccessChannelChangedByIndex = "access-channel-changed-by-index": "the accessChannel of the first OrderItem differs from that of the first one at B",
    AccessCodes = "access-codes": "the accessCode of every physical OrderItem is a list whose entries have a name and a description",
    AccessCodesThere = "access-codes-there": "there is a physical OrderItem, and every one has an accessCode that is not empty",
    AccessCodeChanged = "access-code-changed": "every physical OrderItem, matched by @id, has an accessCode whose content differs from the one at B",
    AccessCodeChangedByIndex = "access-code-changed-by-index": "the accessCode of each physical OrderItem differs from that of the one in the same place at B",
    AccessPassChanged = "access-pass-changed": "every physical OrderItem, matched by @id, has an accessPass whose content differs from the one at B",
    AccessPassChangedByIndex = "access-pass-changed-by-index": "the accessPass of each physical OrderItem differs from that of the one in the same place at B",
    AccessPassUrls = "access-pass-urls": "the accessPass of every physical OrderItem is a list whose entries have a URL with https",
    AccessPassImages = "access-pass-images": "there is a physical OrderItem, and every one has an accessPass with an image",
    Barcodes = "barcodes": "the accessPass of every physical OrderItem is a list whose Barcodes have a text and a beta:codeType",
    BarcodesThere = "barcodes-there": "there is a physical OrderItem, and every one has a Barcode with a url in its accessPass",
    CapacityAsInFeed = "capacity-as-in-feed": "every OrderItem shows the remaining capacity that its opportunity has in the feed",
    SameOpportunities = "same-opportunities": "every OrderItem is for the opportunity that was asked for last",
    CustomerReflected = "customer-reflected": "customer has the type and the email that were sent",
    BrokerReflected = "broker-reflected": "broker is the one that was sent",
    CustomerEmail = "customer-email": "customer.email is the one that was sent",
    CustomerIdentifier = "customer-identifier": "customer.identifier is the one that was sent",
    CustomerDetails = "customer-details": "customer has the email, telephone, givenName and familyName that were sent",
    AttendeesReflected = "attendees-reflected": "every OrderItem has the attendee that was sent",
    AttendeeDetailsAsked = "attendee-details-asked": "every OrderItem under test has attendeeDetailsRequired",
    IntakeFormsAsked = "intake-forms-asked": "every OrderItem under test has an orderItemIntakeForm",
    IntakeFormsReflected = "intake-forms-reflected": "every OrderItem has the answers to its intake form that were sent",
    ErrorsNameTheField = "errors-name-the-field": "each error of an OrderItem names in instance the field that it is about",
    ProposalVersion = "proposal-version": "orderProposalVersion has the UUID of the Order, /versions/ and a version",
    SameProposalVersion = "same-proposal-version": "orderProposalVersion is the one that P returned",
    OtherProposalVersion = "other-proposal-version": "orderProposalVersion is another one than P returned",
    LatestProposalVersion = "latest-proposal-version": "orderProposalVersion is the one that the feed showed before",
    AllCancelled = "all-cancelled": "the OrderItems are those of the Order, and every one is CustomerCancelled",
    FirstCancelled = "first-cancelled": "the OrderItem that was cancelled is CustomerCancelled, and every other one is OrderItemConfirmed",
    OpportunityReplaced = "opportunity-replaced": "at least one OrderItem has another opportunity than at B",
    NameChanged = "name-changed": "the name has changed, and neither time nor place",
    TimeChanged = "time-changed": "the time has changed, and neither name nor place",
    LocationChanged = "location-changed": "the place has changed, and neither name nor time",
    SameOrderItems = "same-order-items": "the OrderItems are those of the Order, by their @id",
    PaymentDetails = "payment-details": "payment has the reconciliation details that were sent",
    PrepaymentOfFree = "prepayment-of-free": "totalPaymentDue.openBookingPrepayment is what the configured features demand of a free Order",
    PrepaymentRequired = "prepayment-required": "totalPaymentDue.openBookingPrepayment is what the configured features demand where prepayment is required",
    TaxGross = "tax-gross": "tax is calculated, and totalPaymentDue is the sum of the offers",
    TaxNet = "tax-net": "tax is calculated, and totalPaymentDue is the sum of the offers and of the tax",
    TaxGrossExact = "tax-gross-exact": "totalPaymentDue is the sum of the offers, and the tax of the OrderItems and totalPaymentTax agree rate by rate, but for rounding",
    TaxNetExact = "tax-net-exact": "totalPaymentDue is the sum of the offers and of the tax, and the tax of the OrderItems and totalPaymentTax agree rate by rate, but for rounding",
    AuthenticationAuthority = "authentication-authority": "accessService.authenticationAuthority is there where OpenID Connect is implemented, and only there",
    NoTrailingSlash = "no-trailing-slash": "accessService.endpointUrl does not end with a slash",
    BookablePair = "bookable-pair": "the opportunity has an @id, a Seller with an @id and a tax mode, and an offer that has an @id and asks for nothing that its booking does not need",
    ConsentAsked = "consent-asked": "terms of the booking system or of the Seller ask for explicit consent, each with a URL with https",
    ConsentDated = "consent-dated": "all terms that ask for explicit consent say when they last changed",
    NoTermsElsewhere = "no-terms-elsewhere": "no OrderItem and no offer has terms of service of its own",
    SellerTerms = "seller-terms": "the Seller of every opportunity has termsOfService, each with a URL with https",
    CustomerNoticeNew = "customer-notice-new": "every OrderItem has a customerNotice that differs from the one at B",
}

impl Check {
    /// Whether the check takes part in a run of this profile.
    #[must_use]
    pub fn applies(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
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
