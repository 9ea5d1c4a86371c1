//! Sorts the results of the threads into the order of the input, names the files and writes the
//! manifest.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use serde_json::value::{RawValue, to_raw_value};

use crate::cli::atomic_file::Whole;
use crate::cli::batch::line_result::LineResult;
use crate::cli::batch::lines::Line;
use crate::cli::batch::manifest::Manifest;
use crate::cli::batch::progress::Progress;
use crate::cli::batch::workers::{Finished, Stopped};
use crate::generate::BODY_LIMIT;
use crate::generate::file_names::{FileName, FileNames};
use crate::generate::manifest::{Entry, ListedFile};
use crate::jobs::line_error::LineError;

/// A running batch.
pub(crate) struct InOrder<'a> {
    folder: &'a Path,
    names: FileNames,
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
            names: FileNames::default(),
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
        self.tally.count(&result);
        match result {
            LineResult::Made { document_number, pages, sha256, warnings, file } => {
                let name = self.names.assign(&document_number, line.number);
                file.name(&self.folder.join(&name.file))?;
                self.print_same_number(line.number, &name);
                let warnings = to_raw_value(&warnings)?;
                let file = ListedFile {
                    file: &name.file,
                    filing: None,
                    document_number: &document_number,
                    pages,
                    sha256: &sha256,
                    warnings: &warnings,
                    same_number_as_line: name.first_line,
                };
                self.manifest.add(&Entry {
                    line: line.number,
                    state: "filed",
                    file: Some(file),
                    column: None,
                    problem: None,
                })?;
                self.progress.made(line.end);
            }
            LineResult::Refused(findings) => {
                let first = findings.errors.first().map(ToString::to_string).unwrap_or_default();
                let why = format!("，错误{}处，第一处：{first}", findings.errors.len());
                self.list_fault(line, &LineError::Refused(findings), None, &why)?;
            }
            LineResult::Unreadable(unreadable) => {
                let column = unreadable.column;
                let why = format!("，第{column}个字符处：{}", unreadable.cause);
                self.list_fault(line, &LineError::Unreadable(unreadable), Some(column), &why)?;
            }
            LineResult::TooLong => {
                let why = format!("：一行不得超过{} MiB。", BODY_LIMIT >> 20);
                self.list_fault(line, &LineError::TooLong, None, &why)?;
            }
            LineResult::Failed => {
                let why = "：程序内部出错，请将日志转告维护人员。";
                self.list_fault(line, &LineError::Failed, None, why)?;
            }
        }
        Ok(())
    }

    /// Lists a line without a file.
    fn list_fault(
        &mut self,
        line: &Line,
        fault: &LineError,
        column: Option<usize>,
        why: &str,
    ) -> io::Result<()> {
        let problem = RawValue::from_string(fault.json())?;
        self.manifest.add(&Entry {
            line: line.number,
            state: fault.state(),
            file: None,
            column,
            problem: Some(&problem),
        })?;
        self.progress.not_made(line.end, &format!("第{}行未生成{why}", line.number));
        Ok(())
    }

    fn print_same_number(&self, line: usize, name: &FileName) {
        if let FileName { file, first_line: Some(first) } = name {
            self.progress.print(&format!("第{line}行与第{first}行发文字号相同，另存为{file}。"));
        }
    }

    /// Finishes the manifest after the last result.
    pub(crate) fn finish(self) -> io::Result<Summary> {
        let manifest = self.manifest.path().to_owned();
        self.manifest.finish()?;
        Ok(Summary { tally: self.tally, pace: self.progress.finish(), manifest })
    }
}

impl Tally {
    fn count<F>(&mut self, result: &LineResult<F>) {
        let count = match result {
            LineResult::Made { .. } => &mut self.made,
            LineResult::Refused(_) => &mut self.refused,
            LineResult::Unreadable(_) | LineResult::TooLong => &mut self.unreadable,
            LineResult::Failed => &mut self.failed,
        };
        *count += 1;
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
