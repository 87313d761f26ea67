//! What stands between quotes, and what is a number.

/// The bytes that an escaped text stands for.
///
/// # Errors
/// What is wrong with an escape, for a message.
pub(super) fn unescape(raw: &[u8]) -> Result<Vec<u8>, String> {
    let mut plain: Vec<u8> = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(slash) = rest.iter().position(|b| *b == b'\\') {
        let (before, after) = rest.split_at(slash);
        plain.extend_from_slice(before);
        let code = after.get(1).copied().unwrap_or_default();
        rest = after.get(2..).unwrap_or_default();
        match code {
            b'"' | b'\\' | b'/' => plain.push(code),
            b'b' => plain.push(8),
            b'f' => plain.push(12),
            b'n' => plain.push(b'\n'),
            b'r' => plain.push(b'\r'),
            b't' => plain.push(b'\t'),
            b'u' => {
                let (decoded, left) =
                    unicode(rest).ok_or("`\\u` in a text without four hexadecimal digits")?;
                plain.extend_from_slice(decoded.encode_utf8(&mut [0; 4]).as_bytes());
                rest = left;
            }
            other => {
                let escape = char::from(other);
                return Err(format!("unknown escape `\\{escape}` in a text"));
            }
        }
    }
    plain.extend_from_slice(rest);
    Ok(plain)
}

/// Whether the text is a number of JSON (RFC 8259 §6).
pub(super) fn is_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let body = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// The character after `\u`, both halves where it is a surrogate pair, and what follows it.
fn unicode(text: &[u8]) -> Option<(char, &[u8])> {
    let (unit, rest) = hex(text)?;
    if !(0xd800..0xdc00).contains(&unit) {
        return Some((
            char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
            rest,
        ));
    }
    let low = rest.strip_prefix(b"\\u").and_then(hex);
    match low {
        Some((low, rest)) if (0xdc00..0xe000).contains(&low) => {
            let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            Some((
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                rest,
            ))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, rest)),
    }
}

fn hex(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}
