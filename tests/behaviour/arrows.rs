//! The rooms of the house, and which may know which.

use std::collections::BTreeMap;
use std::path::Path;

/// Each room with the rooms that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("vocabulary", &[]),
    ("compare", &["vocabulary"]),
    ("document", &["vocabulary"]),
    ("results", &["vocabulary"]),
    ("config", &["document", "vocabulary"]),
    ("harvest", &["client", "validate", "vocabulary"]),
    ("requirement", &["document", "vocabulary"]),
    ("opportunity", &["vocabulary"]),
    ("trace", &["compare", "opportunity", "results", "vocabulary"]),
    (
        "checks",
        &["client", "compare", "config", "opportunity", "requirement", "results", "trace", "validate", "vocabulary"],
    ),
    (
        "steps",
        &[
            "checks",
            "client",
            "compare",
            "config",
            "document",
            "opportunity",
            "requirement",
            "results",
            "trace",
            "vocabulary",
        ],
    ),
    ("catalogue", &["checks", "document", "requirement", "steps", "vocabulary"]),
    ("validate", &["vocabulary"]),
    ("sandbox", &["vocabulary"]),
    ("report", &["results", "vocabulary"]),
    ("client", &["config", "results", "vocabulary"]),
    ("plan", &["catalogue", "config", "opportunity", "results", "steps", "vocabulary"]),
    (
        "run",
        &[
            "catalogue",
            "checks",
            "compare",
            "config",
            "harvest",
            "opportunity",
            "plan",
            "requirement",
            "results",
            "client",
            "steps",
            "trace",
            "validate",
            "vocabulary",
        ],
    ),
    (
        "certificate",
        &["catalogue", "config", "harvest", "plan", "report", "results", "run", "client", "validate", "vocabulary"],
    ),
    ("survey", &["catalogue", "config", "plan", "results", "client", "vocabulary"]),
    (
        "cli",
        &[
            "catalogue",
            "certificate",
            "config",
            "harvest",
            "plan",
            "report",
            "requirement",
            "results",
            "run",
            "sandbox",
            "steps",
            "survey",
            "client",
            "validate",
            "vocabulary",
        ],
    ),
];

fn sources(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Names that follow `crate::` in a text.
fn used(text: &str) -> Vec<String> {
    text.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>())
        .collect()
}

#[test]
fn every_room_uses_only_the_rooms_that_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut rooms = Vec::new();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(&src).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let room = path.file_name().unwrap().to_string_lossy().into_owned();
        let may = *allowed.get(room.as_str()).unwrap_or_else(|| panic!("src/{room} has no arrows"));
        let mut texts = Vec::new();
        sources(&path, &mut texts);
        assert!(!texts.is_empty(), "src/{room} is empty");
        for (file, text) in texts {
            for name in used(&text) {
                if name.is_empty() || (name != room && !may.contains(&name.as_str())) {
                    wrong.push(format!("{file}: {room} uses `crate::{name}`"));
                }
            }
        }
        rooms.push(room);
    }
    assert_eq!(wrong, Vec::<String>::new());
    for (room, _) in ARROWS {
        assert!(rooms.iter().any(|known| known == room), "there is no src/{room}");
    }
}

#[test]
fn no_room_is_nameless() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    for (file, _) in texts {
        let stem = Path::new(&file).file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!["util", "utils", "helper", "helpers", "common", "misc"].contains(&stem.as_str()), "{file}");
    }
}
