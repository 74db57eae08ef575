//! Requests that must be rejected: status, error, and the errors of OrderItems.

use super::row::rows;

rows! {
    REJECTION_STATUS = "rejection-status": "a request that must be refused has the status of its error"
        at [C1 C2 Any], by_step {
        C1: ["OB-orderquote-creation-c1-6", "OB-step-by-step-process-description-12", "OB-errors-1"],
        C2: ["OB-orderquote-creation-c2-8", "OB-step-by-step-process-description-31", "OB-errors-1"],
        Any: ["OB-errors-1"],
    }
    ERROR_TYPE = "error-type": "the error is the one that says what is wrong"
        at [C1 C2 P B Any], by_step {
        C1: ["OB-orderquote-creation-c1-10", "OB-orderproposal-creation-p-7", "OB-order-creation-b-9"],
        C2: ["OB-orderquote-creation-c2-12", "OB-orderproposal-creation-p-6", "OB-order-creation-b-8"],
        P: ["OB-orderproposal-creation-p-3", "OB-step-by-step-process-description-0-28"],
        B: ["OB-order-creation-b-5", "OB-step-by-step-process-description-47"],
        Any: ["OB-errors-2"],
    }
    ERROR_CONTEXT = "error-context": "the error has an @context"
        at [Any], by_step {
        Any: ["OB-response-formats-3"],
    }
    ORDER_ITEM_ERRORS = "order-item-errors": "every OrderItem with something wrong has the error that says so, and no other OrderItem has it"
        at [C1 C2], by_step {
        C1: [
            "OB-orderquote-creation-c1-7",
            "OB-step-by-step-process-description-13",
            "OB-order-creation-orderitem-errors-1",
        ],
        C2: [
            "OB-orderquote-creation-c2-9",
            "OB-step-by-step-process-description-31",
            "OB-order-creation-orderitem-errors-1",
        ],
    }
    CONTROL_ITEMS_WITHOUT_ERRORS = "control-items-without-errors": "an OrderItem with nothing wrong has no error"
        at [Any], by_step {
        Any: [],
    }
    NO_CREDENTIALS_IN_ERROR = "no-credentials-in-error": "an error does not repeat credentials"
        at [Any], by_step {
        Any: [],
    }
    ERROR_DESCRIPTION = "error-description": "an error that a customer must understand has a description"
        at [C2 P B OrderPatch], by_step {
        C2 P B: ["OB-form-validation-and-auto-fill-5"],
        OrderPatch: [
            "OB-customer-requested-cancellation-10",
            "OB-order-cancellation-6",
            "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-2",
        ],
    }
    NO_BOOKING_ERROR_IN_QUOTE = "no-booking-error-in-quote": "an OrderQuote is not refused with an error of bookings"
        at [C1 C2], by_step {
        C1 C2: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-12"],
    }
    CONSTANT_ERROR_NAME = "constant-error-name": "errors of one type have one name"
        at [C1 C2 P B OrderPatch OrderDelete OrderStatus], by_step {
        C1 C2 P B OrderPatch OrderDelete OrderStatus: ["OB-oa-openbookingerror-4"],
    }
}
