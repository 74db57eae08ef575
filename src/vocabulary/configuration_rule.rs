//! Rules that the configuration of a run must satisfy.

use super::named::named_enumeration as named;

named! {
    /// Something that the configuration itself must say.
    "rule"
    pub enum ConfigurationRule {
        /// The feature cannot be left out.
        FeatureImplemented = "feature-implemented",
        /// `single-seller` is implemented.
        SingleSellerImplemented = "single-seller-implemented",
        /// `multiple-sellers` is implemented.
        MultipleSellersImplemented = "multiple-sellers-implemented",
        /// Only the primary Seller is configured.
        OnlyPrimarySeller = "only-primary-seller",
        /// The approval flow is out of scope.
        NoApprovalFlow = "no-approval-flow",
        /// `prepayment-required` and `prepayment-unavailable` are not both implemented.
        NotBothPrepayments = "not-both-prepayments",
        /// `multiple-sellers` and `booking-partner-openid-authentication` are implemented.
        OpenIdForMultipleSellers = "openid-for-multiple-sellers",
        /// `named-leasing` is implemented.
        NamedLeasingImplemented = "named-leasing-implemented",
        /// The primary Seller has reconciliation details.
        ReconciliationDetails = "reconciliation-details",
        /// `booking-partner-openid-authentication` is implemented, as is preferred.
        OpenId = "openid",
        /// `booking-partner-openid-authentication-for-multiple-sellers` is implemented, as is preferred.
        OpenIdForSellers = "openid-for-sellers",
        /// The primary Seller has an `accountId` among its reconciliation details.
        Account = "account",
    }
}

impl ConfigurationRule {
    /// The requirement, in one line.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::FeatureImplemented => "the feature is implemented, as it is required",
            Self::SingleSellerImplemented => "`single-seller` is true",
            Self::MultipleSellersImplemented => "`multiple-sellers` is true",
            Self::OnlyPrimarySeller => "`sellers.primary` is configured and `sellers.secondary` is not",
            Self::NoApprovalFlow => "OpenBookingApprovalFlow is not in scope",
            Self::NotBothPrepayments => "`prepayment-required` and `prepayment-unavailable` are not both true",
            Self::OpenIdForMultipleSellers => "`multiple-sellers` and `booking-partner-openid-authentication` are true",
            Self::NamedLeasingImplemented => "`named-leasing` is true: who leases at C1 leases at C2",
            Self::ReconciliationDetails => {
                "`sellers.primary.paymentReconciliationDetails` has a name, accountId or paymentProviderId"
            }
            Self::OpenId => "`booking-partner-openid-authentication` is true",
            Self::OpenIdForSellers => "`booking-partner-openid-authentication-for-multiple-sellers` is true",
            Self::Account => "`sellers.primary.paymentReconciliationDetails` has an accountId",
        }
    }
}
