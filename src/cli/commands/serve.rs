//! `hongtou serve`: runs the HTTP server until it receives a stop signal.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::archive::renderers::Renderer;
use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::local_token;
use crate::cli::outcome::Outcome;
use crate::cli::process::stop_signal::StopSignal;
use crate::cli::settings::config::Config;
use crate::generate::cache::Generator;
use crate::generate::permits::Permits;
use crate::generate::renderer::confinement::{Confinement, Limits};
use crate::generate::renderer::kept_builds::KeptBuilds;
use crate::generate::renderer::manifest::renderer;
use crate::generate::room::Room;
use crate::http::access::origin::Origin;
use crate::http::app::App;
use crate::http::batches::events::FOLLOWERS;
use crate::http::filings::search::SEARCHES;
use crate::http::filings::signed_copy::PDF_MEMORY;
use crate::http::operations::metrics::{Metrics, Phases};
use crate::http::request::bodies::{BODY_MEMORY, Bodies};
use crate::http::server::serve::serve;
use crate::jobs::Jobs;
use crate::jobs::workers::Workers;
use crate::render::typesetter::Typesetter;
use crate::render::worker_thread::STACK;

/// How long to wait for threads after the last response. A rendering past its deadline may never
/// end.
const THREADS_DEADLINE: Duration = Duration::from_secs(1);

/// How long to wait for running lines and webhooks after the stop signal.
const WORK_DEADLINE: Duration = Duration::from_secs(60);

/// Serves HTTP.
///
/// # Errors
/// Returns `CliError::FolderInUse` if another server uses the data folder, `CliError::Fonts`,
/// `CliError::Trust`, `CliError::Provider`, `CliError::Database`,
/// `CliError::Store` or `CliError::Jobs` if these cannot be set up, and `CliError::Listen` if the
/// server cannot listen on the address.
pub fn run(config: &Config, phases: &Phases, out: &mut impl Write) -> Result<Outcome, CliError> {
    let typesetter = Typesetter::new(font_set(config.fonts.as_deref())?);
    let trust = Arc::new(config.trust.read()?);
    if config.check_config {
        writeln!(out, "设置无误。")?;
        return Ok(Outcome::Done);
    }
    let renderer = renderer_in_background(config, &typesetter)?;
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(CliError::Serve)?;
    let _lock = config.storage.lock()?;
    let archive = runtime.block_on(config.storage.open())?.with_quotas(config.quotas.quotas());
    let renderer = renderer.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
    let archive = archive.with_renderer(renderer.map_err(CliError::Serve)?);
    let jobs = Jobs::open(&archive, config.jobs.webhooks());
    let jobs = runtime.block_on(jobs).map_err(CliError::Jobs)?;
    let app = Arc::new(App {
        generator: Generator::new(typesetter, config.cache_bytes()),
        access: config.access.access()?,
        archive,
        jobs,
        bodies: Bodies::new(BODY_MEMORY),
        pdf_uploads: Bodies::new(PDF_MEMORY),
        searches: Room::new(SEARCHES),
        followers: Room::new(FOLLOWERS),
        renders: Permits::new(config.render_limits()),
        checks: Permits::new(config.check_limits()),
        previews: Permits::new(config.preview_limits()),
        verdicts: Permits::new(config.verdict_limits()),
        builds: KeptBuilds::new(Confinement {
            launcher: std::env::current_exe().map_err(CliError::Serve)?,
            limits: builds_limits(config),
        }),
        trust,
        metrics: Metrics::new(phases),
        origins: config.cors_origin.clone(),
    });
    runtime.block_on(listen(config, app, out))?;
    runtime.shutdown_timeout(THREADS_DEADLINE);
    Ok(Outcome::Done)
}

/// What an older build may use. The three that are tried end within the deadline of a verification.
fn builds_limits(config: &Config) -> Limits {
    Limits { deadline: config.render_deadline / 3, ..Limits::default() }
}

/// Starts to hash the fonts and the program, which takes longer than opening the archive.
fn renderer_in_background(
    config: &Config,
    typesetter: &Typesetter,
) -> Result<JoinHandle<io::Result<Renderer>>, CliError> {
    let program = (!config.without_program).then(std::env::current_exe).transpose();
    let program = program.map_err(CliError::Serve)?;
    let typesetter = typesetter.clone();
    Ok(thread::spawn(move || renderer(&typesetter, program)))
}

async fn listen(config: &Config, app: Arc<App>, out: &mut impl Write) -> Result<(), CliError> {
    let cannot_listen = |cause| CliError::Listen { address: config.listen.clone(), cause };
    let stop = StopSignal::install().map_err(CliError::Serve)?;
    let listener = TcpListener::bind(&config.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let hint = local_access(config, &app, address).await?;
    // One write for all lines, because a reader may close the pipe after the first line.
    let started = format!("服务已启动：http://{address}（按Ctrl+C停止）\n{hint}");
    warn_of_plain_http(config, address);
    if config.access.oidc_issuer.is_some() && config.access.oidc_agency_claim.is_none() {
        tracing::warn!("people who sign in see the filings of all agencies");
        eprintln!("警告：未设置--oidc-agency-claim，登录人员不限机关，可查阅和提交各机关的公文。");
    }
    out.write_all(started.as_bytes())?;
    let (jobs, typesetters) = (app.jobs.clone(), app.generator.typesetters().clone());
    let (data, public_url) = (&config.storage.data, config.access.public_url.as_ref());
    let log = config.log_settings.settings(&app.archive, data, public_url).await?;
    let settings = config.jobs.work(config.render_deadline, app.bodies.room().clone(), log);
    let workers = Workers::start(&jobs, typesetters, settings);
    let served = serve(listener, app, stop.received()).await;
    // Already cancelled, unless the server ended with an error.
    jobs.stopping.cancel();
    workers.join(WORK_DEADLINE).await;
    served.map_err(CliError::Serve)
}

/// Writes the file with the local token, and returns the lines that say how to use it; empty if keys
/// exist.
async fn local_access(config: &Config, app: &App, address: SocketAddr) -> Result<String, CliError> {
    let App { access, archive, .. } = app;
    let folder = config.storage.folder();
    let is_open = access.accepts_local_token(archive).await.map_err(CliError::Database)?;
    let Some(token) = access.local_token.as_ref().filter(|_| is_open) else {
        folder.inspect(|folder| local_token::remove(folder));
        let has_credentials = access.has_credentials(archive).await.map_err(CliError::Database)?;
        let hint = "尚无密钥，一概不答复。添加密钥：hongtou keys add\n";
        return Ok(if has_credentials { String::new() } else { hint.to_owned() });
    };
    archive.end_local_sessions().await.map_err(CliError::Database)?;
    let url = local_token::sign_in_url(address, access.origin.as_ref(), token);
    let mut lines = format!("尚无密钥，请在浏览器打开：{url}\n");
    if let Some(folder) = folder {
        let unwritable = |cause| CliError::Output { path: folder.to_owned(), cause };
        let path = local_token::write(folder, token).map_err(unwritable)?;
        lines += &format!("程序调用时，令牌见{}，作Authorization: Bearer\n", path.display());
    }
    lines += "添加第一个密钥（hongtou keys add）后，此令牌即告失效\n";
    Ok(lines)
}

/// Warns if other machines can connect and the operator has not said that a proxy adds TLS.
fn warn_of_plain_http(config: &Config, address: SocketAddr) {
    let has_tls = config.access.public_url.as_ref().is_some_and(Origin::is_secure);
    if address.ip().to_canonical().is_loopback() || has_tls {
        return;
    }
    tracing::warn!(%address, "other machines can connect, and requests are not encrypted");
    eprintln!(
        "警告：其他机器可以连接{address}，而往来内容和密钥未经加密，途中可被看到和改动。\
         请改为监听127.0.0.1，由反向代理提供HTTPS，并以--public-url指明https网址。"
    );
}
