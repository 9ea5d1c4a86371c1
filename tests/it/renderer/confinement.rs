//! A kept build has no network, files or other processes, and limited memory, time and output.

use std::fs;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hongtou::generate::renderer::KeptBuild;
use hongtou::generate::renderer::confinement::{BuildError, Confinement, Limits};

use crate::fixture;
use crate::renderer::programs::HOSTILE;
use crate::signature::letter::LETTER;

/// More than the program needs, and less than it tries to take.
const SMALL: Limits = Limits {
    memory: 1 << 30,
    processor_seconds: 1,
    deadline: Duration::from_secs(30),
    output: 1 << 20,
};

pub(crate) fn confinement(limits: Limits) -> Confinement {
    Confinement { launcher: PathBuf::from(env!("CARGO_BIN_EXE_hongtou")), limits }
}

fn build(program: &Path, fonts: Option<&Path>) -> KeptBuild {
    let fonts = fonts.map(Path::to_owned);
    KeptBuild { name: "x".to_owned(), program: program.to_owned(), fonts }
}

/// What the hostile program wrote.
fn tried(limits: Limits, input: &str) -> Result<String, BuildError> {
    let output = confinement(limits).render(&build(&HOSTILE, None), input.as_bytes())?;
    Ok(String::from_utf8(output).unwrap())
}

#[test]
fn files_network_and_processes_are_denied() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("note.txt");
    fs::write(&file, "x").unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let socket = folder.path().join("socket");
    let _unix = UnixListener::bind(&socket).unwrap();
    let denied = [
        format!("read {}", file.display()),
        "read /etc/passwd".to_owned(),
        "read /proc/self/status".to_owned(),
        format!("list {}", folder.path().display()),
        format!("write {}", folder.path().join("new.txt").display()),
        format!("write {}", file.display()),
        format!("connect {}", tcp.local_addr().unwrap()),
        "listen".to_owned(),
        "send".to_owned(),
        format!("unix {}", socket.display()),
        "start /bin/true".to_owned(),
        format!("start {}", HOSTILE.display()),
    ];
    for input in denied {
        assert_eq!(tried(SMALL, &input).unwrap(), "PermissionDenied", "{input}");
    }
    assert_eq!(tried(SMALL, "thread").unwrap(), "permitted");
    assert_eq!(fs::read(&file).unwrap(), b"x");
}

#[test]
fn the_fonts_of_a_build_can_be_read_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let font = folder.path().join("own.ttf");
    fs::write(&font, "x").unwrap();
    let tried = |act: &str| {
        let input = format!("{act} {}", font.display());
        let build = build(&HOSTILE, Some(folder.path()));
        confinement(SMALL).render(&build, input.as_bytes()).unwrap()
    };
    assert_eq!(tried("read"), b"permitted");
    assert_eq!(tried("write"), b"PermissionDenied");
}

#[test]
fn memory_time_and_output_are_limited() {
    let impatient = Limits { deadline: Duration::from_secs(2), ..SMALL };
    assert!(matches!(tried(SMALL, "allocate"), Err(BuildError::NoOutput)));
    assert!(matches!(tried(SMALL, "spin"), Err(BuildError::NoOutput)));
    assert!(matches!(tried(impatient, "wait"), Err(BuildError::Deadline)));
    assert!(matches!(tried(SMALL, "print"), Err(BuildError::TooLong)));
    assert!(matches!(tried(SMALL, "end"), Err(BuildError::NoOutput)));
}

#[test]
fn what_cannot_be_run_makes_no_filing() {
    let nowhere = build(Path::new("/nowhere"), None);
    assert!(matches!(confinement(SMALL).render(&nowhere, b"x"), Err(BuildError::NoOutput)));
    let launcher = PathBuf::from("/nowhere");
    let confinement = Confinement { launcher, limits: SMALL };
    assert!(matches!(confinement.render(&nowhere, b"x"), Err(BuildError::Start(_))));
}

#[test]
fn this_build_makes_the_same_bytes_confined() {
    let build = build(Path::new(env!("CARGO_BIN_EXE_hongtou")), None);
    let source = fixture::bytes("valid", "letter-2023-46");
    let confinement = confinement(Limits::default());
    assert!(confinement.render(&build, &source).unwrap() == *LETTER);
    assert!(matches!(confinement.render(&build, b"{"), Err(BuildError::NoOutput)));
}
