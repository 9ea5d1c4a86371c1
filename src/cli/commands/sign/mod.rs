//! `hongtou sign`: has a filing, or a PDF, signed by a remote signing service.

pub mod error;
pub mod signing_service;
mod credentials;
mod filing_server;
mod json_client;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use reqwest::Url;
use tokio::runtime::Builder;

use crate::archive::clock::{Clock, SystemClock};
use crate::archive::id::Id;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::atomic_file;
use crate::cli::commands::sign::credentials::{KeyArguments, ServiceCredentials};
use crate::cli::commands::sign::error::SigningError;
use crate::cli::commands::sign::filing_server::FilingServer;
use crate::cli::commands::sign::json_client::JsonClient;
use crate::cli::commands::sign::signing_service::{Credential, SigningService, ToBeSigned};
use crate::cli::error::CliError;
use crate::cli::input;
use crate::cli::outcome::Outcome;
use crate::signature::signing::check::check;
use crate::signature::signing::preparation::{Encoding, Preparation};
use crate::signature::signing::prepared::PreparedPdf;
use crate::signature::signing::request::SigningRequest;

/// The arguments of `sign`.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct SignArguments {
    /// The PDF to sign, if it is a file.
    #[arg(
        value_name = "PDF文件",
        requires = "output",
        required_unless_present = "filing",
        conflicts_with = "filing",
        help = "要签署的PDF；“-”表示标准输入",
        help_heading = "参数"
    )]
    pub file: Option<PathBuf>,
    /// The path of the signed PDF.
    #[arg(
        short,
        long,
        value_name = "PDF文件",
        conflicts_with = "filing",
        help = "签署后的PDF；已有的文件将被替换"
    )]
    pub output: Option<PathBuf>,
    /// The filing to sign, if it is on a server.
    #[arg(
        long,
        value_name = "编号",
        requires = "server",
        value_parser = filing_id,
        help = "签署服务器上的这件公文，签署件即予归档"
    )]
    pub filing: Option<Id>,
    /// The server that has the filing.
    #[arg(
        long,
        value_name = "地址",
        requires = "filing",
        value_parser = address,
        help = "hongtou服务的地址，如https://hongtou.example.cn"
    )]
    pub server: Option<Url>,
    /// The key for the server.
    #[command(flatten)]
    pub key: KeyArguments,
    /// The signing service.
    #[arg(
        long,
        value_name = "地址",
        value_parser = address,
        help = "签名服务（云签名联盟CSC接口，v1或v2）的地址，如https://sign.example.cn/csc/v1"
    )]
    pub service: Url,
    /// The credential to sign with.
    #[arg(
        long,
        value_name = "编号",
        help = "签名服务中的签名证书（credentialID）；只有一张的可不写"
    )]
    pub credential: Option<String>,
    /// The credentials for the signing service.
    #[command(flatten)]
    pub access: ServiceCredentials,
}

/// Signs a PDF or a filing.
///
/// # Errors
/// Returns `CliError::Input` or `CliError::Output` if a file cannot be read or written,
/// `CliError::UnreadablePdf` if the PDF cannot be prepared, and `CliError::Signing` if the signing
/// service or the server refuses or cannot be reached.
pub fn run(arguments: &SignArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Serve)?;
    runtime.block_on(sign(arguments, out))
}

async fn sign(arguments: &SignArguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let SignArguments { file, output, filing, server, key, service, credential, access } =
        arguments;
    let client = JsonClient::new(service, access.token()?)?;
    let service = SigningService::open(client, access.pin()?).await?;
    let credential = service.credential(credential.as_deref()).await?;
    match (file, output, filing, server) {
        (_, _, Some(filing), Some(server)) => {
            let server = FilingServer::new(JsonClient::new(server, key.key()?)?);
            let signing = server.prepare(filing, &credential.certificates).await?;
            let value = service.sign(&credential, &signing.to_be_signed).await?;
            let number = server.complete(&signing, &value, &credential.certificates).await?;
            writeln!(out, "{number}的签署件已归档。")?;
        }
        (Some(file), Some(output), ..) => {
            let signed = sign_file(&service, &credential, input::read(file)?).await?;
            write(output, &signed)?;
            writeln!(out, "已签署：{}", output.display())?;
        }
        // The arguments exclude this.
        _ => return Ok(Outcome::Refused),
    }
    Ok(Outcome::Done)
}

/// Prepares a PDF, has it signed, and returns it with its signature.
async fn sign_file(
    service: &SigningService,
    credential: &Credential,
    file: Vec<u8>,
) -> Result<Vec<u8>, CliError> {
    let (encoding, now) = (Encoding::Cms, SystemClock.now());
    let preparation = Preparation::new(encoding, encoding.usual_space(), now);
    let preparation = preparation.ok_or(SigningError::Certificates)?;
    let prepared = PreparedPdf::new(&file, preparation)?;
    let request = SigningRequest::new(&prepared, credential.certificates.clone())
        .map_err(|_| SigningError::Certificates)?;
    let to_be_signed = ToBeSigned {
        hash: request.hash(),
        hash_algorithm_oid: request.hash_algorithm(),
        sign_algorithm_oid: request.signature_algorithm(),
    };
    let value = service.sign(credential, &to_be_signed).await?;
    let container = request.container(&value);
    check(&prepared, &container, now).map_err(|reasons| {
        let first = reasons.into_iter().next();
        SigningError::Invalid(first.map(|reason| reason.detail).unwrap_or_default())
    })?;
    Ok(prepared.signed(&container).map_err(|_| SigningError::TooLong)?)
}

fn write(path: &Path, file: &[u8]) -> Result<(), CliError> {
    atomic_file::write(path, file)
        .map_err(|cause| CliError::Output { path: path.to_owned(), cause })
}

fn filing_id(text: &str) -> Result<Id, &'static str> {
    Id::parse(text).ok_or("not an id")
}

/// Parses the address of a service. Secrets are sent to it, so it is an https URL, or an http URL of
/// this machine.
fn address(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "not a URL")?;
    let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_allowed = url.scheme() == "https" || url.scheme() == "http" && is_local;
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_plain = !has_user && url.query().is_none() && url.fragment().is_none();
    if is_allowed && is_plain { Ok(url) } else { Err("not an https URL") }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn secrets_are_sent_over_tls_or_on_this_machine() {
        for (text, is_allowed) in [
            ("https://sign.example/csc/v1", true),
            ("http://localhost:9000/csc/v1", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://sign.example/csc/v1", false),
            ("http://127.0.0.1.example/", false),
            ("https://name:word@sign.example/", false),
            ("https://:word@sign.example/", false),
            ("https://sign.example/?a=b", false),
            ("ftp://sign.example/", false),
            ("sign.example", false),
        ] {
            assert_eq!(address(text).is_ok(), is_allowed, "{text}");
        }
    }
}
