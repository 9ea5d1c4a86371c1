//! One thread per core, each taking the next line and judging it.

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::Scope;

use crate::cli::atomic_file::Part;
use crate::cli::batch::lines::{Line, Lines};
use crate::cli::batch::outcome::{Verdict, verdict};
use crate::render::typesetter::Typesetter;
use crate::render::worker_thread::{NoThread, WorkerThread};

/// Why a thread cannot go on, and with it the batch.
pub(crate) enum Stopped {
    /// The input cannot be read on.
    Input(io::Error),
    /// A file cannot be written.
    Output(io::Error),
}

/// A line and what became of it.
pub(crate) type Judged = Result<(Line, Verdict<Part>), Stopped>;

/// What the threads share.
pub(crate) struct Work<R> {
    lines: Mutex<Lines<R>>,
    typesetter: Typesetter,
}

impl<R: BufRead + Send> Work<R> {
    pub(crate) fn new(lines: Lines<R>, typesetter: Typesetter) -> Self {
        Self { lines: Mutex::new(lines), typesetter }
    }

    /// Starts the threads. They end with the lines, or when nobody receives any more. What they
    /// hand over waits in a few places only, so that memory stays level however slow the disk is.
    pub(crate) fn start<'scope, 'env>(
        &'env self,
        threads: usize,
        folder: &'env Path,
        scope: &'scope Scope<'scope, 'env>,
    ) -> Result<Receiver<Judged>, NoThread> {
        let (sender, receiver) = sync_channel(threads);
        for _ in 0..threads {
            let worker = WorkerThread::start()?;
            let sender = sender.clone();
            scope.spawn(move || worker.run(|| self.run(folder, &sender)));
        }
        Ok(receiver)
    }

    fn run(&self, folder: &Path, sender: &SyncSender<Judged>) {
        while let Some(judged) = self.judge_next(folder) {
            let goes_on = judged.is_ok();
            if sender.send(judged).is_err() || !goes_on {
                return;
            }
        }
    }

    fn judge_next(&self, folder: &Path) -> Option<Judged> {
        // Reading a line cannot panic between two states, so a poisoned lock holds good lines.
        let next = self.lines.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut line = match next {
            Ok(line) => line?,
            Err(cause) => return Some(Err(Stopped::Input(cause))),
        };
        let judged = verdict(&line, &self.typesetter, folder).map_err(Stopped::Output);
        // What waits for the lines above it need not hold its body.
        line.body = None;
        Some(judged.map(|verdict| (line, verdict)))
    }
}
