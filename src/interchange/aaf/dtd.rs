//! The internal subset of an AAF-XML document type declaration: where essence streams are.
//!
//! Only unparsed entities (`NDATA`) are read, and only as paths below the document's folder. Entities
//! with replacement text, parsed external entities and parameter entities are refused: nothing of the
//! kind belongs into AAF-XML.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The most entities of one document: a stream each.
const MAX_ENTITIES: usize = 100_000;

/// Entity names and the files that hold their streams.
pub(super) type Entities = BTreeMap<String, PathBuf>;

/// Reads what stands between `<!DOCTYPE` and `>`; paths are made absolute below `folder`.
///
/// # Errors
/// Text that says what is refused.
pub(super) fn entities(doctype: &str, folder: &Path) -> Result<Entities, String> {
    let mut entities = Entities::new();
    let subset = doctype.split_once('[').map_or("", |(_, rest)| rest);
    let mut rest = subset;
    while let Some(at) = rest.find("<!") {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (declaration, after) = declaration(rest)?;
        rest = after;
        if let Some(entity) = declaration.strip_prefix("<!ENTITY") {
            let (name, path) = unparsed(entity)?;
            entities.insert(name, inside(&path, folder)?);
        }
        if entities.len() > MAX_ENTITIES {
            return Err(format!("more than {MAX_ENTITIES} entities"));
        }
    }
    Ok(entities)
}

/// A declaration up to its `>`, which may stand in quotes before.
fn declaration(text: &str) -> Result<(&str, &str), String> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Ok((&text[..at], &text[at + 1..])),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    Err("a declaration of the document type does not end".into())
}

/// Name and system identifier of `name SYSTEM "path" NDATA notation`.
fn unparsed(entity: &str) -> Result<(String, String), String> {
    let entity = entity.trim_start();
    let (name, rest) = entity
        .split_once(char::is_whitespace)
        .unwrap_or((entity, ""));
    let refused = |why: &str| Err(format!("entity `{name}` {why}"));
    let Some(rest) = rest.trim_start().strip_prefix("SYSTEM") else {
        return refused("is not an essence stream beside the document; it is not read");
    };
    let rest = rest.trim_start();
    let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return refused("has no path");
    };
    let Some((path, rest)) = rest[1..].split_once(quote) else {
        return refused("has a path that does not end");
    };
    if !rest.trim_start().starts_with("NDATA") {
        return refused("would be pasted into the document; it is not read");
    }
    Ok((name.to_owned(), path.to_owned()))
}

/// A path below the folder, as written or percent-decoded, whichever is there.
fn inside(path: &str, folder: &Path) -> Result<PathBuf, String> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let written = below(path, folder)?;
    if decoded == path || written.exists() {
        return Ok(written);
    }
    below(&decoded, folder)
}

fn below(path: &str, folder: &Path) -> Result<PathBuf, String> {
    let outside = || Err(format!("`{path}` lies outside the document's folder"));
    let mut target = folder.to_owned();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => target.push(part),
            Component::CurDir => {}
            _ => return outside(),
        }
    }
    // A drive, a URL or a foreign separator is a plain name here and would not be elsewhere.
    if path.contains([':', '\\']) {
        return outside();
    }
    // A link must not lead out of the folder either.
    if let (Ok(root), Ok(real)) = (folder.canonicalize(), target.canonicalize())
        && !real.starts_with(root)
    {
        return outside();
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subset: &str, expect: Result<&[(&str, &str)], &str>) {
        let found = entities(&format!("AAF [\n{subset}\n]"), Path::new("/f"));
        match (found, expect) {
            (Ok(found), Ok(expect)) => {
                let found: Vec<(String, String)> = found
                    .into_iter()
                    .map(|(name, path)| (name, path.to_string_lossy().into_owned()))
                    .collect();
                let expect: Vec<(String, String)> = expect
                    .iter()
                    .map(|(name, path)| ((*name).to_owned(), (*path).to_owned()))
                    .collect();
                assert_eq!(found, expect, "{subset}");
            }
            (Err(found), Err(part)) => assert!(found.contains(part), "{subset}: {found}"),
            (found, _) => panic!("{subset}: {found:?}"),
        }
    }

    #[test]
    fn streams_beside_the_document() {
        check(
            "<!NOTATION n SYSTEM \"urn:x>y\"><!-- <!ENTITY x SYSTEM 'y'> -->
             <!ENTITY stream_0 SYSTEM \"a_streams/stream_0\" NDATA n>
             <!ENTITY stream_1 SYSTEM './b%20c' NDATA n>",
            Ok(&[
                ("stream_0", "/f/a_streams/stream_0"),
                ("stream_1", "/f/b c"),
            ]),
        );
        assert!(
            entities("AAF SYSTEM \"a.dtd\"", Path::new("/f"))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn everything_else_is_refused() {
        check("<!ENTITY a \"ha\">", Err("entity `a`"));
        check("<!ENTITY % a SYSTEM \"x\">", Err("entity `%`"));
        check("<!ENTITY a SYSTEM \"x.xml\">", Err("pasted into"));
        check("<!ENTITY a SYSTEM \"x", Err("does not end"));
        for path in [
            "/etc/passwd",
            "../x",
            "a/../../x",
            "..%2fx",
            "C:x",
            "http://x/y",
            "a\\..\\x",
        ] {
            let entity = format!("<!ENTITY a SYSTEM \"{path}\" NDATA n>");
            check(&entity, Err("outside the document's folder"));
        }
    }
}
