//! What Dolby's tools write and read back (Dolby Atmos Master ADM profile 1.1).

use std::collections::BTreeSet;

use super::{Facts, Rule};
use crate::audio::ContentKind;
use crate::audio::scene::{Block, Blocks as _, ObjectBlock, SpeakerBlock, SpeakerPosition};
use crate::bwf::adm::blocks::BlockStore;
use crate::bwf::adm::id::AdmId;
use crate::bwf::adm::model::{AudioObject, ChannelFormat, FormatType, Pack, StreamFormat};
use crate::finding::codes;
use crate::time::Rational;

codes! {
    PROGRAMMES = "ADC201", Error, "there is not exactly one programme Atmos_Master",
        "A Dolby master has one programme with the identity APR_1001 and the name Atmos_Master: by it \
         Dolby's tools know the file. Export the master anew, or rename the programme and leave out the \
         others.";
    RANGE = "ADC202", Error, "start and end of the programme do not span the sound",
        "Start and end of the programme must be as far apart as the file is long, within 0.2 %. Export the \
         whole range of the session, or set `end` to the start plus the length of the sound.";
    COUNTS = "ADC203", Error, "there are more elements than the profile allows",
        "A master holds at most 123 contents, 123 objects, 118 of them dynamic, and 128 tracks. Put more \
         into beds, or split the master.";
    SEQUENCE = "ADC205", Error, "the identities of contents do not follow each other",
        "Contents are numbered from ACO_1001 on without gaps. Number them anew, with every reference to \
         them.";
    DIALOGUE = "ADC206", Error, "a content's dialogue is not 2 with mixedContentKind 0",
        "The profile keeps every content at `mixed, undefined` (dialogue 2, mixedContentKind 0); what it is \
         stands in the name of its group. Set it so, and name the group Dialogue, Music or Effects.";
    EXTRAS = "ADC207", Error, "a content has a language or loudness",
        "Contents of the profile carry neither audioContentLanguage nor loudnessMetadata, and Dolby's tools \
         may refuse the file. Leave both out; state the language in the name of the group.";
    TIMES = "ADC208", Error, "an object does not span the programme",
        "Every object starts at 0 and lasts as long as the programme; its blocks say when it moves. Leave \
         the object's own gaps silent in its track.";
    INTERACT = "ADC209", Error, "an object may be changed by the listener",
        "The listener of a master changes nothing: `interact` must be 0, and there is no \
         audioObjectInteraction. Set it so for each object.";
    IDENTITY = "ADC210", Error, "an object's identity does not tell its type",
        "Beds are AO_1001 to AO_100a, dynamic objects AO_100b to AO_1080: some tools go by the number. \
         Number them anew, with every reference to them.";
    PACKS = "ADC211", Error, "an object has not exactly one pack",
        "Each object refers to one audioPackFormat. Make an object of its own of each pack.";
    NESTED = "ADC212", Error, "objects are nested or complementary",
        "The profile has neither nested nor complementary objects. Put the inner objects under the content \
         itself; export a master for each alternative.";
    VERSION = "ADC213", Error, "elements of version 2",
        "The profile is one of BS.2076-1: it has no gain, mute, offsets or labels of objects, and no \
         version attribute of 2 or 3. Write the gains into the blocks and leave the rest out.";
    TYPES = "ADC214", Error, "a pack is neither a bed nor an object",
        "The profile knows beds (DirectSpeakers) and objects (Objects). Render sound fields, matrices and \
         binaural sound to a bed first.";
    COMMON = "ADC215", Error, "a common definition is used",
        "Beds have packs and channels of their own (AP_00011001 and so on), never the common definitions of \
         BS.2094. Write them out with the labels RC_L, RC_R and so on.";
    LAYOUT = "ADC216", Error, "a bed is none of the profile's",
        "Beds are 2.0, 3.0, 5.0, 5.1, 7.0, 7.1, 7.0.2 or 7.1.2 with the labels RC_L RC_R RC_C RC_LFE RC_Lss \
         RC_Rss RC_Lrs RC_Rrs RC_Lts RC_Rts (RC_Ls RC_Rs in 5.x) in this order. Make objects that do not \
         move of the other channels.";
    BED_BLOCK = "ADC217", Error, "a channel of a bed has not one Cartesian block without times",
        "Channels of beds stand still: they have one block with Cartesian coordinates, without rtime and \
         duration. Make an object of what moves.";
    OBJECT_BLOCK = "ADC218", Error, "blocks of an object lack times or Cartesian coordinates",
        "Blocks of objects have rtime and duration, and positions in X, Y and Z. Convert azimuth, elevation \
         and distance by BS.2127 §10.";
    JUMP = "ADC219", Warning, "blocks of an object do not jump",
        "Blocks of objects have jumpPosition 1, with interpolationLength 0 in the first and 0.005208 in the \
         others. Without it an object glides through the whole block, which Dolby's tools do not do.";
    SIZE = "ADC220", Error, "an object's size differs between width, height and depth",
        "Objects of the profile have one size: width, height and depth are equal. Choose one of the three \
         for all.";
    DIFFUSE = "ADC221", Error, "an object is diffuse by a part",
        "An object is diffuse altogether or not at all: the element is 0 or 1. Round it, or split the \
         object in two.";
    CHANNELS = "ADC222", Error, "a pack of an object has not exactly one channel",
        "A dynamic object is one channel of sound. Make an object of each channel of the pack.";
    FREQUENCY = "ADC223", Warning, "a channel has bounds in frequency",
        "The profile has no frequency elements; low-frequency effects are told by the label RC_LFE. Leave \
         the element out.";
    STREAMS = "ADC224", Error, "tracks do not go through streams that name the channel",
        "Each track refers to a track format, whose stream refers to the channel. Direct references to a \
         channel are of version 2, and Dolby's tools do not follow them.";
    SAMPLES = "ADC225", Error, "sample rate or bit depth is not the profile's",
        "Masters have 48,000 or 96,000 Hz and 24 bits. Convert the sound, and state both in every \
         audioTrackUID.";
    SILENT = "ADC226", Error, "an object has tracks without sound",
        "Every channel of a pack has a track of the file, silent or not; ATU_00000000 is not used. Add the \
         track, or take the channel out of the bed.";
    STREAM_PACKS = "ADC227", Info, "streams do not name the pack",
        "Dolby's tools let the stream of each track refer to the pack beside the channel. BS.2076 wants one of \
         the two, and the reference renderer refuses streams with both: either is read.";
}

/// The rules.
pub(super) const RULES: &[Rule] = &[
    (PROGRAMMES, |facts, say| {
        let all = facts.adm.programmes();
        let one =
            matches!(all, [one] if one.id.as_str() == "APR_1001" && one.name == "Atmos_Master");
        if !one {
            let names: Vec<String> = all
                .iter()
                .map(|p| format!("{} `{}`", p.id, p.name))
                .collect();
            say(format!("programmes: {}", names.join(", ")));
        }
    }),
    (RANGE, |facts, say| {
        for programme in facts.adm.programmes() {
            let lasts = programme
                .start
                .and_then(|start| programme.end?.checked_sub(start));
            if !lasts.is_some_and(|lasts| near(lasts, facts.length)) {
                say(programme.id.to_string());
            }
        }
    }),
    (COUNTS, counts),
    (SEQUENCE, |facts, say| {
        for (i, content) in facts.adm.contents().iter().enumerate() {
            if content.id.number() != Some(0x1001 + i as u32) {
                return say(format!("{} is number {}", content.id, i + 1));
            }
        }
    }),
    (DIALOGUE, |facts, say| {
        for content in facts.adm.contents() {
            let kind = content.dialogue.as_ref().and_then(|dialogue| dialogue.kind);
            if kind != Some(ContentKind::Mixed) {
                say(format!("{} ({})", content.id, content.name));
            }
        }
    }),
    (EXTRAS, |facts, say| {
        let all = facts.adm.contents().iter();
        let extra = all.filter(|c| !c.language.is_empty() || !c.loudness.is_empty());
        extra.for_each(|c| say(c.id.to_string()));
    }),
    (TIMES, |facts, say| {
        for object in facts.adm.objects() {
            let whole = object
                .duration
                .is_some_and(|lasts| near(lasts, facts.length));
            if object.start.is_none_or(|start| !start.is_zero()) || !whole {
                say(object.id.to_string());
            }
        }
    }),
    (INTERACT, |facts, say| {
        let all = facts.adm.objects().iter();
        let open = all.filter(|o| o.interact == Some(true) || o.interaction);
        open.for_each(|o| say(o.id.to_string()));
    }),
    (IDENTITY, identities),
    (PACKS, |facts, say| {
        let all = facts.adm.objects().iter().filter(|o| o.packs.len() != 1);
        all.for_each(|o| say(o.id.to_string()));
    }),
    (NESTED, |facts, say| {
        let all = facts.adm.objects().iter();
        let nested = all.filter(|o| !o.objects.is_empty() || !o.complementary.is_empty());
        nested.for_each(|o| say(o.id.to_string()));
    }),
    (VERSION, |facts, say| {
        if facts.version() > 1 {
            say(format!("version {}", facts.version()));
        }
        let all = facts.adm.objects().iter().filter(|o| newer(o));
        all.for_each(|o| say(o.id.to_string()));
    }),
    (TYPES, |facts, say| {
        let known = [FormatType::DirectSpeakers, FormatType::Objects];
        let all = facts
            .adm
            .packs()
            .iter()
            .filter(|p| !known.contains(&p.kind));
        all.for_each(|p| say(format!("{} is of type {}", p.id, p.kind.name())));
    }),
    (COMMON, |facts, say| {
        let all = facts.adm.packs().iter().filter(|p| p.id.is_common());
        all.for_each(|p| say(format!("{} ({})", p.id, p.name)));
    }),
    (LAYOUT, |facts, say| {
        let own = |pack: &&Pack| pack.kind == FormatType::DirectSpeakers && !pack.id.is_common();
        for pack in facts.adm.packs().iter().filter(own) {
            let labels = labels(facts, pack);
            if !LAYOUTS.contains(&labels.as_str()) {
                say(format!("{}: {labels}", pack.id));
            }
        }
    }),
    (BED_BLOCK, |facts, say| {
        for channel in of_kind(facts, FormatType::DirectSpeakers) {
            let fits = |block: &SpeakerBlock| {
                block.span.is_none() && matches!(block.position, SpeakerPosition::Cartesian { .. })
            };
            if !matches!(&*channel.blocks, BlockStore::Speakers(all) if all.len() == 1 && all.iter().all(fits))
            {
                say(channel.id.to_string());
            }
        }
    }),
    (OBJECT_BLOCK, |facts, say| {
        blocks(facts, say, |_, block| {
            block.span.is_none() || !block.cartesian
        });
    }),
    (JUMP, |facts, say| {
        blocks(facts, say, |first, block| {
            let usual = block
                .jump
                .length
                .is_some_and(|length| first == length.is_zero());
            !block.jump.flag || !usual
        });
    }),
    (SIZE, |facts, say| {
        blocks(facts, say, |_, block| {
            let size = block.extent;
            size.width != size.height || size.height != size.depth
        });
    }),
    (DIFFUSE, |facts, say| {
        blocks(facts, say, |_, block| {
            block.diffuse != 0.0 && block.diffuse != 1.0
        });
    }),
    (CHANNELS, |facts, say| {
        let objects = |pack: &&Pack| pack.kind == FormatType::Objects && pack.channels.len() != 1;
        let all = facts.adm.packs().iter().filter(objects);
        all.for_each(|p| say(p.id.to_string()));
    }),
    (FREQUENCY, |facts, say| {
        let all = facts.adm.channels().iter().filter(|c| !c.id.is_common());
        let bounded = all.filter(|c| c.frequency.low_pass.or(c.frequency.high_pass).is_some());
        bounded.for_each(|c| say(c.id.to_string()));
    }),
    (STREAMS, |facts, say| {
        outside_streams(facts, say, |stream| stream.channel.is_some());
    }),
    (STREAM_PACKS, |facts, say| {
        outside_streams(facts, say, |stream| !stream.packs.is_empty());
    }),
    (SAMPLES, |facts, say| {
        let hertz = facts.rate.hertz();
        if ![48_000, 96_000].contains(&hertz) || facts.bits != 24 {
            say(format!("{hertz} Hz, {} bits", facts.bits));
        }
    }),
    (SILENT, |facts, say| {
        let all = facts
            .adm
            .objects()
            .iter()
            .filter(|o| o.tracks.iter().any(Option::is_none));
        all.for_each(|o| say(o.id.to_string()));
    }),
];

/// Names the tracks that do not go through streams of a kind.
fn outside_streams(
    facts: &Facts,
    say: &mut dyn FnMut(String),
    kind: impl Fn(&StreamFormat) -> bool,
) {
    let streams = facts.adm.streams().iter().filter(|stream| kind(stream));
    let through: BTreeSet<&AdmId> = streams.flat_map(|stream| &stream.tracks).collect();
    let own = |track: &AdmId| through.contains(track);
    let all = facts.adm.uids().iter();
    let outside = all.filter(|uid| !uid.track.as_ref().is_some_and(own));
    outside.for_each(|uid| say(uid.id.to_string()));
}

/// Labels of the beds, without `RC_`.
const LAYOUTS: [&str; 8] = [
    "L R",
    "L R C",
    "L R C Ls Rs",
    "L R C LFE Ls Rs",
    "L R C Lss Rss Lrs Rrs",
    "L R C LFE Lss Rss Lrs Rrs",
    "L R C Lss Rss Lrs Rrs Lts Rts",
    "L R C LFE Lss Rss Lrs Rrs Lts Rts",
];

/// Whether two lengths differ by at most 0.2 %.
fn near(a: Rational, b: Rational) -> bool {
    let (a, b) = (a.to_f64(), b.to_f64());
    (a - b).abs() <= b.abs() * 0.002
}

fn counts(facts: &Facts, say: &mut dyn FnMut(String)) {
    let adm = facts.adm;
    let dynamic = adm
        .packs()
        .iter()
        .filter(|p| p.kind == FormatType::Objects)
        .count();
    let counts = [
        ("contents", adm.contents().len(), 123),
        ("objects", adm.objects().len(), 123),
        ("dynamic objects", dynamic, 118),
        ("tracks", adm.uids().len(), 128),
        ("channels", usize::from(facts.channels), 128),
    ];
    for (what, count, most) in counts {
        if count > most {
            say(format!("{count} {what}, at most {most}"));
        }
    }
}

fn identities(facts: &Facts, say: &mut dyn FnMut(String)) {
    for object in facts.adm.objects() {
        let pack = object.packs.first().and_then(|id| facts.adm.pack(id));
        let range = match pack.map(|pack| pack.kind) {
            Some(FormatType::DirectSpeakers) => 0x1001..=0x100A,
            _ => 0x100B..=0x1080,
        };
        if object
            .id
            .number()
            .is_none_or(|number| !range.contains(&number))
        {
            say(object.id.to_string());
        }
    }
}

fn newer(object: &AudioObject) -> bool {
    object.gain.is_some()
        || object.mute.is_some()
        || object.offset.is_some()
        || object.head_locked.is_some()
        || !object.labels.is_empty()
        || !object.value_sets.is_empty()
}

fn labels(facts: &Facts, pack: &Pack) -> String {
    let channels = pack.channels.iter().filter_map(|id| facts.adm.channel(id));
    let label = |channel: &ChannelFormat| {
        let BlockStore::Speakers(blocks) = &*channel.blocks else {
            return "?".to_owned();
        };
        let label = blocks.first().and_then(|block| block.labels.first());
        let label = label.map_or("?", String::as_str);
        label.strip_prefix("RC_").unwrap_or("?").to_owned()
    };
    channels.map(label).collect::<Vec<_>>().join(" ")
}

fn of_kind<'a>(facts: &Facts<'a>, kind: FormatType) -> impl Iterator<Item = &'a ChannelFormat> {
    let adm = facts.adm;
    let own = move |channel: &&ChannelFormat| channel.kind == kind && !channel.id.is_common();
    adm.channels().iter().filter(own)
}

/// Names the objects' channels that have a block against a rule, and how many; the rule is told whether
/// the block is the first.
fn blocks(
    facts: &Facts,
    say: &mut dyn FnMut(String),
    against: impl Fn(bool, &ObjectBlock) -> bool,
) {
    for channel in of_kind(facts, FormatType::Objects) {
        let view = facts.adm.stated_blocks(&channel.id);
        let hits = (0..view.len()).filter(|&index| {
            let block = view.get(index);
            matches!(block, Some(Block::Object(block)) if against(index == 0, &block))
        });
        let count = hits.count();
        if count > 0 {
            say(format!("{}: {count} of {} blocks", channel.id, view.len()));
        }
    }
}
