//! Repeated requests.

use super::row::rows;

rows! {
    REPEATED_RESPONSE = "repeated-response": "a request that is made once more is answered as before"
        at [B C1 C2 P], by_step {
        B: [
            "OB-step-by-step-process-description-55",
            "OB-step-by-step-process-description-67",
            "OB-booking-system-contract-with-the-broker-22",
            "OB-endpoints-4",
            "OB-order-creation-orderquote-orderproposal-and-order-error-responses-14",
        ],
        C1: ["OB-booking-system-contract-with-the-broker-19", "OB-endpoints-1"],
        C2: ["OB-booking-system-contract-with-the-broker-20", "OB-endpoints-2"],
        P: [
            "OB-booking-system-contract-with-the-broker-21",
            "OB-endpoints-3",
            "OB-step-by-step-process-description-0-36",
            "OB-step-by-step-process-description-0-46",
        ],
    }
}
