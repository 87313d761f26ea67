//! Values as AAF-XML writes them.

use super::ids::{ENUMERATIONS, types};
use super::names::Kind;
use super::objects::{Auid, MobId, Value};

/// What the text of a property says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    /// A value.
    Value(Value),
    /// The symbol of a definition that stands elsewhere in the document.
    Symbol(String),
}

/// The value of this kind that `text` writes; `actual` is the type of a value that carries its own.
/// `None` where it is not one.
pub(super) fn parse(kind: Kind, text: &str, actual: Option<&str>) -> Option<Written> {
    let word = text.trim();
    Some(Written::Value(match kind {
        Kind::Integer => Value::Integer(integer(word)?),
        Kind::Rational => Value::Rational(word.parse().ok()?),
        Kind::Text => Value::Text(text.to_owned()),
        Kind::Auid | Kind::Reference => match Auid::from_urn(word) {
            Some(id) => Value::Auid(id),
            // A symbol of an extension stands after the identifier of its symbol space.
            None => return Some(Written::Symbol(last_word(word).to_owned())),
        },
        Kind::MobId => Value::MobId(MobId::from_urn(word)?),
        Kind::Bytes => Value::Bytes(hex(word)?),
        Kind::Indirect => indirect(text, last_word(actual?))?,
        Kind::Object | Kind::Objects | Kind::Integers | Kind::Stream => return None,
    }))
}

/// Decimal, hexadecimal after `0x`, or the symbol of an enumeration.
pub(super) fn integer(word: &str) -> Option<i64> {
    if let Some(digits) = word.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok();
    }
    word.parse().ok().or_else(|| {
        let known = ENUMERATIONS.iter().find(|(symbol, _)| *symbol == word);
        known.map(|(_, number)| *number)
    })
}

fn indirect(text: &str, kind: &str) -> Option<Value> {
    let word = text.trim();
    Some(match kind {
        "UTF16String" | "String" => Value::Text(text.to_owned()),
        "Rational" => Value::Rational(word.parse().ok()?),
        "Boolean" => Value::Integer(integer(word)?),
        _ if types::INTEGERS.iter().any(|(name, _, _)| *name == kind) => {
            Value::Integer(integer(word)?)
        }
        _ => Value::Bytes(hex(word)?),
    })
}

fn last_word(text: &str) -> &str {
    text.split_whitespace().last().unwrap_or_default()
}

fn hex(word: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = word.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

/// Resolves `$#x1F;`, which stands for a character that XML cannot hold.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$#x") {
        out.push_str(before);
        let code = after.split_once(';').and_then(|(digits, tail)| {
            let code = u32::from_str_radix(digits, 16).ok()?;
            Some((char::from_u32(code)?, tail))
        });
        if let Some((c, tail)) = code {
            out.push(c);
            rest = tail;
        } else {
            out.push_str("$#x");
            rest = after;
        }
    }
    out.push_str(rest);
    // The binary form ends a text at its first zero.
    out.split('\0').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Rational;

    fn check(kind: Kind, text: &str, actual: Option<&str>, expect: Option<Value>) {
        assert_eq!(
            parse(kind, text, actual),
            expect.map(Written::Value),
            "{text}"
        );
    }

    #[test]
    fn values_by_kind() {
        check(Kind::Integer, " 0x1f", None, Some(Value::Integer(31)));
        check(Kind::Integer, "True", None, Some(Value::Integer(1)));
        check(Kind::Integer, "many", None, None);
        check(
            Kind::Rational,
            "0/30",
            None,
            Some(Value::Rational(Rational::ZERO)),
        );
        check(Kind::Rational, "1/0", None, None);
        check(Kind::Text, "Fade ", None, Some(Value::Text("Fade ".into())));
        check(
            Kind::Bytes,
            "52 49",
            None,
            Some(Value::Bytes(vec![0x52, 0x49])),
        );
        check(Kind::Bytes, "523", None, None);
        let symbol = parse(Kind::Reference, "urn:uuid:0 DataDef_Sound", None);
        assert_eq!(symbol, Some(Written::Symbol("DataDef_Sound".into())));
    }

    #[test]
    fn values_with_their_own_type() {
        check(
            Kind::Indirect,
            "-3",
            Some("Int32"),
            Some(Value::Integer(-3)),
        );
        check(
            Kind::Indirect,
            "a ",
            Some("UTF16String"),
            Some(Value::Text("a ".into())),
        );
        check(Kind::Indirect, "1/2", Some("x Rational"), {
            Some(Value::Rational(Rational::new(1, 2).unwrap()))
        });
        check(Kind::Indirect, "1", None, None);
    }

    #[test]
    fn characters_that_xml_cannot_hold() {
        assert_eq!(unescape("a$#x9;b$#x24;$#xZ;"), "a\tb$$#xZ;");
        assert_eq!(unescape("a$#x0;b"), "a");
    }
}
