//! A web portal over clausework: the reference integration. The README says what each file shows.

mod app;
mod config;
mod csrf;
mod database;
mod error;
mod first_start;
mod flows;
mod hashing;
mod html;
mod jobs;
mod limit;
mod log;
mod pages;
mod policies;
mod private;
mod tls;
mod web;

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::config::{Config, USAGE};

/// How long a client may take for its headers, or for a sign of life.
const SLOWEST: Duration = Duration::from_secs(15);
/// How long requests under way have at shutdown.
const GRACE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let config = match Config::from_arguments(std::env::args_os().skip(1)) {
        Ok(Some(config)) => config,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("portal: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portal: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let app = App::open(config).await?;
    first_start::people(&app).await?;
    let tls = RustlsConfig::from_config(tls::config(&app.config().data)?);
    let listener = TcpListener::bind(app.config().listen)?;
    listener.set_nonblocking(true)?;
    // Before anybody learns that it runs, and may stop it.
    let signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    println!("listening on https://{}", listener.local_addr()?);

    let (stop, stopping) = watch::channel(false);
    let handle = Handle::new();
    let sequencer = watched(log::sequencer::run(app.clone(), stopping), handle.clone());
    tokio::spawn(shut_down(handle.clone(), signals));
    let router = pages::router(app);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle).first_request_timeout(SLOWEST);
    server.http_builder().http1().header_read_timeout(Some(SLOWEST));
    server.http_builder().http2().keep_alive_interval(Some(SLOWEST)).max_concurrent_streams(100);
    let served = server.serve(service).await;
    // After the last request, so that what it noted is signed as well.
    stop.send_replace(true);
    sequencer.await??;
    served?;
    tracing::info!("stopped");
    Ok(())
}

/// The sequencer. If it dies it takes the portal with it: nothing is to be done that nobody writes down. Whoever starts the
/// portal anew starts both, and what waits is not lost.
fn watched(
    sequencer: impl Future<Output = ()> + Send + 'static,
    handle: Handle<SocketAddr>,
) -> JoinHandle<Result<(), JoinError>> {
    tokio::spawn(async move {
        let ended = tokio::spawn(sequencer).await;
        if ended.is_err() {
            tracing::error!("ALARM: the audit log is no longer written");
        }
        handle.graceful_shutdown(Some(GRACE));
        ended
    })
}

/// At SIGTERM or SIGINT: takes no new connections, and lets requests under way end.
async fn shut_down(handle: Handle<SocketAddr>, [mut terminate, mut interrupt]: [Signal; 2]) {
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(GRACE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sequencer_that_dies_ends_the_portal() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let handle = Handle::new();
        let server = axum_server::from_tcp(listener).unwrap().handle(handle.clone());
        let sequencer = watched(async { panic!("it dies") }, handle);
        let served = server.serve(axum::Router::new().into_make_service());
        tokio::time::timeout(GRACE, served).await.expect("nobody is served any more").unwrap();
        assert!(sequencer.await.unwrap().unwrap_err().is_panic());
    }
}
