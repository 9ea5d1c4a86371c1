//! Runs `hongtou serve` as a process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use hongtou::archive::access::keys::Token;

/// A server on a free port, killed at the end of the test.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    /// The local token, which is accepted as long as there are no keys.
    pub(crate) token: String,
    output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts a server with this data folder and these further arguments.
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        let token = Token::random_local().reveal();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hongtou"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data"])
            .arg(data)
            .args(arguments)
            .env("HONGTOU_LOCAL_TOKEN", &token)
            // Storing it takes longer than most tests.
            .env("HONGTOU_WITHOUT_PROGRAM", "true")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, address: String::new(), token, output };
        let line = server.read_line();
        let address = line.split("http://").nth(1).unwrap().split('（').next().unwrap();
        server.address = address.to_owned();
        server
    }

    /// The next line of standard output.
    pub(crate) fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    /// The resident memory, in KiB.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
