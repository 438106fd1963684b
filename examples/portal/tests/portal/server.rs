//! A portal of the test's own, and clients of it with cookies.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use clausework::audit::record::Record;
use clausework::event::Event;
use clausework::{Scope, TenantId};
use clausework_stores::SqliteLog;
use ureq::Agent;
use ureq::http::Response;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// The password that everybody chooses.
pub const PASSWORD: &str = "nine-Lilac-0tters";

/// A running portal; it ends with the value.
pub struct Server {
    child: Child,
    pub address: String,
    pub data: PathBuf,
    /// The temporary password of each e-mail address.
    temporary: HashMap<String, String>,
    is_kept: bool,
}

impl Server {
    /// With a database of its own, in a folder that is deleted afterwards: a copy of one first start, which is slow.
    pub fn start(arguments: &[&str]) -> Self {
        static FIRST: OnceLock<(PathBuf, HashMap<String, String>)> = OnceLock::new();
        let (first, temporary) = FIRST.get_or_init(|| {
            let server = Self::start_in(&folder(), &[]);
            let (data, temporary) = (server.data.clone(), server.temporary.clone());
            assert!(server.stop());
            (data, temporary)
        });
        let data = folder();
        let copied = Command::new("cp").arg("-a").args([first, &data]).status().expect("cp");
        assert!(copied.success());
        let mut server = Self::start_in(&data, arguments);
        for (email, password) in temporary {
            server.temporary.entry(email.clone()).or_insert_with(|| password.clone());
        }
        server
    }

    /// Behind a proxy that says where each client is.
    pub fn behind_a_proxy() -> Self {
        Self::start(&["--trusted-proxy", "127.0.0.0/8"])
    }

    /// In this folder, which is deleted afterwards.
    pub fn start_in(data: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_portal"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut temporary = HashMap::new();
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        for line in lines.map(|line| line.expect("text")) {
            if let Some(address) = line.strip_prefix("listening on https://") {
                let (address, data) = (address.to_owned(), data.to_owned());
                return Self { child, address, data, temporary, is_kept: false };
            }
            let (who, password) = line.rsplit_once(": ").expect("a password");
            let email = who.split_whitespace().nth(3).expect("a name");
            temporary.insert(email.to_owned(), password.to_owned());
        }
        panic!("the portal ended: {:?}", child.wait());
    }

    /// Stops it as an operator does, and keeps its data. `true`: it ended well.
    pub fn stop(mut self) -> bool {
        self.is_kept = true;
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
        self.child.wait().expect("it ends").success()
    }

    /// Ends it as the kernel does when memory runs out.
    pub fn kill(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill").success());
    }

    /// Its data, which stays, when it has ended.
    pub fn keep(mut self) -> PathBuf {
        self.is_kept = true;
        self.child.wait().expect("it ends");
        self.data.clone()
    }

    /// Processor time so far: of the threads that hash, and of all, in hundredths of a second.
    pub fn processor_time(&self) -> [u64; 2] {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("Linux");
        let stat = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok());
        stat.fold([0, 0], |[hashing, all], stat| {
            let (name, rest) = stat.rsplit_once(") ").expect("a name");
            let times = rest.split(' ').skip(11).take(2).map(|time| time.parse::<u64>().expect("a number"));
            let time: u64 = times.sum();
            [hashing + if name.ends_with("(hash") { time } else { 0 }, all + time]
        })
    }

    /// How many temporary passwords are known.
    pub fn temporaries(&self) -> usize {
        self.temporary.len()
    }

    /// A figure of the process as Linux has it, in KiB.
    pub fn memory_kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a figure");
        line.split_whitespace().nth(1).and_then(|figure| figure.parse().ok()).expect("a number")
    }

    pub fn temporary(&self, email: &str) -> &str {
        &self.temporary[email]
    }

    /// Somebody without cookies.
    pub fn client(&self) -> Client {
        let pem = std::fs::read(self.data.join("certificate.pem")).expect("a certificate");
        let certificate = Certificate::from_pem(&pem).expect("PEM");
        let roots = RootCerts::new_with_certs(&[certificate]);
        let agent = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        let base = format!("https://{}", self.address);
        Client { agent, base, cookies: HashMap::new(), csrf: String::new(), proxy: Vec::new() }
    }

    /// Somebody without cookies at this address, where a proxy is trusted.
    pub fn client_at(&self, address: &str) -> Client {
        let mut client = self.client();
        client.be_at(address);
        client
    }

    /// Somebody who has chosen [`PASSWORD`] in place of the temporary one, and is signed in.
    pub fn signed_in(&self, email: &str) -> Client {
        self.sign_in(self.client(), email)
    }

    /// The same at this address.
    pub fn signed_in_at(&self, email: &str, address: &str) -> Client {
        self.sign_in(self.client_at(address), email)
    }

    fn sign_in(&self, mut client: Client, email: &str) -> Client {
        let answer = client.sign_in(email, self.temporary(email));
        assert_eq!((answer.status, answer.location()), (303, "/password/new"));
        client.get("/password/new");
        let answer = client.post("/password/new", &[("password", PASSWORD), ("again", PASSWORD)]);
        assert_eq!((answer.status, answer.location()), (303, "/sessions?done=password"), "{}", answer.text);
        client.get("/sessions");
        client
    }

    /// The codes of a tenant's events that begin like this, the oldest first: those that are records of the log by now, and
    /// those that wait.
    pub fn codes(&self, tenant: &str, begins: &str) -> Vec<String> {
        let scope = Scope::from(TenantId::try_new(tenant).expect("an id"));
        let mut log = SqliteLog::open(self.data.join("portal.sqlite")).expect("a log");
        loop {
            let records = log.page(&scope, u64::MAX, 1000).expect("records");
            let waiting = log.store().events(Some(&scope)).expect("events");
            if log.page(&scope, u64::MAX, 1000).expect("records").len() != records.len() {
                continue; // some went from the ones to the others
            }
            let bodies = records.iter().rev().filter_map(|record| record.body.as_deref());
            let logged = bodies.map(|body| Record::decode(body).expect("a record").code().to_owned());
            let events = waiting.iter().map(|line| Event::decode(line).expect("an event").code().to_owned());
            return logged.chain(events).filter(|code| code.starts_with(begins)).collect();
        }
    }
}

/// The name of a new folder.
pub fn folder() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("portal-{}", std::process::id()));
    std::fs::create_dir_all(&root).expect("a folder");
    if number == 0 {
        let old =
            std::fs::read_dir(env!("CARGO_TARGET_TMPDIR")).expect("folders").map(|old| old.expect("a folder").path());
        for old in old.filter(|old| !is_running(old)) {
            let _ = std::fs::remove_dir_all(old); // what an earlier run has left
        }
    }
    root.join(number.to_string())
}

fn is_running(folder: &Path) -> bool {
    let pid = folder.file_name().and_then(|name| name.to_str()?.strip_prefix("portal-"));
    pid.is_none_or(|pid| Path::new("/proc").join(pid).exists())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !self.is_kept {
            let _ = std::fs::remove_dir_all(&self.data);
        }
    }
}

/// A browser without a screen: cookies, and the token of the last page's forms.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    pub cookies: HashMap<String, String>,
    pub csrf: String,
    /// What the proxy adds to each request.
    proxy: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    pub fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str())
    }

    pub fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// The value of the first hidden field of this name.
    pub fn field(&self, name: &str) -> String {
        let (_, rest) = self.text.split_once(&format!(r#"name="{name}" value=""#)).expect("such a field");
        let value = rest.split('"').next().expect("an end");
        value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }
}

impl Client {
    pub fn get(&mut self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.try_get(path, headers).expect("an answer")
    }

    fn try_get(&mut self, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        let mut request = self.agent.get(format!("{}{path}", self.base)).header("cookie", self.cookie());
        let proxy = self.proxy.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in headers.iter().copied().chain(proxy) {
            request = request.header(name, value);
        }
        self.take(request.call().ok()?)
    }

    /// From here on at another address.
    pub fn be_at(&mut self, address: &str) {
        self.proxy = vec![("x-forwarded-for", address.to_owned()), ("x-forwarded-proto", "https".to_owned())];
    }

    /// The same browser at another start of the portal.
    pub fn move_to(&mut self, server: &Server) -> &mut Self {
        *self = Self { cookies: self.cookies.clone(), ..server.client() };
        self
    }

    /// Sends a form, with the token of the last page.
    pub fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(path, form, &[])
    }

    pub fn post_with(&mut self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        self.try_post_with(path, form, headers).expect("an answer")
    }

    /// None: nothing answers any more.
    pub fn try_post(&mut self, path: &str, form: &[(&str, &str)]) -> Option<Answer> {
        self.try_post_with(path, form, &[])
    }

    fn try_post_with(&mut self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Option<Answer> {
        let token = self.csrf.clone();
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("cookie", self.cookie());
        let proxy = self.proxy.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in headers.iter().copied().chain(proxy) {
            request = request.header(name, value);
        }
        let form = form.iter().copied().chain([("csrf", token.as_str())]);
        self.take(request.send_form(form).ok()?)
    }

    pub fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.get("/sign-in");
        self.post("/sign-in", &[("name", email), ("password", password)])
    }

    /// None: nothing answers any more.
    pub fn try_sign_in(&mut self, email: &str, password: &str) -> Option<Answer> {
        self.try_get("/sign-in", &[])?;
        self.try_post("/sign-in", &[("name", email), ("password", password)])
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn take(&mut self, mut answer: Response<ureq::Body>) -> Option<Answer> {
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned())).collect();
        let text = answer.body_mut().read_to_string().ok()?;
        let answer = Answer { status: answer.status().as_u16(), headers, text };
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some((_, rest)) = answer.text.split_once(r#"name="csrf" value=""#) {
            self.csrf = rest.split('"').next().expect("an end").to_owned();
        }
        Some(answer)
    }
}
