//! ASC media hash lists: which files a delivery has and what their content is, for the next one who
//! copies it (ASC MHL specification 2.0, <https://theasc.com/society/ascmitc/asc-media-hash-list>).

use sha2::{Digest as _, Sha512};

/// A file of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hashed {
    /// Its name.
    pub(super) name: String,
    /// Its size in bytes.
    pub(super) size: u64,
    /// XXH3-128 of its bytes.
    pub(super) xxh128: u128,
}

/// The manifest of a folder's first generation. `date` is `YYYY-MM-DDThh:mm:ss`, in UTC.
pub(super) fn manifest(files: &[Hashed], date: &str) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <hashlist version=\"2.0\" xmlns=\"urn:ASC:MHL:v2.0\">\n\
         \x20 <creatorinfo>\n\
         \x20   <creationdate>{date}+00:00</creationdate>\n\
         \x20   <hostname>stemline</hostname>\n\
         \x20   <tool version=\"{}\">stemline</tool>\n\
         \x20 </creatorinfo>\n\
         \x20 <processinfo>\n\
         \x20   <process>in-place</process>\n\
         \x20   <ignore>\n\
         \x20     <pattern>.DS_Store</pattern>\n\
         \x20     <pattern>ascmhl</pattern>\n\
         \x20     <pattern>ascmhl/</pattern>\n\
         \x20   </ignore>\n\
         \x20 </processinfo>\n\
         \x20 <hashes>\n",
        env!("CARGO_PKG_VERSION")
    );
    for file in files {
        let entry = format!(
            "    <hash>\n\
             \x20     <path size=\"{}\">{}</path>\n\
             \x20     <xxh128 action=\"original\" hashdate=\"{date}+00:00\">{:032x}</xxh128>\n\
             \x20   </hash>\n",
            file.size,
            escape(&file.name),
            file.xxh128
        );
        xml.push_str(&entry);
    }
    xml + "  </hashes>\n</hashlist>\n"
}

/// The chain: the one manifest with its C4 identity.
pub(super) fn chain(manifest_name: &str, manifest: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ascmhldirectory xmlns=\"urn:ASC:MHL:DIRECTORY:v2.0\">\n\
         \x20 <hashlist sequencenr=\"1\">\n\
         \x20   <path>{}</path>\n\
         \x20   <c4>{}</c4>\n\
         \x20 </hashlist>\n\
         </ascmhldirectory>\n",
        escape(manifest_name),
        c4(manifest.as_bytes())
    )
}

/// `0001_FOLDER_YYYY-MM-DD_hhmmssZ.mhl`.
pub(super) fn manifest_name(folder: &str, date: &str) -> String {
    let (day, time) = date.split_once('T').unwrap_or((date, "000000"));
    format!("0001_{folder}_{day}_{}Z.mhl", time.replace(':', ""))
}

/// The C4 identity of bytes.
fn c4(bytes: &[u8]) -> String {
    c4_of(Sha512::digest(bytes).to_vec())
}

/// A C4 identity: a SHA-512 in base 58, 90 characters (SMPTE ST 2114).
pub(super) fn c4_of(mut number: Vec<u8>) -> String {
    const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits = Vec::new();
    for _ in 0..88 {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest * 256 + u32::from(*byte);
            *byte = (value / 58) as u8;
            rest = value % 58;
        }
        digits.push(DIGITS.get(rest as usize).copied().unwrap_or(b'1'));
    }
    let text: String = digits
        .iter()
        .rev()
        .map(|&digit| char::from(digit))
        .collect();
    format!("c4{text}")
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The identity of no bytes, as the standard's reference implementation has it.
    #[test]
    fn the_identity_of_nothing_is_known() {
        let want = "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT";
        assert_eq!(c4(b""), want);
    }

    #[test]
    fn a_manifest_names_its_files() {
        let files = [Hashed {
            name: "A & B.wav".into(),
            size: 3,
            xxh128: 0x06b0_5ab6_733a_6185_78af_5f94_892f_3950,
        }];
        let xml = manifest(&files, "2026-01-01T12:00:00");
        assert!(
            xml.contains("<path size=\"3\">A &amp; B.wav</path>"),
            "{xml}"
        );
        assert!(
            xml.contains(">06b05ab6733a618578af5f94892f3950</xxh128>"),
            "{xml}"
        );
        assert_eq!(
            manifest_name("out", "2026-01-01T12:00:00"),
            "0001_out_2026-01-01_120000Z.mhl"
        );
    }
}
