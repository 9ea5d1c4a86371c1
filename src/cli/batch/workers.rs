//! The worker threads: each takes the next line and renders it.

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::Scope;

use crate::cli::atomic_file::Part;
use crate::cli::batch::line_result::{LineResult, render_line};
use crate::cli::batch::lines::{Line, Lines};
use crate::render::typesetter::Typesetter;
use crate::render::worker_thread::{NoThread, WorkerThread};

/// Why the batch stopped.
pub(crate) enum Stopped {
    /// The input cannot be read.
    Input(io::Error),
    /// A file cannot be written.
    Output(io::Error),
}

/// A line and its result.
pub(crate) type Finished = Result<(Line, LineResult<Part>), Stopped>;

/// The state that the threads share.
pub(crate) struct Work<R> {
    lines: Mutex<Lines<R>>,
    typesetter: Typesetter,
}

impl<R: BufRead + Send> Work<R> {
    pub(crate) fn new(lines: Lines<R>, typesetter: Typesetter) -> Self {
        Self { lines: Mutex::new(lines), typesetter }
    }

    /// Starts the threads. They end after the last line, or when the receiver is dropped. The channel
    /// is bounded, so memory stays constant even on a slow disk.
    pub(crate) fn start<'scope, 'env>(
        &'env self,
        threads: usize,
        folder: &'env Path,
        scope: &'scope Scope<'scope, 'env>,
    ) -> Result<Receiver<Finished>, NoThread> {
        let (sender, receiver) = sync_channel(threads);
        for _ in 0..threads {
            let worker = WorkerThread::start()?;
            let sender = sender.clone();
            scope.spawn(move || worker.run(|| self.run(folder, &sender)));
        }
        Ok(receiver)
    }

    fn run(&self, folder: &Path, sender: &SyncSender<Finished>) {
        while let Some(finished) = self.render_next(folder) {
            let is_stopped = finished.is_err();
            if sender.send(finished).is_err() || is_stopped {
                return;
            }
        }
    }

    fn render_next(&self, folder: &Path) -> Option<Finished> {
        // Reading a line cannot panic halfway, so the lines in a poisoned lock are valid.
        let next = self.lines.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut line = match next {
            Ok(line) => line?,
            Err(cause) => return Some(Err(Stopped::Input(cause))),
        };
        let finished = render_line(&line, &self.typesetter, folder).map_err(Stopped::Output);
        // The body is no longer needed while the result waits for earlier lines.
        line.body = None;
        Some(finished.map(|result| (line, result)))
    }
}
