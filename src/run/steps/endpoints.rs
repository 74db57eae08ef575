//! The dataset site, and an endpoint that does not exist.

use reqwest::Method;

use crate::catalogue::Step;
use crate::checks::preconditions;
use crate::client::{Confidence, Payload, Request, read_dataset_site};
use crate::config::Headers;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::{BYTE_ORDER_MARK, ErrorName, Profile};

use super::answer::answered;
use super::order::{marked, valid, with};
use super::refused::{Refusal, refused};
use super::{SPEC, expect, headers, send, send_with, unsent};

/// Reads the dataset site, and judges its JSON-LD.
pub(super) async fn dataset_site(run: &mut CellRun, step: &Step) -> bool {
    run.begin("dataset-site", "Dataset site");
    let spec = format!("{SPEC}#endpoints");
    let none = Headers::new();
    let url = run.session.dataset_site.clone();
    let response = run
        .session
        .client
        .send(Request {
            label: "Dataset site",
            feed: None,
            method: Method::GET,
            url: &url,
            configured: &none,
            accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            content_type: None,
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: run.session.request_timeout(),
        })
        .await;
    if !answered(run.log(), &response, "the dataset site", &spec) {
        return run.end();
    }
    let (site, findings) = read_dataset_site(&response);
    let name = preconditions::DATASET_SITE.says("the dataset site describes a Dataset with feeds");
    if findings.is_empty() {
        run.log().check(name.clone(), None, None);
    }
    for finding in findings {
        run.log().check(name.clone(), Some(Profile::Strict), Some(with(finding, response.exchange())));
    }
    let Some(site) = site else {
        run.log().fail("the dataset site has a Dataset as JSON-LD", Finding::new("there is no Dataset").spec(&spec));
        return run.end();
    };
    if response.body.starts_with(BYTE_ORDER_MARK.to_string().as_bytes()) {
        marked(run.log(), response.exchange());
    }
    valid(run.log(), Mode::DatasetSite, site.text.as_bytes(), &spec, response.exchange());
    expect(run, &step.expect, &site.dataset, &spec, response.exchange());
    run.end()
}

/// PUTs to and GETs from an endpoint that no booking system has.
pub(super) async fn unknown_endpoint(run: &mut CellRun) -> bool {
    run.begin("unknown-endpoint", "Unknown endpoint");
    let spec = format!("{SPEC}#error-model");
    let url = format!("{}/ordeeeeers/abc", run.session.booking_api);
    let own = match headers(run).await {
        Ok(own) => own,
        Err(failure) => {
            let response = unsent("Unknown endpoint (PUT)", &Method::PUT, &url, &failure);
            answered(run.log(), &response, "PUT", &spec);
            return run.end();
        }
    };
    let none = Headers::new();
    let body = serde_json::json!({ "hi": "there" });
    for (what, method, headers, body) in
        [("PUT", Method::PUT, &own, Some(&body)), ("GET without credentials", Method::GET, &none, None)]
    {
        let response = send_with(run, &format!("Unknown endpoint ({what})"), method, &url, headers, body).await;
        let refusal = Refusal { what, error: Some(ErrorName::UnknownOrIncorrectEndpoint), mode: None, spec: &spec };
        refused(run, &response, refusal);
    }
    run.end()
}

/// POSTs to the URL of an Order, which knows PUT, PATCH, DELETE and GET.
pub(super) async fn wrong_verb(run: &mut CellRun) -> bool {
    run.begin("wrong-verb", "A verb that the endpoint does not have");
    let spec = format!("{SPEC}#generic-errors");
    let path = format!("orders/{}", run.history.uuid);
    let body = serde_json::json!({ "@type": "Order" });
    let response = send(run, "POST to an Order", Method::POST, &path, Some(&body)).await;
    let refusal = Refusal { what: "POST", error: Some(ErrorName::MethodNotAllowed), mode: None, spec: &spec };
    refused(run, &response, refusal);
    run.end()
}
