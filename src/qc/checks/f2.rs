//! F2: channel count and order.

use crate::audio::{Channel, ChannelLayout};
use crate::bwf::{Wave, track_function};
use crate::qc::check::{Check, Looked, View, faults};
use crate::qc::facts::Sound;

faults! {
    COUNT = "QCF201", Error, "wrong number of channels",
        "The file has more or fewer channels than the spec lays out for this stem. Export the stem at its own \
         width; a mono file where 5.1 is asked for is refused at ingest.";
    ORDER = "QCF202", Error, "channels in another order than asked for",
        "The file says that its channels stand in another order than the spec has them (L C R Ls Rs LFE, the \
         order of many sessions, against L R C LFE Ls Rs). Reorder them, and state the order in the file.";
    CONTRADICTION = "QCF203", Warning, "two statements about the channels",
        "The loudspeaker mask of the header and the track functions of the iXML name different channels, or a \
         file's suffix (.L .R .C) names another one than its iXML. Readers will disagree; make them equal.";
}

/// The check.
pub(super) const CHECK: Check = Check {
    id: "F2",
    family: "file",
    title: "channel count and order",
    explanation: "Header mask, iXML track functions and file suffix against one another and against the spec's \
                  layout.",
    codes: CODES,
    look,
};

fn look(view: &View<'_>) -> Looked {
    let mut looked = Looked::default();
    for sound in &view.facts.sounds {
        let Some(wanted) = view.wanted_layout(sound) else {
            continue;
        };
        looked.sound(view, sound);
        let is = sound.layout.as_ref().map_or_else(
            || format!("{} channels", sound.parts.len()),
            ToString::to_string,
        );
        looked.reading(
            view.facts.name_of(sound),
            is.clone(),
            Some(wanted.to_string()),
        );
        if let Some(listed) = view.facts.listed(sound)
            && listed.channels.len() == sound.parts.len()
            && listed.channels.len() != wanted.len()
        {
            // The plan has put the channels where the client wants them, silent ones between.
            continue;
        }
        let places = view.limits.places(&wanted);
        if sound.parts.len() != places {
            let message = format!(
                "{} channels instead of {places} ({wanted})",
                sound.parts.len(),
            );
            let fault = view.fault(COUNT, sound, None, message);
            looked
                .faults
                .push(fault.value(sound.parts.len().to_string(), places.to_string()));
            continue;
        }
        if places != wanted.len() {
            // No header can state an order with silent places.
            continue;
        }
        if let Some(stated) = stated(view, sound)
            && !same(view, sound, &stated, &wanted)
        {
            let message = format!("the file has its channels as {stated} instead of {wanted}");
            let fault = view.fault(ORDER, sound, None, message);
            looked
                .faults
                .push(fault.value(stated.to_string(), wanted.to_string()));
        }
    }
    for sound in &view.facts.sounds {
        suffixes(view, sound, &mut looked);
    }
    for file in &view.facts.files {
        if let Some(wave) = file.header()
            && let Some(message) = contradiction(wave)
        {
            looked.file(&file.name);
            looked.faults.push(crate::qc::Fault {
                file: Some(file.name.clone()),
                ..crate::qc::Fault::new(CONTRADICTION, message)
            });
        }
    }
    looked.or_nothing("no file was recognised as one of the spec's")
}

/// Whether all channels of a sound stand in one file.
fn is_one_file(sound: &Sound) -> bool {
    let mut files = sound.parts.iter().map(|part| part.0);
    let first = files.next();
    files.all(|file| Some(file) == first)
}

/// The layout that a sound states: in the header of its file, or by the names of its files of one channel.
fn stated(view: &View<'_>, sound: &Sound) -> Option<ChannelLayout> {
    if !is_one_file(sound) {
        return sound.layout.clone();
    }
    view.facts.file_of(sound, 0)?.header()?.stated_layout()
}

/// Whether two layouts are one: files of one channel have no order among them.
fn same(view: &View<'_>, sound: &Sound, is: &ChannelLayout, wanted: &ChannelLayout) -> bool {
    let all = |of: &ChannelLayout| {
        let mut channels = of.channels().to_vec();
        channels.sort();
        channels
    };
    let named = !is_one_file(sound) && view.facts.listed(sound).is_none();
    is == wanted || (named && all(is) == all(wanted))
}

/// The suffix of a file of one channel against the function that its iXML states.
fn suffixes(view: &View<'_>, sound: &Sound, looked: &mut Looked) {
    let channels = sound.layout.iter().flat_map(ChannelLayout::channels);
    for (i, &named) in channels.enumerate().filter(|_| !is_one_file(sound)) {
        let Some(file) = view.facts.file_of(sound, i) else {
            continue;
        };
        let Some((stated, function)) = file.header().and_then(Wave::stated_function) else {
            continue;
        };
        // One word stands for sides and for rears.
        let layout = sound.layout.as_ref();
        let word = layout.map(|layout| track_function(named, layout));
        let same = word.is_some_and(|word| word.eq_ignore_ascii_case(function));
        if stated != named && stated != Channel::Mono && !same {
            let message = format!("the name says {}, the iXML {function}", named.name());
            let fault = view.fault(CONTRADICTION, sound, Some(i), message);
            looked.faults.push(fault);
        }
    }
}

/// Whether mask and iXML disagree.
fn contradiction(wave: &Wave) -> Option<String> {
    let both = wave.stated_layout()?;
    let plain = Wave {
        ixml: None,
        ..wave.clone()
    };
    let by_mask = plain.stated_layout()?;
    (both != by_mask).then(|| format!("the mask says {by_mask}, the iXML {both}"))
}
