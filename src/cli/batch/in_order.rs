//! Puts the results of the threads into the order of the input, names the files and writes the
//! manifest.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use crate::cli::atomic_file::Whole;
use crate::cli::batch::line_result::LineResult;
use crate::cli::batch::lines::Line;
use crate::cli::batch::manifest::{Entry, Manifest};
use crate::cli::batch::progress::Progress;
use crate::cli::batch::workers::{Finished, Stopped};
use crate::generate::names::Names;
use crate::generate::{BODY_LIMIT, Unreadable};
use crate::validate::findings::violation::Findings;

/// A running batch.
pub(crate) struct InOrder<'a> {
    folder: &'a Path,
    names: Names,
    manifest: Manifest,
    progress: Progress,
    tally: Tally,
    // Results that wait for an earlier line, by index. Their files are complete and closed.
    waiting: BTreeMap<usize, (Line, LineResult<Whole>)>,
    next: usize,
}

/// The number of lines by result.
#[derive(Debug, Default)]
struct Tally {
    made: u64,
    refused: u64,
    unreadable: u64,
    failed: u64,
}

/// The result of a batch; displayed as a Chinese sentence.
pub(crate) struct Summary {
    tally: Tally,
    pace: String,
    manifest: PathBuf,
}

impl<'a> InOrder<'a> {
    pub(crate) fn new(folder: &'a Path, manifest: Manifest, progress: Progress) -> Self {
        Self {
            folder,
            names: Names::default(),
            manifest,
            progress,
            tally: Tally::default(),
            waiting: BTreeMap::new(),
            next: 0,
        }
    }

    /// Receives all results of the threads.
    pub(crate) fn take(&mut self, finished: Receiver<Finished>) -> Result<(), Stopped> {
        for finished in finished {
            let (line, result) = finished?;
            // Synced here so that the threads continue while the disk works.
            let result = result.sync().map_err(Stopped::Output)?;
            self.waiting.insert(line.index, (line, result));
            while let Some((line, result)) = self.waiting.remove(&self.next) {
                self.list(&line, result).map_err(Stopped::Output)?;
                self.next += 1;
            }
        }
        Ok(())
    }

    fn list(&mut self, line: &Line, result: LineResult<Whole>) -> io::Result<()> {
        let entry = self.entry(line.number, result)?;
        self.tally.count(&entry);
        self.manifest.add(&entry)?;
        match entry.why_not() {
            None => self.progress.made(line.end),
            Some(why) => self.progress.not_made(line.end, &why),
        }
        Ok(())
    }

    /// Names the file of a line and returns its entry in the manifest.
    fn entry(&mut self, line: usize, result: LineResult<Whole>) -> io::Result<Entry> {
        Ok(match result {
            LineResult::Made { document_number, pages, sha256, warnings, file: whole } => {
                let name = self.names.give(&document_number, line);
                whole.name(&self.folder.join(&name.file))?;
                let (file, same_number_as_line) = (name.file, name.first_line);
                if let Some(first) = same_number_as_line {
                    self.progress
                        .print(&format!("第{line}行与第{first}行发文字号相同，另存为{file}。"));
                }
                Entry::Made {
                    line,
                    document_number,
                    file,
                    pages,
                    sha256,
                    warnings,
                    same_number_as_line,
                }
            }
            LineResult::Refused(Findings { errors, warnings }) => {
                Entry::Refused { line, errors, warnings }
            }
            LineResult::Unreadable(Unreadable { column, cause, .. }) => {
                Entry::Unreadable { line, column: Some(column), detail: cause.to_string() }
            }
            LineResult::TooLong => {
                let detail = format!("一行不得超过{} MiB。", BODY_LIMIT >> 20);
                Entry::Unreadable { line, column: None, detail }
            }
            LineResult::Failed => {
                let detail = "程序内部出错，请将日志转告维护人员。".to_owned();
                Entry::Failed { line, detail }
            }
        })
    }

    /// Finishes the manifest after the last result.
    pub(crate) fn finish(self) -> io::Result<Summary> {
        let manifest = self.manifest.path().to_owned();
        self.manifest.finish()?;
        Ok(Summary { tally: self.tally, pace: self.progress.finish(), manifest })
    }
}

impl Tally {
    fn count(&mut self, entry: &Entry) {
        let place = match entry {
            Entry::Made { .. } => &mut self.made,
            Entry::Refused { .. } => &mut self.refused,
            Entry::Unreadable { .. } => &mut self.unreadable,
            Entry::Failed { .. } => &mut self.failed,
        };
        *place += 1;
    }
}

impl Summary {
    /// Whether every line became a filing.
    pub(crate) fn all_made(&self) -> bool {
        self.tally.refused + self.tally.unreadable + self.tally.failed == 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { made, refused, unreadable, failed } = &self.tally;
        write!(f, "已生成{made}份，不符合规定{refused}份，无法读取{unreadable}份，")?;
        write!(f, "程序出错{failed}份；{}。清单：{}", self.pace, self.manifest.display())
    }
}
