//! The dataset site.

use serde_json::Value;

use crate::client::{DatasetSite, is_feed, read_dataset_site_of};
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
    let warnings = site.into_iter().flat_map(|site| site.warnings);
    let identity = CheckIdentity::from("dataset-site");
    let remarks = warnings.map(|finding| remark(answered.with(finding), &identity, Grade::Should)).collect();
    Outcome { broken, remarks, ..Outcome::held() }
}

/// The validation mode of the Dataset, and its text; `None` for other responses.
pub(super) fn document(answered: &Answered<'_>) -> Option<(ValidationMode, String)> {
    let of_site = answered.exchanged.purpose == Purpose::DatasetSite;
    let site = of_site.then(|| read(answered.exchanged).0).flatten()?;
    let strict = answered.context.strict();
    let text = listed(&site.dataset).filter(|_| strict).unwrap_or(site.text);
    Some((ValidationMode::DatasetSite, text))
}

/// A Dataset with one feed in its `distribution` that is not in a list, with a list: JSON-LD has both mean the same, and the data
/// model knows lists only.
fn listed(dataset: &Value) -> Option<String> {
    let feed = dataset.get("distribution").filter(|feed| feed.is_object())?;
    let list = Value::Array(vec![feed.clone()]);
    let mut dataset = dataset.clone();
    dataset.as_object_mut()?.insert("distribution".to_owned(), list);
    Some(dataset.to_string())
}

/// Whether a finding of the data model is about the format of a download that is no feed: the model knows feeds only, and a Dataset
/// may have downloads of other kinds.
pub(super) fn is_of_download(finding: &Finding, dataset: &str) -> bool {
    let path = finding.path.as_deref().unwrap_or_default();
    let entry = path.strip_prefix("distribution[").and_then(|rest| rest.strip_suffix("].encodingFormat"));
    let Some(index) = entry.and_then(|index| index.parse::<usize>().ok()) else { return false };
    let dataset: Value = serde_json::from_str(dataset).unwrap_or_default();
    dataset.pointer(&format!("/distribution/{index}")).is_some_and(|entry| !is_feed(entry))
}
