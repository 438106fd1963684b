//! Who the client is behind proxies: what an operator asks when his allow list meets the wrong address.
//!
//! Reads a question a line from the standard input and answers each with one line, both JSON:
//!
//! ```text
//! echo '{"trusted":["10.0.0.0/8"],"peer":"10.0.0.1","source":"x-forwarded-for","lines":["x, 198.51.100.9"],"tls":false}' |
//!     cargo run -q --example client_address
//! {"outcome":"client","address":"198.51.100.9","proxies":1,"scheme":"unknown","flags":[]}
//! ```
//!
//! `source` is `none`, `x-forwarded-for`, `forwarded`, `proxy-protocol` or the name of another header; `lines` are its
//! lines, `lines_hex` the same as bytes. Optional: `hops`, `scheme_source`, `scheme_rule` as in a `ProxyPolicy`,
//! `headers` (pairs of name and text) and `proxy`, what the PROXY header says: `{"client":"…","tls":true}`, or `{}` for
//! `UNKNOWN` and `LOCAL`. A line that is no question is answered with `{"error":"…"}`, and the exit code is 2.

use core::net::IpAddr;
use std::io::{BufRead, Read, Write};

use std::process::ExitCode;

use clausework::access::AddressRange;
use clausework::access::client::{
    Connection, HeaderSource, ProxyHeader, ProxyPolicy, Resolved, SchemeRule, SchemeSource, resolve,
};
use clausework::event::Transport;
use serde::{Deserialize, Serialize};

/// The longest question, in bytes.
const MAX_LINE: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(default)]
    trusted: Vec<AddressRange>,
    peer: IpAddr,
    source: HeaderSource,
    #[serde(default)]
    lines: Vec<String>,
    #[serde(default)]
    lines_hex: Vec<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    tls: bool,
    proxy: Option<Proxy>,
    hops: Option<u8>,
    #[serde(default)]
    scheme_source: SchemeSource,
    #[serde(default)]
    scheme_rule: SchemeRule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proxy {
    client: Option<IpAddr>,
    tls: Option<bool>,
}

#[derive(Default, Serialize)]
struct Answer {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxies: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte: Option<usize>,
    scheme: String,
    flags: Vec<&'static str>,
}

#[derive(Serialize)]
struct Failure {
    error: String,
}

fn main() -> ExitCode {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    loop {
        let text = match next_line(&mut input) {
            Ok(Some(line)) => line,
            Ok(None) => return code,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "client_address: {error}");
                return ExitCode::FAILURE;
            }
        };
        let said = match text.and_then(|text| answer(&text)) {
            Ok(answer) => serde_json::to_string(&answer),
            Err(error) => {
                code = ExitCode::from(2);
                serde_json::to_string(&Failure { error })
            }
        };
        // A reader that closes the pipe early, such as `head -1`, has what it wanted.
        let Ok(said) = said else { return ExitCode::FAILURE };
        if writeln!(output, "{said}").and_then(|()| output.flush()).is_err() {
            return code;
        }
    }
}

/// The next line without its end; a line that is too long is read to its end and refused.
fn next_line(input: &mut impl BufRead) -> std::io::Result<Option<Result<Vec<u8>, String>>> {
    let (mut line, mut whole) = (Vec::new(), true);
    loop {
        let read = input.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut line)?;
        if read == 0 || line.ends_with(b"\n") {
            break;
        }
        if line.len() >= MAX_LINE {
            whole = false;
            line.clear();
        }
    }
    if line.is_empty() && whole {
        return Ok(None);
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(Some(if whole { Ok(line) } else { Err(format!("a line of more than {MAX_LINE} bytes")) }))
}

fn answer(text: &[u8]) -> Result<Answer, String> {
    let question: Question = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let policy = ProxyPolicy::builder()
        .trusted(question.trusted)
        .source(question.source.clone())
        .hops(question.hops)
        .scheme_source(question.scheme_source)
        .scheme_rule(question.scheme_rule)
        .build()
        .map_err(|error| error.to_string())?;

    let mut lines: Vec<Vec<u8>> = question.lines.iter().map(|line| line.clone().into_bytes()).collect();
    for line in &question.lines_hex {
        lines.push(bytes(line).ok_or_else(|| format!("{line:?} is not a line of hexadecimal digits"))?);
    }
    if !lines.is_empty() && matches!(question.source, HeaderSource::None | HeaderSource::ProxyProtocol) {
        return Err(format!("the source {:?} is no header and has no lines", question.source.as_str()));
    }
    let lines = lines.into_iter().map(|line| (question.source.as_str(), line));
    let others = question.headers.iter().map(|(name, text)| (name.as_str(), text.clone().into_bytes()));
    let headers: Vec<(&str, Vec<u8>)> = lines.chain(others).collect();

    let transport = |tls| if tls { Transport::Tls } else { Transport::Plain };
    let mut connection = Connection::new(question.peer, transport(question.tls));
    if let Some(proxy) = question.proxy {
        let header = proxy.client.map_or(ProxyHeader::local(), ProxyHeader::client);
        connection = connection.with_proxy_header(proxy.tls.map_or(header, |tls| header.over(transport(tls))));
    }
    Ok(told(resolve(&policy, &connection, &headers)))
}

fn told(resolved: Resolved) -> Answer {
    let scheme = resolved.scheme().to_string();
    let base =
        Answer { scheme, flags: resolved.flags().iter().map(|flag| flag.as_str()).collect(), ..Answer::default() };
    match resolved {
        Resolved::Client(client) => Answer {
            outcome: "client",
            address: Some(client.address().to_string()),
            proxies: Some(client.proxies()),
            port: client.port().map(|port| port.to_string()),
            ..base
        },
        Resolved::ProxyOrigin(origin) => {
            Answer { outcome: "proxy_origin", address: Some(origin.proxy().to_string()), ..base }
        }
        Resolved::Unresolvable(unknown) => Answer {
            outcome: "unresolvable",
            why: Some(unknown.why().as_str()),
            line: unknown.place().map(|place| place.line()),
            byte: unknown.place().map(|place| place.byte()),
            ..base
        },
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).and_then(|digit| digit.try_into().ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}
