//! Layers, and how one is laid over another.

use std::path::Path;

use crate::document::{Excerpts, Key, Node, NodeKind, Problem, Source, Spot, parse_json};
use crate::error::{Error, ErrorContext as _, ErrorKind};

/// One source of settings.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Its settings.
    pub root: Node,
}

/// The layers, lowest first.
#[derive(Debug, Clone)]
pub struct Layers {
    layers: Vec<Layer>,
}

/// The text of the built-in configuration, which targets the sandbox.
#[must_use]
pub const fn built_in() -> &'static str {
    include_str!("../../default.json")
}

impl Layers {
    /// Only the built-in configuration.
    ///
    /// # Errors
    /// Only when the built-in text is not JSON, which a test rules out.
    pub fn built_in() -> Result<Self, Problem> {
        Ok(Self { layers: vec![Layer { root: parse_json("default.json (built in)", built_in())? }] })
    }

    /// Adds settings from a text: a file, or an environment variable, whose `name` messages will show.
    ///
    /// # Errors
    /// The first syntax error, with its place.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        self.layers.push(Layer { root: parse_json(name, text)? });
        Ok(())
    }

    /// Adds the settings of a file.
    ///
    /// # Errors
    /// That the file cannot be read, or its first syntax error.
    pub fn add_file(&mut self, path: &Path) -> Result<(), Error> {
        let shown = path.display();
        let bytes = std::fs::read(path)
            .context(ErrorKind::Configuration, || format!("cannot read the configuration {shown}"))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::configuration(format!("the configuration {shown} is not UTF-8 text")))?;
        Ok(self.add_text(&shown.to_string(), &text)?)
    }

    /// Adds one setting of the form `dotted.path=value`; the value is JSON, or else taken as text.
    ///
    /// # Errors
    /// That there is no `=`.
    pub fn add_setting(&mut self, flag: &str, setting: &str) -> Result<(), Error> {
        let (path, value) = setting
            .split_once('=')
            .ok_or_else(|| Error::usage(format!("`{flag}` expects KEY=VALUE, such as broker.verbose=true")))?;
        let source = std::sync::Arc::new(Source {
            name: flag.to_owned(),
            text: setting.to_owned(),
            excerpts: Excerpts::Setting,
        });
        let spot = |column: usize| Spot { source: std::sync::Arc::clone(&source), line: 1, column };
        let start = path.chars().count() + 2;
        let mut node = match parse_json(flag, value) {
            Ok(node) => relocate(node, &spot(start)),
            Err(_) => Node { spot: spot(start), kind: NodeKind::Text(value.to_owned()) },
        };
        for name in path.rsplit('.') {
            let key = Key { name: name.to_owned(), spot: spot(1) };
            node = Node { spot: spot(1), kind: NodeKind::Object(vec![(key, node)]) };
        }
        self.layers.push(Layer { root: node });
        Ok(())
    }

    /// All layers laid over one another: objects merge, anything else replaces.
    ///
    /// The Sellers and Booking Partners of the built-in layer belong to the sandbox. When a later layer names another
    /// target they are left out, so that nothing meant for the sandbox is ever sent elsewhere.
    #[must_use]
    pub fn merged(&self) -> Node {
        let mut layers = self.layers.iter();
        let Some(first) = layers.next() else {
            let source =
                std::sync::Arc::new(Source { name: String::new(), text: String::new(), excerpts: Excerpts::Plain });
            return Node { spot: Spot { source, line: 1, column: 1 }, kind: NodeKind::Object(Vec::new()) };
        };
        let mut root = first.root.clone();
        let elsewhere = self.layers.iter().skip(1).any(|layer| {
            layer
                .root
                .get("broker")
                .and_then(|broker| broker.get("datasetSiteUrl"))
                .is_some_and(|url| url.kind != NodeKind::Null && url.as_text() != Some("sandbox"))
        });
        if elsewhere {
            remove(&mut root, "sellers");
            for (parent, child) in
                [("broker", "bookingPartners"), ("integrationTests", "bookingPartnersForSpecificTests")]
            {
                if let NodeKind::Object(entries) = &mut root.kind
                    && let Some((_, parent)) = entries.iter_mut().find(|(key, _)| key.name == parent)
                {
                    remove(parent, child);
                }
            }
        }
        for layer in layers {
            root = merge(root, &layer.root);
        }
        root
    }
}

fn remove(node: &mut Node, name: &str) {
    if let NodeKind::Object(entries) = &mut node.kind {
        entries.retain(|(key, _)| key.name != name);
    }
}

fn relocate(mut node: Node, spot: &Spot) -> Node {
    node.spot = spot.clone();
    node.kind = match node.kind {
        NodeKind::List(items) => NodeKind::List(items.into_iter().map(|item| relocate(item, spot)).collect()),
        NodeKind::Object(entries) => NodeKind::Object(
            entries
                .into_iter()
                .map(|(key, value)| (Key { name: key.name, spot: spot.clone() }, relocate(value, spot)))
                .collect(),
        ),
        other => other,
    };
    node
}

fn merge(below: Node, above: &Node) -> Node {
    match (below.kind, &above.kind) {
        (NodeKind::Object(mut entries), NodeKind::Object(over)) => {
            for (key, value) in over {
                match entries.iter_mut().find(|(known, _)| known.name == key.name) {
                    Some(entry) => {
                        let lower = std::mem::replace(&mut entry.1, value.clone());
                        entry.1 = merge(lower, value);
                        entry.0 = key.clone();
                    }
                    None => entries.push((key.clone(), value.clone())),
                }
            }
            Node { spot: above.spot.clone(), kind: NodeKind::Object(entries) }
        }
        _ => above.clone(),
    }
}
