//! The HTML report, as a person uses it: in a browser.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use oa_test::sandbox::Fault;
use serde_json::{Value, json};

use crate::support::{Bench, EVERY_FEATURE, SHORT_WAIT};

/// A chromedriver that ends with the test.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the console of the browser shows.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Opens a page and runs a script in it; every message of the console is an error.
fn browse<T, F: Future<Output = T>>(page: &std::path::Path, what: impl FnOnce(Client, Duration) -> F) -> T {
    // A driver ends at once where another program got the port that it had chosen.
    let started = (0..10).find_map(|_| {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = Driver(driver.unwrap());
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(driver.0.stdout.take().unwrap()));
        let port = lines
            .find_map(|line| Some(line.ok()?.rsplit_once("successfully on port ")?.1.trim_end_matches('.').to_owned()));
        port.map(|port| (driver, lines, port))
    });
    let (_driver, lines, port) = started.unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let wanted = json!({
            "goog:chromeOptions": { "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"] },
            "goog:loggingPrefs": { "browser": "ALL" }
        });
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        let begun = Instant::now();
        client.goto(&format!("file://{}", page.display())).await.unwrap();
        let opened = begun.elapsed();
        let result = what(client.clone(), opened).await;
        let console = client.issue_cmd(Console).await.unwrap();
        client.close().await.unwrap();
        assert_eq!(console, json!([]), "the console is silent");
        result
    })
}

async fn text(client: &Client, selector: &str) -> String {
    client.wait().for_element(Locator::Css(selector)).await.unwrap().text().await.unwrap()
}

async fn count(client: &Client, selector: &str) -> usize {
    let script = "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).length";
    let found = client.execute(script, vec![json!(selector)]).await.unwrap();
    usize::try_from(found.as_u64().unwrap()).unwrap()
}

async fn click(client: &Client, selector: &str) {
    client.wait().for_element(Locator::Css(selector)).await.unwrap().click().await.unwrap();
}

/// Keys, as if they were pressed anywhere on the page.
async fn press(client: &Client, key: &str) {
    let script = "(document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true, cancelable: true}))";
    client.execute(script, vec![json!(key)]).await.unwrap();
}

async fn hash(client: &Client) -> String {
    client.execute("return location.hash", Vec::new()).await.unwrap().as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs Chromium and its chromedriver"]
fn in_a_browser_failures_are_found_filtered_and_opened() {
    let bench = Bench::new();
    let fault = Fault::AttendanceLegacyStatus.name();
    let outcome = bench.oa_test(&[
        "run",
        "-f",
        "opportunity-attendance-updates",
        "-f",
        "dataset-site",
        "--seed",
        "1",
        "--set",
        SHORT_WAIT,
        "--fault",
        fault,
    ]);
    let (passed, failed, _) = outcome.counts();
    let (passed, failed) = (usize::try_from(passed).unwrap(), usize::try_from(failed).unwrap());
    assert!(passed > 0 && failed > 1, "{}", outcome.stdout);
    browse(&bench.path("output/report.html"), async |client: Client, _| {
        assert_eq!(count(&client, "a.v").await, passed + failed);
        assert!(text(&client, "h1 + button").await.starts_with("theme"));
        click(&client, "button[data-verdict='failed']").await;
        assert_eq!(count(&client, "a.v:not(.out)").await, failed);
        assert_eq!(count(&client, "tr.feature").await, 1, "features without a failure are hidden");
        client.find(Locator::Css("#query")).await.unwrap().send_keys("absent approval").await.unwrap();
        let narrowed = count(&client, "a.v:not(.out)").await;
        assert!(narrowed > 0 && narrowed < failed, "{narrowed}");
        assert!(text(&client, "#matching").await.starts_with(&format!("{narrowed} of ")));

        // The first cell, by keyboard.
        client.execute("document.activeElement.blur()", Vec::new()).await.unwrap();
        press(&client, "j").await;
        let title = text(&client, "#page h1").await;
        assert_eq!(title, "Attendee absent: OrderItem becomes AttendeeAbsent");
        let first = hash(&client).await;
        assert!(first.contains("customer-absent") && first.contains("Approval"), "{first}");
        press(&client, "j").await;
        client.wait().for_element(Locator::Css("#page h1")).await.unwrap();
        assert_ne!(hash(&client).await, first);
        press(&client, "k").await;
        client.wait().for_element(Locator::Css("details.step[open]")).await.unwrap();
        assert_eq!(hash(&client).await, first);

        // The step that failed is open, the value that is wrong is marked, where it stands.
        assert_eq!(count(&client, "details.step[open]").await, 1);
        assert!(text(&client, "details.step[open] summary").await.contains("AttendeeAbsentSimulateAction"));
        let marked = text(&client, ".exchange pre mark").await;
        assert_eq!(marked, "\"https://openactive.io/CustomerAttended\"");
        assert!(text(&client, "#page").await.contains("oa-test run --set"));
        // The diagram leads to the exchange.
        assert!(count(&client, "svg.lanes a").await > 5);
        client.execute("document.querySelector('svg.lanes .bad a').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))", Vec::new()).await.unwrap();
        let focused = client.execute("return document.activeElement.dataset.exchange || ''", Vec::new()).await.unwrap();
        assert_ne!(focused, json!(""));
        press(&client, "Escape").await;
        client.wait().for_element(Locator::Css("#overview:not([hidden])")).await.unwrap();
        assert_eq!(count(&client, "#page").await, 0);

        // Dark and light.
        let ground = "return getComputedStyle(document.body).backgroundColor";
        click(&client, "#theme").await;
        let light = client.execute(ground, Vec::new()).await.unwrap();
        click(&client, "#theme").await;
        let dark = client.execute(ground, Vec::new()).await.unwrap();
        assert_eq!((light, dark), (json!("rgb(255, 255, 255)"), json!("rgb(20, 23, 27)")));
        // Narrow windows scroll the map, not the page.
        client.set_window_size(520, 900).await.unwrap();
        let wide =
            client.execute("return document.documentElement.scrollWidth - innerWidth", Vec::new()).await.unwrap();
        assert!(wide.as_i64().unwrap() <= 0, "{wide}");
    });
}

#[test]
#[ignore = "needs Chromium and its chromedriver"]
fn in_a_browser_what_a_target_wrote_runs_nothing() {
    let bench = Bench::new();
    let outcome =
        bench.oa_test(&["run", "-f", "access-code", "--seed", "1", "--fault", Fault::AccessCodeMissing.name()]);
    let mut report = outcome.report().clone();
    let hostile = "</script><img src=x onerror=\"window.harmed=1\"><script>window.harmed=1</script>\u{202e}";
    poison(&mut report, hostile);
    let json = bench.write("hostile.json", &report.to_string());
    assert_eq!(bench.oa_test(&["report", "html", &json, "--output", "hostile.html"]).code, 0);
    browse(&bench.path("hostile.html"), async |client: Client, _| {
        press(&client, "j").await;
        client.wait().for_element(Locator::Css("details.step")).await.unwrap();
        client
            .execute("for (const d of document.querySelectorAll('details')) d.open = true", Vec::new())
            .await
            .unwrap();
        client.wait().for_element(Locator::Css(".exchange pre")).await.unwrap();
        let harmed =
            client.execute("return window.harmed || document.querySelectorAll('img').length", Vec::new()).await;
        assert_eq!(harmed.unwrap(), json!(0));
        let shown = text(&client, "#page h1").await;
        assert!(shown.contains("</script><img src=x") && shown.contains("\\u{202e}"), "{shown}");
    });
}

/// Puts a text instead of those that a target could have written.
fn poison(report: &mut Value, hostile: &str) {
    for cell in report["cells"].as_array_mut().unwrap() {
        cell["name"] = hostile.into();
        cell["reason"] = hostile.into();
        for step in cell["steps"].as_array_mut().unwrap() {
            step["title"] = hostile.into();
            for check in step["checks"].as_array_mut().unwrap() {
                check["name"] = hostile.into();
                if check["finding"].is_object() {
                    for part in ["message", "expected", "found", "hint", "spec"] {
                        check["finding"][part] = hostile.into();
                    }
                }
            }
        }
    }
    for exchange in report["exchanges"].as_array_mut().unwrap() {
        exchange["label"] = hostile.into();
        exchange["url"] = hostile.into();
        if exchange["answer"].is_object() {
            exchange["answer"]["body"] = format!("{{\"x\": {}}}", json!(hostile)).into();
        }
    }
    report["target"]["name"] = hostile.into();
    report["notices"] = json!([hostile]);
}

#[test]
#[ignore = "needs Chromium and its chromedriver"]
fn in_a_browser_a_full_run_opens_at_once() {
    let (bench, outcome) = &*EVERY_FEATURE;
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let page = bench.path("output/report.html");
    for file in [&page, &bench.path("output/run.json.gz")] {
        assert!(std::fs::metadata(file).unwrap().len() < 10 * 1024 * 1024, "{}", file.display());
    }
    let cells = outcome.cells().len();
    browse(&page, async |client: Client, opened| {
        assert_eq!(count(&client, "a.v").await, cells);
        // Printed, not judged: other work on the machine must not fail a test.
        println!("{cells} cells opened in {} ms", opened.as_millis());
        press(&client, "j").await;
        client.wait().for_element(Locator::Css("details.step")).await.unwrap();
    });
}
