//! How threads, HTTP and the cache change the cost of a filing.
//!
//! Every round makes different filings, so that no cache of Typst helps. Every kind of work is measured
//! in every round, so that other load on the machine affects all of them.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use hongtou::archive::Archive;
use hongtou::archive::access::keys::Token;
use hongtou::archive::clock::SystemClock;
use hongtou::archive::database::Database;
use hongtou::archive::objects::Objects;
use hongtou::generate::cache::Generator;
use hongtou::generate::generate;
use hongtou::generate::permits::{Limits, Permits};
use hongtou::generate::renderer::kept_builds::KeptBuilds;
use hongtou::generate::room::Room;
use hongtou::http::access::limits::CallerLimits;
use hongtou::http::access::policy::Access;
use hongtou::http::app::App;
use hongtou::http::batches::events::FOLLOWERS;
use hongtou::http::filings::search::SEARCHES;
use hongtou::http::filings::signed_copy::PDF_MEMORY;
use hongtou::http::operations::metrics::{Metrics, Phases};
use hongtou::http::request::bodies::{BODY_MEMORY, Bodies};
use hongtou::http::server::serve::serve;
use hongtou::jobs::Jobs;
use hongtou::jobs::webhook::Settings;
use hongtou::render::typesetter::Typesetter;
use hongtou::render::worker_thread::WorkerThread;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::filings::other_seed;
use crate::table::{Row, ms, percent};

const ROUNDS: usize = 7;
const FILINGS: usize = 64;
const CLIENTS: usize = 8;
/// The token of the requests.
static LOCAL_TOKEN: LazyLock<Token> = LazyLock::new(Token::random_local);

const THREADS: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// The wall time and the CPU time of all cores per filing.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

pub fn rows(typesetter: &Typesetter) -> Vec<Row> {
    let runtime = Runtime::new().expect("a server needs its threads");
    let uncached = listen(&runtime, typesetter, 0);
    let cached = listen(&runtime, typesetter, 64 << 20);
    let next = || (0..FILINGS).map(|_| other_seed()).collect::<Vec<_>>();
    let mut rounds = vec![Vec::new(); 5];
    post_all(uncached, &next());
    for _ in 0..ROUNDS {
        let bodies = next();
        rounds[0].push(cost(|| make_all(typesetter, &bodies, 1)));
        let bodies = next();
        rounds[1].push(cost(|| make_all(typesetter, &bodies, THREADS.get())));
        let bodies = next();
        rounds[2].push(cost(|| post_all(uncached, &bodies)));
        let bodies = next();
        rounds[3].push(cost(|| post_all(cached, &bodies)));
        rounds[4].push(cost(|| post_all(cached, &bodies)));
    }
    table(&rounds)
}

fn table(rounds: &[Vec<Cost>]) -> Vec<Row> {
    let median = |of: fn(&Cost) -> Duration, at: usize| {
        let mut all: Vec<Duration> = rounds[at].iter().map(of).collect();
        all.sort();
        all[all.len() / 2].as_secs_f64() * 1000.0
    };
    let wall = |at| median(|cost| cost.wall, at);
    let cpu = |at| median(|cost| cost.cpu, at);
    let adds = |ours: f64, base: f64| percent(ours / base - 1.0);
    let times = format!("{:.2} times as many filings", wall(0) / wall(1));
    let row = |what: &str, at| Row::new(what, ms(wall(at)));
    vec![
        Row::heading(format!("wall time per filing, {} different ones each", ROUNDS * FILINGS)),
        row("in process, 1 thread", 0).ratio("1"),
        row("in process, 2 threads", 1).ratio(times).goal("at least 1.9 times"),
        row("HTTP, 8 clients, 2 threads", 2)
            .ratio(format!("adds {}, {} of CPU time", adds(wall(2), wall(1)), adds(cpu(2), cpu(1))))
            .goal("at most 5 %"),
        row("HTTP with cache, first request", 3).ratio("1"),
        row("HTTP with cache, same body again", 4)
            .ratio(format!("1/{:.0}", wall(3) / wall(4)))
            .goal("at most 1/30"),
    ]
}

/// Does the work and divides its cost by the number of filings.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn cost(work: impl FnOnce()) -> Cost {
    let (started, cpu) = (Instant::now(), cpu_time());
    work();
    let filings = u32::try_from(FILINGS).expect("filings are few");
    Cost { wall: started.elapsed() / filings, cpu: (cpu_time() - cpu) / filings }
}

/// The CPU time of this process so far, including ended threads.
fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("a bench runs on Linux");
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.map(|ticks| ticks.parse::<u64>().unwrap_or_default()).sum();
    // The unit is USER_HZ, which is 100 on Linux.
    Duration::from_millis(ticks * 10)
}

fn make_all(typesetter: &Typesetter, bodies: &[Vec<u8>], threads: usize) {
    each_of(bodies, threads, |body| {
        generate(body, typesetter).expect("the filing is valid");
    });
}

/// Does the work for every body, on this many worker threads.
fn each_of(bodies: &[Vec<u8>], threads: usize, work: impl Fn(&[u8]) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            let worker = WorkerThread::start().expect("a thread can be started");
            let (next, work) = (&next, &work);
            scope.spawn(move || {
                worker.run(|| {
                    while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                        work(body);
                    }
                });
            });
        }
    });
}

/// An archive in a folder of its own.
async fn archive() -> Archive {
    let folder = tempfile::tempdir().expect("there is room for files").keep();
    let database = Database::in_folder(&folder).await.expect("the folder is there");
    let objects = Objects::in_folder(&folder.join("objects")).expect("the folder is there");
    Archive::new(database, objects, Arc::new(SystemClock))
}

/// Starts a server on a free port, which runs until the process ends.
fn listen(runtime: &Runtime, typesetter: &Typesetter, kept: u64) -> SocketAddr {
    let limits = Limits {
        concurrency: THREADS,
        queue: CLIENTS,
        queue_deadline: Duration::from_secs(60),
        run_deadline: Duration::from_secs(60),
    };
    let archive = runtime.block_on(archive());
    let jobs = runtime.block_on(Jobs::open(&archive, Settings::default()));
    let mut access = Access::new(CallerLimits { per_minute: None, concurrent: None }, None, None);
    access.local_token = Some(LOCAL_TOKEN.clone());
    let app = Arc::new(App {
        generator: Generator::new(typesetter.clone(), kept),
        access,
        jobs: jobs.expect("the database is there"),
        archive,
        bodies: Bodies::new(BODY_MEMORY),
        pdf_uploads: Bodies::new(PDF_MEMORY),
        searches: Room::new(SEARCHES),
        followers: Room::new(FOLLOWERS),
        renders: Permits::new(limits),
        checks: Permits::new(limits),
        previews: Permits::new(limits),
        verdicts: Permits::new(limits),
        builds: KeptBuilds::default(),
        trust: Arc::default(),
        metrics: Metrics::new(&Phases::default()),
        origins: Vec::new(),
    });
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    runtime.spawn(serve(listener, app, std::future::pending()));
    address
}

/// Posts all bodies. Each client uses one connection.
fn post_all(address: SocketAddr, bodies: &[Vec<u8>]) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let stream = TcpStream::connect(address).expect("the server listens");
                stream.set_nodelay(true).expect("a socket has this option");
                let mut answers = BufReader::new(stream);
                while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                    post(&mut answers, body);
                }
            });
        }
    });
}

fn post(answers: &mut BufReader<TcpStream>, body: &[u8]) {
    let (length, token) = (body.len(), LOCAL_TOKEN.reveal());
    let request = format!(
        "POST /v1/filings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
    );
    let request = [request.as_bytes(), body].concat();
    answers.get_mut().write_all(&request).expect("the server reads");
    let mut line = String::new();
    answers.read_line(&mut line).expect("the server answers");
    assert_eq!(line.trim_end(), "HTTP/1.1 201 Created");
    let mut length = 0;
    while line.trim_end() != "" {
        line.clear();
        answers.read_line(&mut line).expect("the server answers");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length is a number");
        }
    }
    let mut pdf = vec![0; length];
    answers.read_exact(&mut pdf).expect("the answer is whole");
    assert!(pdf.starts_with(b"%PDF-"));
}
