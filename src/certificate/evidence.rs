//! The evidence: the record of a run, without the addresses of the system that it was made of, packed.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use url::Url;

use crate::error::{Error, ErrorContext as _, ErrorKind};
use crate::results::{RunReport, sha256};

/// The placeholder for the origin of a system under test.
const REDACTED: &str = "https://redacted.example";
/// The kind of the evidence.
const MEDIA_TYPE: &str = "application/gzip";
/// Limit of unpacked evidence, in bytes.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// The origins that a record is made of: those of the dataset site, the API, the feeds and the OpenID provider. What a
/// certificate shows itself is none.
pub(super) fn origins(facts: &super::claims::Facts, id: &str) -> Vec<String> {
    let site = &facts.site;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let mut urls = vec![facts.dataset_site.clone()];
    urls.extend(site.booking_api.clone());
    urls.extend(site.authentication_authority.clone());
    urls.extend(site.feeds.iter().map(|feed| feed.url.clone()));
    urls.extend(text(site.dataset.get("url")));
    urls.extend(text(site.dataset.get("@id")));
    urls.extend(text(site.dataset.pointer("/publisher/logo/url")));
    let origin = |url: &str| {
        let origin = Url::parse(url).ok()?.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    };
    let shown: Vec<String> =
        [Some(id), facts.holder.get("url").and_then(Value::as_str)].into_iter().flatten().filter_map(origin).collect();
    let mut origins: Vec<String> =
        urls.iter().filter_map(|url| origin(url)).filter(|found| !shown.contains(found)).collect();
    // Longer ones first: one may begin with another.
    origins.sort_by_key(|origin| std::cmp::Reverse(origin.len()));
    origins.dedup();
    origins
}

/// The record with another origin instead of these, in each of their notations.
///
/// # Errors
/// That it is no record any more, which cannot be.
pub(super) fn without_origins(report: &RunReport, origins: &[String]) -> Result<RunReport, Error> {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let mut forms: Vec<(String, String)> = Vec::new();
    for origin in origins {
        let upper = encoded(origin);
        forms.push((origin.clone(), REDACTED.to_owned()));
        forms.push((origin.replace('/', "\\/"), REDACTED.replace('/', "\\/")));
        forms.push((upper.replace("%3A", "%3a").replace("%2F", "%2f"), encoded(REDACTED)));
        forms.push((upper, encoded(REDACTED)));
    }
    fn walk(value: &mut Value, forms: &[(String, String)]) {
        match value {
            Value::String(text) => {
                for (origin, instead) in forms {
                    if text.contains(origin.as_str()) {
                        *text = text.replace(origin.as_str(), instead);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, forms)),
            Value::Object(entries) => entries.values_mut().for_each(|value| walk(value, forms)),
            _ => {}
        }
    }
    // By texts, as records are read and written elsewhere: other ways of `serde` are a third of a megabyte of code.
    let mut tree: Value = serde_json::from_str(&serde_json::to_string(report)?)?;
    walk(&mut tree, &forms);
    Ok(serde_json::from_str(&tree.to_string())?)
}

/// The evidence as a certificate holds it: `MediaObject` with the digest of its content.
///
/// # Errors
/// That it cannot be packed, which data in memory rules out.
pub(super) fn media_object(report: &RunReport) -> Result<Value, Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    serde_json::to_writer(&mut encoder, report)?;
    let packed = encoder.flush().and_then(|()| encoder.finish());
    Ok(described(&packed.context(ErrorKind::Internal, || "cannot pack the evidence".to_owned())?))
}

fn described(packed: &[u8]) -> Value {
    json!({
        "@type": "MediaObject",
        "name": "The run report (RunReport as JSON)",
        "encodingFormat": MEDIA_TYPE,
        "sha256": sha256(packed),
        "contentUrl": format!("data:{MEDIA_TYPE};base64,{}", BASE64.encode(packed)),
    })
}

/// The packed evidence of a certificate.
///
/// # Errors
/// That there is none, or that it is not what its digest says.
pub(super) fn packed(certificate: &Value) -> Result<Vec<u8>, String> {
    let media = certificate.get("associatedMedia").ok_or("`associatedMedia` is missing")?;
    let text = |name: &str| media.get(name).and_then(Value::as_str);
    let url = text("contentUrl").ok_or("`associatedMedia.contentUrl` is missing")?;
    let content = url
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(";base64,"))
        .ok_or("`contentUrl` is not a data URL with Base64")?
        .1;
    let packed = BASE64.decode(content).map_err(|error| format!("the evidence is not Base64: {error}"))?;
    let (claimed, found) = (text("sha256").unwrap_or_default(), sha256(&packed));
    if claimed != found {
        Err(format!("the SHA-256 digest of the evidence is {found}, and the certificate states {claimed}"))
    } else if *media != described(&packed) {
        Err("the description of the evidence is invalid".to_owned())
    } else {
        Ok(packed)
    }
}

/// The record that was packed.
///
/// # Errors
/// Why the bytes are not evidence.
pub(super) fn unpack(packed: &[u8]) -> Result<RunReport, String> {
    let mut text = String::new();
    MultiGzDecoder::new(packed)
        .take(LIMIT)
        .read_to_string(&mut text)
        .map_err(|error| format!("the evidence cannot be unpacked: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("the evidence is not a run report: {error}"))
}
