//! The dataset site.

use crate::client::{DatasetSite, read_dataset_site_of};
use crate::results::Finding;
use crate::trace::{Exchanged, Purpose};
use crate::validate::ValidationMode;

use super::outcome::Outcome;
use super::view::Answered;

/// Reads the dataset site, with what is wrong with it.
pub(super) fn read(exchanged: &Exchanged) -> (Option<DatasetSite>, Vec<Finding>) {
    let reply = &exchanged.reply;
    read_dataset_site_of(&exchanged.path, reply.status, &reply.body, reply.exchange)
}

/// The dataset site describes a Dataset with feeds.
pub(super) fn dataset_site(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::DatasetSite {
        return Outcome::absent();
    }
    let (site, findings) = read(answered.exchanged);
    // What is wrong with a Dataset, the public suite does not look at.
    let judged = site.is_none() || answered.context.strict();
    let broken = findings.into_iter().filter(|_| judged).map(|finding| answered.with(finding)).collect();
    Outcome { broken, ..Outcome::held() }
}

/// The mode of the Dataset, and its text.
pub(super) fn document(answered: &Answered<'_>) -> Option<(ValidationMode, String)> {
    let of_site = answered.exchanged.purpose == Purpose::DatasetSite;
    of_site.then(|| read(answered.exchanged).0).flatten().map(|site| (ValidationMode::DatasetSite, site.text))
}
