//! Formats of text: URLs, dates, durations, codes, templates, HTML.

use std::borrow::Cow;

use super::json::Json;

fn digits(text: &str, count: usize) -> Option<u32> {
    if text.len() != count || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// What counts as white space in JavaScript.
fn space(letter: char) -> bool {
    letter.is_whitespace() && letter != '\u{85}' || letter == '\u{feff}'
}

fn label_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter >= '\u{a1}'
}

fn label(text: &str) -> bool {
    let units: usize = text.chars().map(char::len_utf16).sum();
    let edge = |letter: Option<char>| letter.is_some_and(label_letter);
    (1..=64).contains(&units)
        && edge(text.chars().next())
        && edge(text.chars().next_back())
        && text.chars().all(|letter| label_letter(letter) || letter == '_' || letter == '-')
}

fn top_level(text: &str) -> bool {
    text.chars().map(char::len_utf16).sum::<usize>() >= 2
        && text.chars().all(|letter| letter.is_ascii_alphabetic() || letter >= '\u{a1}')
}

fn ip_address(host: &str) -> bool {
    let octets: Vec<Option<u32>> = host
        .split('.')
        .map(|octet| {
            let short = (1..=3).contains(&octet.len()) && (octet.len() == 1 || !octet.starts_with('0'));
            short.then(|| digits(octet, octet.len())).flatten().filter(|octet| *octet < 256)
        })
        .collect();
    match octets.as_slice() {
        [Some(first), Some(_), Some(_), Some(last)] => (1..=223).contains(first) && (1..=254).contains(last),
        _ => false,
    }
}

/// A fast form of [`domain`] for most hosts; `false` if undecided.
fn plain_domain(host: &str) -> bool {
    let (mut labels, mut length, mut letters, mut last) = (0, 0, true, b'.');
    for byte in host.bytes() {
        match byte {
            b'.' if length > 0 && last != b'-' => (labels, length, letters) = (labels + 1, 0, true),
            b'a'..=b'z' => length += 1,
            b'0'..=b'9' => (length, letters) = (length + 1, false),
            b'-' if length > 0 => (length, letters) = (length + 1, false),
            _ => return false,
        }
        if length > 64 {
            return false;
        }
        last = byte;
    }
    labels > 0 && length >= 2 && letters
}

fn domain(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.rsplit_once('.').is_some_and(|(labels, top)| top_level(top) && labels.split('.').all(label))
}

/// An absolute `http` or `https` URL with a usable host.
pub(super) fn is_url(text: &str) -> bool {
    let scheme = |length: usize, name: &str| {
        text.get(..length).filter(|start| start.eq_ignore_ascii_case(name)).and_then(|_| text.get(length..))
    };
    let usual = || text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = usual().or_else(|| scheme(8, "https://")).or_else(|| scheme(7, "http://")) else { return false };
    let bytes = rest.as_bytes();
    let end = bytes.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b':')).unwrap_or(bytes.len());
    let (host, mut after) = rest.split_at(end);
    if let Some(port) = after.strip_prefix(':') {
        let end = port.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(port.len());
        if !(2..=5).contains(&end) {
            return false;
        }
        after = port.get(end..).unwrap_or_default();
    }
    if !matches!(after.as_bytes().first(), None | Some(b'/' | b'?' | b'#')) {
        return false;
    }
    let printable = after.bytes().fold(true, |good, byte| good & (0x21..0x7f).contains(&byte));
    if !printable && after.chars().any(space) {
        return false;
    }
    plain_domain(host) || host.eq_ignore_ascii_case("localhost") || ip_address(host) || domain(host)
}

fn leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since some day long ago.
fn day_number(year: u32, month: u32, day: u32) -> i64 {
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    let shifted = (month + 9) % 12;
    let year = if month <= 2 { year - 1 } else { year };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * shifted + 2) / 5 + day
}

fn calendar_day(text: &str) -> Option<i64> {
    let (year, month, day) = match text.len() {
        10 if text.get(4..5) == Some("-") && text.get(7..8) == Some("-") => {
            (text.get(..4)?, text.get(5..7)?, text.get(8..)?)
        }
        8 => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        _ => return None,
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let real = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    real.then(|| day_number(year, month, day))
}

/// Seconds of a date, in `YYYY-MM-DD` or `YYYYMMDD`, since some day long ago.
pub(super) fn date(text: &str) -> Option<i64> {
    calendar_day(text).map(|day| day * 86_400)
}

/// Seconds in a day, from `HH:mm` or `HH:mm:ss`; 24:00 is the end of it.
pub(super) fn time(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (digits(hour, 2)?, digits(minute, 2)?, 0),
        [hour, minute, second] => (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?),
        _ => return None,
    };
    let real = minute < 60 && second < 60 && (hour < 24 || (hour == 24 && minute == 0 && second == 0));
    real.then(|| i64::from(hour * 3600 + minute * 60 + second))
}

/// Seconds that a zone is ahead: `Z`, `+01:00`, `+0100` or `+01`.
fn offset(text: &str) -> Option<i64> {
    if text == "Z" || text == "z" {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = text.get(1..)?;
    let (hours, minutes) = match rest.len() {
        2 => (rest, "00"),
        4 => rest.split_at_checked(2)?,
        5 => rest.split_once(':')?,
        _ => return None,
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let seconds = sign * i64::from(hours * 3600 + minutes * 60);
    (minutes < 60 && (-12 * 3600..=14 * 3600).contains(&seconds)).then_some(seconds)
}

/// Seconds of an instant: date, time with seconds, and zone.
pub(super) fn date_time(text: &str) -> Option<i64> {
    let (day, clock, zone) = (text.get(..10)?, text.get(11..19)?, text.get(19..)?);
    if text.get(10..11) != Some("T") || day.get(4..5) != Some("-") {
        return None;
    }
    Some(date(day)? + time(clock)? - offset(zone)?)
}

/// `true` if text has the shape of a date.
pub(super) fn like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    match bytes.len() {
        10 => (0..10).all(|index| if index == 4 || index == 7 { bytes.get(index) == Some(&b'-') } else { at(index) }),
        8 => (0..8).all(at),
        _ => false,
    }
}

fn like_zone(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes {
        [] | b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// `true` if text has the shape of a date with a time.
pub(super) fn like_date_time(text: &str) -> bool {
    let (Some(day), Some(clock), Some(zone)) = (text.get(..10), text.get(10..19), text.get(19..)) else { return false };
    let clock = clock.as_bytes();
    let digit = |index: usize| clock.get(index).is_some_and(u8::is_ascii_digit);
    like_date(day)
        && clock.first() == Some(&b'T')
        && [1, 2, 4, 5, 7, 8].into_iter().all(digit)
        && clock.get(3) == Some(&b':')
        && clock.get(6) == Some(&b':')
        && like_zone(zone)
}

/// `true` if text has the shape of a time.
pub(super) fn like_time(text: &str) -> bool {
    let hours = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&hours) {
        return false;
    }
    let pair = |rest: &str| {
        let bytes = rest.as_bytes();
        bytes.first() == Some(&b':') && bytes.get(1..3).is_some_and(|pair| pair.iter().all(u8::is_ascii_digit))
    };
    let Some(rest) = text.get(hours..).filter(|rest| pair(rest)).and_then(|rest| rest.get(3..)) else { return false };
    let rest = if pair(rest) { rest.get(3..).unwrap_or_default() } else { rest };
    like_zone(rest)
}

/// `true` if text has the shape of a duration.
pub(super) fn like_duration(text: &str) -> bool {
    text.len() > 1
        && text.starts_with('P')
        && text.bytes().skip(1).all(|byte| byte.is_ascii_digit() || b".,YMDHTSW".contains(&byte))
}

/// `true` if text is an ISO 8601 duration: parts in order, a fraction in the last one only, weeks alone.
pub(super) fn duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    if let Some(weeks) = rest.strip_suffix('W') {
        return !weeks.is_empty() && weeks.bytes().all(|byte| byte.is_ascii_digit());
    }
    let (day_part, time_part) = match rest.split_once('T') {
        Some((_, "")) => return false,
        Some((days, time)) => (days, Some(time)),
        None => (rest, None),
    };
    if day_part.is_empty() && time_part.is_none() {
        return false;
    }
    parts(day_part, &['Y', 'M', 'D'], time_part.is_none())
        && time_part.is_none_or(|time| parts(time, &['H', 'M', 'S'], true))
}

/// Numbers, each with one of the units, which come in order. `last`: whether the last number may have a fraction.
fn parts(mut text: &str, units: &[char], last: bool) -> bool {
    let mut units = units.iter();
    while !text.is_empty() {
        let Some(end) = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',') else {
            return false;
        };
        let (number, rest) = text.split_at(end);
        let mut letters = rest.chars();
        let Some(unit) = letters.next() else { return false };
        text = letters.as_str();
        if !units.any(|known| *known == unit) {
            return false;
        }
        let whole = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let good = match number.split_once(['.', ',']) {
            Some((before, after)) => last && text.is_empty() && whole(before) && whole(after),
            None => whole(number),
        };
        if !good {
            return false;
        }
    }
    true
}

/// `true` if a lenient reader of durations takes a value for zero.
pub(super) fn no_duration(value: &Json<'_>) -> bool {
    match value {
        Json::Number(number) => *number == 0.0,
        Json::Text(text) => lenient_duration(text) == 0.0,
        Json::Bool(value) => !value,
        Json::List(_) => lenient_duration(&value.coerced()) == 0.0,
        Json::Null | Json::Object(_) => true,
    }
}

fn lenient_number(text: &str) -> f64 {
    let text = text.replace(',', ".");
    // The longest start that is a number counts.
    (1..=text.len()).rev().find_map(|end| text.get(..end)?.parse::<f64>().ok()).unwrap_or(0.0)
}

fn lenient_duration(text: &str) -> f64 {
    let trimmed = text.trim_matches(space);
    if trimmed.is_empty() {
        return 0.0;
    }
    if let Ok(number) = trimmed.parse::<f64>()
        && !trimmed.contains(['n', 'N', 'i'])
    {
        return number;
    }
    clock_duration(text).or_else(|| iso_duration(text)).unwrap_or(0.0)
}

/// `h:mm:ss.f`, with days before it.
fn clock_duration(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['-', '+']);
    let (days, rest) = match text.split_once(':')?.0.rsplit_once(['.', ' ']) {
        Some((days, _)) => (days, text.get(days.len() + 1..)?),
        None => ("", text),
    };
    let mut sum = if days.is_empty() { 0.0 } else { days.parse::<u32>().ok().map(f64::from)? };
    let parts: Vec<&str> = rest.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for (index, part) in parts.iter().enumerate() {
        let whole = if index == 2 { part.split('.').next().unwrap_or_default() } else { part };
        if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        sum += part.parse::<f64>().unwrap_or(0.0);
    }
    Some(sum)
}

/// The ISO form, with signs, fractions and weeks wherever they stand.
fn iso_duration(text: &str) -> Option<f64> {
    let rest = text.trim_start_matches(['-', '+']).strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, ""), |(days, time)| (days, time));
    let mut sum = 0.0;
    for (part, units) in [
        (days, [('Y', 31_536_000.0), ('M', 2_629_746.0), ('W', 604_800.0), ('D', 86_400.0)].as_slice()),
        (time, [('H', 3600.0), ('M', 60.0), ('S', 1.0)].as_slice()),
    ] {
        let mut units = units.iter();
        let mut part = part;
        while !part.is_empty() {
            let end = part.find(|letter: char| letter.is_ascii_alphabetic())?;
            let (number, rest) = part.split_at(end);
            let unit = rest.chars().next()?;
            let (_, weight) = units.find(|(known, _)| *known == unit)?;
            if !number.chars().all(|letter| letter.is_ascii_digit() || ".,+-".contains(letter)) {
                return None;
            }
            sum += lenient_number(number) * weight;
            part = rest.get(1..)?;
        }
    }
    Some(sum)
}

/// `true` if text is a UUID in lower case.
pub(super) fn uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => (b'0'..=b'5').contains(byte),
            19 => b"089ab".contains(byte),
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
        })
}

const DAYS: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// `true` if text is one day of a recurrence rule, with or without its number.
pub(super) fn by_day(text: &str) -> bool {
    let (day, more) = text.split_once(';').map_or((text, None), |(day, more)| (day, Some(more)));
    if more.is_some_and(|more| !more.split(';').all(recurrence_part)) {
        return false;
    }
    let day = day.trim_end_matches(space);
    let Some(name) = day.len().checked_sub(2).and_then(|start| day.get(start..)) else { return false };
    let number = day.get(..day.len() - 2).unwrap_or_default();
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    let counted = (1..=2).contains(&unsigned.len())
        && unsigned.bytes().all(|byte| byte.is_ascii_digit())
        && unsigned.parse::<u32>().is_ok_and(|number| number > 0);
    DAYS.contains(&name) && (number.is_empty() || counted)
}

fn recurrence_part(part: &str) -> bool {
    const KNOWN: &[&str] = &[
        "FREQ",
        "DTSTART",
        "INTERVAL",
        "WKST",
        "COUNT",
        "UNTIL",
        "TZID",
        "BYSETPOS",
        "BYMONTH",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYWEEKDAY",
        "BYDAY",
        "BYHOUR",
        "BYMINUTE",
        "BYSECOND",
        "BYEASTER",
        "BYNWEEKDAY",
    ];
    part.split_once('=').is_some_and(|(name, value)| KNOWN.contains(&name.to_uppercase().as_str()) && !value.is_empty())
}

/// `true` if text is a URI template (RFC 6570) with at least one expression.
pub(super) fn uri_template(text: &str) -> bool {
    if text.chars().any(|letter| u32::from(letter) > 0xffff) {
        return false;
    }
    let mut rest = text;
    let mut expressions = 0;
    while let Some(start) = rest.find(['{', '}']) {
        let from = rest.get(start..).unwrap_or_default();
        if !from.starts_with('{') {
            return false;
        }
        let Some(end) = from.find('}') else { return false };
        if !from.get(1..end).is_some_and(expression) {
            return false;
        }
        expressions += 1;
        rest = from.get(end + 1..).unwrap_or_default();
    }
    expressions > 0
}

fn percent(text: &str) -> bool {
    let mut bytes: Vec<u8> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('%') {
        let Some(byte) = rest.get(start + 1..start + 3).and_then(|pair| u8::from_str_radix(pair, 16).ok()) else {
            return false;
        };
        bytes.push(byte);
        rest = rest.get(start + 3..).unwrap_or_default();
        if !rest.starts_with('%') {
            if std::str::from_utf8(&bytes).is_err() {
                return false;
            }
            bytes.clear();
        }
    }
    true
}

fn expression(text: &str) -> bool {
    if text.starts_with(['=', ',', '!', '@', '|']) {
        return false;
    }
    let list = text.strip_prefix(['+', '#', '.', '/', ';', '?', '&']).unwrap_or(text);
    !list.is_empty() && list.split(',').all(variable)
}

fn variable(text: &str) -> bool {
    let (name, modifier) = match text.split_once(':') {
        Some((name, length)) => (name, Some(length)),
        None => (text.strip_suffix('*').unwrap_or(text), None),
    };
    let length = modifier.is_none_or(|length| {
        (1..=4).contains(&length.len()) && !length.starts_with('0') && length.bytes().all(|byte| byte.is_ascii_digit())
    });
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '%' || letter == '.';
    length && !name.is_empty() && !name.starts_with('.') && name.chars().all(letter) && percent(name)
}

/// `true` if text has mark-up or character references in it.
pub(super) fn html(text: &str, entity: impl Fn(&str) -> bool) -> bool {
    // Without a way out in the middle, many letters are looked at together.
    if !text.bytes().fold(false, |found, byte| found | (byte == b'<') | (byte == b'&')) {
        return false;
    }
    let stripped = without_tags(text);
    stripped.trim_matches(space) != text.trim_matches(space) || references(&stripped, entity)
}

fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let (mut out, mut tag) = (String::with_capacity(text.len()), String::new());
    let (mut inside, mut comment, mut depth, mut quote) = (false, false, 0_u32, None);
    for letter in text.chars() {
        if comment {
            if letter == '>' {
                comment = !tag.ends_with("--");
                inside = comment;
                tag.clear();
            } else {
                tag.push(letter);
            }
            continue;
        }
        if !inside {
            if letter == '<' {
                inside = true;
                tag.push('<');
            } else {
                out.push(letter);
            }
            continue;
        }
        match letter {
            '<' if quote.is_none() => depth += 1,
            '>' if quote.is_none() && depth > 0 => depth -= 1,
            '>' if quote.is_none() => {
                inside = false;
                tag.clear();
            }
            '<' | '>' => {}
            '"' | '\'' => {
                if quote == Some(letter) {
                    quote = None;
                } else if quote.is_none() {
                    quote = Some(letter);
                }
                tag.push(letter);
            }
            '-' => {
                comment = tag == "<!-";
                tag.push('-');
            }
            ' ' | '\n' if tag == "<" => {
                inside = false;
                out.push_str("< ");
                tag.clear();
            }
            other => tag.push(other),
        }
    }
    Cow::Owned(out)
}

fn references(text: &str, entity: impl Fn(&str) -> bool) -> bool {
    text.split('&').skip(1).any(|rest| {
        let (hash, name) = rest.strip_prefix('#').map_or((false, rest), |name| (true, name));
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        if !hash {
            return entity(name);
        }
        match name.strip_prefix('x') {
            Some(hexadecimal) => hexadecimal.starts_with(|letter: char| letter.is_ascii_hexdigit()),
            None => name.starts_with(|letter: char| letter.is_ascii_digit()),
        }
    })
}

/// The places after the point that a number has.
pub(super) fn decimals(number: f64) -> i32 {
    // A double has no more than this many.
    (0..=324)
        .find(|places| {
            let scale = 10_f64.powi(*places);
            let scaled = number * scale;
            !scaled.is_finite() || (scaled + 0.5).floor() / scale == number
        })
        .unwrap_or(324)
}

/// How text is not an ISO 8601 duration.
pub(super) fn duration_defect(text: &str) -> Option<&'static str> {
    if duration(text) {
        return None;
    }
    let no_time_part = text.strip_prefix('P').is_some_and(|rest| !rest.contains('T') && duration(&format!("PT{rest}")));
    Some(if no_time_part { "has no T before its hours, minutes or seconds" } else { "is not an ISO 8601 duration" })
}

/// How text is not a date-time with seconds and a UTC offset.
pub(super) fn date_time_defect(text: &str) -> Option<&'static str> {
    if date_time(text).is_some() {
        return None;
    }
    let other = "is not a date-time";
    let Some((day, rest)) = text.split_at_checked(10) else { return Some(other) };
    if !like_date(day) {
        return Some(if like_date(text) { "has no time" } else { other });
    }
    if rest.is_empty() {
        return Some("has no time");
    }
    let Some(clock) = rest.strip_prefix('T') else {
        return Some(if rest.starts_with([' ', 't']) { "has no T between date and time" } else { other });
    };
    let digits_end = clock.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(digits_end);
    let (fraction, zone) = match zone.strip_prefix(['.', ',']) {
        Some(after) => {
            let end = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
            (end > 0, after.get(end..).unwrap_or_default())
        }
        None => (false, zone),
    };
    let (seconds, zoned) = (clock.len() == 8, offset(zone).is_some());
    if !zoned && !zone.is_empty() && like_zone(zone) && like_time(clock) {
        return Some("has a UTC offset that does not exist");
    }
    if !(seconds || clock.len() == 5) || !like_time(clock) || !(zoned || zone.is_empty()) {
        return Some(other);
    }
    Some(match (fraction, seconds, zoned) {
        (true, _, true) => "has fractions of a second",
        (true, _, false) => "has fractions of a second and no time zone",
        (false, false, true) => "has no seconds",
        (false, false, false) => "has neither seconds nor a time zone",
        (false, true, false) => "has no time zone",
        (false, true, true) => "is not an existing date and time",
    })
}

/// Whether text is an existing date-time without seconds, with a UTC offset.
pub(super) fn to_the_minute(text: &str) -> bool {
    text.split_at_checked(16).is_some_and(|(minute, zone)| date_time(&format!("{minute}:00{zone}")).is_some())
}

/// How text is not a time.
pub(super) fn time_defect(text: &str) -> Option<&'static str> {
    time(text).is_none().then_some("is not a time")
}

/// How text is not an existing date.
pub(super) fn date_defect(text: &str) -> Option<&'static str> {
    if date(text).is_some() {
        return None;
    }
    Some(if like_date(text) {
        "is not an existing date"
    } else if text.split_at_checked(10).is_some_and(|(day, rest)| like_date(day) && rest.starts_with('T')) {
        "has a time"
    } else {
        "is not a date"
    })
}

#[cfg(test)]
mod tests {
    use super::{date_defect, date_time_defect, duration_defect};

    #[test]
    fn defects_of_a_date_time_are_named() {
        let expect = |text: &str, defect: &str| assert_eq!(date_time_defect(text), Some(defect), "{text}");
        assert_eq!(date_time_defect("2030-01-31T18:00:00Z"), None);
        assert_eq!(date_time_defect("2030-01-31T18:00:00+01:00"), None);
        expect("2030-01-31T18:00:00.000Z", "has fractions of a second");
        expect("2030-01-31T18:00:00.5", "has fractions of a second and no time zone");
        expect("2030-01-31T18:00:00", "has no time zone");
        expect("2030-01-31T18:00Z", "has no seconds");
        expect("2030-01-31T18:00", "has neither seconds nor a time zone");
        expect("2030-01-31", "has no time");
        expect("2030-01-31 18:00:00Z", "has no T between date and time");
        expect("2030-02-30T18:00:00Z", "is not an existing date and time");
        expect("2030-01-31T18:00:00-12:30", "has a UTC offset that does not exist");
        for text in ["", "tomorrow", "2030-01-31T", "2030-01-31T18", "2030-01-31T18:00:00PST", "\u{e9}2030-01-31T18"] {
            expect(text, "is not a date-time");
        }
    }

    #[test]
    fn defects_of_dates_and_durations_are_named() {
        assert_eq!(date_defect("2030-02-28"), None);
        assert_eq!(date_defect("2030-02-30"), Some("is not an existing date"));
        assert_eq!(date_defect("2030-02-28T10:00:00Z"), Some("has a time"));
        assert_eq!(date_defect("28/02/2030"), Some("is not a date"));
        assert_eq!(duration_defect("PT1H"), None);
        assert_eq!(duration_defect("P1H"), Some("has no T before its hours, minutes or seconds"));
        assert_eq!(duration_defect("1 hour"), Some("is not an ISO 8601 duration"));
    }
}
