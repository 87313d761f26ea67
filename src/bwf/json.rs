//! A WAV file as JSON, schema `stemline.wave/1` (`specs/schema/wave.json`).

use serde_json::{Value, json};

use super::ixml::{Ixml, IxmlFileSet, IxmlHistory, IxmlSpeed, IxmlSyncPoint, IxmlTrack};
use super::model::{AdmSummary, Bext, Cue, DataSpan, Wave};
use super::text::hex;
use crate::time::{FrameRate, Pos};

/// Everything that is known of the file. The start timecode is at `rate`, else at the rate that the
/// iXML states, else null.
pub fn to_json(wave: &Wave, rate: Option<FrameRate>) -> Value {
    let format = &wave.format;
    let float = format.sample.is_float();
    json!({
        "schema": "stemline.wave/1",
        "container": wave.container.name(),
        "sample_rate": format.rate,
        "channels": format.channels,
        "bits_per_sample": format.sample.bits(),
        "valid_bits": format.valid_bits,
        "sample_format": if float { "float" } else { "int" },
        "channel_mask": format.mask,
        "layout": wave.stated_layout(),
        "length_samples": wave.frames,
        "start": wave.start().map(Pos::seconds),
        "start_timecode": wave.start_timecode(rate).map(|timecode| timecode.to_string()),
        "bext": wave.bext.as_ref().map(bext),
        "ixml": wave.ixml.as_ref().map(ixml),
        "cues": wave.cues.iter().map(cue).collect::<Vec<_>>(),
        "adm": wave.adm.as_ref().map(adm),
        "md5": wave.md5.map(|digest| hex(&digest)),
        "chunks": wave.chunks,
        "findings": wave.findings,
    })
}

fn bext(bext: &Bext) -> Value {
    json!({
        "description": bext.description,
        "originator": bext.originator,
        "originator_reference": bext.originator_reference,
        "origination_date": bext.origination_date,
        "origination_time": bext.origination_time,
        "time_reference": bext.time_reference,
        "version": bext.version,
        "umid": bext.umid.map(|umid| hex(&umid)),
        "loudness_value": bext.loudness_value,
        "loudness_range": bext.loudness_range,
        "max_true_peak_level": bext.max_true_peak,
        "max_momentary_loudness": bext.max_momentary,
        "max_short_term_loudness": bext.max_short_term,
        "coding_history": bext.coding_history,
    })
}

fn ixml(ixml: &Ixml) -> Value {
    let other = |(path, text): &(String, String)| json!({"path": path, "text": text});
    json!({
        "version": ixml.version,
        "project": ixml.project,
        "scene": ixml.scene,
        "take": ixml.take,
        "tape": ixml.tape,
        "circled": ixml.circled,
        "file_uid": ixml.file_uid,
        "ubits": ixml.ubits,
        "note": ixml.note,
        "speed": ixml.speed.as_ref().map(speed),
        "file_set": ixml.file_set.as_ref().map(file_set),
        "tracks": ixml.tracks.iter().map(track).collect::<Vec<_>>(),
        "sync_points": ixml.sync_points.iter().map(sync_point).collect::<Vec<_>>(),
        "history": ixml.history.as_ref().map(history),
        "user": ixml.user,
        "others": ixml.others.iter().map(other).collect::<Vec<_>>(),
    })
}

fn speed(speed: &IxmlSpeed) -> Value {
    json!({
        "note": speed.note,
        "master_speed": speed.master_speed,
        "current_speed": speed.current_speed,
        "timecode_rate": speed.timecode_rate,
        "timecode_flag": speed.drop_frame.map(|drop| if drop { "DF" } else { "NDF" }),
        "file_sample_rate": speed.file_sample_rate,
        "audio_bit_depth": speed.audio_bit_depth,
        "digitizer_sample_rate": speed.digitizer_sample_rate,
        "timestamp_samples_since_midnight": speed.timestamp_samples,
        "timestamp_sample_rate": speed.timestamp_sample_rate,
    })
}

fn file_set(set: &IxmlFileSet) -> Value {
    json!({
        "family_uid": set.family_uid,
        "family_name": set.family_name,
        "total_files": set.total_files,
        "file_set_index": set.file_set_index,
    })
}

fn history(history: &IxmlHistory) -> Value {
    json!({
        "original_filename": history.original_filename,
        "parent_filename": history.parent_filename,
        "parent_uid": history.parent_uid,
    })
}

fn track(track: &IxmlTrack) -> Value {
    json!({
        "channel_index": track.channel_index,
        "interleave_index": track.interleave_index,
        "name": track.name,
        "function": track.function,
    })
}

fn sync_point(point: &IxmlSyncPoint) -> Value {
    json!({
        "type": point.kind,
        "function": point.function,
        "comment": point.comment,
        "samples": point.samples,
        "event_duration": point.event_duration,
    })
}

fn cue(cue: &Cue) -> Value {
    json!({
        "id": cue.id,
        "position": cue.position,
        "length": cue.length,
        "label": cue.label,
        "note": cue.note,
    })
}

fn adm(adm: &AdmSummary) -> Value {
    let span = |span: DataSpan| json!({"offset": span.offset, "size": span.bytes});
    json!({
        "axml": adm.axml.map(span),
        "bxml": adm.bxml.map(span),
        "chna": adm.chna.map(span),
        "tracks": adm.tracks,
        "uids": adm.uids,
    })
}
