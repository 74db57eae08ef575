//! The sources as a tree of modules: which file defines a name, and which names a file uses.
//!
//! It knows as much of Rust as the sources need: comments, texts and tests are left out, `use` trees and paths are resolved
//! through re-exports to the file that defines the name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The folder of the sources.
const SRC: &str = "src";

/// A file, as a module.
#[derive(Debug, Default)]
pub(super) struct File {
    /// Its path below `src`.
    pub(super) name: String,
    /// Its module, from the root of the crate.
    module: Vec<String>,
    /// Its words and signs, without comments, texts and tests.
    tokens: Vec<String>,
    /// Every name that it defines.
    defined: BTreeSet<String>,
    /// Types that it defines: those that other rooms may see, and those that other files of its room may see.
    pub(super) public_types: BTreeSet<String>,
    /// See [`File::public_types`].
    pub(super) room_types: BTreeSet<String>,
    /// Names that it imports: the name here, the path there, and whether it passes it on.
    imports: Vec<(String, Vec<String>, bool)>,
    /// Paths of which it imports all names.
    globs: Vec<Vec<String>>,
}

/// All files.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) files: Vec<File>,
    by_module: BTreeMap<Vec<String>, usize>,
}

/// Text without comments and texts, as words and signs. `::` is one sign.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |place: usize| chars.get(place).copied().unwrap_or(' ');
    let (mut found, mut place) = (Vec::new(), 0);
    while place < chars.len() {
        let c = at(place);
        if c == '/' && at(place + 1) == '/' {
            while place < chars.len() && at(place) != '\n' {
                place += 1;
            }
        } else if c == '/' && at(place + 1) == '*' {
            while place < chars.len() && !(at(place) == '*' && at(place + 1) == '/') {
                place += 1;
            }
            place += 2;
        } else if c == 'r' && (at(place + 1) == '"' || at(place + 1) == '#' && matches!(at(place + 2), '"' | '#')) {
            let hashes = (place + 1..).take_while(|p| at(*p) == '#').count();
            place += hashes + 2;
            let ends = |p: usize| at(p) == '"' && (1..=hashes).all(|n| at(p + n) == '#');
            while place < chars.len() && !ends(place) {
                place += 1;
            }
            place += hashes + 1;
        } else if c == '"' {
            place += 1;
            while place < chars.len() && at(place) != '"' {
                place += if at(place) == '\\' { 2 } else { 1 };
            }
            place += 1;
        } else if c == '\'' {
            // A character, or the name of a lifetime.
            if at(place + 1) == '\\' {
                place += 3;
                while place < chars.len() && at(place) != '\'' {
                    place += 1;
                }
                place += 1;
            } else if at(place + 2) == '\'' {
                place += 3;
            } else {
                place += 1 + (place + 1..).take_while(|p| at(*p).is_alphanumeric() || at(*p) == '_').count();
            }
        } else if c.is_alphanumeric() || c == '_' {
            let word: String = chars.iter().skip(place).take_while(|c| c.is_alphanumeric() || **c == '_').collect();
            place += word.chars().count();
            found.push(word);
        } else if c == ':' && at(place + 1) == ':' {
            found.push("::".to_owned());
            place += 2;
        } else {
            if !c.is_whitespace() {
                found.push(c.to_string());
            }
            place += 1;
        }
    }
    found
}

/// The place after the bracket that closes the one at `place`.
fn after_brackets(tokens: &[String], place: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens.iter().enumerate().skip(place) {
        match token.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth -= 1;
                if depth == 0 {
                    return offset + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Without what is compiled for tests alone.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut place) = (Vec::new(), 0);
    while let Some(token) = tokens.get(place) {
        if tokens.get(place..place + mark.len()).is_some_and(|here| here == mark) {
            let end = tokens.iter().skip(place + mark.len()).position(|token| token == "{" || token == ";");
            let end = place + mark.len() + end.unwrap_or_default();
            place = if tokens[end] == ";" { end + 1 } else { after_brackets(tokens, end) };
        } else {
            kept.push(token.clone());
            place += 1;
        }
    }
    kept
}

/// The paths of a `use` tree, each with the name that it has here; `*` for all names.
fn use_tree(tokens: &[String], place: &mut usize, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(*place) {
        *place += 1;
        match token.as_str() {
            "::" => {}
            "{" => {
                while tokens[*place] != "}" {
                    use_tree(tokens, place, &path, found);
                    if tokens[*place] == "," {
                        *place += 1;
                    }
                    assert_ne!(tokens[*place], ";", "no tree of `use`: {path:?}");
                }
                *place += 1;
                return;
            }
            "*" => {
                found.push(("*".to_owned(), path));
                return;
            }
            "as" => {
                found.push((tokens[*place].clone(), path));
                *place += 1;
                return;
            }
            "," | ";" | "}" => {
                *place -= 1;
                break;
            }
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
    }
    if let Some(last) = path.last().cloned() {
        found.push((last, path));
    }
}

impl File {
    fn read(name: &str, text: &str) -> Self {
        let stem = name.trim_end_matches(".rs");
        let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        let tokens = without_tests(&tokens(text));
        let mut file = Self { name: name.to_owned(), module, ..Self::default() };
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            let public = || {
                let before = place.checked_sub(1).and_then(|before| tokens.get(before)).map(String::as_str);
                (before == Some("pub"), before == Some(")"))
            };
            match token.as_str() {
                // `use<…>` of a type is none.
                "use" if tokens.get(place + 1).is_none_or(|next| next != "<") => {
                    let passes = public().0 || public().1;
                    let mut paths = Vec::new();
                    place += 1;
                    use_tree(&tokens, &mut place, &[], &mut paths);
                    for (here, path) in paths {
                        let path = file.absolute(path);
                        if here == "*" {
                            file.globs.push(path);
                        } else {
                            file.imports.push((here, path, passes));
                        }
                    }
                }
                "mod" if tokens.get(place + 2).is_some_and(|next| next == ";") => place += 3,
                "struct" | "enum" | "trait" | "type" | "union" | "fn" | "const" | "static" | "macro_rules" => {
                    let at = if token == "macro_rules" { place + 2 } else { place + 1 };
                    if let Some(name) = tokens.get(at) {
                        file.defined.insert(name.clone());
                        if matches!(token.as_str(), "struct" | "enum" | "trait" | "type" | "union") {
                            let (everywhere, in_room) = public();
                            if everywhere {
                                file.public_types.insert(name.clone());
                            } else if in_room {
                                file.room_types.insert(name.clone());
                            }
                        }
                    }
                    place += 1;
                }
                _ => {
                    file.tokens.push(token.clone());
                    place += 1;
                    // What follows in a path belongs to it.
                    continue;
                }
            }
            file.tokens.push(";".to_owned());
        }
        file
    }

    /// A path from the root of the crate. One that leads out of it begins with `::`.
    fn absolute(&self, path: Vec<String>) -> Vec<String> {
        let mut module = self.module.clone();
        let mut words = path.iter().peekable();
        match words.peek().map(|word| word.as_str()) {
            Some("crate") => {
                words.next();
                module.clear();
            }
            Some("super") => {
                while words.next_if(|word| *word == "super").is_some() {
                    module.pop();
                }
            }
            Some("self") => drop(words.next()),
            _ => {}
        }
        module.extend(words.cloned());
        module
    }

    /// The folder.
    pub(super) fn folder(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The room.
    pub(super) fn room(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

fn collect(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(SRC);
            let name = path.strip_prefix(root).unwrap().display().to_string();
            // The roots of crates hold nothing but rooms.
            if !["lib.rs", "main.rs"].contains(&name.rsplit('/').next().unwrap_or_default()) {
                texts.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
}

impl Sources {
    /// All files of `src`.
    pub(super) fn read() -> Self {
        let mut texts = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SRC), &mut texts);
        texts.sort();
        Self::of(&texts)
    }

    /// These files: the path of each below `src`, and its text.
    pub(super) fn of(texts: &[(String, String)]) -> Self {
        let files: Vec<File> = texts.iter().map(|(name, text)| File::read(name, text)).collect();
        let by_module = files.iter().enumerate().map(|(number, file)| (file.module.clone(), number)).collect();
        Self { files, by_module }
    }

    /// The file that defines what a path names. `None` where that is a module, or no name of ours.
    fn defines(&self, path: &[String], depth: usize) -> Option<usize> {
        let length = (1..=path.len()).rev().find(|length| self.by_module.contains_key(&path[..*length]))?;
        let number = self.by_module[&path[..length]];
        let file = &self.files[number];
        let name = path.get(length)?;
        if file.defined.contains(name) {
            return Some(number);
        }
        if depth == 0 {
            return None;
        }
        let rest = &path[length + 1..];
        let named = file.imports.iter().filter(|(here, _, _)| here == name);
        let named = named.map(|(_, there, _)| [there.as_slice(), rest].concat());
        let all = file.globs.iter().map(|there| [there.as_slice(), &path[length..]].concat());
        // A constant that a macro declares.
        let is_constant = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        named.chain(all).find_map(|there| self.defines(&there, depth - 1)).or_else(|| is_constant.then_some(number))
    }

    /// The `mod.rs` of another folder of the room of a file whose re-export a path goes through: what it passes on may change
    /// with all that it holds. The `mod.rs` of a room is its face, and counts for no other room.
    fn passes_on(&self, file: &File, path: &[String]) -> Option<usize> {
        let length = (1..=path.len()).rev().find(|length| self.by_module.contains_key(&path[..*length]))?;
        let number = self.by_module[&path[..length]];
        let passing = &self.files[number];
        let named = path.get(length).is_some_and(|name| !passing.defined.contains(name));
        let within = passing.room() == file.room() && passing.folder() != file.folder();
        (named && within && passing.name.ends_with("/mod.rs")).then_some(number)
    }

    /// The files that a file uses, each with a name that it uses of it.
    pub(super) fn uses(&self, number: usize) -> BTreeMap<usize, String> {
        let file = &self.files[number];
        let mut used = BTreeMap::new();
        let mut note = |path: &[String]| {
            let used_here = [self.defines(path, 8), self.passes_on(file, path)].into_iter().flatten();
            for other in used_here.filter(|other| *other != number) {
                used.entry(other).or_insert_with(|| path.join("::"));
            }
        };
        for (_, path, _) in file.imports.iter().filter(|(_, _, passes)| !passes) {
            note(path);
        }
        let tokens = &file.tokens;
        let is_word = |token: &str| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let mut place = 0;
        while place < tokens.len() {
            let mut path = Vec::new();
            if is_word(&tokens[place]) {
                path.push(tokens[place].clone());
                while tokens.get(place + 1).is_some_and(|sign| sign == "::")
                    && tokens.get(place + 2).is_some_and(|word| is_word(word))
                {
                    path.push(tokens[place + 2].clone());
                    place += 2;
                }
            }
            place += 1;
            if path.len() < 2 {
                continue;
            }
            let imported = file.imports.iter().find(|(here, _, _)| *here == path[0]);
            match imported {
                Some((_, there, _)) => note(&[there.as_slice(), &path[1..]].concat()),
                None => note(&file.absolute(path)),
            }
        }
        used
    }

    /// Files that use one another, directly or by others: each set with more than one file. Uses of `without` do not count:
    /// the file that uses, and the one that is used.
    pub(super) fn circles(&self, without: &[(&str, &str)]) -> Vec<BTreeSet<usize>> {
        let counts =
            |from: usize, to: usize| !without.contains(&(self.files[from].name.as_str(), self.files[to].name.as_str()));
        let uses: Vec<BTreeMap<usize, String>> = (0..self.files.len())
            .map(|from| self.uses(from).into_iter().filter(|(to, _)| counts(from, *to)).collect())
            .collect();
        let reached: Vec<BTreeSet<usize>> = (0..self.files.len())
            .map(|start| {
                let (mut reached, mut open) = (BTreeSet::new(), vec![start]);
                while let Some(number) = open.pop() {
                    open.extend(uses[number].keys().filter(|next| reached.insert(**next)));
                }
                reached
            })
            .collect();
        let mut circles: Vec<BTreeSet<usize>> = Vec::new();
        for (number, others) in reached.iter().enumerate() {
            if others.contains(&number) && !circles.iter().any(|circle| circle.contains(&number)) {
                circles.push(others.iter().copied().filter(|other| reached[*other].contains(&number)).collect());
            }
        }
        circles
    }

    /// A circle as a person can follow it: a line for each file and each use within.
    pub(super) fn describe(&self, circle: &BTreeSet<usize>) -> String {
        let mut text = format!("{} files use one another:\n", circle.len());
        for number in circle {
            text.push_str(&format!("  src/{}\n", self.files[*number].name));
            for (other, path) in self.uses(*number).iter().filter(|(other, _)| circle.contains(other)) {
                text.push_str(&format!("    uses src/{} ({path})\n", self.files[*other].name));
            }
        }
        text
    }
}
