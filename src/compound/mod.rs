//! Structured storages (MS-CFB), the containers of binary AAFs: folders and streams, read without being
//! loaded. `interchange` reads the small streams of objects, `media` the large ones of sound, as the
//! runs of the file that they lie in.
//!
//! Sectors of 512 and 4096 bytes. Read by our own hand because a turnover has some hundred thousand
//! folders and streams, which a reader by path looks up name by name. Tolerated, as real files need
//! it: a first DIFAT sector of `0xFFFFFFFF` without DIFAT (Resolve, Premiere), garbage in the upper
//! half of 32-bit sizes, folders whose names are not in order.
//!
//! **Invariant:** memory follows the number of sectors (4 bytes for each) and of folders and streams,
//! never their content; every chain that is followed ends.

mod pages;

use std::fs::File;
use std::path::Path;

use pages::Pages;

/// The most folders and streams of a file; the largest turnovers have some 500,000.
const MAX_NODES: usize = 2_000_000;

/// The most that may be read from one file's property and index streams, in bytes.
const BUDGET: u64 = 512 << 20;

/// Sector numbers above are marks: free, end of chain, table.
const LAST_SECTOR: u32 = 0xffff_fff9;

/// Bytes of a directory entry, of a mini sector, and the size below which a stream lies in those.
const ENTRY: usize = 128;
const MINI: u64 = 64;
const MINI_CUTOFF: u64 = 4096;

/// Where the header lists the first sectors of the sector table, and how many.
const HEADER: usize = 512;
const DIFAT: std::ops::Range<usize> = 0x4c..HEADER;

/// A folder or stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(u32);

#[derive(Debug)]
struct Entry {
    name: String,
    parent: u32,
    is_stream: bool,
    class: [u8; 16],
    start: u32,
    size: u64,
}

/// Why a structured storage cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StorageError {
    /// The file cannot be opened or read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Its tables or folders contradict each other.
    #[error("the structured storage is damaged: {0}")]
    Damaged(String),
}

/// Bytes of a stream that lie in one piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// Byte of the file where they start.
    pub(crate) offset: u64,
    /// How many.
    pub(crate) length: u64,
}

/// A structured storage open for reading.
#[derive(Debug)]
pub(crate) struct Storage {
    pages: Pages,
    name: String,
    /// Bytes of a sector as a power of two.
    shift: u32,
    /// The next sector of each, and the next mini sector of each.
    table: Vec<u32>,
    mini_table: Vec<u32>,
    /// The sectors that hold the mini sectors.
    mini_sectors: Vec<u32>,
    entries: Vec<Entry>,
    /// All entries but the root, in order of parent and name.
    sorted: Vec<u32>,
    left: u64,
}

/// A little-endian number at an offset; 0 beyond the end.
fn number(bytes: &[u8], at: usize, size: usize) -> u64 {
    let part = bytes.get(at..at + size).unwrap_or_default();
    part.iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn sector_number(bytes: &[u8], at: usize) -> u32 {
    number(bytes, at, 4) as u32
}

/// The sector numbers in a piece of a table.
fn sector_numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|four| sector_number(four, 0))
}

impl Storage {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StorageError`] when the file cannot be read, or its sector tables or folders are damaged.
    pub(crate) fn open(path: &Path) -> Result<Self, StorageError> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut storage = Self {
            pages: Pages::new(file, size),
            name: path.display().to_string(),
            shift: 9,
            table: Vec::new(),
            mini_table: Vec::new(),
            mini_sectors: Vec::new(),
            entries: Vec::new(),
            sorted: Vec::new(),
            left: BUDGET,
        };
        storage.read_tables().map_err(StorageError::Damaged)?;
        Ok(storage)
    }

    fn read_tables(&mut self) -> Result<(), String> {
        let mut header = Vec::new();
        let missing = |_| "it ends within its header".to_owned();
        self.pages
            .read(0, HEADER as u64, &mut header)
            .map_err(missing)?;
        self.shift = number(&header, 0x1e, 2) as u32;
        if self.shift != 9 && self.shift != 12 {
            return Err(format!("sectors of 2^{} bytes", self.shift));
        }
        self.read_sector_table(&header)?;
        let directory = self.chain(sector_number(&header, 0x30), u64::MAX)?;
        if directory.len() << self.shift > MAX_NODES * ENTRY {
            return Err("it has more folders and streams than any real file".into());
        }
        let directory = self.sectors(&directory)?;
        let mini_table = self.chain(sector_number(&header, 0x3c), u64::MAX)?;
        // Four bytes for each mini sector that the file could hold.
        if (mini_table.len() as u64) << self.shift > self.pages.size() / 8 + 2 * self.sector_size()
        {
            return Err("its table of mini sectors is too large".into());
        }
        self.mini_table = sector_numbers(&self.sectors(&mini_table)?).collect();
        self.read_directory(&directory)
    }

    /// Bytes of a sector.
    fn sector_size(&self) -> u64 {
        1 << self.shift
    }

    /// How many sectors the file has, the last perhaps incomplete.
    fn sector_count(&self) -> u64 {
        self.pages
            .size()
            .div_ceil(self.sector_size())
            .saturating_sub(1)
    }

    /// The sector table, from the list in the header and the chain that goes on with it.
    fn read_sector_table(&mut self, header: &[u8]) -> Result<(), String> {
        let mut list: Vec<u32> = sector_numbers(header.get(DIFAT).unwrap_or_default()).collect();
        let mut next = sector_number(header, 0x44);
        let per_sector = (self.sector_size() / 4 - 1) as usize;
        // As many as the file could need: a chain that is longer runs in a circle.
        let most = self.sector_count() / per_sector as u64 + 2;
        for _ in 0..most {
            if next > LAST_SECTOR || u64::from(next) >= self.sector_count() {
                break;
            }
            let numbers: Vec<u32> = sector_numbers(&self.sectors(&[next])?).collect();
            list.extend(numbers.iter().take(per_sector));
            next = numbers.last().copied().unwrap_or(u32::MAX);
        }
        list.retain(|sector| *sector <= LAST_SECTOR);
        let most = self.sector_count() * 4 / self.sector_size() + 1;
        list.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        self.table = sector_numbers(&self.sectors(&list)?).collect();
        Ok(())
    }

    /// The sectors of a chain, at most as many as `size` bytes need.
    fn chain(&self, start: u32, size: u64) -> Result<Vec<u32>, String> {
        let most = size
            .div_ceil(self.sector_size())
            .min(self.table.len() as u64);
        let mut chain = Vec::new();
        let mut next = start;
        while next <= LAST_SECTOR && (chain.len() as u64) < most {
            chain.push(next);
            let at = next as usize;
            next = *self
                .table
                .get(at)
                .ok_or_else(|| format!("sector {at} is not in the table"))?;
        }
        if next <= LAST_SECTOR && size == u64::MAX {
            return Err(format!("the chain from sector {start} runs in a circle"));
        }
        Ok(chain)
    }

    /// The bytes of sectors, one after the other. The file's last may be incomplete.
    fn sectors(&mut self, chain: &[u32]) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(chain.len() << self.shift);
        for &sector in chain {
            let offset = (u64::from(sector) + 1) << self.shift;
            let there = self
                .pages
                .size()
                .saturating_sub(offset)
                .min(self.sector_size());
            if there == 0 {
                return Err(format!("sector {sector} lies beyond the end of the file"));
            }
            let read = self.pages.read(offset, there, &mut bytes);
            read.map_err(|e| format!("sector {sector}: {e}"))?;
        }
        Ok(bytes)
    }

    /// Reads the directory, and walks its trees to know who stands in which folder.
    fn read_directory(&mut self, bytes: &[u8]) -> Result<(), String> {
        let raw: Vec<&[u8]> = bytes.chunks_exact(ENTRY).collect();
        let root = raw.first().filter(|raw| raw.get(66) == Some(&5));
        let root = root.ok_or("it has no root folder")?;
        // Streams of 32-bit containers have 32-bit sizes; what stands above is garbage.
        let mask = if self.shift == 9 {
            u64::from(u32::MAX)
        } else {
            u64::MAX
        };
        self.entries = raw.iter().map(|raw| entry(raw, mask)).collect();
        let (start, size) = (sector_number(root, 116), number(root, 120, 8) & mask);
        self.mini_sectors = self.chain(start, size)?;
        let mut seen = vec![false; raw.len()];
        let mut work = vec![(sector_number(root, 76), 0_u32)];
        while let Some((id, parent)) = work.pop() {
            let at = id as usize;
            let Some(raw) = raw.get(at).filter(|_| at != 0) else {
                continue;
            };
            if std::mem::replace(&mut seen[at], true) {
                return Err(format!("folder entry {id} stands in two places"));
            }
            self.entries[at].parent = parent;
            self.sorted.push(id);
            work.push((sector_number(raw, 68), parent));
            work.push((sector_number(raw, 72), parent));
            if !self.entries[at].is_stream {
                work.push((sector_number(raw, 76), id));
            }
        }
        let entries = &self.entries;
        let key = |id: &u32| {
            let entry = &entries[*id as usize];
            (entry.parent, entry.name.as_str())
        };
        self.sorted.sort_by(|a, b| key(a).cmp(&key(b)));
        Ok(())
    }

    /// The file's name for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The root folder.
    pub(crate) fn root() -> Node {
        Node(0)
    }

    fn child(&self, folder: Node, name: &str, is_stream: bool) -> Option<Node> {
        let key = |id: &u32| {
            let entry = &self.entries[*id as usize];
            (entry.parent, entry.name.as_str())
        };
        let at = self
            .sorted
            .binary_search_by(|id| key(id).cmp(&(folder.0, name)))
            .ok()?;
        let id = self.sorted[at];
        (self.entries[id as usize].is_stream == is_stream).then_some(Node(id))
    }

    /// A folder in a folder.
    pub(crate) fn folder(&self, folder: Node, name: &str) -> Option<Node> {
        self.child(folder, name, false)
    }

    /// Whether a stream is in a folder.
    pub(crate) fn has_stream(&self, folder: Node, name: &str) -> bool {
        self.child(folder, name, true).is_some()
    }

    /// The class identifier of a folder, as stored.
    pub(crate) fn class_id(&self, folder: Node) -> [u8; 16] {
        self.entries
            .get(folder.0 as usize)
            .map_or([0; 16], |entry| entry.class)
    }

    /// The path of a folder: `/Header-2/Content-3b03`; empty for the root.
    pub(crate) fn path(&self, folder: Node) -> String {
        let mut names = Vec::new();
        let mut at = folder.0;
        // Parents were set walking down from the root: the way up ends there.
        while at != 0 && names.len() < MAX_NODES {
            let Some(entry) = self.entries.get(at as usize) else {
                break;
            };
            names.push(entry.name.as_str());
            at = entry.parent;
        }
        let mut path = String::new();
        for name in names.iter().rev() {
            path.push('/');
            path.push_str(name);
        }
        path
    }

    /// The stream at a path as [`Storage::path`] gives it, with its name behind a slash.
    pub(crate) fn find(&self, path: &str) -> Option<Node> {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut parts = folders.split('/').filter(|part| !part.is_empty());
        let folder = parts.try_fold(Self::root(), |at, part| self.folder(at, part))?;
        self.child(folder, name, true)
    }

    /// Where the bytes of a stream lie in the file, in order; neighbouring sectors are one run.
    ///
    /// # Errors
    /// Text that says what is wrong, when the stream is damaged or cut off.
    pub(crate) fn runs(&self, stream: Node) -> Result<Vec<Run>, String> {
        let entry = self.entries.get(stream.0 as usize);
        let (start, size) = entry.map_or((u32::MAX, 0), |entry| (entry.start, entry.size));
        let mut runs = Runs::new(size, self.pages.size());
        if size < MINI_CUTOFF {
            let mut next = start;
            while runs.left > 0 && next <= LAST_SECTOR {
                runs.add(self.mini_offset(next)?, MINI)?;
                next = self.after_mini(next)?;
            }
        } else {
            for sector in self.chain(start, size)? {
                let offset = (u64::from(sector) + 1) << self.shift;
                runs.add(offset, self.sector_size())?;
            }
        }
        if runs.left > 0 {
            return Err(format!("its last {} bytes are not in the file", runs.left));
        }
        Ok(runs.list)
    }

    /// A whole stream of a folder; `None` where there is none.
    ///
    /// # Errors
    /// Text that says what is wrong, when it is damaged or larger than `limit` bytes.
    pub(crate) fn stream(
        &mut self,
        folder: Node,
        name: &str,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, String> {
        let Some(node) = self.child(folder, name, true) else {
            return Ok(None);
        };
        let entry = &self.entries[node.0 as usize];
        let (start, size) = (entry.start, entry.size);
        let named = |problem: String| format!("stream `{}/{name}`: {problem}", self.path(folder));
        if size > limit.min(self.left) {
            return Err(named(format!("{size} bytes are too many")));
        }
        let read = if size < MINI_CUTOFF {
            self.mini_stream(start, size)
        } else {
            let chain = self.chain(start, size);
            chain.and_then(|chain| self.sectors(&chain))
        };
        let mut bytes = match read {
            Ok(bytes) if bytes.len() as u64 >= size => bytes,
            Ok(_) => return Err(format!("stream `{}/{name}` is cut off", self.path(folder))),
            Err(e) => return Err(format!("stream `{}/{name}`: {e}", self.path(folder))),
        };
        self.left -= size;
        bytes.truncate(size as usize);
        Ok(Some(bytes))
    }

    /// A stream below the cutoff, from mini sectors.
    fn mini_stream(&mut self, start: u32, size: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(size as usize);
        let mut next = start;
        while (bytes.len() as u64) < size && next <= LAST_SECTOR {
            let offset = self.mini_offset(next)?;
            let there = self.pages.size().saturating_sub(offset).min(MINI);
            let wanted = there.min(size - bytes.len() as u64);
            let read = self.pages.read(offset, wanted, &mut bytes);
            read.map_err(|e| format!("mini sector {next}: {e}"))?;
            if wanted == 0 {
                break;
            }
            next = self.after_mini(next)?;
        }
        Ok(bytes)
    }

    /// Where a mini sector lies in the file.
    fn mini_offset(&self, mini: u32) -> Result<u64, String> {
        let offset = u64::from(mini) * MINI;
        let holder = self.mini_sectors.get((offset >> self.shift) as usize);
        let holder = *holder.ok_or_else(|| format!("mini sector {mini} is not there"))?;
        let within = offset & (self.sector_size() - 1);
        Ok(((u64::from(holder) + 1) << self.shift) + within)
    }

    fn after_mini(&self, mini: u32) -> Result<u32, String> {
        let after = self.mini_table.get(mini as usize);
        after
            .copied()
            .ok_or_else(|| format!("mini sector {mini} is not in the table"))
    }
}

/// Runs in the making.
struct Runs {
    list: Vec<Run>,
    /// Bytes of the stream that are not in the list yet.
    left: u64,
    /// Bytes of the file.
    size: u64,
}

impl Runs {
    const fn new(left: u64, size: u64) -> Self {
        let list = Vec::new();
        Self { list, left, size }
    }

    /// Adds a sector, or what the stream and the file have of it.
    fn add(&mut self, offset: u64, length: u64) -> Result<(), String> {
        let there = self.size.saturating_sub(offset).min(length);
        let length = length.min(self.left);
        if there < length {
            return Err(format!(
                "byte {} lies beyond the end of the file",
                offset + length - 1
            ));
        }
        self.left -= length;
        match self.list.last_mut() {
            Some(last) if last.offset + last.length == offset => last.length += length,
            _ => self.list.push(Run { offset, length }),
        }
        Ok(())
    }
}

/// A directory entry; who its parent is, is not yet known.
fn entry(raw: &[u8], mask: u64) -> Entry {
    let length = (number(raw, 64, 2) as usize).clamp(2, 64) - 2;
    let name = raw.get(..length).unwrap_or_default().chunks_exact(2);
    let name: Vec<u16> = name.map(|unit| number(unit, 0, 2) as u16).collect();
    let mut class = [0; 16];
    class.copy_from_slice(raw.get(80..96).unwrap_or(&[0; 16]));
    Entry {
        name: String::from_utf16_lossy(&name),
        parent: 0,
        is_stream: raw.get(66) == Some(&2),
        class,
        start: sector_number(raw, 116),
        size: number(raw, 120, 8) & mask,
    }
}

#[cfg(test)]
mod tests;
