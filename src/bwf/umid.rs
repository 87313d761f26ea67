//! Unique material identifiers.

/// Universal label, material type (two or more sound components in one container), creation method
/// (material number a UUID, no local instance number) and length of a basic UMID; instance number 0,
/// an original (SMPTE ST 330 §5).
const HEAD: [u8; 16] = [
    0x06, 0x0A, 0x2B, 0x34, 0x01, 0x01, 0x01, 0x05, 0x01, 0x01, 0x09, 0x20, 0x13, 0x00, 0x00, 0x00,
];

/// A basic UMID (SMPTE ST 330) with this material number, a UUID in the byte order of RFC 4122, padded
/// to the 64 bytes of the bext chunk's field.
pub fn umid(material: [u8; 16]) -> [u8; 64] {
    let mut umid = [0; 64];
    for (to, from) in umid.iter_mut().zip(HEAD.into_iter().chain(material)) {
        *to = from;
    }
    umid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bwf::text::hex;

    #[test]
    fn a_basic_umid() {
        let material = std::array::from_fn(|i| i as u8);
        assert_eq!(
            hex(&umid(material)),
            format!(
                "060a2b34010101050101092013000000000102030405060708090a0b0c0d0e0f{:064}",
                0
            )
        );
    }
}
