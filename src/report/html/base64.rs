//! Bytes as text (RFC 4648 §4), with padding.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The text of some bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let six = (bits >> (18 - 6 * place)) as usize & 63;
            let letter = ALPHABET.get(six).copied().unwrap_or(b'=');
            text.push(char::from(if place > three.len() { b'=' } else { letter }));
        }
    }
    text
}

/// The text of 16-bit numbers, little-endian.
pub(super) fn encode_words(words: impl IntoIterator<Item = i16>) -> String {
    let bytes: Vec<u8> = words.into_iter().flat_map(i16::to_le_bytes).collect();
    encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_of_the_standard() {
        let check = |bytes: &str, text: &str| assert_eq!(encode(bytes.as_bytes()), text);
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foob", "Zm9vYg==");
        check("fooba", "Zm9vYmE=");
        check("foobar", "Zm9vYmFy");
        assert_eq!(encode_words([-1, 256]), "//8AAQ==");
    }
}
