//! F4: start timecode in every place where a file states it.

use crate::bwf::{ChunkId, Ixml, Wave};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::judgement::Fault;

faults! {
    DIFFER = "QCF401", Error, "two start timecodes in one file",
        "The bext time reference and the iXML time stamp of one file differ. Workstations believe the one or the \
         other, and the file lands in two places. Write both from the same number.";
    ABSENT = "QCF402", Error, "no start timecode",
        "The file has no broadcast extension and no iXML time stamp, so nobody knows where it belongs. Export as \
         Broadcast WAV with the session's timecode.";
    BEHIND = "QCF403", Warning, "broadcast extension behind the sound",
        "The bext chunk stands behind the samples. The standard allows it, but several receivers look only before \
         the data chunk. Rewrite the header with the chunk in front.";
    TOO_LARGE = "QCF404", Error, "more than 4 GiB in a RIFF file",
        "A RIFF header cannot state more than 4 GiB; readers will stop or wrap. Export as RF64 or as mono files.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F4",
    family: "file",
    title: "start timecode in every place",
    explanation: "The bext time reference against the iXML time stamp, in samples; where the bext chunk stands; \
                  RF64 past 4 GiB.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for file in &view.facts.files {
        let Some(wave) = file.header() else { continue };
        looked.file(&file.name);
        let mut add = |fault: Fault| {
            looked.faults.push(Fault {
                file: Some(file.name.clone()),
                ..fault
            });
        };
        let bext = wave.bext.as_ref().map(|bext| bext.time_reference);
        let stamp = wave.ixml.as_ref().and_then(Ixml::time_stamp);
        if let (Some(bext), Some(stamp)) = (bext, stamp)
            && bext != stamp
        {
            let message = format!("the bext chunk says sample {bext}, the iXML {stamp}");
            add(Fault::new(DIFFER, message).value(bext.to_string(), stamp.to_string()));
        }
        if bext.or(stamp).is_none() && view.limits.wants_bext() {
            add(Fault::new(ABSENT, "neither bext nor iXML state a start"));
        }
        if is_behind(wave) && view.limits.wants_bext_first() {
            add(Fault::new(
                BEHIND,
                "the bext chunk stands behind the samples",
            ));
        }
        if wave.container == crate::bwf::Container::Riff
            && file.bytes.is_some_and(|n| n > u64::from(u32::MAX))
        {
            let bytes = file.bytes.unwrap_or_default();
            add(Fault::new(
                TOO_LARGE,
                format!("{bytes} bytes in a RIFF file"),
            ));
        }
    }
    looked.or_nothing("no file can be read")
}

fn is_behind(wave: &Wave) -> bool {
    let place = |id: &[u8; 4]| {
        wave.chunks
            .iter()
            .position(|chunk| chunk.id == ChunkId(*id))
    };
    place(b"bext")
        .zip(place(b"data"))
        .is_some_and(|(bext, data)| bext > data)
}
