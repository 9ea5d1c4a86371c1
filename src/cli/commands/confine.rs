//! `hongtou confine`, a hidden command: gives up every right but to read its input, and becomes an
//! older build of this program.

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::error::Error;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

use crate::cli::outcome::Outcome;
use crate::generate::renderer::confinement::NOT_CONFINED;

/// The arguments of `confine`.
#[derive(Debug, Args)]
pub struct ConfineArguments {
    /// The address space, in bytes.
    #[arg(long)]
    pub memory: u64,
    /// The processor time, in seconds.
    #[arg(long)]
    pub processor_seconds: u64,
    /// The folder of the agency's own fonts.
    #[arg(long)]
    pub fonts: Option<PathBuf>,
    /// The older build.
    pub program: PathBuf,
}

/// Where shared libraries are. The program is linked to those of the system.
const LIBRARIES: [&str; 5] = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"];

/// The most files that are open at the same time.
const OPEN_FILES: u64 = 64;

/// The most processes and threads of the user of the server, which limits the threads of the program.
/// Other processes are denied altogether.
const PROCESSES: u64 = 4096;

const NOT_PERMITTED: u32 = 1;
const NO_SUCH_CALL: u32 = 38;

/// The flag of `clone` that makes a thread and not a process.
const CLONE_THREAD: u64 = 0x0001_0000;

/// The numbers of system calls that are denied, on x86-64 and on other architectures: network,
/// processes, other processes, keys, and what widens rights.
const DENIED: [(Option<i64>, Option<i64>); 38] = [
    (Some(41), Some(198)),  // socket
    (Some(53), Some(199)),  // socketpair
    (Some(49), Some(200)),  // bind
    (Some(50), Some(201)),  // listen
    (Some(43), Some(202)),  // accept
    (Some(288), Some(242)), // accept4
    (Some(42), Some(203)),  // connect
    (Some(44), Some(206)),  // sendto
    (Some(46), Some(211)),  // sendmsg
    (Some(307), Some(269)), // sendmmsg
    (Some(57), None),       // fork
    (Some(58), None),       // vfork
    (Some(62), Some(129)),  // kill
    (Some(101), Some(117)), // ptrace
    (Some(310), Some(270)), // process_vm_readv
    (Some(311), Some(271)), // process_vm_writev
    (Some(424), Some(424)), // pidfd_send_signal
    (Some(434), Some(434)), // pidfd_open
    (Some(438), Some(438)), // pidfd_getfd
    (Some(425), Some(425)), // io_uring_setup
    (Some(321), Some(280)), // bpf
    (Some(323), Some(282)), // userfaultfd
    (Some(298), Some(241)), // perf_event_open
    (Some(165), Some(40)),  // mount
    (Some(166), Some(39)),  // umount2
    (Some(272), Some(97)),  // unshare
    (Some(308), Some(268)), // setns
    (Some(155), Some(41)),  // pivot_root
    (Some(161), Some(51)),  // chroot
    (Some(248), Some(217)), // add_key
    (Some(249), Some(218)), // request_key
    (Some(250), Some(219)), // keyctl
    (Some(304), Some(265)), // open_by_handle_at
    (Some(160), Some(164)), // setrlimit
    (Some(319), Some(279)), // memfd_create
    (Some(29), Some(194)),  // shmget
    (Some(68), Some(186)),  // msgget
    (Some(240), Some(180)), // mq_open
];

/// `clone`, `clone3` and `prlimit64`, on x86-64 and on other architectures.
const CLONE: (i64, i64) = (56, 220);
const CLONE3: i64 = 435;
const PRLIMIT64: (i64, i64) = (302, 261);

/// Confines this process and replaces it by the older build, which renders its standard input to its
/// standard output. Returns only if that fails, after a message that begins with `NOT_CONFINED`.
pub fn run(arguments: &ConfineArguments) -> Outcome {
    let ConfineArguments { memory, processor_seconds, fonts, program } = arguments;
    let confined = limit(*memory, *processor_seconds)
        .and_then(|()| deny_files(program, fonts.as_deref()))
        .and_then(|()| deny_calls());
    if let Err(error) = confined {
        eprintln!("{NOT_CONFINED}: {error}");
        return Outcome::Refused;
    }
    let mut command = Command::new(program);
    command.args(["render", "-", "--output", "-"]);
    if let Some(fonts) = fonts {
        command.arg("--fonts").arg(fonts);
    }
    let error = command.exec();
    eprintln!("not run: {error}");
    Outcome::Refused
}

fn limit(memory: u64, processor_seconds: u64) -> Result<(), Box<dyn Error>> {
    let limits = [
        (Resource::As, memory),
        (Resource::Cpu, processor_seconds),
        (Resource::Nproc, PROCESSES),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Permits only to run the program and to read its libraries and fonts.
fn deny_files(program: &Path, fonts: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .add_rules(path_beneath_rules([program], AccessFs::ReadFile | AccessFs::Execute))?
        .add_rules(path_beneath_rules(LIBRARIES, read | AccessFs::Execute))?
        .add_rules(path_beneath_rules(fonts, read))?
        .restrict_self()?;
    // Older kernels lack some of these rules, but none of those on files.
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err("the kernel has no Landlock".into());
    }
    Ok(())
}

fn deny_calls() -> Result<(), Box<dyn Error>> {
    let architecture: TargetArch = ARCH.try_into()?;
    let here = |x86_64: i64, other: i64| if ARCH == "x86_64" { x86_64 } else { other };
    let denied = DENIED.into_iter().filter_map(
        |(x86_64, other)| {
            if ARCH == "x86_64" { x86_64 } else { other }
        },
    );
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        denied.map(|call| (call, Vec::new())).collect();
    let is_process = condition(0, SeccompCmpOp::MaskedEq(CLONE_THREAD), 0)?;
    rules.insert(here(CLONE.0, CLONE.1), vec![is_process]);
    let sets_limit = condition(2, SeccompCmpOp::Ne, 0)?;
    rules.insert(here(PRLIMIT64.0, PRLIMIT64.1), vec![sets_limit]);
    install(rules, NOT_PERMITTED, architecture)?;
    // Its flags are in memory, where a filter cannot read them. The C library falls back to `clone`.
    install(BTreeMap::from([(CLONE3, Vec::new())]), NO_SUCH_CALL, architecture)
}

fn condition(
    argument: u8,
    compare: SeccompCmpOp,
    value: u64,
) -> Result<SeccompRule, Box<dyn Error>> {
    let length = SeccompCmpArgLen::Qword;
    Ok(SeccompRule::new(vec![SeccompCondition::new(argument, length, compare, value)?])?)
}

fn install(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    error: u32,
    architecture: TargetArch,
) -> Result<(), Box<dyn Error>> {
    let denied = SeccompAction::Errno(error);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, architecture)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(apply_filter(&program)?)
}
