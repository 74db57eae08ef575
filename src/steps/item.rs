//! OrderItems that a cell requests, and what it books.

use crate::config::SellerRole;
use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

/// What a cell books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpportunityScope {
    /// One opportunity of one type.
    Type(OpportunityType),
    /// Several opportunities of every type in scope, in one Order.
    Multiple,
}

impl OpportunityScope {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type(opportunity_type) => opportunity_type.name(),
            Self::Multiple => "Multiple",
        }
    }

    /// A word short enough for a table heading.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Type(opportunity_type) => opportunity_type.short(),
            Self::Multiple => "Multiple",
        }
    }
}

/// One OrderItem that a cell wants to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemSpec {
    /// The type of its opportunity.
    pub opportunity_type: OpportunityType,
    /// What the opportunity must be.
    pub criteria: CriteriaName,
    /// `true` for a control item: it must succeed where the items under test must not.
    pub control: bool,
    /// The Seller of the opportunity.
    pub seller: SellerRole,
    /// Items with the same number share one opportunity.
    pub opportunity: usize,
    /// The booking flow of its offer, where it is not that of the cell.
    pub flow: Option<Flow>,
}
