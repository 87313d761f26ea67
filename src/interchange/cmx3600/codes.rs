//! What the reader can have to say.

use super::super::text;
use crate::finding::{Code, Severity};

/// A code of the family: number, severity, title, explanation.
macro_rules! codes {
    ($($name:ident = $id:literal, $severity:ident, $title:literal, $explanation:literal;)*) => {
        $(
            #[doc = $title]
            pub(super) const $name: Code = Code {
                id: $id,
                severity: Severity::$severity,
                title: $title,
                explanation: $explanation,
            };
        )*
        /// The findings that reading a list can make.
        pub(in super::super) const CODES: &[&Code] =
            &[$(&$name,)* text::CODES[0], text::CODES[1]];
    };
}

codes! {
    RATE_GUESSED = "EDL001", Warning, "frame rate guessed",
        "A CMX3600 list does not say its frame rate. It was inferred from the highest frame numbers, \
         from the drop-frame marks and from which rate makes source and record lengths agree. 23.976 \
         and 24 (29.97 and 30) count alike and cannot be told apart, yet an hour of one is 3.6 s \
         longer than an hour of the other: state it with --rate.";
    DROP_CONFLICT = "EDL002", Warning, "drop-frame hints contradict each other",
        "FCM lines and the marks before the frames (`;` drop-frame, `:` non-drop) are two hints at how \
         timecode counts, and here they disagree. A mark on the number itself is believed over FCM \
         NON-DROP; FCM DROP FRAME is believed over a `:`, which old systems write everywhere. Check \
         how the sequence counts.";
    DROP_FROM_FCM = "EDL003", Info, "drop-frame by FCM alone",
        "The list says FCM: DROP FRAME and writes its timecodes with `:`. They are counted drop-frame.";
    RATE_CONFLICT = "EDL004", Warning, "the rate given and the list disagree",
        "The rate of --rate and the list's own marks disagree about drop-frame counting. The rate given \
         is used; check that it is the sequence's rate.";
    SOURCE_RATE = "EDL005", Warning, "source timecode of another rate",
        "A source timecode has a frame number that the record rate does not count to, so it comes from \
         a recording of a higher rate. It is read at the next rate that fits. Check where the clip \
         lands in its recording.";
    NO_SUCH_NUMBER = "EDL006", Info, "timecode that drop-frame counting skips",
        "The frame numbers 00 and 01 (00 to 03 at 59.94) do not exist in the first second of most \
         minutes of drop-frame timecode. The next number that exists is used, as editors do. Many of \
         these mean that the list is not drop-frame at all.";
    NOT_UNDERSTOOD = "EDL007", Warning, "line not understood",
        "The line is no statement of a CMX3600 list or its known dialects. Nothing is taken from it; \
         check that it says nothing about the sound.";
    BAD_EVENT = "EDL008", Error, "event that cannot be read",
        "The line starts like an event but its columns do not make one: number, reel, channels, \
         transition, source in and out, record in and out. Its sound would be missing: mend the line.";
    LONG_LINE = "EDL009", Warning, "line too long",
        "No statement of an edit list is that long. The line is left out.";
    BACKWARDS = "EDL010", Error, "record out before record in",
        "The event ends before it starts, and not because it passes midnight. It cannot be placed: \
         correct its record timecodes.";
    NO_LENGTH = "EDL011", Warning, "event without length",
        "Record in and out are equal and no transition follows, so nothing can sound. The event is left \
         out.";
    NOT_AT_RATE = "EDL012", Error, "record timecode does not exist at this rate",
        "A record timecode has a frame number that the rate does not count to: the list has another \
         rate. Give the right one with --rate.";
    MIDNIGHT = "EDL013", Info, "the list passes midnight",
        "Record timecodes run past 24 hours. Positions after midnight are placed behind those before \
         it.";
    ONE_FRAME_LONGER = "EDL014", Info, "sources a frame longer than their events",
        "Avid writes source lengths of pulled-down sound a frame longer than the record length. Record \
         timecodes rule; the source in gives the position.";
    LENGTHS_DIFFER = "EDL015", Warning, "source and record lengths differ",
        "The source stretch of the event is not as long as its record stretch and no speed change (M2) \
         says why. The record length is used, at normal speed.";
    FROM_HEAD = "EDL016", Warning, "no source timecode",
        "Source in and out are both 00:00:00:00: the file had no timecode in the editing system, and \
         the list does not say which part of it was used. The sound is taken from the file's first \
         sample on; where a clip was trimmed at its head this is the wrong part. An AAF of the same \
         sequence says it exactly.";
    SPEED = "EDL017", Error, "speed change",
        "An M2 line changes the speed of a sounding event. Sound is never stretched here; bounce the \
         clip in the editing system and cut it in at normal speed.";
    KEY = "EDL018", Warning, "key left out",
        "Key events (K, KB, KO) lay pictures over each other and say nothing about sound. The line is \
         left out. Where it names sound channels this is an error, because that sound is missing.";
    PICTURE = "EDL019", Info, "picture events",
        "Events on picture channels only are counted and left out: nothing of them sounds.";
    NO_SOUND = "EDL020", Warning, "no event with sound",
        "The list cuts pictures only. Export a list with the audio tracks.";
    SPLIT = "EDL021", Warning, "split edit",
        "A SPLIT line says that sound and picture of an edit start at different times. Where the edit \
         stands as two lines, these carry their own timecodes and the delay is already in them. Where \
         one line cuts both, the delay is not applied: check the sound's start there.";
    VOLUME = "EDL022", Info, "clip volume applied",
        "Avid's `VOL =` notes are read as the constant gain of the clip on that channel.";
    PAN = "EDL023", Warning, "pan not applied",
        "Avid's `PAN` notes are not applied: channels go where the stem's layout and the rules (`map`) \
         put them.";
    LEVEL = "EDL024", Warning, "level that does not fit its event",
        "A level note names a reel or channel that its event does not use, or only some of its \
         channels, or several constant levels for one clip. The message says what was done; check the \
         clip's gain.";
    LONE_TRANSITION = "EDL025", Info, "transition from nothing",
        "A one-line dissolve follows no clip on its track that ends where it starts, so it is a fade in.";
    FADE_LAW = "EDL026", Info, "fade law nearly matched",
        "The effect named has no exactly known law; the nearest one is used.";
    STRAY_NOTE = "EDL027", Warning, "statement without its event",
        "The statement belongs to an event, but none stands before it or the one before it does not use \
         what it names. Nothing is taken from it.";
    REPAIR = "EDL028", Warning, "list repaired by its exporter",
        "The exporting system says that it had to change the list, for instance shorten a dissolve that \
         the format cannot hold. Compare the place with the sequence.";
    NO_TITLE = "EDL029", Info, "no title",
        "The list has no TITLE line; the file's name is used.";
    AFTER_EVENT = "EDL030", Info, "text behind an event",
        "Something stands behind the four timecodes of an event. It is left out.";
    JOINED = "EDL031", Info, "outgoing side moved by a frame",
        "The outgoing side of a transition continues the clip before it, though its source in is a frame \
         off (see EDL014). It plays on without a jump.";
    NO_CHANNEL = "EDL032", Info, "events without channels",
        "Events with channel NONE and no AUD line, or with a silent reel only, sound nowhere.";
    PATCH = "EDL033", Warning, "patches contradict each other",
        "Several PATCH notes of an event name different source channels for one record channel. The \
         last one is used.";
    FILE_ELSEWHERE = "EDL034", Info, "source file named elsewhere",
        "An event of a transition names the source file of one side only. For the other side the file \
         is taken from other events of the same reel and clip name, which all name the same.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_its_own_and_explained() {
        let ids: BTreeSet<&str> = CODES.iter().map(|code| code.id).collect();
        assert_eq!(ids.len(), CODES.len());
        for code in CODES {
            assert!(
                !code.title.is_empty() && code.explanation.len() > 50,
                "{}",
                code.id
            );
        }
    }
}
