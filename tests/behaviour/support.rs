//! Running the binary, and targets that misbehave.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use tempfile::TempDir;

/// The feed wait that tests with faults use: the sandbox publishes what it publishes at once.
pub(crate) const SHORT_WAIT: &str = "integrationTests.waitForItemToUpdateInFeedTimeout=2500";

/// A configuration for the sandbox with headers instead of OpenID Connect.
pub(crate) const HEADER_CREDENTIALS: &str = include_str!("../../fixtures/header-credentials.json");

/// The file that has it.
pub(crate) const HEADER_CREDENTIALS_FILE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/header-credentials.json");

/// The binary, in a folder of its own and without the environment of the developer.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
}

/// What a run left.
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `run.json.gz`, packed: most tests ask for a part of it or nothing.
    saved: Option<Vec<u8>>,
    report: OnceLock<Option<Value>>,
    /// `journal.ndjson.gz`
    pub(crate) journal: LazyText,
}

/// A packed text that is unpacked where it is needed.
type LazyText = LazyLock<String, Box<dyn FnOnce() -> String + Send>>;

/// Path of the binary under test: `OA_TEST_BINARY`, or the one that Cargo built beside the tests.
pub(crate) fn binary() -> OsString {
    std::env::var_os("OA_TEST_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_oa-test").into())
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.current_dir(self.folder.path()).args(arguments);
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "OA_TEST_CONFIG", "OA_TEST_CONFIG_JSON", "OA_TEST_FEATURES_DIR"]
        {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        name.to_owned()
    }

    pub(crate) fn outcome(&self, output: &Output) -> Outcome {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            saved: std::fs::read(self.path("output/run.json.gz")).ok(),
            report: OnceLock::new(),
            journal: {
                let packed = std::fs::read(self.path("output/journal.ndjson.gz")).unwrap_or_default();
                LazyLock::new(Box::new(move || unpacked_journal(&packed)))
            },
        }
    }

    pub(crate) fn oa_test(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).output().unwrap();
        self.outcome(&output)
    }
}

/// The lines of a journal, as far as it was written.
pub(crate) fn journal(path: &std::path::Path) -> String {
    unpacked_journal(&std::fs::read(path).unwrap_or_default())
}

fn unpacked_journal(packed: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(packed);
    let mut buffer = [0; 64 * 1024];
    // A journal of a run that goes on has no end.
    while let Ok(count @ 1..) = decoder.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Packed runs of more bytes than this are unpacked by the binary, which is optimised.
const LARGE_RUN: u64 = 100_000;

/// A saved run, if there is one.
pub(crate) fn saved_run(path: &std::path::Path) -> Option<Value> {
    let size = std::fs::metadata(path).ok()?.len();
    let text = if size > LARGE_RUN {
        let output = Command::new(binary()).args(["report", "json"]).arg(path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    } else {
        serde_json::to_string(&oa_test::results::read_run(path).unwrap()).unwrap()
    };
    // `parse` is compiled with serde_json, and so optimised in every profile.
    Some(text.parse().unwrap())
}

/// `oa-test run` in a folder of its own.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let bench = Bench::new();
    let all: Vec<&str> = ["run"].into_iter().chain(arguments.iter().copied()).collect();
    bench.oa_test(&all)
}

/// Features that the built-in configuration leaves out, as the public suite has no tests of them.
pub(crate) const STRICT_ONLY: &[&str] = &[
    "dynamic-payment",
    "offer-overrides",
    "opportunity-feed",
    "reseller-broker-tax-calculation",
    "terms-of-service-with-consent",
    "terms-of-service-with-consent-with-date-modified",
];

/// A run of every feature in controlled mode, which several tests look at, and the folder that has its reports.
pub(crate) static EVERY_FEATURE: LazyLock<(Bench, Outcome)> = LazyLock::new(|| {
    let bench = Bench::new();
    let settings: Vec<String> =
        STRICT_ONLY.iter().map(|feature| format!("integrationTests.implementedFeatures.{feature}=true")).collect();
    // Remarks of every kind fail it.
    let mut arguments = vec!["run", "--seed", "5", "--fail-on", "suggestion"];
    arguments.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    let outcome = bench.oa_test(&arguments);
    (bench, outcome)
});

/// `oa-test run` against a target, with the Sellers of the sandbox and credentials that are headers.
pub(crate) fn run_against(url: &str, arguments: &[&str]) -> Outcome {
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let all: Vec<&str> =
        ["run", "--config", "headers.json", "--target", url].into_iter().chain(arguments.iter().copied()).collect();
    bench.oa_test(&all)
}

impl Outcome {
    /// The run, if one was saved.
    pub(crate) fn saved(&self) -> Option<&Value> {
        let read = || {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("run.json.gz");
            std::fs::write(&path, self.saved.as_ref()?).unwrap();
            saved_run(&path)
        };
        self.report.get_or_init(read).as_ref()
    }

    pub(crate) fn report(&self) -> &Value {
        self.saved().unwrap_or_else(|| panic!("no run.json\n{}\n{}", self.stdout, self.stderr))
    }

    pub(crate) fn cells(&self) -> &[Value] {
        self.report()["cells"].as_array().unwrap()
    }

    /// Every remark of the run, in words.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let steps = self.cells().iter().flat_map(|cell| cell["steps"].as_array().unwrap());
        let of_steps = steps.filter_map(|step| step["remarks"].as_array());
        let all = of_steps.chain(self.report()["remarks"].as_array()).flatten();
        all.map(|remark| format!("{} {} at {}", remark["rule"], remark["message"], remark["path"])).collect()
    }

    /// Verdict of each cell by its identifier.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.cells().iter().map(|cell| (text(&cell["id"]), text(&cell["verdict"]))).collect()
    }

    /// Checks that did not hold, by their identifiers, or the words of a feature file, each with its step and outcome, without what differs between runs.
    pub(crate) fn broken_checks(&self) -> Vec<String> {
        let mut broken: Vec<String> = Vec::new();
        for cell in self.cells() {
            for step in cell["steps"].as_array().unwrap() {
                for check in step["checks"].as_array().unwrap() {
                    if check["outcome"] == "held" {
                        continue;
                    }
                    let name = format!(
                        "{} {}: {}",
                        check["outcome"].as_str().unwrap(),
                        step["title"].as_str().unwrap(),
                        without_ids(check["check"].as_str().unwrap_or_else(|| check["name"].as_str().unwrap()))
                    );
                    if !broken.contains(&name) {
                        broken.push(name);
                    }
                }
            }
        }
        broken
    }

    /// Every finding of every cell.
    pub(crate) fn findings(&self) -> Vec<&Value> {
        self.cells()
            .iter()
            .flat_map(|cell| cell["steps"].as_array().unwrap())
            .flat_map(|step| step["checks"].as_array().unwrap())
            .map(|check| &check["finding"])
            .filter(|finding| finding.is_object())
            .collect()
    }

    /// Messages of all findings and notices, of cells and of the target.
    pub(crate) fn messages(&self) -> String {
        let report = self.report();
        let of_cells = self.findings().into_iter().map(|finding| finding["message"].as_str().unwrap().to_owned());
        let of_target = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["message"].as_str().unwrap().to_owned());
        let notices = report["notices"].as_array().unwrap().iter().map(|notice| notice.as_str().unwrap().to_owned());
        of_cells.chain(of_target).chain(notices).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn counts(&self) -> (u64, u64, u64) {
        // The first line of a packed run has everything but its cells, traces and exchanges.
        let counts = match (self.report.get(), &self.saved) {
            (None, Some(packed)) => {
                let mut line = String::new();
                BufReader::new(flate2::read::MultiGzDecoder::new(packed.as_slice())).read_line(&mut line).unwrap();
                line.parse::<Value>().unwrap()["counts"].clone()
            }
            _ => self.report()["counts"].clone(),
        };
        let count = |name: &str| counts[name].as_u64().unwrap();
        (count("passed"), count("failed"), count("blocked"))
    }
}

/// A text with `ID` instead of each URL.
pub(crate) fn without_ids(text: &str) -> String {
    text.split(' ').map(|word| if word.contains("://") { "ID" } else { word }).collect::<Vec<_>>().join(" ")
}

/// A client without the certificates of the system, which take long to read: no test speaks TLS.
pub(crate) fn http_client() -> reqwest::ClientBuilder {
    oa_test::client::http_client().tls_certs_only(std::iter::empty())
}

type Handler = dyn Fn(&str, &str, Bytes) -> Response + Send + Sync;

/// A server with the responses of a test.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

async fn answer(State(handler): State<Arc<Handler>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    handler(parts.method.as_str(), &path, body)
}

impl Target {
    /// Starts a server on a free port. The handler gets method, path with query, and body.
    pub(crate) fn start(handler: impl Fn(&str, &str, Bytes) -> Response + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let handler: Arc<Handler> = Arc::new(handler);
        let app = Router::new().fallback(answer).with_state(handler);
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { address, _runtime: runtime }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// A response with a status, a content type and a body.
pub(crate) fn respond(status: u16, content_type: &str, body: impl Into<axum::body::Body>) -> Response {
    Response::builder().status(status).header("content-type", content_type).body(body.into()).unwrap()
}

/// A dataset site with one feed, `/feed`, and an Open Booking API at `/api`.
pub(crate) fn dataset_page(host: &str) -> Response {
    let dataset = serde_json::json!({
        "@type": "Dataset",
        "name": "Hostile",
        "distribution": [{ "@type": "DataDownload", "name": "ScheduledSession", "contentUrl": format!("http://{host}/feed") }],
        "accessService": { "@type": "WebAPI", "endpointUrl": format!("http://{host}/api") }
    });
    respond(200, "text/html", format!("<html><script type=\"application/ld+json\">{dataset}</script></html>"))
}

/// A JSON Schema.
pub(crate) struct JsonSchema(boon::Schemas, boon::SchemaIndex);

impl JsonSchema {
    pub(crate) fn of(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("schema.json", schema).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    /// Why a value is not valid; empty if it is.
    pub(crate) fn errors(&self, value: &Value) -> String {
        self.0.validate(value, self.1).map_err(|error| format!("{error:#}")).err().unwrap_or_default()
    }
}
