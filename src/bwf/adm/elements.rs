//! All elements of a file.

use super::model::{
    AudioObject, ChannelFormat, Content, Pack, Profile, Programme, StreamFormat, TrackFormat,
    TrackUid,
};

/// The elements of a file in the order of their kinds.
#[derive(Debug, Clone, Default)]
pub(super) struct Elements {
    pub(super) version: Option<String>,
    pub(super) profiles: Vec<Profile>,
    pub(super) programmes: Vec<Programme>,
    pub(super) contents: Vec<Content>,
    pub(super) objects: Vec<AudioObject>,
    pub(super) packs: Vec<Pack>,
    pub(super) channels: Vec<ChannelFormat>,
    pub(super) streams: Vec<StreamFormat>,
    pub(super) tracks: Vec<TrackFormat>,
    pub(super) uids: Vec<TrackUid>,
}

impl Elements {
    /// Whether there is nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.programmes.is_empty()
            && self.contents.is_empty()
            && self.objects.is_empty()
            && self.packs.is_empty()
            && self.channels.is_empty()
            && self.uids.is_empty()
    }
}
