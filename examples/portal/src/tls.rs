//! TLS with a certificate of its own: made at the first start, used again afterwards.

use std::io::Error;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::private;

/// Names that the certificate is good for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The server's side of TLS 1.2 and 1.3, over `ring`.
///
/// # Errors
/// What the file system reports, or files that are no key and certificate.
pub fn config(data: &Path) -> Result<Arc<ServerConfig>, Error> {
    let (certificate, key) = (data.join("certificate.pem"), data.join("certificate-key.pem"));
    let pem = private::kept(&key, || {
        let pair = KeyPair::generate().map_err(Error::other)?;
        Ok(pair.serialize_pem().into_bytes())
    })?;
    if !certificate.exists() {
        let pair = KeyPair::from_pem(std::str::from_utf8(&pem).map_err(Error::other)?).map_err(Error::other)?;
        let params = CertificateParams::new(NAMES.map(String::from)).map_err(Error::other)?;
        std::fs::write(&certificate, params.self_signed(&pair).map_err(Error::other)?.pem())?;
    }
    let chain = CertificateDer::pem_file_iter(&certificate).and_then(Iterator::collect).map_err(Error::other)?;
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config =
        builder.map_err(Error::other)?.with_no_client_auth().with_single_cert(chain, key).map_err(Error::other)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
