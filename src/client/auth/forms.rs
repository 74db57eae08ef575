//! Going through the pages without a browser: their forms are read, filled in and sent; cookies and redirects are followed.

use cookie_store::CookieStore;
use reqwest::Method;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

use crate::client::message::{Payload, Response};
use crate::config::{Headers, Secret};

use super::journey::{Arrival, Journey, JourneyFailure, arrived, loses_tls};
use super::page::{HtmlPage, PageKind, posted_back, read};
use super::transport::{AuthHttp, FORM, Sent};

/// A page for logging in that is larger than this is none.
const PAGE_LIMIT: usize = 4 * 1024 * 1024;
/// More hops than this lead nowhere.
const HOPS: usize = 40;

/// What is requested next.
struct Next {
    url: url::Url,
    /// The form that is posted.
    form: Option<String>,
    secret: Vec<String>,
}

impl Next {
    const fn get(url: url::Url) -> Self {
        Self { url, form: None, secret: Vec::new() }
    }
}

/// Goes through the pages.
pub(super) async fn travel(http: &AuthHttp, journey: Journey<'_>) -> Result<Arrival, JourneyFailure> {
    let begin = url::Url::parse(journey.url);
    let begin = begin.map_err(|error| JourneyFailure::new(format!("the authorization endpoint is no URL: {error}")))?;
    let mut cookies = CookieStore::default();
    let mut next = Next::get(begin);
    let mut progress = Progress::default();
    for _ in 0..HOPS {
        let response = hop(http, &mut cookies, &next).await;
        let at = response.exchange();
        if let Some(failure) = &response.failure {
            let failure = JourneyFailure::new(format!("a page for logging in could not be had: {}", failure.message));
            return Err(JourneyFailure { unreachable: true, ..failure }.at(at));
        }
        let status = response.status.unwrap_or_default();
        if let Some(location) = location(&response, &next.url) {
            if let Some(parameters) = arrived(location.as_str(), journey.redirect_uri) {
                return Ok(Arrival { parameters, consent: progress.consented, exchange: at });
            }
            // 307 and 308 repeat the request; everything else asks for the next page.
            let form = next.form.take().filter(|_| matches!(status, 307 | 308));
            next = Next { url: location, form, secret: std::mem::take(&mut next.secret) };
            continue;
        }
        if response.body.len() > PAGE_LIMIT {
            let message = format!("a page for logging in has {} MiB", response.body.len() / 1024 / 1024);
            return Err(JourneyFailure::new(message).at(at));
        }
        let text = String::from_utf8_lossy(&response.body).into_owned();
        if !(200..300).contains(&status) {
            return Err(refused(&text, status, &journey).at(at));
        }
        if let Some(parameters) = posted_back(&text, &next.url, journey.redirect_uri) {
            return Ok(Arrival { parameters, consent: progress.consented, exchange: at });
        }
        let page = read(&text, journey.login, journey.selectors);
        next = step(&page, &next.url, &mut progress).map_err(|failure| failure.at(at))?;
    }
    Err(JourneyFailure::new(format!("after {HOPS} pages and redirects, the redirect URI has not been reached"))
        .at(http.last()))
}

/// How far the journey has come.
#[derive(Debug, Default)]
struct Progress {
    /// Names of fields that have been filled in.
    filled: Vec<String>,
    consented: bool,
}

/// What a page leads to.
fn step(page: &HtmlPage, here: &url::Url, progress: &mut Progress) -> Result<Next, JourneyFailure> {
    let title =
        if page.title.is_empty() { "a page without a title".to_owned() } else { format!("“{}”", page.title) };
    let dead = |what: String| {
        let failure = JourneyFailure::new(what);
        if page.scripted {
            failure.hint("the page seems to need JavaScript: `--browser` goes through it with a browser")
        } else {
            failure.hint("see `broker.loginPagesSelectors`")
        }
    };
    let Some(form) = page.form.as_ref().filter(|_| page.kind != PageKind::Dead) else {
        return Err(dead(format!("there is no form to go on with on {title}")));
    };
    if page.kind == PageKind::Login {
        let asked = form.secret.join(" and ");
        if form.secret.is_empty() {
            return Err(dead(format!("the fields of {title} have no names")));
        }
        if form.secret.iter().all(|field| progress.filled.contains(field)) {
            let why = page.alert.as_ref().map(|alert| format!(": {alert}")).unwrap_or_default();
            let message = format!("{title} asks for {asked} again: the login was not accepted{why}");
            return Err(JourneyFailure::new(message).hint("see `loginCredentials` of the Seller"));
        }
        progress.filled.extend(form.secret.iter().cloned());
    } else {
        progress.consented = true;
    }
    if !form.plain {
        return Err(dead(format!("the form of {title} is encoded in a way that only a browser sends")));
    }
    let mut url = here.join(&form.action).map_err(|error| {
        JourneyFailure::new(format!("the form of {title} goes to {}, which is no URL: {error}", form.action))
    })?;
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&form.fields);
    let body = body.finish();
    if loses_tls(here.as_str(), url.as_str()) {
        return Err(JourneyFailure::new(format!("the form of {title} would send its fields without TLS, to {url}")));
    }
    if form.posts {
        return Ok(Next { url, form: Some(body), secret: form.secret.clone() });
    }
    url.set_query(Some(&body));
    Ok(Next { secret: form.secret.clone(), ..Next::get(url) })
}

async fn hop(http: &AuthHttp, cookies: &mut CookieStore, next: &Next) -> Response {
    let sent: Vec<String> =
        cookies.get_request_values(&next.url).map(|(name, value)| format!("{name}={value}")).collect();
    let headers: Headers =
        if sent.is_empty() { Headers::new() } else { vec![(COOKIE.to_string(), Secret::new(sent.join("; ")))] };
    let (method, payload) = match &next.form {
        Some(form) => (Method::POST, Payload::Form(form)),
        None => (Method::GET, Payload::Empty),
    };
    http.about("OpenID provider: pages for logging in");
    let content_type = next.form.is_some().then_some(FORM);
    let sent = Sent { content_type, body: payload, secret_fields: &next.secret, ..Sent::PAGE };
    let response = http.send(method, next.url.as_str(), &headers, sent).await;
    for value in response.headers.get_all(SET_COOKIE) {
        // A cookie that cannot be kept is one that a browser would not keep either.
        if let Ok(text) = value.to_str() {
            let _ = cookies.parse(text, &next.url);
        }
    }
    response
}

fn location(response: &Response, from: &url::Url) -> Option<url::Url> {
    if !matches!(response.status, Some(301 | 302 | 303 | 307 | 308)) {
        return None;
    }
    from.join(response.headers.get(LOCATION)?.to_str().ok()?).ok()
}

/// What a page that is an error says.
fn refused(text: &str, status: u16, journey: &Journey<'_>) -> JourneyFailure {
    let page = read(text, journey.login, journey.selectors);
    let title = if page.title.is_empty() { String::new() } else { format!(": “{}”", page.title) };
    JourneyFailure::new(format!("a page for logging in answers with HTTP {status}{title}"))
}
