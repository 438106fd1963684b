//! The vectors of `tests/data/client_address.jsonl`, each of which names what it comes from, and properties of the walk.

mod properties;

use std::net::IpAddr;

use clausework::access::client::{Connection, ProxyHeader, ProxyPolicy, Resolved, resolve};
use clausework::event::{Origin, Transport};
use serde_json::{Value, json};

/// A row's input as the policy, the connection and the lines that it stands for.
fn read(input: &Value) -> (ProxyPolicy, Connection, Vec<(String, Vec<u8>)>) {
    let mut policy = json!({});
    for member in ["trusted", "source", "hops", "scheme_source", "scheme_rule"] {
        if let Some(value) = input.get(member) {
            policy[member] = value.clone();
        }
    }
    let address = |text: &Value| text.as_str().unwrap().parse::<IpAddr>().unwrap();
    let transport = |tls: &Value| if tls.as_bool().unwrap() { Transport::Tls } else { Transport::Plain };
    let mut connection = Connection::new(address(&input["peer"]), transport(&input["tls"]));
    if let Some(proxy) = input.get("proxy") {
        let header = proxy.get("client").map_or(ProxyHeader::local(), |client| ProxyHeader::client(address(client)));
        let header = proxy.get("tls").map_or(header, |tls| header.over(transport(tls)));
        connection = connection.with_proxy_header(header);
    }
    let list = |member: &str| input.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
    let source = input["source"].as_str().unwrap().to_uppercase(); // names of headers have no case
    let texts = list("lines").into_iter().map(|line| line.as_str().unwrap().as_bytes().to_vec());
    let bytes = list("lines_hex").into_iter().map(|line| {
        let digits = line.as_str().unwrap();
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
    });
    let mut headers: Vec<(String, Vec<u8>)> = texts.chain(bytes).map(|line| (source.clone(), line)).collect();
    for pair in list("headers") {
        headers.push((pair[0].as_str().unwrap().into(), pair[1].as_str().unwrap().into()));
    }
    (serde_json::from_value(policy).unwrap(), connection, headers)
}

fn told(resolved: &Resolved) -> Value {
    let mut answer = match resolved {
        Resolved::Client(client) => json!({
            "outcome": "client", "address": client.address().to_string(), "proxies": client.proxies(),
            "port": client.port().map(|port| port.to_string()),
        }),
        Resolved::ProxyOrigin(origin) => json!({ "outcome": "proxy_origin", "address": origin.proxy().to_string() }),
        Resolved::Unresolvable(unknown) => json!({
            "outcome": "unresolvable", "why": unknown.why().as_str(),
            "line": unknown.place().map(|place| place.line()), "byte": unknown.place().map(|place| place.byte()),
        }),
    };
    answer["scheme"] = json!(resolved.scheme().to_string());
    answer["flags"] = resolved.flags().iter().map(|flag| flag.as_str()).collect();
    answer.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    answer
}

#[test]
fn every_vector() {
    let rows = include_str!("../data/client_address.jsonl");
    let mut outcomes = std::collections::BTreeMap::<String, u32>::new();
    for (number, row) in rows.lines().enumerate() {
        let row: Value = serde_json::from_str(row).unwrap();
        let (policy, connection, headers) = read(&row["input"]);
        let resolved = resolve(&policy, &connection, &headers);
        assert_eq!(told(&resolved), row["answer"], "row {}: {} ({})", number + 1, row["case"], row["from"]);
        *outcomes.entry(row["answer"]["outcome"].as_str().unwrap().into()).or_default() += 1;

        // What rules see: an address for a client alone, TLS only where https was said by who can know.
        let tls = if row["answer"]["scheme"] == "https" { Transport::Tls } else { Transport::Plain };
        let address = || row["answer"]["address"].as_str().unwrap().parse().unwrap();
        let peer = row["input"]["peer"].as_str().unwrap().parse().unwrap();
        let expected = match resolved {
            Resolved::Client(_) => Origin::network(address(), tls),
            Resolved::ProxyOrigin(_) => Origin::proxy_origin(address(), tls),
            Resolved::Unresolvable(unknown) => Origin::unresolvable(peer, unknown.why()),
        };
        assert_eq!(Origin::from(resolved), expected, "row {}", number + 1);

        #[cfg(feature = "http")]
        {
            let mut map = http::HeaderMap::new();
            // What the crate refuses, no host ever hands over.
            let mut whole = true;
            for (name, line) in &headers {
                match http::HeaderValue::from_bytes(line) {
                    Ok(value) => drop(map.append(http::HeaderName::try_from(name.as_str()).unwrap(), value)),
                    Err(_) => whole = false,
                }
            }
            if whole {
                assert_eq!(resolve(&policy, &connection, &map), resolved, "row {} as a header map", number + 1);
            }
        }
    }
    let total: u32 = outcomes.values().sum();
    assert!(total >= 200 && outcomes.len() == 3, "{outcomes:?}");
}
