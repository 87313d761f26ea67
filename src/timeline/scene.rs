//! Clips whose sound is an item of an audio scene: channels with positions, to be rendered.

use serde::Serialize;

use crate::audio::ContentKind;

/// The item of a scene that a clip plays: the media file holds the scene, this says which part.
///
/// The sound is not mapped channel by channel but rendered to the stem's layout (ITU-R BS.2127).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SceneItem {
    /// Identity of the item within the selection, stable for the same file: object path and first
    /// track.
    pub item: String,
    /// The programme that was selected; the file's default one where absent.
    pub programme: Option<String>,
    /// Objects that were selected among complementary ones.
    pub select: Vec<String>,
    /// Whether times and gaps are taken to the letter of BS.2127 instead of mended.
    pub strict: bool,
    /// Whether a channel of it is for low-frequency effects: where the layout has none, it is not heard.
    pub low: bool,
    /// What the scene says of the item's purpose.
    pub evidence: SceneEvidence,
}

/// What a scene says of the purpose of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SceneEvidence {
    /// The programme.
    pub programme: Option<SceneName>,
    /// The contents that hold the item, the first one first; more than one where an object stands in
    /// several contents of the programme.
    pub contents: Vec<SceneContent>,
    /// The objects from the outermost to the item's own.
    pub objects: Vec<SceneObject>,
    /// The pack format.
    pub pack: SceneName,
}

impl SceneEvidence {
    /// The identities of everything that holds the item: programme, contents, objects, pack.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let contents = self.contents.iter().map(|content| &content.name);
        let objects = self.objects.iter().map(|object| &object.name);
        let all = self.programme.iter().chain(contents).chain(objects);
        all.chain([&self.pack]).map(|name| name.id.as_str())
    }
}

/// An element of a scene.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SceneName {
    /// Its identity: `ACO_1001`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Further names, one per language.
    pub labels: Vec<String>,
}

/// A content of a scene.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SceneContent {
    /// Its names.
    pub name: SceneName,
    /// Its kind, where it says one.
    pub kind: Option<ContentKind>,
    /// Its language as it is written, where it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// An object of a scene.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SceneObject {
    /// Its names.
    pub name: SceneName,
    /// Whether it is dialogue, where it says so; absent for mixed or unknown.
    pub dialogue: Option<bool>,
}
