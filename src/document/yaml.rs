//! YAML, as far as feature files need it: no anchors, no tags, one document.

use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::node::{Excerpts, Key, Node, NodeKind, Source, Spot};
use super::problem::Problem;

/// How deep a document may nest; far beyond what a feature file needs, far below what exhausts a stack.
const DEPTH_LIMIT: usize = 64;

/// Reads YAML text.
///
/// # Errors
/// The first syntax error with its place, or the use of something that feature files do without (anchors and
/// aliases, tags, several documents, keys that are not text).
pub fn parse_yaml(name: &str, text: &str) -> Result<Node, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned(), excerpts: Excerpts::Plain });
    let mut reader = Reader { source: Arc::clone(&source), events: Parser::new_from_str(text) };
    let node = reader.document()?;
    Ok(node)
}

type Events<'t> = Parser<'t, saphyr_parser::StrInput<'t>>;

struct Reader<'t> {
    source: Arc<Source>,
    events: Events<'t>,
}

impl<'t> Reader<'t> {
    fn spot(&self, marker: Marker) -> Spot {
        Spot { source: Arc::clone(&self.source), line: marker.line().max(1), column: marker.col() + 1 }
    }

    fn next(&mut self) -> Result<(Event<'t>, Spot), Problem> {
        match self.events.next_event() {
            Some(Ok((event, span))) => Ok((event, self.spot(span.start))),
            Some(Err(error)) => {
                Err(Problem::new(&self.spot(*error.marker()), format!("not valid YAML: {}", error.info())))
            }
            None => Err(Problem::new(&self.spot(Marker::new(0, 1, 0)), "the document is incomplete")),
        }
    }

    fn document(&mut self) -> Result<Node, Problem> {
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, spot) => {
                    return root.ok_or_else(|| Problem::new(&spot, "expected a YAML document"));
                }
                (Event::DocumentStart(_), spot) if root.is_some() => {
                    return Err(Problem::new(&spot, "a second document in one file").hint("use one file per feature"));
                }
                (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
                (event, spot) => root = Some(self.node(event, spot, 0)?),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, spot: Spot, depth: usize) -> Result<Node, Problem> {
        if depth > DEPTH_LIMIT {
            return Err(Problem::new(&spot, format!("nested more than {DEPTH_LIMIT} levels deep")));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    return Err(Problem::new(&spot, "anchors and tags are not supported in feature files"));
                }
                Ok(Node { spot, kind: scalar(&text, style) })
            }
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => return Ok(Node { spot, kind: NodeKind::List(items) }),
                        (event, at) => items.push(self.node(event, at, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries: Vec<(Key, Node)> = Vec::new();
                loop {
                    let key = match self.next()? {
                        (Event::MappingEnd, _) => {
                            // A block mapping is reported at its first key already; a flow mapping at its brace.
                            return Ok(Node { spot, kind: NodeKind::Object(entries) });
                        }
                        (Event::Scalar(name, ..), at) => Key { name: name.into_owned(), spot: at },
                        (_, at) => return Err(Problem::new(&at, "keys must be text")),
                    };
                    if let Some((first, _)) = entries.iter().find(|(other, _)| other.name == key.name) {
                        let message = format!("duplicate key `{}` (first on line {})", key.name, first.spot.line);
                        return Err(Problem::new(&key.spot, message));
                    }
                    let (event, at) = self.next()?;
                    let value = self.node(event, at, depth + 1)?;
                    entries.push((key, value));
                }
            }
            Event::Alias(_) => Err(Problem::new(&spot, "aliases are not supported in feature files")),
            _ => Err(Problem::new(&spot, "missing value")),
        }
    }
}

/// The value of a scalar by the core schema of YAML 1.2: quoted text is always text.
fn scalar(text: &str, style: ScalarStyle) -> NodeKind {
    if style != ScalarStyle::Plain {
        return NodeKind::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" => NodeKind::Bool(true),
        "false" | "False" | "FALSE" => NodeKind::Bool(false),
        _ if text.parse::<i64>().is_ok() => NodeKind::Number(text.to_owned()),
        _ => NodeKind::Text(text.to_owned()),
    }
}
