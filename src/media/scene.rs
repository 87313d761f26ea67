//! The scene of a file: which items sound and how, from its ADM.

use std::path::Path;
use std::sync::Arc;

use super::error::MediaError;
use crate::audio::scene::{Blocks, ItemFormat};
use crate::bwf;
use crate::bwf::adm::{Adm, Models, Selection};

/// What is rendered as one: a bed channel, an object, a sound field.
#[derive(Debug, Clone)]
pub struct ScenePart {
    /// What does not move.
    pub format: ItemFormat,
    /// What does.
    pub blocks: Arc<dyn Blocks>,
}

/// The items of a file for one selection.
#[derive(Debug, Clone)]
pub struct Scene {
    items: Vec<(String, Vec<ScenePart>)>,
}

impl Scene {
    /// Reads the scene of a file.
    ///
    /// # Errors
    /// [`MediaError`] where the file cannot be read, has no ADM, or not what is selected.
    pub fn open(path: &Path, selection: &Selection, models: &Models) -> Result<Self, MediaError> {
        let display = path.display().to_string();
        let refused = |message: String| MediaError::Wave { message };
        let wave = bwf::open(path).map_err(|error| refused(error.to_string()))?;
        let adm = models
            .read(&wave)
            .map_err(|error| refused(error.to_string()))?;
        let adm = adm.ok_or_else(|| refused(format!("{display} has no audio definition model")))?;
        let selected = adm.items(selection);
        let selected = selected.map_err(|error| refused(error.to_string()))?;
        let part = |part: &bwf::adm::ItemPart| ScenePart {
            format: part.format.clone(),
            blocks: Adm::blocks(&adm, part, selection.strict),
        };
        let items = selected.items.iter();
        let items = items.map(|item| (item.id.clone(), item.parts.iter().map(part).collect()));
        Ok(Self {
            items: items.collect(),
        })
    }

    /// The parts of an item; `None` where there is no such item.
    pub fn item(&self, id: &str) -> Option<&[ScenePart]> {
        let found = self.items.iter().find(|(other, _)| other == id);
        found.map(|(_, parts)| parts.as_slice())
    }
}
