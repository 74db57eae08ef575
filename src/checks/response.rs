//! What every response must be: status, media type, JSON, data model.

use super::row::rows;

rows! {
    STATUS = "status": "a request that must succeed is answered with its status"
        at [C1 C2 P B OrderPatch ProposalPatch OrderDelete QuoteDelete OrderStatus TestInterface], by_step {
        C1: [
            "OB-step-by-step-process-description-4",
            "OB-booking-system-contract-with-the-broker-1",
            "OB-paths-and-verbs-7",
            "OB-orderquote-creation-c1-1",
            "OB-orderquote-creation-c1-2",
            "OB-paths-and-verbs-1",
            "OB-paths-and-verbs-5",
        ],
        C2: [
            "OB-step-by-step-process-description-25",
            "OB-booking-system-contract-with-the-broker-3",
            "OB-paths-and-verbs-8",
            "OB-orderquote-creation-c2-1",
            "OB-orderquote-creation-c2-2",
        ],
        P: [
            "OB-booking-system-contract-with-the-broker-0-1",
            "OB-step-by-step-process-description-0-19",
        ],
        B: [
            "OB-booking-system-contract-with-the-broker-5",
            "OB-paths-and-verbs-12",
            "OB-order-creation-b-1",
            "OB-order-creation-b-2",
            "OB-step-by-step-process-description-57",
            "OB-leasing-6",
        ],
        OrderPatch: [
            "OB-customer-requested-cancellation-7",
            "OB-customer-requested-cancellation-8",
            "OB-paths-and-verbs-14",
            "OB-order-cancellation-1",
        ],
        ProposalPatch: ["OB-orderproposal-update-2"],
        OrderDelete: ["OB-paths-and-verbs-13", "OB-order-deletion-1", "OB-order-deletion-8"],
        QuoteDelete: [
            "OB-paths-and-verbs-9",
            "OB-orderquote-deletion-1",
            "OB-orderquote-deletion-4",
            "OB-amending-the-orderquote-before-b-7",
        ],
        OrderStatus: ["OB-paths-and-verbs-16", "OB-order-status-1", "OB-order-status-2"],
        TestInterface: [
            "TI-overview-1",
            "TI-test-interface-endpoints-1",
            "TI-datasets-endpoints-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-3",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-5",
            "TI-post-test-interfaceactions-1",
            "TI-post-test-interfaceactions-4",
            "TI-post-test-interfaceactions-5",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-11",
        ],
    }
    JSON_OBJECT = "json-object": "the answer is a JSON object"
        at [Any], by_step {
        Any: ["OB-response-formats-1"],
    }
    MEDIA_TYPE = "media-type": "the answer has the media type of the Open Booking API"
        at [Any], by_step {
        Any: ["OB-media-types-2", "OB-media-types-3"],
    }
    ERROR_MEDIA_TYPE = "error-media-type": "the error has the media type of the Open Booking API"
        at [Any], by_step {
        Any: ["OB-errors-3", "OB-media-types-3"],
    }
    VALID = "valid": "the document is what the data model demands of it"
        at [Any], by_step {
        Any: ["OB-response-formats-4"],
    }
    SPECIFIC_SERVER_ERROR = "specific-server-error": "an error of the booking system itself says which kind it is"
        at [Any], by_step {
        Any: ["OB-oa-internalopenbookingerror-subclasses-1"],
    }
}
