//! Edits of JSON documents.

use serde_json::{Value, json};

use super::list::MemberChange;

/// Every member of an object, and of the first object of each list in it, as JSON pointers.
pub(super) fn members(document: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let Some(object) = document.as_object() else { return all };
    for (name, value) in object {
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let inner = value.get(0).and_then(Value::as_object);
        all.extend(inner.into_iter().flat_map(|inner| inner.keys()).map(|inner| format!("{pointer}/0/{inner}")));
        all.push(pointer);
    }
    all
}

/// Changes a member of a document; `None` where there is no such member.
pub(super) fn edit(document: &mut Value, pointer: &str, change: MemberChange) -> Option<()> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let parent = document.pointer_mut(parent)?.as_object_mut()?;
    change_member(parent, &name, change)
}

/// Changes a member of an object; `None` where there is no such member.
pub(super) fn change_member(
    object: &mut serde_json::Map<String, Value>,
    name: &str,
    change: MemberChange,
) -> Option<()> {
    let value = object.get_mut(name)?;
    match change {
        MemberChange::Omit => drop(object.remove(name)),
        MemberChange::Change => *value = other(value),
        MemberChange::Retype => {
            *value = match value {
                Value::String(_) => json!(17),
                Value::Number(number) => json!(format!("{number} of them")),
                Value::Bool(flag) => json!(flag.to_string()),
                Value::Array(_) | Value::Null => json!("text"),
                Value::Object(_) => json!([]),
            }
        }
    }
    Some(())
}

/// Another value of the same type.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_i64().unwrap_or_default() / 2 + 1),
        Value::String(text) => json!(format!("{text}-other")),
        Value::Array(_) => json!(["other"]),
        Value::Object(_) | Value::Null => json!({ "other": true }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_listed_and_edited() {
        let document = json!({ "keys": [{ "kid": "a" }], "https://a/b": 3 });
        assert_eq!(members(&document), ["/https:~1~1a~1b", "/keys/0/kid", "/keys"]);
        let edited = |pointer: &str, change: MemberChange| {
            let mut copy = document.clone();
            edit(&mut copy, pointer, change).map(|()| copy)
        };
        assert_eq!(edited("/keys/0/kid", MemberChange::Omit), Some(json!({ "keys": [{}], "https://a/b": 3 })));
        assert_eq!(edited("/https:~1~1a~1b", MemberChange::Change).unwrap()["https://a/b"], 2);
        assert_eq!(edited("/keys", MemberChange::Retype).unwrap()["keys"], "text");
        assert_eq!(edited("/none", MemberChange::Omit), None);
    }
}
