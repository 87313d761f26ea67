//! `stemline inspect`: what is in a timeline or a sound file.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Status;
use super::adm;
use super::args::InspectArgs;
use super::console::{err, fail, out, out_json};
use super::show;
use crate::bwf;
use crate::finding::{Finding, Severity};
use crate::interchange::{self, Input, ReadOptions};
use crate::media::MediaFile;
use crate::timeline;

/// `stemline inspect`.
pub(super) fn run(args: &InspectArgs) -> Status {
    let input = match Input::open(&args.file) {
        Ok(input) => input,
        Err(error) => return fail(Status::Refused, &error),
    };
    if sounds_like_wave(&input.head) {
        return wave(args);
    }
    if interchange::probe(&input).is_some() {
        return timeline(args);
    }
    match MediaFile::open(&args.file) {
        Ok(media) => other_sound(args, &media),
        Err(error) => fail(Status::Refused, &error),
    }
}

/// The first bytes of the WAVE family.
fn sounds_like_wave(head: &[u8]) -> bool {
    let wave = |id: &[u8]| head.starts_with(id) && head.get(8..12) == Some(b"WAVE");
    wave(b"RIFF") || wave(b"RF64") || wave(b"BW64") || head.starts_with(b"riff\x2E\x91\xCF\x11")
}

/// Prints JSON on standard output, or text on standard output and findings on standard error.
fn print(args: &InspectArgs, json: &Value, text: &str, findings: &[Finding]) -> Status {
    if args.json {
        let text = serde_json::to_string_pretty(json).unwrap_or_default() + "\n";
        return out(&text).err().unwrap_or(Status::Done);
    }
    let status = out(text).err().unwrap_or(Status::Done);
    show::findings(findings, Severity::Info);
    status
}

fn timeline(args: &InspectArgs) -> Status {
    let options = ReadOptions {
        rate: args.rate,
        composition: args.composition.clone(),
        ..ReadOptions::default()
    };
    let reading = match interchange::read(&args.file, &options) {
        Ok(reading) => reading,
        Err(error) => {
            let status = fail(Status::Refused, &error);
            if let interchange::ReadError::Malformed {
                hint: Some(hint), ..
            } = &error
            {
                err(&format!("help: {hint}"));
            }
            return status;
        }
    };
    let (valid, more) = timeline::validate(reading.timeline);
    let findings = [reading.findings, more].concat();
    let document = timeline::Document {
        timeline: valid.get(),
        findings: &findings,
        automation: args.json,
    };
    if args.json {
        return out_json(&document).err().unwrap_or(Status::Done);
    }
    let json = serde_json::to_value(document).unwrap_or_default();
    print(args, &json, &timeline_text(&json), &findings)
}

/// The timeline as a table, from its JSON form so that both say the same.
fn timeline_text(json: &Value) -> String {
    let mut text = String::new();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let counting = if json["drop_frame"] == true {
        " drop-frame"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "{} ({}): {} fps{counting}, starts at {}",
        word(&json["name"]),
        word(&json["format"]),
        word(&json["frame_rate"]),
        word(&json["start_timecode"])
    );
    for track in json["tracks"].as_array().into_iter().flatten() {
        let clips = track["clips"].as_array().map_or(&[][..], Vec::as_slice);
        let _ = writeln!(
            text,
            "\ntrack {} ({} clips)",
            word(&track["name"]),
            clips.len()
        );
        for clip in clips {
            let media = &clip["media"];
            let file = if media["file"].is_null() {
                &media["name"]
            } else {
                &media["file"]
            };
            let mute = if clip["muted"] == true { "  muted" } else { "" };
            let _ = writeln!(
                text,
                "  {} – {}  {:24} {}{mute}",
                word(&clip["record_timecode_in"]),
                word(&clip["record_timecode_out"]),
                word(&clip["name"]),
                word(file)
            );
        }
    }
    for marker in json["markers"].as_array().into_iter().flatten() {
        let (at, name) = (word(&marker["timecode"]), word(&marker["name"]));
        let _ = writeln!(text, "marker {at} {name} {}", word(&marker["comment"]));
    }
    text
}

fn wave(args: &InspectArgs) -> Status {
    match bwf::open(&args.file) {
        Ok(mut wave) => {
            let (model, findings) = match adm::model(&wave) {
                Ok(model) => model,
                Err(error) => return fail(Status::Refused, &error),
            };
            wave.findings.extend(findings);
            let mut json = bwf::to_json(&wave, args.rate);
            let text = sound_text(&json) + &adm::tree(&model);
            if let Some(adm) = json["adm"].as_object_mut() {
                adm.insert("model".to_owned(), model);
            }
            print(args, &json, &text, &wave.findings)
        }
        Err(error) => fail(Status::Refused, &error),
    }
}

/// AIFF, CAF and FLAC in the same form, as far as they go.
fn other_sound(args: &InspectArgs, media: &MediaFile) -> Status {
    let json = json!({
        "schema": "stemline.wave/1",
        "container": media.kind.to_string(),
        "sample_rate": media.rate,
        "channels": media.channels,
        "bits_per_sample": media.sample.bits(),
        "sample_format": if media.sample.is_float() { "float" } else { "int" },
        "channel_mask": 0,
        "length_samples": media.frames,
        "start_timecode": null,
        "bext": null,
        "ixml": null,
        "cues": [],
        "adm": null,
        "chunks": [],
        "findings": media.findings,
    });
    print(args, &json, &sound_text(&json), &media.findings)
}

/// Every value that is there, a line each.
fn sound_text(json: &Value) -> String {
    let mut text = String::new();
    write_fields(&mut text, json, 0);
    text
}

fn write_fields(text: &mut String, json: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    for (key, value) in json.as_object().into_iter().flatten() {
        let known = matches!(key.as_str(), "schema" | "findings" | "chunks");
        let _ = match value {
            Value::Null => Ok(()),
            _ if known => Ok(()),
            Value::Object(_) => {
                let _ = writeln!(text, "{pad}{key}:");
                write_fields(text, value, depth + 1);
                Ok(())
            }
            Value::Array(list) => {
                for (i, item) in list.iter().enumerate() {
                    let _ = writeln!(text, "{pad}{key} {}:", i + 1);
                    write_fields(text, item, depth + 1);
                }
                Ok(())
            }
            Value::String(said) => writeln!(text, "{pad}{key}: {}", said.trim_end()),
            other => writeln!(text, "{pad}{key}: {other}"),
        };
    }
}
