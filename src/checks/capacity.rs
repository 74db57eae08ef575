//! Remaining capacity in quotes and opportunity feeds, and leases.

use super::row::rows;

rows! {
    CAPACITY_IN_QUOTE = "capacity-in-quote": "an answer shows the capacity that is left to the customer"
        at [C1 C2], by_step {
        C1: [
            "OB-step-by-step-process-description-8",
            "OB-step-by-step-process-description-9",
            "OB-step-by-step-process-description-10",
            "OB-booking-system-contract-with-the-broker-12",
            "OB-opportunity-data-properties-21",
        ],
        C2: ["OB-booking-system-contract-with-the-broker-12"],
    }
    CAPACITY_IN_FEEDS = "capacity-in-feeds": "the opportunity feeds come to show the capacity that is left"
        at [Any C1 C2 P B], by_step {
        Any: ["OB-booking-pre-conditions-3"],
        C1: ["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        C2: [
            "OB-booking-system-contract-with-the-broker-29",
            "OB-orderquote-creation-c2-4",
            "OB-leasing-5",
        ],
        P: ["OB-leasing-6"],
        B: ["OB-leasing-6"],
    }
    CAPACITY_KEPT_AFTER_REJECTION = "capacity-kept-after-rejection": "a request that was refused takes no capacity, and gives none back"
        at [C1 C2 P B], by_step {
        C1: ["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        C2: ["OB-booking-system-contract-with-the-broker-29", "OB-orderquote-creation-c2-4"],
        P: [
            "OB-step-by-step-process-description-0-14",
            "OB-step-by-step-process-description-0-34",
            "OB-step-by-step-process-description-0-31",
            "OB-booking-system-contract-with-the-broker-0-2",
        ],
        B: [
            "OB-step-by-step-process-description-53",
            "OB-step-by-step-process-description-50",
            "OB-booking-system-contract-with-the-broker-6",
        ],
    }
    LEASE_CARRIED_OVER = "lease-carried-over": "an OrderProposal holds what its OrderQuote has leased"
        at [P], by_step {
        P: ["OB-proposal-leasing-1"],
    }
    LEASE_EXTENDED = "lease-extended": "an OrderProposal holds it after the lease of its OrderQuote is over"
        at [P], by_step {
        P: ["OB-proposal-leasing-2"],
    }
}
