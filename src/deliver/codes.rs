//! The findings of the ADM file of a delivery.

use crate::finding::codes;

codes! {
    NOT_KEPT = "ADM101", Warning, "an item is rendered instead of carried over",
        "The ADM file was to carry the items of its sources over, but this one is not a set of tracks of the file: \
         a matrix with delays, or sound for headphones; or the Dolby form has no word for it: polar positions, \
         unequal sizes, a part of diffuseness, a sound field or a bed of other channels, an object shorter than the file; \
         or it refers to another screen than the others. It sounds in the bed of its stem instead.";
    NOT_READ = "ADM102", Error, "the items of a source cannot be carried over",
        "The ADM metadata of a source could not be read again when the delivery was written. Its sound is in the beds of \
         the stems. Check that the file is still there and unchanged.";
}
