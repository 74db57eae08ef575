//! An exchange as a line for a shell.

use crate::results::Exchange;

/// A `curl` command that repeats a request. Secret headers become variables such as `$AUTHORIZATION`.
#[must_use]
pub fn curl(exchange: &Exchange) -> String {
    let mut line = String::from("curl");
    if exchange.method != "GET" {
        line.push_str(" -X ");
        line.push_str(&exchange.method);
    }
    line.push(' ');
    line.push_str(&quoted(&exchange.url));
    for (name, value) in &exchange.request_headers {
        line.push_str(" -H ");
        if is_placeholder(value) {
            let variable: String =
                name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
            line.push_str(&format!("\"{name}: ${variable}\""));
        } else {
            line.push_str(&quoted(&format!("{name}: {value}")));
        }
    }
    if let Some(body) = &exchange.request_body {
        line.push_str(" --data-raw ");
        line.push_str(&quoted(body));
    }
    line
}

/// Whether the value of a header is that of a secret: `***` and the number of the secret, or no number.
fn is_placeholder(value: &str) -> bool {
    value.strip_prefix("***").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A text in single quotes, safe in any POSIX shell. Control characters are written as escapes.
fn quoted(text: &str) -> String {
    if text.chars().any(|c| c.is_control()) {
        let escaped: String = text
            .chars()
            .map(|c| match c {
                '\\' => "\\\\".to_owned(),
                '\'' => "\\'".to_owned(),
                c if c.is_control() => c.to_string().bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
                c => c.to_string(),
            })
            .collect();
        return format!("$'{escaped}'");
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
