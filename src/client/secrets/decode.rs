//! Undoes the encodings of JSON strings, HTML and URLs in any text, and keeps where everything came from.

use std::ops::Range;

/// Which encodings are undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds {
    /// `\u002B`, `\/`, `\x2b` and `\u{2b}`.
    backslash: bool,
    /// `&#43;`, `&#x2B;` and `&plus;`.
    ampersand: bool,
    /// `%2B`.
    percent: bool,
}

impl Kinds {
    /// All of them.
    pub(super) const ALL: Self = Self { backslash: true, ampersand: true, percent: true };
    const NONE: Self = Self { backslash: false, ampersand: false, percent: false };

    /// Each by itself.
    pub(super) const SINGLE: [Self; 3] = [
        Self { backslash: true, ..Self::NONE },
        Self { ampersand: true, ..Self::NONE },
        Self { percent: true, ..Self::NONE },
    ];

    const fn begins(self, byte: u8) -> bool {
        match byte {
            b'\\' => self.backslash,
            b'&' => self.ampersand,
            b'%' => self.percent,
            _ => false,
        }
    }
}

/// A decoded text.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// What was decoded, in order.
    seams: Vec<Seam>,
}

/// One escape: where it is in the decoded text, and where it was before.
#[derive(Debug)]
struct Seam {
    at: Range<usize>,
    from: Range<usize>,
}

impl Decoded {
    /// Where a span of the decoded text was before.
    pub(super) fn source(&self, span: Range<usize>) -> Range<usize> {
        let start = self.byte_source(span.start).start;
        start..self.byte_source(span.end.saturating_sub(1)).end.max(start)
    }

    fn byte_source(&self, at: usize) -> Range<usize> {
        let seam = self.seams.partition_point(|seam| seam.at.start <= at).checked_sub(1);
        match seam.and_then(|seam| self.seams.get(seam)) {
            Some(seam) if at < seam.at.end => seam.from.clone(),
            Some(seam) => {
                let from = seam.from.end + (at - seam.at.end);
                from..from + 1
            }
            None => at..at + 1,
        }
    }

    /// The parts of the decoded text that lie within `reach` of an escape.
    pub(super) fn windows(&self, reach: usize) -> impl Iterator<Item = Range<usize>> + Clone {
        let mut windows: Vec<Range<usize>> = Vec::new();
        for seam in &self.seams {
            let window = seam.at.start.saturating_sub(reach)..(seam.at.end + reach).min(self.bytes.len());
            match windows.last_mut().filter(|last| window.start <= last.end) {
                Some(last) => last.end = window.end,
                None => windows.push(window),
            }
        }
        windows.into_iter()
    }
}

/// Undoes encodings once. `None` where there is nothing to undo.
pub(super) fn decode(text: &[u8], kinds: Kinds) -> Option<Decoded> {
    let mut decoded = Decoded { bytes: Vec::new(), seams: Vec::new() };
    let mut at = 0;
    // Up to here, the text has been taken over.
    let mut taken = 0;
    while let Some(found) =
        text.get(at..).and_then(|rest| rest.iter().position(|byte| kinds.begins(*byte))).map(|next| at + next)
    {
        let rest = text.get(found..).unwrap_or_default();
        let mut buffer = [0; 4];
        match escape(rest, &mut buffer) {
            Some((length, value)) => {
                decoded.bytes.extend_from_slice(text.get(taken..found).unwrap_or_default());
                let start = decoded.bytes.len();
                decoded.bytes.extend_from_slice(value);
                at = found + length;
                taken = at;
                decoded.seams.push(Seam { at: start..decoded.bytes.len(), from: found..at });
            }
            None => at = found + 1,
        }
    }
    if decoded.seams.is_empty() {
        return None;
    }
    decoded.bytes.extend_from_slice(text.get(taken..).unwrap_or_default());
    Some(decoded)
}

/// The escape that a text starts with: its length, and the bytes that it stands for.
fn escape<'b>(text: &[u8], buffer: &'b mut [u8; 4]) -> Option<(usize, &'b [u8])> {
    match text.first()? {
        b'%' => {
            let byte = u8::try_from(number(text.get(1..3)?, 16)?).ok()?;
            buffer.fill(byte);
            Some((3, buffer.get(..1)?))
        }
        b'\\' => {
            let (length, value) = backslash(text)?;
            Some((length, value.encode_utf8(buffer).as_bytes()))
        }
        b'&' => {
            let (length, value) = entity(text)?;
            Some((length, value.encode_utf8(buffer).as_bytes()))
        }
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok()
}

fn backslash(text: &[u8]) -> Option<(usize, char)> {
    let value = match text.get(1)? {
        b'u' if text.get(2) == Some(&b'{') => {
            let digits = text.get(3..)?.iter().take(8).position(|byte| *byte == b'}')?;
            return Some((digits + 4, char::from_u32(number(text.get(3..3 + digits)?, 16)?)?));
        }
        b'u' => {
            let unit = number(text.get(2..6)?, 16)?;
            if let Some(value) = char::from_u32(unit) {
                return Some((6, value));
            }
            let low = number(text.get(6..12)?.strip_prefix(b"\\u")?, 16)?;
            let units = [u16::try_from(unit).ok()?, u16::try_from(low).ok()?];
            return Some((12, char::decode_utf16(units).next()?.ok()?));
        }
        b'x' => return Some((4, char::from_u32(number(text.get(2..4)?, 16)?)?)),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        byte @ (b'"' | b'\'' | b'\\' | b'/') => char::from(*byte),
        _ => return None,
    };
    Some((2, value))
}

/// The longest character reference, in bytes.
const LONGEST: usize = 20;

/// A character reference. It must end with a semicolon: without it, the rest of the number may be encoded otherwise.
fn entity(text: &[u8]) -> Option<(usize, char)> {
    let end = text.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let value = match text.get(1..end)? {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        name => named(name)?,
    };
    Some((end + 1, value))
}

/// The names of HTML for characters of ASCII that can be part of a secret.
const ASCII: &[(&str, char)] = &[
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("nbsp", ' '),
    ("excl", '!'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("amp", '&'),
    ("AMP", '&'),
    ("apos", '\''),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("lt", '<'),
    ("LT", '<'),
    ("equals", '='),
    ("gt", '>'),
    ("GT", '>'),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("grave", '`'),
    ("DiacriticalGrave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("verbar", '|'),
    ("vert", '|'),
    ("VerticalLine", '|'),
    ("rcub", '}'),
    ("rbrace", '}'),
];

/// The names of HTML for the characters from U+00A1 on.
const LATIN: &[&str] = &[
    "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy", "reg",
    "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo",
    "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil",
    "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig",
    "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml",
    "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide",
    "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

fn named(name: &[u8]) -> Option<char> {
    let ascii = ASCII.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, value)| *value);
    ascii.or_else(|| {
        let place = LATIN.iter().position(|known| known.as_bytes() == name)?;
        char::from_u32(0xa1 + u32::try_from(place).ok()?)
    })
}
