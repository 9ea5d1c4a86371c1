//! Writes lists of described values as plain `enum`s, which generators of clients understand.

use serde_json::{Value, json};

/// Replaces each `oneOf` of constants by an `enum`, whose description explains the values.
pub fn flatten(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(flatten),
        Value::Object(members) => {
            if let Some((values, lines)) = members.get("oneOf").and_then(constants) {
                members.remove("oneOf");
                members.insert("type".to_owned(), json!("string"));
                members.insert("enum".to_owned(), json!(values));
                let described = members.get("description").and_then(Value::as_str);
                let described = described.into_iter().map(str::to_owned).chain(lines);
                let text = described.collect::<Vec<_>>().join("\n");
                members.insert("description".to_owned(), json!(text));
            }
            members.values_mut().for_each(flatten);
        }
        _ => {}
    }
}

/// The values of a `oneOf` of constants, and a line about each that has a description.
fn constants(one_of: &Value) -> Option<(Vec<String>, Vec<String>)> {
    let (mut values, mut lines) = (Vec::new(), Vec::new());
    for each in one_of.as_array()? {
        let of_each: Vec<&Value> = match (each.get("const"), each.get("enum")) {
            (Some(value), None) => vec![value],
            (None, Some(list)) => list.as_array()?.iter().collect(),
            _ => return None,
        };
        for value in of_each {
            let value = value.as_str()?;
            if let Some(description) = each["description"].as_str() {
                lines.push(format!("- `{value}`：{description}"));
            }
            values.push(value.to_owned());
        }
    }
    Some((values, lines))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::flatten;

    #[test]
    fn constants_become_an_enum_and_other_alternatives_stay() {
        let mut schema = json!({
            "State": {
                "description": "状态",
                "oneOf": [
                    { "const": "done", "type": "string", "description": "已完成" },
                    { "enum": ["a", "b"], "type": "string" },
                ],
            },
            "Other": { "oneOf": [{ "const": "done" }, { "type": "object" }] },
        });
        let other = schema["Other"].clone();
        flatten(&mut schema);
        let state = json!({
            "type": "string",
            "enum": ["done", "a", "b"],
            "description": "状态\n- `done`：已完成",
        });
        assert_eq!(schema, json!({ "State": state, "Other": other }));
    }
}
