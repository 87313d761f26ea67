//! The ADM file, `[adm]`.

use super::{Read, Reader, hint_of};
use crate::audio::{AdmProfile, ContentKind};
use crate::spec::adm::{AdmContentSpec, AdmProgrammeSpec, AdmSpec, is_language};
use crate::spec::raw::{RawAdm, RawAdmContent, RawAdmProgramme, RawSpec, Text};
use crate::stem::StemCode;

/// Longest name of a content or programme, in characters (ITU-R BS.2168 §5).
const MAX_NAME: usize = 64;

/// Kinds that only ITU-R BS.2076-3 knows, which is not written.
const LATER: [ContentKind; 2] = [ContentKind::MusicAndEffects, ContentKind::MixedDescription];

impl Reader<'_> {
    pub(super) fn adm(&self, adm: &RawAdm, raw: &RawSpec) -> Read<AdmSpec> {
        let stems = Self::all(&raw.stem, |stem| self.code(&stem.code))?;
        let contents = Self::all(&adm.content, |content| self.adm_content(content, &stems))?;
        for (i, content) in contents.iter().enumerate() {
            let before = contents.get(..i).unwrap_or_default();
            if let (true, Some(at)) = (
                before.iter().any(|other| other.stem == content.stem),
                adm.content.get(i),
            ) {
                let message = format!("{} stands twice", content.stem);
                return Err(self.fault(&at.stem, message, None));
            }
        }
        Ok(AdmSpec {
            profile: self.profile(adm.profile.as_ref())?,
            language: self.language(adm.language.as_ref())?,
            keep_objects: adm.keep_objects,
            contents,
            programmes: Self::all(&adm.programme, |p| self.adm_programme(p, &stems))?,
        })
    }

    fn profile(&self, profile: Option<&Text>) -> Read<AdmProfile> {
        let words = AdmProfile::ALL.map(|profile| (profile.name(), profile));
        self.choice(profile, &words, AdmProfile::default())
    }

    fn language(&self, language: Option<&Text>) -> Read<Option<String>> {
        let Some(language) = language else {
            return Ok(None);
        };
        let code = language.get_ref();
        if !is_language(code) {
            let message = format!("`{code}` is not the code of a language");
            let hint = "codes are `en`, `fre`, `pt-BR` …".to_owned();
            return Err(self.fault(language, message, Some(hint)));
        }
        Ok(Some(code.clone()))
    }

    fn adm_content(&self, raw: &RawAdmContent, stems: &[StemCode]) -> Read<AdmContentSpec> {
        let kind = raw.kind.as_ref().map(|kind| self.content_kind(kind));
        let name = raw.name.as_ref().map(|name| self.adm_name(name));
        Ok(AdmContentSpec {
            stem: self.known_stem(&raw.stem, stems)?,
            name: name.transpose()?,
            language: self.language(raw.language.as_ref())?,
            kind: kind.transpose()?,
        })
    }

    fn adm_programme(&self, raw: &RawAdmProgramme, stems: &[StemCode]) -> Read<AdmProgrammeSpec> {
        let list = Self::all(raw.stems.get_ref(), |code| self.known_stem(code, stems))?;
        if list.is_empty() {
            return Err(self.fault(&raw.stems, "a programme of nothing".to_owned(), None));
        }
        Ok(AdmProgrammeSpec {
            name: self.adm_name(&raw.name)?,
            language: self.language(raw.language.as_ref())?,
            stems: list,
        })
    }

    fn content_kind(&self, kind: &Text) -> Read<ContentKind> {
        let known = ContentKind::from_name(kind.get_ref());
        known.filter(|kind| !LATER.contains(kind)).ok_or_else(|| {
            let later = |name: &&str| !LATER.iter().any(|kind| kind.name() == *name);
            let names: Vec<&str> = ContentKind::names().filter(later).collect();
            let hint = hint_of(kind.get_ref(), &names, "kinds are");
            let message = format!("`{}` is not a kind that is written", kind.get_ref());
            self.fault(kind, message, Some(hint))
        })
    }

    fn adm_name(&self, name: &Text) -> Read<String> {
        let text = name.get_ref();
        if text.trim().is_empty() || text.chars().count() > MAX_NAME {
            let message = format!("a name has 1 to {MAX_NAME} characters");
            return Err(self.fault(name, message, None));
        }
        Ok(text.clone())
    }

    fn known_stem(&self, code: &Text, stems: &[StemCode]) -> Read<StemCode> {
        let parsed = self.code(code)?;
        if stems.contains(&parsed) {
            return Ok(parsed);
        }
        let names: Vec<&str> = stems.iter().map(StemCode::as_str).collect();
        let hint = hint_of(parsed.as_str(), &names, "stems are");
        Err(self.fault(code, format!("there is no stem {parsed}"), Some(hint)))
    }
}
