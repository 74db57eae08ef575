//! Where things are: paths, the feeds that there are, and how they are paged.

use axum::http::Method;

use super::list::{Variant, Variants};
use crate::sandbox::feed::{OpportunityFeedName, Paging};

/// Subject of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A page of an open feed.
    Feed(OpportunityFeedName),
    /// A page of an Orders feed.
    OrdersFeed,
    /// A page of an OrderProposals feed.
    ProposalsFeed,
    /// C1 and C2.
    Quote,
    /// P.
    Proposal,
    /// B.
    Order,
    /// Order Status.
    Status,
    /// The dataset site.
    Site,
    /// Anything else of the Open Booking API or the Test Interface.
    Api,
    /// Any other response.
    Elsewhere,
}

impl Place {
    /// Subject of a request.
    pub(super) fn of(method: &Method, path: &[&str]) -> Self {
        let put = *method == Method::PUT;
        match path {
            ["openactive"] => Self::Site,
            ["feeds", feed] => OpportunityFeedName::ALL
                .iter()
                .copied()
                .find(|name| name.path() == *feed)
                .map_or(Self::Elsewhere, Self::Feed),
            ["api", "openbooking", "orders-rpde"] => Self::OrdersFeed,
            ["api", "openbooking", "order-proposals-rpde"] => Self::ProposalsFeed,
            ["api", "openbooking", "order-quote-templates" | "order-quotes", _] if put => Self::Quote,
            ["api", "openbooking", "order-proposals", _] if put => Self::Proposal,
            ["api", "openbooking", "orders", _] if put => Self::Order,
            ["api", "openbooking", "orders", _] if *method == Method::GET => Self::Status,
            ["api", "openbooking", ..] => Self::Api,
            _ => Self::Elsewhere,
        }
    }

    /// Whether it is a booking response, which has no feed.
    pub(super) const fn booking(self) -> bool {
        matches!(self, Self::Quote | Self::Proposal | Self::Order | Self::Status)
    }
}

/// The path of the Base URI.
pub(in crate::sandbox) fn base_path(variants: &Variants) -> &'static str {
    if variants.has(Variant::BaseUriElsewhere) { "/tenants/42/open-booking-1.0" } else { "/api/openbooking" }
}

/// The path of an open feed and its query, as its pages know it.
pub(in crate::sandbox) fn feed_path(variants: &Variants, path: &str) -> String {
    let folder = if variants.has(Variant::FeedsRedirected) { "/v2/feeds" } else { "/feeds" };
    let query = if variants.has(Variant::FeedsWithParameters) { "?publisher=sandbox" } else { "" };
    format!("{folder}/{path}{query}")
}

/// The path of the dataset site, where its address leads.
pub(in crate::sandbox) fn site_path(variants: &Variants) -> &'static str {
    if variants.has(Variant::DatasetSiteRedirected) { "/open-data/" } else { "/openactive/" }
}

/// Whether the dataset site lists a feed.
pub(in crate::sandbox) fn listed(variants: &Variants, feed: OpportunityFeedName) -> bool {
    let facilities = ["FacilityUse", "IndividualFacilityUse", "FacilityUseSlot", "IndividualFacilityUseSlot"];
    if variants.has(Variant::SellersArePersons) && facilities.contains(&feed.name()) {
        return false;
    }
    if variants.has(Variant::SingleFeed) {
        return feed == OpportunityFeedName::ScheduledSession;
    }
    match feed {
        OpportunityFeedName::SessionSeries => !variants.has(Variant::SeriesEmbedded),
        OpportunityFeedName::FacilityUse => !variants.has(Variant::FacilitiesEmbedded),
        OpportunityFeedName::IndividualFacilityUse => {
            let absent = [Variant::FacilitiesEmbedded, Variant::CourtsNested, Variant::CourtsAbsent];
            !absent.into_iter().any(|variant| variants.has(variant))
        }
        OpportunityFeedName::IndividualFacilityUseSlot => {
            !variants.has(Variant::SlotsInOneFeed) && !variants.has(Variant::CourtsAbsent)
        }
        _ => true,
    }
}

/// The feed that has the items of a feed.
pub(in crate::sandbox) fn merged(variants: &Variants, feed: OpportunityFeedName) -> OpportunityFeedName {
    match feed {
        OpportunityFeedName::IndividualFacilityUseSlot
            if variants.has(Variant::SlotsInOneFeed) && !variants.has(Variant::CourtsAbsent) =>
        {
            OpportunityFeedName::FacilityUseSlot
        }
        other => other,
    }
}

/// How an open feed is paged.
pub(in crate::sandbox) fn paging(variants: &Variants, feed: OpportunityFeedName) -> Paging {
    if variants.has(Variant::FeedsByChangeNumber) {
        Paging::ChangeNumber
    } else if variants.has(Variant::FeedsByTimestamp) {
        Paging::TimestampAndId
    } else {
        feed.order()
    }
}

/// How Orders feeds are paged.
pub(in crate::sandbox) fn order_paging(variants: &Variants) -> Paging {
    if variants.has(Variant::OrdersFeedByChangeNumber) {
        Paging::ChangeNumber
    } else if variants.has(Variant::OrdersFeedOpaque) {
        Paging::Opaque
    } else {
        Paging::TimestampAndId
    }
}
