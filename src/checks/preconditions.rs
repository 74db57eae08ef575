//! The dataset site and the configuration.

use super::row::rows;

rows! {
    DATASET_SITE = "dataset-site": "the dataset site describes the feeds and where to book"
        at [DatasetSite], by_step {
        DatasetSite: ["OB-paths-and-verbs-2"],
    }
    CONFIGURATION = "configuration": "the configuration says what it must say"
        at [Any], by_step {
        Any: [],
    }
    PREPARATION = "preparation": "what the step builds on is there"
        at [Any], by_step {
        Any: [],
    }
}
