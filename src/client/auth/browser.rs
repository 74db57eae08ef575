//! Going through the pages with a real browser, by WebDriver: <https://www.w3.org/TR/webdriver2/>.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::journey::{Arrival, BrowserOptions, Journey, JourneyEnd, JourneyFailure, PageImage, arrival, loses_tls};

/// How long a page may take to show what it is.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How often the deletion of temporary files is retried.
const REMOVALS: u32 = 40;
/// How often a driver is started that does not report its port.
const STARTS: u32 = 3;
/// The programs that drive browsers.
const DRIVERS: &[&str] = &["chromedriver"];

/// A WebDriver that was started here, which ends with it.
struct Driver {
    url: String,
    child: Option<Child>,
    /// The folder of driver and browser, except the profile.
    folder: Option<TempDir>,
}

fn nothing_to_drive(reason: &str) -> JourneyFailure {
    JourneyFailure::new(JourneyEnd::Unreachable, format!("the browser cannot be started: {reason}"))
        .hint("install Chromium with its chromedriver, or set `--webdriver URL` to a running WebDriver")
}

impl Driver {
    async fn start(options: &BrowserOptions) -> Result<Self, JourneyFailure> {
        if let Some(url) = &options.webdriver {
            return Ok(Self { url: url.clone(), child: None, folder: None });
        }
        let mut reasons = Vec::new();
        for name in DRIVERS {
            for _ in 0..STARTS {
                match Self::listening(name).await {
                    Ok(Some(driver)) => return Ok(driver),
                    // Another program may have taken its port.
                    Ok(None) => {}
                    Err(error) => {
                        reasons.push(format!("{name}: {error}"));
                        break;
                    }
                }
            }
        }
        if reasons.is_empty() {
            reasons.push(format!("{} reports no port", DRIVERS.join(", ")));
        }
        Err(nothing_to_drive(&reasons.join(", ")))
    }

    /// Starts a driver, and waits until it says on which port it listens; `None` where it does not.
    async fn listening(name: &str) -> std::io::Result<Option<Self>> {
        let folder = TempDir::with_prefix("oa-test-browser-")?;
        let mut child = Command::new(name)
            .envs(["TMPDIR", "TMP", "TEMP"].map(|variable| (variable, folder.path())))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let Some(output) = child.stdout.take() else { return Ok(None) };
        let mut lines = BufReader::new(output).lines();
        let port = async {
            while let Ok(Some(line)) = lines.next_line().await {
                let port =
                    line.rsplit_once("successfully on port ").map(|(_, rest)| rest.trim_end_matches('.').to_owned());
                if let Some(port) = port.and_then(|port| port.parse::<u16>().ok()) {
                    return Some(port);
                }
            }
            None
        };
        let Some(port) = tokio::time::timeout(PATIENCE, port).await? else { return Ok(None) };
        // The driver stops if its output is not read.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Some(Self { url: format!("http://127.0.0.1:{port}"), child: Some(child), folder: Some(folder) }))
    }

    /// Ends the driver, and deletes what it and its browser left.
    async fn end(mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill().await;
        }
        let Some(folder) = self.folder.take() else { return };
        // Processes of the browser may write until they have ended.
        for _ in 0..REMOVALS {
            if std::fs::remove_dir_all(folder.path()).is_ok() {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn capabilities(options: &BrowserOptions) -> Map<String, Value> {
    let mut arguments = vec!["--disable-gpu", "--disable-extensions", "--no-first-run"];
    if options.headless {
        arguments.push("--headless=new");
    }
    // Chromium will not run as root in its own sandbox, as in containers; what it opens is the provider under test.
    if std::env::var_os("USER").is_none_or(|user| user == "root") {
        arguments.push("--no-sandbox");
    }
    let given = std::env::var("CHROMIUM_FLAGS").unwrap_or_default();
    arguments.extend(given.split_whitespace());
    let capabilities = json!({
        "acceptInsecureCerts": options.insecure,
        "pageLoadStrategy": "none",
        "goog:chromeOptions": { "args": arguments }
    });
    match capabilities {
        Value::Object(capabilities) => capabilities,
        _ => Map::new(),
    }
}

/// Goes through the pages.
pub(super) async fn travel(options: &BrowserOptions, journey: Journey<'_>) -> Result<Arrival, JourneyFailure> {
    let driver = Driver::start(options).await?;
    let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(capabilities(options))
        .connect(&driver.url)
        .await
        .map_err(|error| nothing_to_drive(&error.to_string()))?;
    let outcome = pages(&client, journey).await;
    let outcome = match outcome {
        Ok(arrival) => Ok(arrival),
        Err(mut failure) => {
            let title = client.title().await.unwrap_or_default();
            failure.screenshot = client.screenshot().await.ok().map(|png| PageImage { title, png });
            Err(failure)
        }
    };
    // What cannot be closed ends with its driver.
    let _ = client.close().await;
    driver.end().await;
    outcome
}

/// What the browser shows.
enum Shown {
    Arrived(Arrival),
    /// Fields to fill in: those that are there.
    Login {
        username: bool,
        password: bool,
        /// Where the form goes.
        action: String,
    },
    Consent,
}

fn broken(error: &fantoccini::error::CmdError) -> JourneyFailure {
    JourneyFailure::new(JourneyEnd::Unreachable, format!("the browser failed: {error}"))
}

/// Chooses the form to send, as one does without a browser: one that holds the configured button, at best one that asks for
/// name or password, and never one for signing up. Marks its fields and its button.
const SEEN: &str = "const shown = (element) => element !== null && element.getClientRects().length > 0 && \
     !element.disabled && element.type !== 'hidden'; \
     const found = Array.from(arguments).slice(0, 3); \
     const all = found.map((selector) => Array.from(document.querySelectorAll(selector)).filter(shown)); \
     const form = (element) => element.form || element.closest('form'); \
     const signsUp = (of) => of !== null && (of.querySelectorAll('input[type=password]').length > 1 || \
     of.querySelector('[autocomplete=new-password]') !== null); \
     const forms = []; \
     for (const element of all.flat()) { if (!forms.includes(form(element))) { forms.push(form(element)); } } \
     let best = null; \
     for (const of of forms.filter((of) => !signsUp(of))) { \
     const [username, password, button] = all.map((list) => list.find((element) => form(element) === of)); \
     const rank = (button ? 2 : 0) + (username || password ? 1 : 0); \
     if (best === null || rank > best.rank) { best = { username, password, button, rank }; } } \
     for (const name of ['username', 'password', 'button']) { \
     document.querySelectorAll('[data-oa-test=' + name + ']').forEach((old) => old.removeAttribute('data-oa-test')); \
     if (best !== null && best[name]) { best[name].setAttribute('data-oa-test', name); } } \
     const target = () => { \
     if (best === null) { return location.href; } \
     const of = form(best.button || best.password || best.username); \
     const own = best.button && best.button.getAttribute('formaction') || of && of.getAttribute('action'); \
     return new URL(own || location.href, document.baseURI).href; }; \
     const there = (name) => best !== null && Boolean(best[name]); \
     return { username: there('username'), password: there('password'), button: there('button'), \
     sent: window.oaTestSent === true, action: target() };";

/// A control that [`SEEN`] has marked.
fn marked(name: &str) -> String {
    format!("[data-oa-test={name}]")
}

/// Waits until the browser shows something to go on with.
async fn look(client: &Client, journey: &Journey<'_>) -> Result<Shown, JourneyFailure> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // The browser has been at the redirect URI even if no server listens there.
        let url = client.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        if let Some(arrival) = arrival(&url, journey) {
            return Ok(Shown::Arrived(arrival));
        }
        // All at once, as the page may change in between.
        let selectors = [&journey.selectors.username, &journey.selectors.password, &journey.selectors.button];
        let seen = client.execute(SEEN, selectors.map(|selector| json!(selector)).to_vec()).await.unwrap_or_default();
        let is = |what: &str| seen.get(what).and_then(Value::as_bool).unwrap_or(false);
        let (username, password) = (is("username"), is("password"));
        // The page that was sent may still be the one that is shown.
        if is("button") && !is("sent") {
            let action = seen.get("action").and_then(Value::as_str).unwrap_or(&url).to_owned();
            return Ok(if username || password { Shown::Login { username, password, action } } else { Shown::Consent });
        }
        if Instant::now() > deadline {
            let title = client.title().await.unwrap_or_default();
            let message = format!("“{title}” at {} has no form for login or consent", without_query(&url));
            return Err(JourneyFailure::new(JourneyEnd::DeadPage, message).hint("see `broker.loginPagesSelectors`"));
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

async fn fill(client: &Client, selector: &str, text: &str) -> Result<(), JourneyFailure> {
    let field = client.find(Locator::Css(selector)).await.map_err(|error| broken(&error))?;
    field.clear().await.map_err(|error| broken(&error))?;
    field.send_keys(text).await.map_err(|error| broken(&error))
}

async fn pages(client: &Client, journey: Journey<'_>) -> Result<Arrival, JourneyFailure> {
    client.goto(journey.url).await.map_err(|error| broken(&error))?;
    let (mut consent, mut logged_in) = (false, [false; 2]);
    for _ in 0..10 {
        match look(client, &journey).await? {
            Shown::Arrived(arrival) => return Ok(Arrival { consent, ..arrival }),
            Shown::Login { username, password, action } => {
                let url = client.current_url().await.map(|url| url.to_string()).unwrap_or_default();
                if [journey.url, &url].iter().any(|from| loses_tls(from, &action)) {
                    let title = client.title().await.unwrap_or_default();
                    return Err(JourneyFailure::without_tls(&format!("“{title}”"), &action));
                }
                if (!username || logged_in[0]) && (!password || logged_in[1]) {
                    let alert =
                        client.find(Locator::Css("[role='alert'], .alert-danger, .validation-summary-errors")).await;
                    let why = match alert {
                        Ok(alert) => alert.text().await.ok(),
                        Err(_) => None,
                    };
                    let title = client.title().await.unwrap_or_default();
                    return Err(JourneyFailure::login_rejected(why.as_deref(), &format!("“{title}”")));
                }
                if username {
                    fill(client, &marked("username"), journey.login.username.reveal()).await?;
                }
                if password {
                    fill(client, &marked("password"), journey.login.password.reveal()).await?;
                }
                logged_in = [logged_in[0] || username, logged_in[1] || password];
            }
            Shown::Consent => consent = true,
        }
        client.execute("window.oaTestSent = true", Vec::new()).await.map_err(|error| broken(&error))?;
        let button = client.find(Locator::Css(&marked("button"))).await.map_err(|error| broken(&error))?;
        button.click().await.map_err(|error| broken(&error))?;
    }
    Err(JourneyFailure::new(JourneyEnd::Lost, "the redirect URI is not reached after 10 pages"))
}
