//! What a run leaves is small: texts that repeat each other are stored once.

use std::io::Read as _;

use crate::support::{Bench, saved_run};

/// Bytes of a file.
fn size(bench: &Bench, name: &str) -> u64 {
    std::fs::metadata(bench.path(name)).unwrap().len()
}

#[test]
fn a_run_leaves_few_bytes_for_each_cell() {
    let bench = Bench::new();
    let outcome = bench.oa_test(&["run", "--feature", "*broker", "--seed", "1"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let cells = u64::try_from(outcome.cells().len()).unwrap();
    assert!(cells > 50, "{cells}");
    // What comes of the feeds and of the page itself, and what comes with each cell.
    for (name, base, each) in [
        ("output/run.json.gz", 150_000, 1_300),
        ("output/report.html", 150_000, 1_800),
        ("output/journal.ndjson.gz", 150_000, 3_000),
    ] {
        let (found, most) = (size(&bench, name), base + each * cells);
        assert!(found <= most, "{name} has {found} bytes for {cells} cells; expected {most} at most");
    }
}

#[test]
fn a_saved_run_is_what_its_document_is() {
    let bench = Bench::new();
    let arguments = ["run", "--feature", "access-code", "--seed", "1", "--json", "all.json"];
    assert_eq!(bench.oa_test(&arguments).code, 0);
    let saved = saved_run(&bench.path("output/run.json.gz")).unwrap();
    let text = std::fs::read_to_string(bench.path("all.json")).unwrap();
    let mut document: serde_json::Value = text.parse().unwrap();
    assert_eq!(document, saved);
    let body = |exchange: &serde_json::Value| exchange["answer"]["body"].as_str().map(str::to_owned);
    let bodies = document["exchanges"].as_array().unwrap().iter().filter_map(body);
    assert!(bodies.filter(|body| body.contains("accessCode")).count() > 1);
    // A line for the run, lines for fragments, one for the trace of the run, and one for each cell and exchange.
    let mut lines = String::new();
    let packed = std::fs::read(bench.path("output/run.json.gz")).unwrap();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut lines).unwrap();
    let (cells, exchanges) =
        (document["cells"].as_array().unwrap().len(), document["exchanges"].as_array().unwrap().len());
    let fragments = lines.lines().filter(|line| line.starts_with("{\"fragments\":")).count();
    assert!(fragments > 0);
    assert_eq!(lines.lines().count(), 2 + fragments + cells + exchanges);
    let document = document.as_object_mut().unwrap();
    assert!(["cells", "exchanges", "trace"].iter().all(|name| document.remove(*name).is_some()));
    let mut frame: serde_json::Value = lines.lines().next().unwrap().parse().unwrap();
    let frame = frame.as_object_mut().unwrap();
    assert!(frame.remove("cells").is_some() && frame.remove("exchanges").is_some());
    assert_eq!(frame, document);
}

#[test]
fn a_saved_run_of_an_older_version_is_refused() {
    use std::io::Write as _;
    let bench = Bench::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"{\"version\":4,\"cells\":[],\"exchanges\":[]}\n").unwrap();
    std::fs::write(bench.path("old.json.gz"), encoder.finish().unwrap()).unwrap();
    let outcome = bench.oa_test(&["report", "text", "old.json.gz"]);
    assert_eq!(outcome.code, 2);
    let refusal = "old.json.gz is not a saved run: version 4 is not supported (supported: 7)";
    assert!(outcome.stderr.contains(refusal), "{}", outcome.stderr);
}

/// Pages of feeds are recorded where something refers to them; of the others, the run keeps what the rules of RPDE look at.
#[test]
fn pages_that_nothing_refers_to_are_not_recorded() {
    let bench = Bench::new();
    let booking = ["run", "--feature", "access-code", "--type", "ScheduledSession", "--seed", "1"];
    let outcome = bench.oa_test(&booking);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let report = outcome.report();
    let of = |feed: &str| {
        let recorded =
            report["exchanges"].as_array().unwrap().iter().filter(|exchange| exchange["feed"] == feed).count();
        let traced = report["trace"].as_array().unwrap().iter().find(|event| event["feed"] == feed).unwrap();
        (recorded, traced["pages"].as_array().unwrap().len())
    };
    let (recorded, traced) = of("FacilityUse feed");
    assert!(recorded == 0 && traced > 0, "{recorded} recorded, {traced} traced");
    assert!(of("ScheduledSession feed").0 > 0, "what a wait has seen is recorded");
}
