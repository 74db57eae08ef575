//! Who books, and on whose behalf.

use crate::vocabulary::named_enumeration as named;

named! {
    /// A Booking Partner of the configuration.
    "Booking Partner"
    pub enum PartnerName {
        /// `broker.bookingPartners.primary`
        Primary = "primary",
        /// `broker.bookingPartners.secondary`
        Secondary = "secondary",
        /// Somebody without credentials.
        Nobody = "nobody",
        /// Somebody with credentials that the booking system never gave.
        Stranger = "stranger",
    }
}

named! {
    /// `brokerRole`
    "broker role"
    pub enum BrokerRole {
        /// The Broker acts for the Seller.
        AgentBroker = "AgentBroker",
        /// The Broker sells on its own account.
        ResellerBroker = "ResellerBroker",
        /// There is no Broker.
        NoBroker = "NoBroker",
    }
}

named! {
    /// How much a customer tells.
    "customer"
    pub enum CustomerDetails {
        /// The email, and by chance more.
        Any = "any",
        /// The email alone.
        Email = "email",
        /// Everything.
        All = "all",
    }
}
