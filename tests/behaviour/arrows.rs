//! The rooms of the house, and which may know which.

mod source;

use std::collections::BTreeMap;
use std::path::Path;

use source::{File, Sources};

/// Each room with the rooms that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("vocabulary", &[]),
    ("error", &["vocabulary"]),
    ("json", &[]),
    ("compare", &["vocabulary"]),
    ("document", &["error", "vocabulary"]),
    ("results", &["error", "vocabulary"]),
    ("config", &["error", "document", "vocabulary"]),
    ("harvest", &["checks", "client", "json", "results", "validate", "vocabulary"]),
    ("requirement", &["document", "vocabulary"]),
    ("opportunity", &["vocabulary"]),
    ("trace", &["compare", "json", "opportunity", "results", "vocabulary"]),
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
    ("catalogue", &["error", "checks", "document", "requirement", "steps", "vocabulary"]),
    ("validate", &["vocabulary"]),
    ("sandbox", &["error", "vocabulary"]),
    ("report", &["error", "results", "vocabulary"]),
    ("client", &["error", "config", "json", "results", "vocabulary"]),
    ("recording", &["client", "error", "results"]),
    ("plan", &["error", "catalogue", "config", "opportunity", "results", "steps", "vocabulary"]),
    (
        "run",
        &[
            "error",
            "catalogue",
            "checks",
            "compare",
            "config",
            "harvest",
            "opportunity",
            "plan",
            "recording",
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
        &[
            "error",
            "catalogue",
            "config",
            "harvest",
            "plan",
            "report",
            "results",
            "run",
            "client",
            "validate",
            "vocabulary",
        ],
    ),
    ("survey", &["error", "catalogue", "config", "harvest", "plan", "results", "client", "vocabulary"]),
    (
        "cli",
        &[
            "error",
            "catalogue",
            "certificate",
            "checks",
            "config",
            "harvest",
            "plan",
            "recording",
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

/// Folders whose files may use one another as they do: none.
const CIRCLES_ALLOWED_IN: &[&str] = &[];

/// Uses that make a circle and are allowed: none.
const USES_ALLOWED: &[(&str, &str)] = &[];

/// The most files of one folder that may use one another in a circle.
const LARGEST_CIRCLE: usize = 3;

#[test]
fn no_import_circle_leaves_its_folder() {
    let sources = Sources::read();
    let mut wrong = Vec::new();
    for circle in sources.circles(USES_ALLOWED) {
        let files: Vec<&File> = circle.iter().map(|number| &sources.files[*number]).collect();
        let folder = files[0].folder();
        let within = files.iter().all(|file| file.folder() == folder) && files.len() <= LARGEST_CIRCLE;
        if !within && !files.iter().all(|file| CIRCLES_ALLOWED_IN.contains(&file.room())) {
            wrong.push(sources.describe(&circle));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files with a circle that leads through a re-export, and uses that make none.
#[test]
fn an_import_circle_is_found_through_re_exports() {
    let files = |texts: &[(&str, &str)]| {
        let texts: Vec<(String, String)> =
            texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let sources = Sources::of(&texts);
        let name = |number: &usize| sources.files[*number].name.clone();
        sources.circles(&[]).iter().map(|circle| circle.iter().map(name).collect()).collect::<Vec<Vec<String>>>()
    };
    let through = [
        ("a/mod.rs", "mod one; pub use one::One;"),
        ("a/one.rs", "use crate::b::two::Two; pub struct One(Two);"),
        ("b/mod.rs", "pub mod two;"),
        ("b/two.rs", "pub struct Two; fn f<'a>(one: &'a crate::a::One) { }"),
    ];
    assert_eq!(files(&through), [["a/one.rs", "b/two.rs"]]);
    let inline = [
        ("a/mod.rs", "mod one; mod two;"),
        ("a/one.rs", "use super::two; pub(super) struct One; fn f() { two::g() }"),
        ("a/two.rs", "pub(super) fn g() -> super::one::One { super::one::One }"),
    ];
    assert_eq!(files(&inline), [["a/one.rs", "a/two.rs"]]);
    let of_macro = [
        ("a/mod.rs", "mod one; mod two;"),
        ("a/one.rs", "use super::two::g; rows! { ONE = g() }"),
        ("a/two.rs", "pub(super) fn g() {} const ALL: &[&[u8]] = &[super::one::ROWS];"),
    ];
    assert_eq!(files(&of_macro), [["a/one.rs", "a/two.rs"]]);
    let passed_on = [
        ("a/mod.rs", "mod one; mod rules;"),
        ("a/one.rs", "use super::rules::Page; pub(super) struct One(Page);"),
        ("a/rules/mod.rs", "mod page; pub use page::Page; fn f(one: super::one::One) {}"),
        ("a/rules/page.rs", "pub struct Page;"),
    ];
    assert_eq!(files(&passed_on), [["a/one.rs", "a/rules/mod.rs"]]);
    let none = [
        ("a/mod.rs", "mod one; pub use one::One; pub struct Own;"),
        ("a/one.rs", "// use crate::b::Two;\nuse super::Own; pub struct One(Own); const T: &str = \"crate::b::Two\";"),
        ("b/mod.rs", "use crate::a::One; pub struct Two(One); #[cfg(test)] mod tests { use crate::c::Three; }"),
        ("c/mod.rs", "use crate::b::Two; pub struct Three(Two);"),
    ];
    assert_eq!(files(&none), Vec::<Vec<String>>::new());
}

/// Rooms whose types may have a name that another type has: none.
const NAMES_ALLOWED_IN: &[&str] = &[];

/// Types of one name among those that a room sees: its own, and the public ones of the rooms that it may use.
fn names_with_two_meanings(sources: &Sources, arrows: &[(&str, &[&str])], excused: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (room, may) in arrows {
        let mut seen: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
        for file in sources.files.iter().filter(|file| !excused.contains(&file.room())) {
            let own = file.room() == *room;
            let hidden = own.then_some(&file.room_types).into_iter().flatten();
            let public = (own || may.contains(&file.room())).then_some(&file.public_types).into_iter().flatten();
            for name in public.chain(hidden) {
                seen.entry(name).or_default().push(file);
            }
        }
        for (name, files) in seen.into_iter().filter(|(_, files)| files.len() > 1) {
            let files: Vec<String> = files.iter().map(|file| format!("src/{}", file.name)).collect();
            wrong.push(format!("{room} sees more than one `{name}`: {}", files.join(", ")));
        }
    }
    wrong
}

#[test]
fn a_name_has_one_meaning_in_what_a_room_sees() {
    let wrong = names_with_two_meanings(&Sources::read(), ARROWS, NAMES_ALLOWED_IN);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_with_two_meanings_is_found() {
    let texts = [
        ("a/mod.rs", "pub struct Finding; struct Page; pub enum Mode {}"),
        ("b/mod.rs", "pub struct Finding; pub(super) struct Kind; pub(super) struct Mode; struct Page;"),
        ("b/kind.rs", "pub(super) enum Kind {}"),
        ("c/mod.rs", "pub enum Mode {}"),
    ];
    let texts: Vec<(String, String)> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let arrows: &[(&str, &[&str])] = &[("a", &[]), ("b", &["a"]), ("c", &[])];
    let found = names_with_two_meanings(&Sources::of(&texts), arrows, &[]);
    let expected = ["Finding", "Kind", "Mode"].map(|name| format!("b sees more than one `{name}`: "));
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    assert!(found.iter().zip(&expected).all(|(found, expected)| found.starts_with(expected)), "{found:#?}");
    assert_eq!(names_with_two_meanings(&Sources::of(&texts), arrows, &["b"]), Vec::<String>::new());
}
