//! Runs a kept build of the program without network, files or other processes, in limited memory and
//! time.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::generate::renderer::KeptBuild;

/// The hidden command by which this program confines itself and then becomes the kept one.
pub const CONFINE: &str = "confine";

/// How the message begins with which that command refuses to run a program unconfined.
pub const NOT_CONFINED: &str = "not confined";

/// How much of the messages of a kept build is read.
const LONGEST_MESSAGE: u64 = 4 << 10;

/// What a kept build may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The address space, in bytes.
    pub memory: u64,
    /// The processor time, in seconds.
    pub processor_seconds: u64,
    /// The time until its end.
    pub deadline: Duration,
    /// The length of the filing that it makes.
    pub output: u64,
}

impl Default for Limits {
    /// More than any filing needs: the heaviest take 400 MB and some seconds, and are shorter than
    /// the longest PDF that is accepted.
    fn default() -> Self {
        Self {
            memory: 2 << 30,
            processor_seconds: 60,
            deadline: Duration::from_secs(60),
            output: 64 << 20,
        }
    }
}

/// Runs kept builds.
#[derive(Debug, Clone)]
pub struct Confinement {
    /// The executable of this program.
    pub launcher: PathBuf,
    /// What a kept build may use.
    pub limits: Limits,
}

/// Why a kept build made no filing. Displayed as a Chinese phrase for staff.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// It could not be started.
    #[error("不能启动")]
    Start(#[source] io::Error),
    /// The system cannot confine it, so it was not run.
    #[error("本机系统不能限制其权限，未予运行")]
    NotConfined,
    /// It did not end in time.
    #[error("超过时限")]
    Deadline,
    /// It wrote more than a filing can have.
    #[error("输出过长")]
    TooLong,
    /// It ended without a filing: refused the source, failed, or was stopped by a limit.
    #[error("没有输出公文")]
    NoOutput,
}

/// What a run wrote.
struct Written {
    output: Vec<u8>,
    message: Vec<u8>,
}

impl Confinement {
    /// Runs a kept build on a source and returns the bytes that it writes.
    ///
    /// # Errors
    /// Returns a `BuildError` if it writes nothing, too much, or takes too long. It is stopped then.
    pub fn render(&self, build: &KeptBuild, source: &[u8]) -> Result<Vec<u8>, BuildError> {
        let mut child = self.command(build).spawn().map_err(BuildError::Start)?;
        let written = self.converse(&mut child, source);
        // It is no longer needed, also if it closed its output and runs on.
        let _ = child.kill();
        let _ = child.wait();
        let Written { output, message } = written?;
        if output.len() as u64 > self.limits.output {
            return Err(BuildError::TooLong);
        }
        if output.is_empty() {
            let is_refused = message.starts_with(NOT_CONFINED.as_bytes());
            return Err(if is_refused { BuildError::NotConfined } else { BuildError::NoOutput });
        }
        Ok(output)
    }

    fn command(&self, build: &KeptBuild) -> Command {
        let mut command = Command::new(&self.launcher);
        command
            .args([CONFINE, "--memory", &self.limits.memory.to_string()])
            .args(["--processor-seconds", &self.limits.processor_seconds.to_string()])
            .args(build.fonts.iter().flat_map(|fonts| ["--fonts".as_ref(), fonts.as_os_str()]))
            .arg(&build.program)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Sends the source and waits for the output.
    fn converse(&self, child: &mut Child, source: &[u8]) -> Result<Written, BuildError> {
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(BuildError::NoOutput);
        };
        thread::scope(|scope| {
            // A program that does not read its input ends without output.
            scope.spawn(move || stdin.write_all(source));
            let output = in_background(scope, stdout, self.limits.output + 1);
            let message = in_background(scope, stderr, LONGEST_MESSAGE);
            let received = output.recv_timeout(self.limits.deadline);
            let output = match received {
                Ok(output) => Ok(output),
                Err(RecvTimeoutError::Timeout) => Err(BuildError::Deadline),
                Err(RecvTimeoutError::Disconnected) => Err(BuildError::NoOutput),
            };
            // The threads end when the program does. A refusal is written before the output is closed.
            let is_empty = output.as_ref().is_ok_and(Vec::is_empty);
            let message =
                if is_empty { message.recv_timeout(self.limits.deadline) } else { Ok(Vec::new()) };
            let _ = child.kill();
            Ok(Written { output: output?, message: message.unwrap_or_default() })
        })
    }
}

/// Reads up to `limit` bytes on a thread of its own, then reads on without keeping anything.
fn in_background<'s>(
    scope: &'s thread::Scope<'s, '_>,
    mut stream: impl Read + Send + 's,
    limit: u64,
) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    scope.spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.by_ref().take(limit).read_to_end(&mut bytes);
        // The receiver may have given up.
        let _ = sender.send(bytes);
        io::copy(&mut stream, &mut io::sink())
    });
    receiver
}
