//! Deliberate deviations. Each is one behaviour that a booking system could get wrong, so that each check can be shown
//! to fail when it should.

use crate::vocabulary::named_enumeration as named;

/// Declares the faults: name, identifier, what it does, and the section of the specification that it violates.
macro_rules! faults {
    ($( $variant:ident = $id:literal, $summary:literal, $spec:literal; )+) => {
        named! {
            /// A deviation from the specification, off unless it is asked for.
            "fault"
            pub enum Fault {
                $( #[doc = $summary] $variant = $id, )+
            }
        }

        impl Fault {
            /// What it does, in one line.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $( Self::$variant => $summary, )+ }
            }

            /// The section of the specification that it violates.
            #[must_use]
            pub const fn spec(self) -> &'static str {
                match self { $( Self::$variant => $spec, )+ }
            }
        }
    };
}

faults! {
    DatasetSiteWithoutJsonLd = "dataset-site-without-json-ld", "the dataset site is a page without JSON-LD",
        "https://openactive.io/open-booking-api/EditorsDraft/#endpoints";
    DatasetSiteStatus500 = "dataset-site-status-500", "the dataset site answers with HTTP 500",
        "https://openactive.io/open-booking-api/EditorsDraft/#endpoints";
    C1Status401 = "c1-status-401", "C1 answers with HTTP 401",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1Status404 = "c1-status-404", "C1 answers with HTTP 404",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1Status500 = "c1-status-500", "C1 answers with HTTP 500",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1Html = "c1-html", "C1 answers with a web page",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1BrokenJson = "c1-broken-json", "C1 answers with JSON that breaks off",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1Hangs = "c1-hangs", "C1 never answers",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1WrongMediaType = "c1-wrong-media-type", "C1 answers with the media type application/json",
        "https://openactive.io/open-booking-api/EditorsDraft/#media-types";
    C1DropsItem = "c1-drops-item", "C1 leaves out the last OrderItem",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c1";
    C1CountsOwnLease = "c1-counts-own-lease", "C1 counts its own lease in the capacity that it shows",
        "https://openactive.io/open-booking-api/EditorsDraft/#leasing";
    C1TakesNoLease = "c1-takes-no-lease", "C1 tells of a lease and takes none",
        "https://openactive.io/open-booking-api/EditorsDraft/#leasing";
    C2WithoutSeller = "c2-without-seller", "C2 leaves out the Seller",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-creation-c2";
    BStatus200 = "b-status-200", "B answers with HTTP 200",
        "https://openactive.io/open-booking-api/EditorsDraft/#order-creation-b";
    BWithoutOrderedItem = "b-without-ordered-item", "B answers without orderedItem",
        "https://openactive.io/open-booking-api/EditorsDraft/#order-creation-b";
    BWithoutItemIds = "b-without-item-ids", "B gives OrderItems no @id",
        "https://openactive.io/open-booking-api/EditorsDraft/#order-creation-b";
    BNotConfirmed = "b-not-confirmed", "B leaves OrderItems unconfirmed",
        "https://openactive.io/open-booking-api/EditorsDraft/#order-creation-b";
    BTakesCapacityTwice = "b-takes-capacity-twice", "B takes capacity that the lease has taken already",
        "https://openactive.io/open-booking-api/EditorsDraft/#leasing";
    PWithoutVersion = "p-without-version", "P answers without orderProposalVersion",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderproposal-creation-p";
    PAcceptedAtOnce = "p-accepted-at-once", "P answers that the Seller has accepted already",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderproposal-creation-p";
    AcceptanceNotPublished = "acceptance-not-published", "the acceptance of an OrderProposal never shows in its feed",
        "https://openactive.io/open-booking-api/EditorsDraft/#proposal-approval";
    ProposalStaysInFeed = "proposal-stays-in-feed", "an OrderProposal stays in its feed after B",
        "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
    ActionsNotImplemented = "actions-not-implemented", "no simulate action for attendance or access codes is implemented",
        "https://openactive.io/test-interface/";
    AttendanceNotPublished = "attendance-not-published", "attendance is accepted and never shows in the Orders feed",
        "https://openactive.io/open-booking-api/EditorsDraft/#opportunity-attendance-updates";
    AttendanceNotRecorded = "attendance-not-recorded", "attendance is published without a change of status",
        "https://openactive.io/open-booking-api/EditorsDraft/#opportunity-attendance-updates";
    AttendanceFirstItemOnly = "attendance-first-item-only", "only the first OrderItem gets the new attendance status",
        "https://openactive.io/open-booking-api/EditorsDraft/#opportunity-attendance-updates";
    AttendanceLegacyStatus = "attendance-legacy-status", "attendance is told with the old word, CustomerAttended",
        "https://openactive.io/open-booking-api/EditorsDraft/#opportunity-attendance-updates";
    AttendanceSwapped = "attendance-swapped", "who came is absent, and who stayed away came",
        "https://openactive.io/open-booking-api/EditorsDraft/#opportunity-attendance-updates";
    OrdersFeedDropsItem = "orders-feed-drops-item", "the Orders feed leaves out an OrderItem",
        "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
    AccessCodeUnchanged = "access-code-unchanged", "new access codes are the old ones",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    AccessCodeReordered = "access-code-reordered", "new access codes are the old ones in another order",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    AccessCodeFirstItemOnly = "access-code-first-item-only", "only the first OrderItem gets a new access code",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    AccessCodeRemoved = "access-code-removed", "the Orders feed has no access codes",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    CancelsOutsideWindow = "cancels-outside-window", "customers can cancel what may not be cancelled any more",
        "https://openactive.io/open-booking-api/EditorsDraft/#customer-requested-cancellation";
    CancelsFirstItemOnly = "cancels-first-item-only", "of several OrderItems only the first is cancelled",
        "https://openactive.io/open-booking-api/EditorsDraft/#customer-requested-cancellation";
    CancellationNotPublished = "cancellation-not-published", "cancellations never show in the Orders feed",
        "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
    SellerCancelsFirstItemOnly = "seller-cancels-first-item-only", "the Seller cancels the first OrderItem only",
        "https://openactive.io/open-booking-api/EditorsDraft/#seller-requested-cancellation";
    CancellationMessageMissing = "cancellation-message-missing", "the Seller cancels without the message",
        "https://openactive.io/open-booking-api/EditorsDraft/#seller-requested-cancellation";
    ReplacementKeepsOpportunity = "replacement-keeps-opportunity", "a replacement leaves the opportunity as it was",
        "https://openactive.io/open-booking-api/EditorsDraft/#cancellation-replacement-refund-calculation-and-notification";
    NoticeFirstItemOnly = "notice-first-item-only", "only the first OrderItem gets the customer notice",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    AccessPassUnchanged = "access-pass-unchanged", "new access passes are the old ones",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    AccessChannelUnchanged = "access-channel-unchanged", "a new access channel is the old one",
        "https://openactive.io/open-booking-api/EditorsDraft/#other-notifications";
    LogisticsNotChanged = "logistics-not-changed", "time, name and place stay as they were",
        "https://openactive.io/open-booking-api/EditorsDraft/#change-of-logistics-notifications";
    LogisticsNotPublished = "logistics-not-published", "changes of time, name and place never show in the Orders feed",
        "https://openactive.io/open-booking-api/EditorsDraft/#change-of-logistics-notifications";
    RejectionNotPublished = "rejection-not-published", "the Seller's rejection never shows in the OrderProposals feed",
        "https://openactive.io/open-booking-api/EditorsDraft/#proposal-rejection";
    AmendmentNotPublished = "amendment-not-published", "an amendment never shows in the OrderProposals feed",
        "https://openactive.io/open-booking-api/EditorsDraft/#proposal-amendment";
    AmendmentKeepsVersion = "amendment-keeps-version", "an amended OrderProposal keeps its version",
        "https://openactive.io/open-booking-api/EditorsDraft/#proposal-amendment";
    DeleteKeepsOrder = "delete-keeps-order", "Order Deletion leaves the Order as it is",
        "https://openactive.io/open-booking-api/EditorsDraft/#order-deletion";
    QuoteDeletionKeepsLease = "quote-deletion-keeps-lease", "OrderQuote Deletion keeps the lease",
        "https://openactive.io/open-booking-api/EditorsDraft/#orderquote-deletion";
    CreateStatus404 = "create-status-404", "the Test Interface creates nothing",
        "https://openactive.io/test-interface/";
    CreateWrongType = "create-wrong-type", "the Test Interface answers with another type than was asked for",
        "https://openactive.io/test-interface/";
    CreateWrongSeller = "create-wrong-seller", "the Test Interface creates an opportunity of another Seller",
        "https://openactive.io/test-interface/";
    CreateWrongCriteria = "create-wrong-criteria", "the Test Interface creates an opportunity that is full",
        "https://openactive.io/test-interface/";
    CreateNotPublished = "create-not-published", "the Test Interface answers with an opportunity that no feed shows",
        "https://openactive.io/test-interface/";
    CreateWithoutParent = "create-without-parent", "the Test Interface publishes an opportunity whose parent is in no feed",
        "https://openactive.io/test-interface/";
    OrdersFeedStatus401 = "orders-feed-status-401", "the Orders feed answers with HTTP 401",
        "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
    OrdersFeedStatus500 = "orders-feed-status-500", "the Orders feed answers with HTTP 500",
        "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
    OrdersFeedHtml = "orders-feed-html", "the Orders feed answers with a web page",
        "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
    FeedsLoop = "feeds-loop", "the pages of the opportunity feeds lead back to the first one",
        "https://openactive.io/realtime-paged-data-exchange/";
    FeedsGoBackwards = "feeds-go-backwards", "the items of the opportunity feeds stand in the wrong order",
        "https://openactive.io/realtime-paged-data-exchange/";
    ErrorsShowCredentials = "errors-show-credentials", "errors repeat the credentials that came with the request",
        "https://openactive.io/open-booking-api/EditorsDraft/#errors";
}

/// The faults that are on.
#[derive(Debug, Clone, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// These faults.
    #[must_use]
    pub const fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// Whether a fault is on.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }
}
