//! Writes JSON in its canonical form (RFC 8785).

use serde_json::{Error, Value};

/// Writes JSON without blanks, with keys sorted by UTF-16 code units and numbers as doubles.
///
/// # Errors
/// Fails if a number exceeds the range of a double.
pub(super) fn canonical(json: &Value) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    write(json, &mut out)?;
    Ok(out)
}

fn write(json: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
    match json {
        Value::Object(object) => {
            let mut entries: Vec<(&String, &Value)> = object.iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key)?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
        }
        Value::Array(list) => {
            out.push(b'[');
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(value, out)?;
            }
            out.push(b']');
        }
        // Formatting doubles is the only difficult part of the canonical form.
        Value::Number(_) => out.extend(serde_json_canonicalizer::to_vec(json)?),
        // serde_json escapes strings exactly as RFC 8785 requires.
        Value::String(_) | Value::Bool(_) | Value::Null => serde_json::to_writer(out, json)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::{Value, json};

    use super::canonical;

    #[test]
    fn another_implementation_writes_the_same_form() {
        let controls: String = ('\0'..='\u{A0}').collect();
        let tricky = json!({
            "\u{FB33}": 1, "\u{1F600}": [], "€": {}, "1": null, "\r": true, "a\"\\/": controls,
            "numbers": [0, -1, 1.5, 1e30, 0.000_001, 110.0, 27.50],
        });
        let fixtures = fs::read_dir("../fixtures/valid").unwrap().map(|entry| {
            let text = fs::read(entry.unwrap().path()).unwrap();
            serde_json::from_slice::<Value>(&text).unwrap()
        });
        for json in fixtures.chain([tricky]) {
            let expected = serde_json_canonicalizer::to_vec(&json).unwrap();
            assert_eq!(
                String::from_utf8(canonical(&json).unwrap()).unwrap(),
                String::from_utf8(expected).unwrap()
            );
        }
        let too_large: Value = serde_json::from_str("1e999").unwrap();
        assert!(canonical(&too_large).is_err());
    }
}
