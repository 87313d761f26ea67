//! What the standard itself wants (ITU-R BS.2076).

use std::collections::BTreeSet;

use super::{Facts, Rule};
use crate::audio::ContentKind;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::FormatType;
use crate::finding::codes;
use crate::time::Rational;

codes! {
    FORM = "ADC101", Warning, "an identity is not formed as the standard says",
        "BS.2076 §6 gives each kind of element a prefix and a number of hexadecimal digits, such as APR_1001 or \
         AC_00031001. Other programs may not find the element.";
    NAME = "ADC102", Error, "an element has no name",
        "Programmes, contents, objects, packs and channels need a name, which is what people see. Give it \
         one.";
    NO_CONTENT = "ADC103", Error, "a programme has no content",
        "A programme refers to at least one content; this one plays nothing. Add the reference, or leave \
         the programme out.";
    NO_OBJECT = "ADC104", Error, "a content has no object",
        "A content refers to at least one object; this one has no sound. Add the reference, or leave the \
         content out.";
    HALF = "ADC105", Error, "an object has tracks without packs, or packs without tracks",
        "An object with sound refers to both its packs and its tracks; with one of them alone nobody knows \
         what its tracks are. Add what lacks; an object that only holds others has neither.";
    HOLLOW = "ADC106", Error, "a format describes nothing",
        "A pack refers to channels or packs, and a channel has at least one block; else there is nothing to \
         play. Add what lacks, or leave the element out.";
    TYPES = "ADC107", Error, "a pack holds channels of another type",
        "All channels and packs in a pack are of its own type. Make a pack for each type, and an object for \
         each pack.";
    VERSION_2 = "ADC108", Warning, "elements of version 2 in a file of version 1",
        "Gain, mute and offsets of objects, labels and direct references from tracks to channels came with BS.2076-2. \
         The file does not state that version, and older programs ignore them. State version=\"ITU-R_BS.2076-2\".";
    VERSION_3 = "ADC109", Warning, "kinds of version 3 in an older file",
        "The kinds music-and-effects and mixed audio description came with BS.2076-3. Programs of older \
         versions refuse the file: state version=\"ITU-R_BS.2076-3\", or use an older kind.";
    NO_FORMAT = "ADC110", Error, "a track has no format",
        "A track UID refers to a track format or a channel format; without one nobody knows what is in the \
         track. Add the reference, in the XML and in the chna chunk.";
    SAMPLES = "ADC111", Warning, "a track states another sample rate or bit depth than the file",
        "The sampleRate and bitDepth of track UIDs describe the file they stand in. The sound was converted \
         after the metadata was written: set both to those of the file.";
    NOT_IN_XML = "ADC112", Warning, "the chna chunk names tracks that the XML does not",
        "Every row of the chna chunk belongs to an audioTrackUID of the XML. The track is read by its row \
         alone; write the element, or leave the row out.";
    LATE = "ADC113", Warning, "an object ends after the sound",
        "Start and duration of the object lead past the last sample. It sounds to the end of the file; \
         shorten the duration, or look whether the file was cut.";
    LOST = "ADC114", Info, "an object belongs to no programme",
        "No programme reaches the object. It sounds only where a program plays all objects: put it under a \
         content of the programme, or leave it out.";
    FREQUENCY = "ADC115", Warning, "an object or component has bounds in frequency",
        "BS.2127 renders frequency only of channels for loudspeakers; elsewhere the element changes \
         nothing. Filter the sound itself and leave the element out.";
}

/// The rules.
pub(super) const RULES: &[Rule] = &[
    (FORM, forms),
    (NAME, names),
    (NO_CONTENT, |facts, say| {
        let all = facts
            .adm
            .programmes()
            .iter()
            .filter(|p| p.contents.is_empty());
        all.for_each(|p| say(p.id.to_string()));
    }),
    (NO_OBJECT, |facts, say| {
        let all = facts.adm.contents().iter().filter(|c| c.objects.is_empty());
        all.for_each(|c| say(c.id.to_string()));
    }),
    (HALF, |facts, say| {
        let all = facts.adm.objects().iter();
        let half = all.filter(|o| o.tracks.is_empty() != o.packs.is_empty());
        half.for_each(|o| say(o.id.to_string()));
    }),
    (HOLLOW, |facts, say| {
        let packs = facts.adm.packs().iter();
        let hollow =
            packs.filter(|p| p.channels.is_empty() && p.packs.is_empty() && p.input.is_none());
        hollow.for_each(|p| say(format!("pack {}", p.id)));
        let channels = facts.adm.channels().iter();
        let hollow = channels.filter(|c| c.blocks.len() == 0);
        hollow.for_each(|c| say(format!("channel {}", c.id)));
    }),
    (TYPES, types),
    (VERSION_2, version_2),
    (VERSION_3, |facts, say| {
        if facts.version() >= 3 {
            return;
        }
        for content in facts.adm.contents() {
            let kind = content.dialogue.as_ref().and_then(|dialogue| dialogue.kind);
            if let Some(kind @ (ContentKind::MusicAndEffects | ContentKind::MixedDescription)) =
                kind
            {
                say(format!("{} is of kind {kind}", content.id));
            }
        }
    }),
    (NO_FORMAT, |facts, say| {
        let all = facts.adm.uids().iter();
        let bare = all.filter(|uid| uid.track.is_none() && uid.channel.is_none());
        bare.for_each(|uid| say(uid.id.to_string()));
    }),
    (SAMPLES, |facts, say| {
        let (hertz, bits) = (facts.rate.hertz(), facts.bits);
        for uid in facts.adm.uids() {
            let rate = uid.sample_rate.is_some_and(|rate| rate != hertz);
            if rate || uid.bit_depth.is_some_and(|depth| depth != bits) {
                let stated = (
                    uid.sample_rate.unwrap_or(hertz),
                    uid.bit_depth.unwrap_or(bits),
                );
                say(format!(
                    "{} states {} Hz and {} bits, the file has {hertz} and {bits}",
                    uid.id, stated.0, stated.1
                ));
            }
        }
    }),
    (NOT_IN_XML, |facts, say| {
        if !facts.adm.objects().is_empty() {
            let all = facts.adm.uids().iter().filter(|uid| !uid.in_xml);
            all.for_each(|uid| say(uid.id.to_string()));
        }
    }),
    (LATE, |facts, say| {
        for object in facts.adm.objects() {
            let end = seconds(object.start).checked_add(seconds(object.duration));
            if end > Some(facts.length) {
                say(object.id.to_string());
            }
        }
    }),
    (LOST, lost),
    (FREQUENCY, |facts, say| {
        let all = facts
            .adm
            .channels()
            .iter()
            .filter(|c| c.kind != FormatType::DirectSpeakers);
        let bounded = all.filter(|c| c.frequency.low_pass.or(c.frequency.high_pass).is_some());
        bounded.for_each(|c| say(c.id.to_string()));
    }),
];

/// Prefix and counts of digits of an identity's parts.
fn formed(id: &AdmId, prefix: &str, digits: &[usize]) -> bool {
    let mut parts = id.as_str().split('_');
    let right = parts.next() == Some(prefix);
    let parts: Vec<&str> = parts.collect();
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    right
        && parts.len() == digits.len()
        && parts
            .iter()
            .zip(digits)
            .all(|(part, digits)| part.len() == *digits && hex(part))
}

fn forms(facts: &Facts, say: &mut dyn FnMut(String)) {
    const FOUR: &[usize] = &[4];
    const EIGHT: &[usize] = &[8];
    const TRACK: &[usize] = &[8, 2];
    let adm = facts.adm;
    let all = adm.programmes().iter().map(|e| (&e.id, "APR", FOUR));
    let all = all.chain(adm.contents().iter().map(|e| (&e.id, "ACO", FOUR)));
    let all = all.chain(adm.objects().iter().map(|e| (&e.id, "AO", FOUR)));
    let all = all.chain(adm.packs().iter().map(|e| (&e.id, "AP", EIGHT)));
    let all = all.chain(adm.channels().iter().map(|e| (&e.id, "AC", EIGHT)));
    let all = all.chain(adm.streams().iter().map(|e| (&e.id, "AS", EIGHT)));
    let all = all.chain(adm.tracks().iter().map(|e| (&e.id, "AT", TRACK)));
    let all = all.chain(adm.uids().iter().map(|e| (&e.id, "ATU", EIGHT)));
    for (id, prefix, digits) in all {
        if !formed(id, prefix, digits) {
            say(id.to_string());
        }
    }
}

fn names(facts: &Facts, say: &mut dyn FnMut(String)) {
    let adm = facts.adm;
    let all = adm.programmes().iter().map(|e| (&e.id, &e.name));
    let all = all.chain(adm.contents().iter().map(|e| (&e.id, &e.name)));
    let all = all.chain(adm.objects().iter().map(|e| (&e.id, &e.name)));
    let all = all.chain(adm.packs().iter().map(|e| (&e.id, &e.name)));
    let all = all.chain(adm.channels().iter().map(|e| (&e.id, &e.name)));
    for (id, _) in all.filter(|(_, name)| name.is_empty()) {
        say(id.to_string());
    }
}

fn seconds(time: Option<Rational>) -> Rational {
    time.unwrap_or(Rational::ZERO)
}

fn types(facts: &Facts, say: &mut dyn FnMut(String)) {
    for pack in facts.adm.packs() {
        let channels = pack.channels.iter().filter_map(|id| facts.adm.channel(id));
        let packs = pack.packs.iter().filter_map(|id| facts.adm.pack(id));
        let kinds = channels.map(|c| c.kind).chain(packs.map(|p| p.kind));
        if let Some(other) = { kinds }.find(|kind| *kind != pack.kind) {
            say(format!(
                "{} is of type {}, holds {}",
                pack.id,
                pack.kind.name(),
                other.name()
            ));
        }
    }
}

fn version_2(facts: &Facts, say: &mut dyn FnMut(String)) {
    if facts.version() >= 2 {
        return;
    }
    for object in facts.adm.objects() {
        let labels = !object.labels.is_empty() || !object.group_labels.is_empty();
        let values = object.gain.is_some() || object.mute.is_some() || object.offset.is_some();
        if labels || values || object.head_locked.is_some() || !object.value_sets.is_empty() {
            say(object.id.to_string());
        }
    }
    let labelled = facts.adm.programmes().iter().any(|p| !p.labels.is_empty())
        || facts.adm.contents().iter().any(|c| !c.labels.is_empty());
    if labelled {
        say("labels of programmes or contents".to_owned());
    }
    if facts
        .adm
        .uids()
        .iter()
        .any(|uid| uid.in_xml && uid.channel.is_some())
    {
        say("tracks refer to channels".to_owned());
    }
}

fn lost(facts: &Facts, say: &mut dyn FnMut(String)) {
    let adm = facts.adm;
    if adm.programmes().is_empty() {
        return;
    }
    let contents = adm.programmes().iter().flat_map(|p| &p.contents);
    let objects = contents
        .filter_map(|id| adm.content(id))
        .flat_map(|c| &c.objects);
    let mut open: Vec<&AdmId> = objects.collect();
    let mut reached: BTreeSet<&AdmId> = BTreeSet::new();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(adm.object(id).iter().flat_map(|object| &object.objects));
        }
    }
    let lost = adm
        .objects()
        .iter()
        .filter(|object| !reached.contains(&object.id));
    lost.for_each(|object| say(format!("{} ({})", object.id, object.name)));
}

impl Facts<'_> {
    /// The version of the standard that the file states; 1 where it states none.
    pub(super) fn version(&self) -> u8 {
        let stated = self
            .adm
            .version()
            .and_then(|version| version.rsplit('-').next());
        stated.and_then(|number| number.parse().ok()).unwrap_or(1)
    }
}
