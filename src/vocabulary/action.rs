//! Simulate actions of the Test Interface.

use super::named::named_enumeration as named;

named! {
    /// A `test:OpenBookingSimulateAction`: something that the booking system is asked to pretend has happened.
    "simulate action"
    pub enum Action {
        /// The Seller cancels the Order.
        SellerRequestedCancellation = "SellerRequestedCancellationSimulateAction",
        /// The Seller cancels the Order and says why.
        SellerRequestedCancellationWithMessage = "SellerRequestedCancellationWithMessageSimulateAction",
        /// The Seller replaces a booked opportunity.
        Replacement = "ReplacementSimulateAction",
        /// The Seller leaves a notice for the customer.
        CustomerNotice = "CustomerNoticeSimulateAction",
        /// The time of a booked opportunity changes.
        ChangeOfLogisticsTime = "ChangeOfLogisticsTimeSimulateAction",
        /// The name of a booked opportunity changes.
        ChangeOfLogisticsName = "ChangeOfLogisticsNameSimulateAction",
        /// The location of a booked opportunity changes.
        ChangeOfLogisticsLocation = "ChangeOfLogisticsLocationSimulateAction",
        /// The attendees came.
        AttendeeAttended = "AttendeeAttendedSimulateAction",
        /// The attendees were absent.
        AttendeeAbsent = "AttendeeAbsentSimulateAction",
        /// New access passes are issued.
        AccessPassUpdate = "AccessPassUpdateSimulateAction",
        /// New access codes are issued.
        AccessCodeUpdate = "AccessCodeUpdateSimulateAction",
        /// A new access channel is issued.
        AccessChannelUpdate = "AccessChannelUpdateSimulateAction",
        /// The Seller accepts an OrderProposal.
        SellerAcceptOrderProposal = "SellerAcceptOrderProposalSimulateAction",
        /// The Seller amends an OrderProposal.
        SellerAmendOrderProposal = "SellerAmendOrderProposalSimulateAction",
        /// The Seller rejects an OrderProposal.
        SellerRejectOrderProposal = "SellerRejectOrderProposalSimulateAction",
    }
}

named! {
    /// The object of a simulate action.
    "action target"
    pub enum ActionTarget {
        /// The Order that B created.
        Order = "order",
        /// The OrderProposal that P created.
        OrderProposal = "order-proposal",
        /// The first opportunity of the Order.
        Opportunity = "opportunity",
    }
}

impl Action {
    /// The `@type` with the prefix that the Test Interface prescribes.
    #[must_use]
    pub fn json_type(self) -> String {
        format!("test:{}", self.name())
    }
}
