//! `hongtou serve`: runs the HTTP server until it receives a stop signal.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::cli::error::CliError;
use crate::cli::font_folder::font_set;
use crate::cli::outcome::Outcome;
use crate::cli::settings::config::Config;
use crate::generate::cache::Generator;
use crate::generate::permits::Permits;
use crate::http::app::App;
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
/// Returns `CliError::Fonts`, `CliError::Trust`, `CliError::Provider`, `CliError::Database`,
/// `CliError::Store` or `CliError::Jobs` if these cannot be set up, and `CliError::Listen` if the
/// server cannot listen on the address.
pub fn run(config: &Config, phases: &Phases, out: &mut impl Write) -> Result<Outcome, CliError> {
    let typesetter = Typesetter::new(font_set(config.fonts.as_deref())?);
    let trust = Arc::new(config.trust.read()?);
    if config.check_config {
        writeln!(out, "设置无误。")?;
        return Ok(Outcome::Done);
    }
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(CliError::Serve)?;
    let archive = runtime.block_on(config.storage.open())?;
    let jobs = Jobs::open(&archive, config.jobs.webhooks());
    let jobs = runtime.block_on(jobs).map_err(CliError::Jobs)?;
    let app = Arc::new(App {
        generator: Generator::new(typesetter, config.cache_bytes()),
        access: config.access.access()?,
        archive,
        jobs,
        bodies: Bodies::new(BODY_MEMORY),
        pdf_uploads: Bodies::new(PDF_MEMORY),
        renders: Permits::new(config.render_limits()),
        checks: Permits::new(config.check_limits()),
        previews: Permits::new(config.preview_limits()),
        verdicts: Permits::new(config.verdict_limits()),
        trust,
        metrics: Metrics::new(phases),
        origins: config.cors_origin.clone(),
    });
    runtime.block_on(listen(config, app, out))?;
    runtime.shutdown_timeout(THREADS_DEADLINE);
    Ok(Outcome::Done)
}

async fn listen(config: &Config, app: Arc<App>, out: &mut impl Write) -> Result<(), CliError> {
    let cannot_listen = |cause| CliError::Listen { address: config.listen.clone(), cause };
    let listener = TcpListener::bind(&config.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let needs_credentials = app.access.needs_credentials(&app.archive).await;
    let hint = match needs_credentials.map_err(CliError::Database)? {
        true => "",
        false => "尚无密钥：不要求凭据，只接受本机直接访问。添加密钥：hongtou keys add\n",
    };
    // One write for all lines, because a reader may close the pipe after the first line.
    let started = format!("服务已启动：http://{address}（按Ctrl+C停止）\n{hint}");
    out.write_all(started.as_bytes())?;
    let (jobs, typesetter) = (app.jobs.clone(), app.generator.typesetter().clone());
    let workers = Workers::start(&jobs, typesetter, config.jobs.work(config.render_deadline));
    let served = serve(listener, app, stop_signal()).await;
    // Already cancelled, unless the server ended with an error.
    jobs.stopping.cancel();
    workers.join(WORK_DEADLINE).await;
    served.map_err(CliError::Serve)
}

/// Completes on Ctrl-C and, on Unix, on SIGTERM.
async fn stop_signal() {
    // If a signal handler cannot be installed, that signal does not stop the server.
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        () = interrupt => {}
        _ = terminate => {}
    }
}
