//! Looking at a booking system.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::auth::Credentials;
use crate::client::feed::{FeedOptions, OpportunityFeeds, PageObserver};
use crate::client::{
    Client, Confidence, DatasetSite, DistributionFeed, Payload, Recorder, Redactor, Request, Response,
    read_dataset_site,
};
use crate::config::Headers;
use crate::error::Error;
use crate::harvest::{IssueLevel, LiveJudge};
use crate::results::Finding;
use crate::vocabulary::{BOOKING_MEDIA_TYPE, Stage};

use super::opportunities::OpportunitiesSeen;

/// How a survey is made.
#[derive(Debug, Clone)]
pub struct SurveyOptions {
    /// The dataset site.
    pub url: String,
    /// Whether TLS certificates go unverified.
    pub insecure: bool,
    /// How long the feeds are read.
    pub reading: Duration,
    /// The time limit of one request.
    pub timeout: Duration,
}

/// An OpenID provider.
#[derive(Debug, Clone)]
pub struct ProviderSeen {
    /// `accessService.authenticationAuthority`
    pub authority: String,
    /// Whether its discovery document could be read.
    pub discovered: bool,
    /// Whether clients can register themselves.
    pub registration: bool,
    /// Whether it has the authorization code flow.
    pub code_flow: bool,
}

/// Whether there is a Test Interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestInterface {
    /// It responds.
    There,
    /// There is nothing.
    Absent,
    /// It is unknown.
    Unknown,
}

/// What was found.
#[derive(Debug)]
pub struct Survey {
    /// Where the dataset site is.
    pub url: String,
    /// The dataset site.
    pub site: DatasetSite,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// The features that the opportunities show.
    pub seen: OpportunitiesSeen,
    /// Whether all feeds were read to their ends.
    pub complete: bool,
    /// The OpenID provider, if one is named.
    pub provider: Option<ProviderSeen>,
    /// Whether there is a Test Interface.
    pub test_interface: TestInterface,
    /// What a person should know.
    pub notices: Vec<String>,
}

/// Looks at the booking system behind a dataset site.
///
/// # Errors
/// That the dataset site cannot be read, in words.
pub async fn survey(options: &SurveyOptions) -> Result<Survey, Error> {
    let client = Client::new(Arc::new(Recorder::new(Redactor::default())), options.insecure)?;
    let (url, site, findings) = dataset_site(&client, options).await?;
    let mut notices = Vec::new();
    if site.booking_api.is_none() {
        notices.push("the dataset site has no accessService.endpointUrl (Open Booking API)".to_owned());
    }
    let provider = match &site.authentication_authority {
        Some(authority) => Some(discover(&client, options, authority).await),
        None => None,
    };
    let test_interface = match &site.booking_api {
        Some(api) => probe(&client, options, api).await,
        None => TestInterface::Absent,
    };
    let (seen, complete) = read_feeds(&client, options, &site, &mut notices).await;
    Ok(Survey { url, site, findings, seen, complete, provider, test_interface, notices })
}

/// Where dataset sites are, more often than not, below the address that people know.
const USUAL: &str = "openactive/";

/// The dataset site: at the address that was given, or at the usual place below it.
async fn dataset_site(client: &Client, options: &SurveyOptions) -> Result<(String, DatasetSite, Vec<Finding>), Error> {
    let page = get(client, options, &options.url, "text/html").await;
    let (site, findings) = read_dataset_site(&page);
    if let Some(site) = site {
        return Ok((options.url.clone(), site, findings));
    }
    if page.failure.is_none()
        && let Ok(base) = url::Url::parse(&format!("{}/", options.url.trim_end_matches('/')))
        && let Ok(below) = base.join(USUAL)
    {
        let url = below.to_string();
        let (site, findings) = read_dataset_site(&get(client, options, &url, "text/html").await);
        if let Some(site) = site {
            return Ok((url, site, findings));
        }
    }
    let first =
        findings.first().map_or_else(|| "the page has no Dataset".to_owned(), |finding| finding.message.clone());
    Err(Error::target(first).hint("use the URL of the dataset site"))
}

async fn get(client: &Client, options: &SurveyOptions, url: &str, accept: &str) -> Response {
    let none = Headers::new();
    client
        .send(Request {
            label: "Survey",
            feed: None,
            method: Method::GET,
            url,
            configured: &none,
            accept,
            content_type: None,
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: options.timeout,
        })
        .await
}

async fn discover(client: &Client, options: &SurveyOptions, authority: &str) -> ProviderSeen {
    let url = format!("{}/.well-known/openid-configuration", authority.trim_end_matches('/'));
    let answer = get(client, options, &url, "application/json").await;
    let document = answer.json().ok().filter(|_| answer.status == Some(200)).unwrap_or_default();
    let lists = |name: &str, wanted: &str| {
        document.get(name).and_then(Value::as_array).is_none_or(|values| values.iter().any(|value| value == wanted))
    };
    ProviderSeen {
        authority: authority.to_owned(),
        discovered: document.get("issuer").is_some(),
        registration: document.get("registration_endpoint").is_some_and(Value::is_string),
        code_flow: document.get("authorization_endpoint").is_some_and(Value::is_string)
            && lists("grant_types_supported", "authorization_code"),
    }
}

/// Asks the Test Interface for something that it must refuse: whether it is there shows in how it refuses.
async fn probe(client: &Client, options: &SurveyOptions, api: &str) -> TestInterface {
    let url = format!("{api}/test-interface/datasets/oa-test-probe/opportunities");
    let none = Headers::new();
    let answer = client
        .send(Request {
            label: "Survey",
            feed: None,
            method: Method::POST,
            url: &url,
            configured: &none,
            accept: "application/json",
            content_type: Some(BOOKING_MEDIA_TYPE),
            body: Payload::Bytes(b"{}"),
            redirects: false,
            confidence: Confidence::Usual,
            timeout: options.timeout,
        })
        .await;
    match answer.status {
        Some(404 | 405 | 501) => TestInterface::Absent,
        Some(400 | 415 | 422) => TestInterface::There,
        _ => TestInterface::Unknown,
    }
}

async fn read_feeds(
    client: &Client,
    options: &SurveyOptions,
    site: &DatasetSite,
    notices: &mut Vec<String>,
) -> (OpportunitiesSeen, bool) {
    let cancel = CancellationToken::new();
    let judge =
        |feed: &DistributionFeed| Arc::new(LiveJudge::of_pages(&format!("{} feed", feed.name), Stage::OpportunityFeed));
    let judges: Vec<Arc<LiveJudge>> = site.feeds.iter().map(judge).collect();
    let feeds = site
        .feeds
        .iter()
        .zip(&judges)
        .map(|(feed, judge)| {
            let options = FeedOptions {
                name: format!("{} feed", feed.name),
                url: feed.url.clone(),
                credentials: Credentials::Fixed(Headers::new()),
                accept: "application/vnd.openactive.rpde+json; version=1, application/json;q=0.9",
                timeout: options.timeout,
                wait: options.reading,
            };
            let observer: Arc<dyn PageObserver> = Arc::<LiveJudge>::clone(judge);
            (options, Some(observer))
        })
        .collect();
    let feeds = OpportunityFeeds::start(client, feeds, &cancel);
    let complete = match feeds.catch_up(Instant::now() + options.reading).await {
        Ok(()) => true,
        Err(reason) => {
            notices.push(format!("the feeds were read in part: {reason}"));
            false
        }
    };
    for follower in feeds.followers() {
        notices.extend(follower.status().stop.map(|stop| stop.finding().message));
    }
    for judge in &judges {
        let failures = judge.issues().into_iter().filter(|issue| issue.severity == IssueLevel::Failure);
        notices.extend(failures.map(|issue| format!("{}: {}", judge.name(), issue.message)));
    }
    let named = |number: usize| judges.get(number).map_or("", |judge| judge.name());
    let across = LiveJudge::across(&judges).into_iter();
    notices.extend(across.map(|(number, issue)| format!("{}: {} ({})", named(number), issue.message, issue.first)));
    if complete && feeds.index().orphans().is_some() {
        // A parent may have been published since its feed was read: what is missing must still be so.
        let _ = feeds.catch_up(Instant::now() + options.reading).await;
        notices.extend(feeds.index().orphans().map(|orphans| orphans.to_string()));
    }
    let mut seen = OpportunitiesSeen::default();
    feeds.index().each(0, 1, &mut |opportunity| seen.take(opportunity));
    seen.finish();
    cancel.cancel();
    (seen, complete)
}
