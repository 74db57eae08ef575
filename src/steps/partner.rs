//! Booking Partner, Broker role and customer details of a test.

use crate::vocabulary::named_enumeration as named;

named! {
    /// A Booking Partner of the configuration.
    "Booking Partner"
    pub enum PartnerName {
        /// `broker.bookingPartners.primary`
        Primary = "primary",
        /// `broker.bookingPartners.secondary`
        Secondary = "secondary",
        /// A client without credentials.
        Nobody = "nobody",
        /// A client with credentials that the booking system never issued.
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
        /// The Customer books without a Broker.
        NoBroker = "NoBroker",
    }
}

named! {
    /// The details that `customer` contains.
    "customer"
    pub enum CustomerDetails {
        /// `email`, and by chance more.
        Any = "any",
        /// Only `email`.
        Email = "email",
        /// All details.
        All = "all",
    }
}
