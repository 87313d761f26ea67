use super::*;
use proptest::prelude::*;

/// Rebuilds the text with this reader, values in a canonical form.
fn echo(json: &mut Json, out: &mut String) -> Result<(), SyntaxError> {
    match json.kind()? {
        Kind::Object => {
            json.begin_object()?;
            out.push('{');
            while let Some(key) = json.key()? {
                out.push_str(&serde_json::to_string(&key).unwrap());
                out.push(':');
                echo(json, out)?;
                out.push(',');
            }
            out.push('}');
        }
        Kind::Array => {
            json.begin_array()?;
            out.push('[');
            while json.element()? {
                echo(json, out)?;
                out.push(',');
            }
            out.push(']');
        }
        Kind::Text => out.push_str(&serde_json::to_string(&json.text()?).unwrap()),
        Kind::Number => out.push_str(&json.number()?.to_string()),
        Kind::Bool => out.push_str(&json.boolean()?.to_string()),
        Kind::Null => {
            json.null()?;
            out.push_str("null");
        }
    }
    Ok(())
}

fn read(text: &str) -> Result<String, SyntaxError> {
    let mut json = Json::new(text.as_bytes());
    let mut out = String::new();
    echo(&mut json, &mut out)?;
    json.end()?;
    let mut again = Json::new(text.as_bytes());
    again.skip()?;
    again.end()?;
    Ok(out)
}

fn check(text: &str, expect: &str) {
    assert_eq!(read(text).as_deref(), Ok(expect), "{text}");
}

fn refuse(text: &str, line: u32, column: u32, message: &str) {
    let error = read(text).unwrap_err();
    assert!(error.message.contains(message), "{text}: {error:?}");
    assert_eq!((error.line, error.column), (line, column), "{text}");
}

#[test]
fn reads_what_json_has() {
    check(
        " {\"a\" : [1, -2.5e3, true,false ,null,\"x\"] } ",
        "{\"a\":[1,-2500,true,false,null,\"x\",],}",
    );
    check("[]", "[]");
    check("[[],{}]", "[[],{},]");
    check("9007199254740993", "9007199254740993");
    check("\u{feff}\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"é😀\\n/\"");
    check("\"\\ud83d!\"", "\"\u{fffd}!\"");
}

#[test]
fn takes_the_words_for_no_number() {
    check(
        "[NaN,Inf,Infinity,-Inf,-Infinity]",
        "[NaN,inf,inf,-inf,-inf,]",
    );
}

#[test]
fn names_the_place_of_what_is_wrong() {
    refuse("{\"a\": 1,\n \"b\" 2}", 2, 6, "expected `:`, found `2`");
    refuse("[1 2]", 1, 4, "expected `,` or `]`, found `2`");
    refuse("{\"é\": ü}", 1, 7, "found `ü`");
    refuse("[1,]", 1, 4, "expected a value, found `]`");
    refuse("[01]", 1, 2, "`01` is not a number");
    refuse("[1] x", 1, 5, "expected the end of the file");
    refuse("\"a\nb\"", 1, 3, "line break");
    refuse("\"\\q\"", 1, 5, "unknown escape `\\q`");
    refuse("\"\\u12g4\"", 1, 9, "four hexadecimal digits");
    refuse("{\"a\": [1, ", 1, 11, "the text ends where a value");
    refuse("\"abc", 1, 5, "middle of a string");
    refuse("nul", 1, 1, "expected a value");
}

#[test]
fn depth_is_limited_and_never_recursed_into() {
    for depth in [10_000, 1_000_000] {
        let error = Json::new(&b"[".repeat(depth)).skip().unwrap_err();
        assert!(error.message.contains("nested deeper than 1000"));
    }
    let deep = [b"[".repeat(900), b"]".repeat(900)].concat();
    assert_eq!(Json::new(&deep).skip(), Ok(()));
}

#[test]
fn bytes_that_are_not_utf8_are_noticed() {
    let mut json = Json::new(b"[\"\xff\", \"a\\n\xff\"]");
    json.skip().unwrap();
    assert!(!json.mangled());
    let mut json = Json::new(b"\"a\\n\xff\"");
    assert_eq!(json.text().unwrap(), "a\n\u{fffd}");
    assert!(json.mangled());
}

proptest! {
    #[test]
    fn agrees_with_another_reader_on_what_is_json(text in r#"[\[\]{}:,"\\a01.eE+\- tfn\n]{0,24}"#) {
        // The other reader refuses numbers beyond the floats.
        prop_assert_eq!(
            read(&text).is_ok_and(|echo| !echo.contains("inf")),
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{}", text
        );
    }

    #[test]
    fn texts_come_over_unchanged(text in any::<String>()) {
        let written = serde_json::to_string(&text).unwrap();
        let mut json = Json::new(written.as_bytes());
        prop_assert_eq!(json.text().unwrap(), text);
    }

    #[test]
    fn any_bytes_end_in_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = Json::new(&bytes).skip();
    }
}
