//! The lists of iXML: `TRACK_LIST`, `SYNC_POINT_LIST`.

use super::read::{Filling, number, some};

/// Members of a list: channels are counted in 16 bits.
const MAX_MEMBERS: usize = 1 << 16;

impl Filling {
    pub(super) fn track(&mut self, path: &str, value: &str) -> bool {
        let Some((index, name)) = member(path, "TRACK_LIST", "TRACK") else {
            return is_count(path, value, "TRACK_LIST", "TRACK_COUNT");
        };
        let Some(track) = at(&mut self.ixml.tracks, index) else {
            return false;
        };
        let field = match name {
            "CHANNEL_INDEX" => &mut track.channel_index,
            "INTERLEAVE_INDEX" => &mut track.interleave_index,
            "NAME" => return set(&mut track.name, value),
            "FUNCTION" => return set(&mut track.function, value),
            _ => return name.is_empty() && value.is_empty(),
        };
        match number(value) {
            Ok(value) => *field = value,
            Err(()) => return self.odd(path, value, "a whole number"),
        }
        true
    }

    pub(super) fn sync_point(&mut self, path: &str, value: &str) -> bool {
        let Some((index, name)) = member(path, "SYNC_POINT_LIST", "SYNC_POINT") else {
            return is_count(path, value, "SYNC_POINT_LIST", "SYNC_POINT_COUNT");
        };
        let points = &mut self.ixml.sync_points;
        let (Some(point), Some(halves)) = (at(points, index), at(&mut self.sync, index)) else {
            return false;
        };
        let half = match name {
            "SYNC_POINT_TYPE" => return set(&mut point.kind, value),
            "SYNC_POINT_FUNCTION" => return set(&mut point.function, value),
            "SYNC_POINT_COMMENT" => return set(&mut point.comment, value),
            "SYNC_POINT_EVENT_DURATION" => match number(value) {
                Ok(value) => {
                    point.event_duration = value;
                    return true;
                }
                Err(()) => return self.odd(path, value, "a whole number"),
            },
            "SYNC_POINT_HIGH" => &mut halves.high,
            "SYNC_POINT_LOW" => &mut halves.low,
            _ => return name.is_empty() && value.is_empty(),
        };
        match number(value) {
            Ok(value) => *half = value,
            Err(()) => return self.odd(path, value, "a whole number"),
        }
        true
    }

    /// Joins the halves of every sync point's place.
    pub(super) fn join_sync_points(&mut self) {
        let halves = std::mem::take(&mut self.sync);
        for (i, (point, halves)) in self.ixml.sync_points.iter_mut().zip(halves).enumerate() {
            point.samples = halves.join();
            if point.samples.is_none() {
                let path = format!("SYNC_POINT_LIST/SYNC_POINT[{}]/SYNC_POINT", i + 1);
                self.unjoined.extend(halves.texts(&path, "_HIGH", "_LOW"));
            }
        }
    }
}

/// Index from 0 of a member of a list, and what stands behind it in the path.
fn member<'a>(path: &'a str, list: &str, member: &str) -> Option<(usize, &'a str)> {
    let rest = path
        .strip_prefix(list)?
        .strip_prefix('/')?
        .strip_prefix(member)?;
    let (index, name) = rest.split_once('/').unwrap_or((rest, ""));
    if index.is_empty() {
        return Some((0, name));
    }
    let number = index.strip_prefix('[')?.strip_suffix(']')?;
    let index = number.parse::<usize>().ok()?.checked_sub(1)?;
    (index < MAX_MEMBERS).then_some((index, name))
}

/// The count, which is that of the members, or a list without any.
fn is_count(path: &str, value: &str, list: &str, count: &str) -> bool {
    let rest = path.strip_prefix(list);
    let rest = rest.map(|rest| rest.strip_prefix('/').unwrap_or(rest));
    rest == Some(count) || rest == Some("") && value.is_empty()
}

/// The member of this index, made where there are fewer.
fn at<T: Default>(list: &mut Vec<T>, index: usize) -> Option<&mut T> {
    if list.len() <= index {
        list.resize_with(index + 1, T::default);
    }
    list.get_mut(index)
}

fn set(field: &mut Option<String>, value: &str) -> bool {
    *field = some(value);
    true
}
