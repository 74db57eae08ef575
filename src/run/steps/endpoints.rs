//! The dataset site, and endpoints or verbs that do not exist.

use reqwest::Method;

use crate::client::{Confidence, Payload, Request};
use crate::config::Headers;
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Asked, Purpose, Wanted};
use crate::vocabulary::{ErrorName, Stage};

use super::{SPEC, headers, unsent};

/// Reads the dataset site.
pub(super) async fn dataset_site(run: &mut CellRun) -> bool {
    run.begin("dataset-site", "Dataset site");
    let none = Headers::new();
    let url = run.session.dataset_site.clone();
    let request = Request {
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
    };
    let response = run.session.client.send(request).await;
    let call = Call::new(Stage::DatasetSite, "the dataset site", Method::GET, response.url.clone())
        .purpose(Purpose::DatasetSite)
        .wanted(Wanted::Response)
        .asked(Asked::Expect)
        .spec(format!("{SPEC}#endpoints"));
    run.responded(call, &response);
    run.end()
}

/// PUTs to and GETs from an endpoint that no booking system has.
pub(super) async fn unknown_endpoint(run: &mut CellRun) -> bool {
    run.begin("unknown-endpoint", "Unknown endpoint");
    let path = "ordeeeeers/abc";
    let url = format!("{}/{path}", run.session.booking_api);
    let call = |what: &str, method: Method| {
        Call::new(Stage::Any, what, method, path)
            .label(format!("Unknown endpoint ({what})"))
            .fails(Some(ErrorName::UnknownOrIncorrectEndpoint))
            .spec(format!("{SPEC}#error-model"))
    };
    let put = call("PUT", Method::PUT).sending(serde_json::json!({ "hi": "there" }));
    match headers(run).await {
        Ok(own) => {
            run.request_with(put, &url, &own).await;
            run.request_with(call("GET without credentials", Method::GET), &url, &Headers::new()).await;
        }
        Err(failure) => {
            let response = unsent("Unknown endpoint (PUT)", &Method::PUT, &url, &failure);
            run.responded(put, &response);
        }
    }
    run.end()
}

/// POSTs to the URL of an Order, which knows PUT, PATCH, DELETE and GET.
pub(super) async fn wrong_verb(run: &mut CellRun) -> bool {
    run.begin("wrong-verb", "A verb that the endpoint does not have");
    let call = Call::new(Stage::Any, "POST", Method::POST, format!("orders/{}", run.history.uuid))
        .label("POST to an Order")
        .sending(serde_json::json!({ "@type": "Order" }))
        .fails(Some(ErrorName::MethodNotAllowed))
        .spec(format!("{SPEC}#generic-errors"));
    run.request(call).await;
    run.end()
}
