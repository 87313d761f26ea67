//! Models that are read once, whoever asks for them: that of a feature takes seconds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Adm, read};
use crate::bwf::error::WaveError;
use crate::bwf::model::Wave;

/// The models of files, each read when it is asked for first. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Models {
    known: Arc<Mutex<BTreeMap<PathBuf, Arc<Adm>>>>,
}

impl Models {
    /// The model of a file; `None` where it has none.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(&self, wave: &Wave) -> Result<Option<Arc<Adm>>, WaveError> {
        let key = wave.path.canonicalize();
        let key = key.unwrap_or_else(|_| wave.path.clone());
        // The map is whole even where another thread broke off.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = known.get(&key) {
            return Ok(Some(Arc::clone(model)));
        }
        let model = read(wave)?.map(Arc::new);
        if let Some(model) = &model {
            known.insert(key, Arc::clone(model));
        }
        Ok(model)
    }
}
