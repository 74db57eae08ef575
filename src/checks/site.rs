//! The dataset site.

use crate::client::{DatasetSite, read_dataset_site_of};
use crate::results::Finding;
use crate::trace::{Exchanged, Purpose};
use crate::validate::ValidationMode;
use crate::vocabulary::Grade;

use super::cite::{CheckIdentity, remark};
use super::outcome::Outcome;
use super::view::Answered;

/// Reads the dataset site, with findings about it.
pub(super) fn read(exchanged: &Exchanged) -> (Option<DatasetSite>, Vec<Finding>) {
    let reply = &exchanged.reply;
    read_dataset_site_of(&exchanged.path, reply.status, &reply.body, reply.exchange)
}

/// Expects the dataset site to describe a Dataset with feeds.
pub(super) fn dataset_site(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::DatasetSite {
        return Outcome::absent();
    }
    let (site, findings) = read(answered.exchanged);
    // The public suite does not judge the content of a Dataset.
    let judged = site.is_none() || answered.context.strict();
    let broken = findings.into_iter().filter(|_| judged).map(|finding| answered.with(finding)).collect();
    let warnings = site.map(|site| site.warnings).unwrap_or_default();
    let warning = |message| {
        let finding = answered.with(Finding::new(message));
        remark(finding, &CheckIdentity::default(), Grade::Should)
    };
    Outcome { broken, remarks: warnings.into_iter().map(warning).collect(), ..Outcome::held() }
}

/// The validation mode of the Dataset, and its text; `None` for other responses.
pub(super) fn document(answered: &Answered<'_>) -> Option<(ValidationMode, String)> {
    let of_site = answered.exchanged.purpose == Purpose::DatasetSite;
    of_site.then(|| read(answered.exchanged).0).flatten().map(|site| (ValidationMode::DatasetSite, site.text))
}
