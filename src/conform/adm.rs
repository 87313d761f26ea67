//! The ADM file of a delivery from its spec: a content for each stem, programmes for each language
//! and one without dialogue.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{self, Stem};
use crate::audio::{AdmProfile, ContentKind};
use crate::spec::{AdmSpec, BextDemand, Spec, is_language, safe_title};
use crate::stem::{Group, StemCode};

/// Languages by their codes (ISO 639-1, 639-2/B and /T) as people call them.
const LANGUAGES: [(&[&str], &str); 32] = [
    (&["en", "eng"], "English"),
    (&["fr", "fre", "fra"], "French"),
    (&["de", "ger", "deu"], "German"),
    (&["es", "spa"], "Spanish"),
    (&["it", "ita"], "Italian"),
    (&["pt", "por"], "Portuguese"),
    (&["nl", "dut", "nld"], "Dutch"),
    (&["da", "dan"], "Danish"),
    (&["sv", "swe"], "Swedish"),
    (&["no", "nor", "nb", "nob"], "Norwegian"),
    (&["fi", "fin"], "Finnish"),
    (&["is", "ice", "isl"], "Icelandic"),
    (&["pl", "pol"], "Polish"),
    (&["cs", "cze", "ces"], "Czech"),
    (&["sk", "slo", "slk"], "Slovak"),
    (&["hu", "hun"], "Hungarian"),
    (&["ro", "rum", "ron"], "Romanian"),
    (&["el", "gre", "ell"], "Greek"),
    (&["tr", "tur"], "Turkish"),
    (&["ru", "rus"], "Russian"),
    (&["uk", "ukr"], "Ukrainian"),
    (&["he", "heb"], "Hebrew"),
    (&["ar", "ara"], "Arabic"),
    (&["hi", "hin"], "Hindi"),
    (&["ta", "tam"], "Tamil"),
    (&["te", "tel"], "Telugu"),
    (&["ja", "jpn"], "Japanese"),
    (&["ko", "kor"], "Korean"),
    (&["zh", "chi", "zho", "cmn", "yue"], "Chinese"),
    (&["th", "tha"], "Thai"),
    (&["vi", "vie"], "Vietnamese"),
    (&["id", "ind"], "Indonesian"),
];

/// For each stem the languages that its sources say.
pub(super) type Languages = BTreeMap<StemCode, BTreeSet<String>>;

/// The ADM file of these stems; `None` where the spec wants none.
pub(super) fn adm(
    spec: &Spec,
    title: &str,
    stems: &[Stem],
    languages: &Languages,
) -> Option<plan::Adm> {
    let wanted = spec.adm.as_ref()?;
    let contents: Vec<plan::AdmContent> = stems
        .iter()
        .map(|stem| content(spec, wanted, stem, languages))
        .collect();
    let programmes = if wanted.profile == AdmProfile::Dolby {
        // Dolby tools know a master by this name (Dolby Atmos Master ADM profile 1.1).
        vec![programme("Atmos_Master", None, &contents, |_| true)]
    } else if wanted.programmes.is_empty() {
        usual(&contents)
    } else {
        written(wanted, &contents)
    };
    Some(plan::Adm {
        file: format!("{}_ADM.wav", safe_title(title)),
        profile: wanted.profile,
        keep_objects: wanted.keep_objects,
        bext: spec.metadata.bext != BextDemand::None,
        contents,
        programmes,
    })
}

fn content(spec: &Spec, wanted: &AdmSpec, stem: &Stem, languages: &Languages) -> plan::AdmContent {
    let code: Option<StemCode> = stem.code.parse().ok();
    let named = code.as_ref().and_then(|code| wanted.content(code));
    let groups = code
        .as_ref()
        .and_then(|code| spec.stem(code))
        .map_or(&[][..], |stem| &stem.groups);
    let kind = named.and_then(|content| content.kind);
    let kind = kind.unwrap_or_else(|| kind_of(groups));
    let spoken = kind.values().0 == 1;
    let of_stem = code.as_ref().and_then(|code| spec.stem(code));
    let of_stem = of_stem.and_then(|stem| stem.naming.language.clone());
    let of_all = || {
        wanted
            .language
            .clone()
            .or_else(|| known(&spec.fields.language))
    };
    let language = named.and_then(|content| content.language.clone());
    let language = language.or(of_stem.and_then(|code| known(&code)));
    // What the sources say, where they agree, holds where nobody says otherwise.
    let of_sources = || {
        let said = languages.get(code.as_ref()?)?;
        let only = said.first().filter(|_| said.len() == 1);
        only.and_then(|code| known(code))
    };
    let language = language.or_else(|| of_all().or_else(of_sources).filter(|_| spoken));
    let name = named.and_then(|content| content.name.clone());
    let name = name.unwrap_or_else(|| match language.as_deref() {
        // The groups of a Dolby master are known by their plain names.
        Some(language) if spoken && wanted.profile != AdmProfile::Dolby => {
            in_language(&stem.label, language_name(language))
        }
        _ => stem.label.clone(),
    });
    plan::AdmContent {
        stem: stem.code.clone(),
        name,
        language,
        kind,
    }
}

/// A label with its language, unless it names that already.
fn in_language(label: &str, language: &str) -> String {
    if label.to_lowercase().contains(&language.to_lowercase()) {
        label.to_owned()
    } else {
        format!("{label} {language}")
    }
}

/// A language that is one: not `und` (undetermined), `zxx` (none) or `mul` (several).
fn known(code: &str) -> Option<String> {
    let none = ["und", "zxx", "mul"].contains(&code.to_ascii_lowercase().as_str());
    (!none && is_language(code)).then(|| code.to_owned())
}

/// What a stem of these groups is; mixed where it takes none.
fn kind_of(groups: &[Group]) -> ContentKind {
    use Group::{
        Adr, Backgrounds, Design, Dialogue, Effects, Foley, Hard, LoopGroup, Music, Narration,
        Optional, Pfx, Production, Score, Source, Vocals,
    };
    match groups.first() {
        Some(Dialogue | Production | Adr | LoopGroup) => ContentKind::Storyline,
        Some(Narration) => ContentKind::VoiceOver,
        Some(Music | Score | Source | Vocals) => ContentKind::Music,
        Some(Effects | Hard | Backgrounds | Foley | Design | Pfx) => ContentKind::Effects,
        Some(Optional) | None => ContentKind::MixedPart,
    }
}

/// A full mix for each language and one without anything spoken.
fn usual(contents: &[plan::AdmContent]) -> Vec<plan::AdmProgramme> {
    let spoken = |content: &plan::AdmContent| content.kind.values().0 == 1;
    let mut languages: Vec<Option<&String>> = Vec::new();
    for content in contents.iter().filter(|content| spoken(content)) {
        let language = content.language.as_ref();
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    if languages.len() > 1 {
        // What is spoken without a language belongs to all.
        languages.retain(Option::is_some);
    }
    if languages.is_empty() {
        languages.push(None);
    }
    let mut programmes = Vec::new();
    for language in languages {
        let name = match language {
            Some(language) => format!("Full Mix {}", language_name(language)),
            None => "Full Mix".to_owned(),
        };
        programmes.push(programme(&name, language, contents, |content| {
            !spoken(content) || content.language.is_none() || content.language.as_ref() == language
        }));
    }
    let background = |content: &plan::AdmContent| {
        matches!(content.kind, ContentKind::Music | ContentKind::Effects)
    };
    let rest = programme("Music and Effects", None, contents, background);
    if !rest.stems.is_empty() && rest.stems.len() < contents.len() {
        programmes.push(rest);
    }
    programmes
}

/// The programmes that the spec lists; stems that are not written are left out, and programmes that
/// have none.
fn written(wanted: &AdmSpec, contents: &[plan::AdmContent]) -> Vec<plan::AdmProgramme> {
    let programmes = wanted.programmes.iter().map(|named| {
        programme(&named.name, named.language.as_ref(), contents, |content| {
            named.stems.iter().any(|code| code.as_str() == content.stem)
        })
    });
    programmes
        .filter(|programme| !programme.stems.is_empty())
        .collect()
}

fn programme(
    name: &str,
    language: Option<&String>,
    contents: &[plan::AdmContent],
    has: impl Fn(&plan::AdmContent) -> bool,
) -> plan::AdmProgramme {
    let stems = contents.iter().filter(|content| has(content));
    plan::AdmProgramme {
        name: name.to_owned(),
        language: language.cloned(),
        stems: stems.map(|content| content.stem.clone()).collect(),
    }
}

/// The name of a language, or its code where it is not in the table.
fn language_name(code: &str) -> &str {
    let primary = code.split('-').next().unwrap_or(code).to_ascii_lowercase();
    let known = |row: &&(&[&str], &'static str)| row.0.contains(&primary.as_str());
    LANGUAGES.iter().find(known).map_or(code, |row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(stem: &str, language: Option<&str>, kind: ContentKind) -> plan::AdmContent {
        plan::AdmContent {
            stem: stem.to_owned(),
            name: stem.to_owned(),
            language: language.map(str::to_owned),
            kind,
        }
    }

    #[track_caller]
    fn check(contents: &[plan::AdmContent], expected: &[(&str, &str)]) {
        let found: Vec<(String, String)> = usual(contents)
            .into_iter()
            .map(|programme| (programme.name, programme.stems.join(" ")))
            .collect();
        let expected = expected
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn programmes_follow_from_contents() {
        use ContentKind::{Effects, MixedPart, Music, Storyline, VoiceOver};
        let m_and_e = [content("MX", None, Music), content("FX", None, Effects)];
        let with = |more: &[plan::AdmContent]| [more, &m_and_e[..]].concat();
        check(&with(&[]), &[("Full Mix", "MX FX")]);
        check(
            &with(&[
                content("DX", None, Storyline),
                content("OPT", None, MixedPart),
            ]),
            &[("Full Mix", "DX OPT MX FX"), ("Music and Effects", "MX FX")],
        );
        check(
            &with(&[
                content("DX", Some("en"), Storyline),
                content("DXFR", Some("fra"), Storyline),
                content("NAR", None, VoiceOver),
            ]),
            &[
                ("Full Mix English", "DX NAR MX FX"),
                ("Full Mix French", "DXFR NAR MX FX"),
                ("Music and Effects", "MX FX"),
            ],
        );
        check(
            &[content("DX", Some("tlh"), Storyline)],
            &[("Full Mix tlh", "DX")],
        );
    }

    #[test]
    fn labels_name_their_language_once() {
        assert_eq!(in_language("Dialogue", "French"), "Dialogue French");
        assert_eq!(in_language("French dub", "French"), "French dub");
    }

    #[test]
    fn languages_have_names() {
        assert_eq!(language_name("pt-BR"), "Portuguese");
        assert_eq!(language_name("GER"), "German");
        assert_eq!(language_name("xx"), "xx");
    }
}
