//! What the Test Interface creates, changes and deletes.

use super::row::rows;

rows! {
    CREATION_REJECTED = "creation-rejected": "the Test Interface refuses what cannot be"
        at [TestInterface], by_step {
        TestInterface: [],
    }
    REPLACEMENT_OFFER = "replacement-offer": "the offer of a replacement is one of its opportunity"
        at [OrdersFeed], by_step {
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-8"],
    }
    CHANGE_PUBLISHED = "change-published": "a material change of an opportunity is in its feed"
        at [OpportunityFeed], by_step {
        OpportunityFeed: ["OB-customer-notice-notifications-3"],
    }
    OTHER_DATASETS_UNAFFECTED = "other-datasets-unaffected": "other test datasets are left alone"
        at [TestInterface], by_step {
        TestInterface: ["TI-datasets-endpoints-3"],
    }
    FREE_AND_PAID = "free-and-paid": "what may be free or not is sometimes free and sometimes not"
        at [TestInterface], by_step {
        TestInterface: [
            "TI-TestOpportunityBookable-2",
            "TI-TestOpportunityBookableAttendeeDetails-2",
            "TI-TestOpportunityOnlineBookable-2",
            "TI-TestOpportunityOfflineBookable-2",
            "TI-TestOpportunityBookableWithNegotiation-2",
        ],
    }
    CRITERIA = "criteria": "an opportunity meets the criteria that it was asked for"
        at [TestInterface], by_step {
        TestInterface: [
            "TI-testOpportunityCriteria-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-9",
            "TI-overview-2",
        ],
    }
    CREATED_TYPE = "created-type": "what was created is of the type that was asked for"
        at [TestInterface], by_step {
        TestInterface: [
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-6",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-8",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-12",
        ],
    }
    CREATED_SELLER = "created-seller": "what was created belongs to the Seller that was asked for"
        at [TestInterface], by_step {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-7"],
    }
    NO_OPPORTUNITY_MEETS_CRITERIA = "no-opportunity-meets-criteria": "no opportunity of the feeds meets criteria that none may meet"
        at [Any], by_step {
        Any: [],
    }
    CREATION_PUBLISHED = "creation-published": "what was created is in the feeds"
        at [TestInterface], by_step {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1"],
    }
    DATASET_DELETION_PUBLISHED = "dataset-deletion-published": "what was created in a dataset is deleted with it"
        at [TestInterface], by_step {
        TestInterface: [
            "TI-delete-test-interfacedatasetstestdatasetidentifier-1",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-10",
        ],
    }
}
