//! The ADM metadata of a finished file, read back by our own reader.

use std::path::Path;

use super::{Check, VerifyError};
use crate::audio::{AdmProfile, ContentKind};
use crate::bwf::adm::{Adm, Selection, read};
use crate::bwf::axml::{AdmDocument, AdmLoudness};
use crate::bwf::layout::WaveSpec;
use crate::finding::Severity;
use crate::time::Rational;

const OURS: &str = "stemline";

/// Holds what our reader of ADM makes of a finished file against the document that was written.
///
/// # Errors
/// [`VerifyError`] with the first difference.
pub fn verify_adm(path: &Path, spec: &WaveSpec, document: &AdmDocument) -> Result<(), VerifyError> {
    let layout = spec.layout()?;
    let check = Check {
        path,
        spec,
        layout: &layout,
    };
    let wave = crate::bwf::open(path)?;
    let model = read(&wave)?;
    let model = model.ok_or_else(|| check.refused(OURS, "it finds no ADM metadata"))?;
    let told = model.findings.iter().find(|f| f.severity > Severity::Info);
    check.same(OURS, "findings of the ADM metadata", &told, &None)?;
    check.programmes(&model, document)?;
    check.contents(&model, document)?;
    let tracks: usize = document.objects.iter().map(|o| o.form.tracks()).sum();
    check.same(OURS, "track UIDs", &model.uids().len(), &tracks)?;
    check.items(&model, document)
}

impl Check<'_> {
    fn programmes(&self, model: &Adm, document: &AdmDocument) -> Result<(), VerifyError> {
        let rate = i128::from(document.rate.hertz());
        let samples = |time: Option<Rational>| {
            let time = time.unwrap_or(Rational::ZERO);
            let (num, den) = (i128::from(time.num()), i128::from(time.den()));
            ((2 * num * rate + den) / (2 * den)) as u64
        };
        let end = document.start.saturating_add(document.length);
        let found = model.programmes().iter().map(|programme| {
            let span = (samples(programme.start), samples(programme.end));
            let loud = programme.loudness.len();
            (
                programme.name.clone(),
                programme.language.clone(),
                span,
                loud,
            )
        });
        let written = document.programmes.iter().map(|programme| {
            let language = programme.language.clone().unwrap_or_default();
            let loud = programme.loudness.filter(|l| *l != AdmLoudness::default());
            (
                programme.name.clone(),
                language,
                (document.start, end),
                loud.iter().count(),
            )
        });
        let (found, written): (Vec<_>, Vec<_>) = (found.collect(), written.collect());
        self.same(OURS, "the programmes", &found, &written)
    }

    fn contents(&self, model: &Adm, document: &AdmDocument) -> Result<(), VerifyError> {
        let found = model.contents().iter().map(|content| {
            let kind = content.dialogue.as_ref().and_then(|dialogue| dialogue.kind);
            let (name, language) = (content.name.clone(), content.language.clone());
            (name, language, kind, content.objects.len())
        });
        let written = document.contents.iter().map(|content| {
            let kind = match document.profile {
                AdmProfile::Dolby => ContentKind::Mixed,
                _ => content.kind,
            };
            let language = content.language.clone().unwrap_or_default();
            (
                content.name.clone(),
                language,
                Some(kind),
                content.objects.len(),
            )
        });
        let (found, written): (Vec<_>, Vec<_>) = (found.collect(), written.collect());
        self.same(OURS, "the contents", &found, &written)
    }

    /// That every programme plays the tracks of its contents, each once.
    fn items(&self, model: &Adm, document: &AdmDocument) -> Result<(), VerifyError> {
        let mut first = 0;
        let mut tracks = Vec::new();
        for object in &document.objects {
            let count = object.form.tracks();
            tracks.push(first..first + count);
            first += count;
        }
        for (programme, read) in document.programmes.iter().zip(model.programmes()) {
            let selection = Selection {
                programme: Some(read.id.to_string()),
                ..Selection::default()
            };
            let selected = model.items(&selection);
            let selected = selected.map_err(|error| self.refused(OURS, error.to_string()))?;
            let feeds = selected.items.iter().flat_map(|item| &item.parts);
            let taps = feeds
                .flat_map(|part| &part.format.feeds)
                .flat_map(|feed| &feed.taps);
            let mut found: Vec<usize> = taps.map(|tap| usize::from(tap.channel)).collect();
            found.sort_unstable();
            let contents = programme
                .contents
                .iter()
                .filter_map(|i| document.contents.get(*i));
            let objects = contents.flat_map(|content| &content.objects);
            let ranges = objects.filter_map(|i| tracks.get(*i).cloned());
            let mut written: Vec<usize> = ranges.flatten().collect();
            written.sort_unstable();
            let what = format!("the tracks of `{}`", programme.name);
            self.same(OURS, what, &found, &written)?;
        }
        Ok(())
    }
}
