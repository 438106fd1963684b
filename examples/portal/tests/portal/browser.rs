//! In headless Chromium, by its driver: `apt-get install chromium chromium-driver`. Screenshots go to `target/portal`.
//!
//! Run with `cargo test -p portal browser -- --ignored`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::server::{PASSWORD, Server};

pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";
/// A phone of 360 by 740, and a desk.
pub const PHONE: (u32, u32) = (360, 740);
pub const DESK: (u32, u32) = (1280, 900);

/// A browser window, spoken to by WebDriver (W3C).
pub struct Window {
    driver: Child,
    session: String,
}

impl Window {
    pub fn open((width, height): (u32, u32)) -> Self {
        let mut driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().expect("chromedriver");
        let lines = BufReader::new(driver.stdout.take().expect("a pipe")).lines().map(|line| line.expect("text"));
        let port = lines
            .filter_map(|line| {
                line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
            })
            .next()
            .expect("a port");
        let base = format!("http://127.0.0.1:{port}/session");
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"];
        let wanted = json!({ "browserName": "chrome", "acceptInsecureCerts": true, "goog:chromeOptions": { "args": arguments } });
        let answer = send(&base, &json!({ "capabilities": { "alwaysMatch": wanted } }));
        let id = answer["sessionId"].as_str().expect("a session");
        let window = Self { driver, session: format!("{base}/{id}") };
        // Not the size of the window, which has a minimum, but of what the page sees.
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        window.devtools("Emulation.setDeviceMetricsOverride", &screen);
        window
    }

    pub fn post(&self, command: &str, body: &Value) -> Value {
        send(&format!("{}/{command}", self.session), body)
    }

    pub fn devtools(&self, command: &str, params: &Value) -> Value {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    pub fn go(&self, server: &Server, path: &str) {
        self.post("url", &json!({ "url": format!("https://{}{path}", server.address) }));
    }

    /// Types on the keyboard, into whatever has the focus.
    pub fn keys(&self, keys: &str) {
        let strokes = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() })));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>() });
        self.post("actions", &json!({ "actions": [keyboard] }));
    }

    /// Presses Tab until the thing of this name has the focus; a page on which that takes too long has a trap.
    pub fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        while passed.len() < 60 {
            self.keys(TAB);
            let focused = self.focused();
            if focused == name {
                return;
            }
            passed.push(focused);
        }
        panic!("{name:?} cannot be reached by Tab: {passed:?}");
    }

    /// The accessible name of what has the focus.
    pub fn focused(&self) -> String {
        let element = get(&format!("{}/element/active", self.session));
        let id = element
            .as_object()
            .and_then(|element| element.values().next())
            .and_then(Value::as_str)
            .expect("an element");
        get(&format!("{}/element/{id}/computedlabel", self.session)).as_str().unwrap_or_default().to_owned()
    }

    pub fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits for a text on the page.
    pub fn wait_for(&self, text: &str) {
        for _ in 0..100 {
            if self.text().contains(text) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("{text:?} did not appear: {}", self.text());
    }

    pub fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// What a screen reader finds: role and name of everything that it stops at.
    pub fn spoken(&self) -> Vec<(String, String)> {
        let tree = self.devtools("Accessibility.getFullAXTree", &json!({}));
        let nodes = tree["nodes"].as_array().expect("nodes").iter().filter(|node| node["ignored"] != true);
        let text = |node: &Value, key: &str| node[key]["value"].as_str().unwrap_or_default().to_owned();
        nodes.map(|node| (text(node, "role"), text(node, "name"))).collect()
    }

    /// The page as it is: everything that can be operated has a name, there is one main heading and one main part,
    /// nothing is wider than the screen, no id is there twice. With a picture of the whole of it.
    pub fn inspect(&self, picture: &str) {
        let spoken = self.spoken();
        let operable =
            ["button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox", "img", "region", "navigation"];
        for (role, name) in &spoken {
            assert!(
                !operable.contains(&role.as_str()) || !name.trim().is_empty(),
                "{picture}: a {role} without a name"
            );
        }
        assert_eq!(spoken.iter().filter(|(role, _)| role == "main").count(), 1, "{picture}");
        assert_eq!(self.run("return document.querySelectorAll('h1').length"), 1, "{picture}");
        let wide = self.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        assert!(wide[0].as_u64() <= wide[1].as_u64(), "{picture}: {wide} is wider than the screen");
        if wide[1] == PHONE.0 {
            let cut = "return [...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1
                && !['visible', 'clip'].includes(getComputedStyle(e).overflowX) && !e.matches('thead, input, textarea, pre')).map(e => e.outerHTML)";
            assert_eq!(self.run(cut), json!([]), "{picture}: has to be scrolled sideways");
        }
        let twice = "const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
                     return ids.filter((id, i) => ids.indexOf(id) !== i)";
        assert_eq!(self.run(twice), json!([]), "{picture}");
        // WCAG 2.2, 2.5.8: what is touched is 24 by 24 at least; links within a line are excepted.
        let small = "return [...document.querySelectorAll('button, input:not([type=hidden]):not([hidden]), select, nav a')]
            .filter(e => e.getClientRects().length && (e.offsetHeight < 24 || e.offsetWidth < 24)).map(e => e.outerHTML)";
        assert_eq!(self.run(small), json!([]), "{picture}");
        self.axe(picture);
        self.picture(picture);
    }

    /// A picture of the whole page.
    pub fn picture(&self, picture: &str) {
        let shot = self.devtools("Page.captureScreenshot", &json!({ "captureBeyondViewport": true }));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("portal");
        std::fs::create_dir_all(&folder).expect("a folder");
        let bytes = decode(shot["data"].as_str().expect("a picture"));
        std::fs::write(folder.join(format!("{picture}.png")), bytes).expect("a file");
    }

    /// With `AXE` the path of `axe.min.js` (npm's package `axe-core`): its rules too, contrast among them.
    fn axe(&self, picture: &str) {
        let Some(path) = std::env::var_os("AXE") else { return };
        self.run(&std::fs::read_to_string(path).expect("axe.min.js"));
        let script =
            "axe.run().then(found => arguments[0](found.violations.map(v => [v.id, v.nodes.map(n => n.html)])))";
        let found = self.post("execute/async", &json!({ "script": script, "args": [] }));
        assert_eq!(found, json!([]), "{picture}");
    }

    /// Signs in by the keyboard alone, with the temporary password, and chooses [`PASSWORD`].
    pub fn sign_in(&self, server: &Server, email: &str) {
        self.go(server, "/sign-in");
        self.tab_to("E-mail address");
        self.keys(email);
        self.keys(TAB);
        assert_eq!(self.focused(), "Password");
        self.keys(server.temporary(email));
        self.keys(ENTER);
        self.wait_for("Choose a new password");
        self.tab_to("New password");
        self.keys(PASSWORD);
        self.tab_to("The same once more");
        self.keys(PASSWORD);
        self.keys(ENTER);
        self.wait_for("The password was changed");
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().new_agent()
}

fn send(address: &str, body: &Value) -> Value {
    value(agent().post(address).send_json(body).expect("the driver answers"))
}

fn get(address: &str) -> Value {
    value(agent().get(address).call().expect("the driver answers"))
}

fn value(mut answer: ureq::http::Response<ureq::Body>) -> Value {
    let json: Value = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_json().expect("JSON");
    assert!(answer.status().is_success(), "{json}");
    json["value"].clone()
}

/// Base64, of which the driver sends pictures.
fn decode(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<u32> = text
        .bytes()
        .filter_map(|byte| alphabet.iter().position(|digit| *digit == byte))
        .map(|digit| digit as u32)
        .collect();
    let group = |group: &[u32]| {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

#[test]
#[ignore = "needs Chromium and its driver"]
fn browser_sign_in_and_sessions_by_keyboard() {
    for (size, name) in [(DESK, "desk"), (PHONE, "phone")] {
        let (server, window) = (Server::start(&[]), Window::open(size));
        let email = "anna@acme.example";
        window.go(&server, "/sign-in");
        window.inspect(&format!("{name}-sign-in"));
        window.keys(TAB);
        assert_eq!(window.focused(), "Skip to the content"); // the first stop
        window.tab_to("E-mail address");
        window.keys(email);
        window.tab_to("Password");
        window.keys("guess");
        window.keys(ENTER);
        window.wait_for("The sign-in was refused.");
        assert!(window.spoken().contains(&("alert".into(), String::new())), "a refusal is read out");
        assert_eq!(window.run("return document.getElementById('name').value"), email);
        window.inspect(&format!("{name}-refused"));

        window.tab_to("Password");
        window.keys(server.temporary(email));
        window.keys(ENTER);
        window.wait_for("Choose a new password");
        window.inspect(&format!("{name}-choose"));
        // The rules while a password is typed, and what a screen reader says of them.
        window.tab_to("New password");
        window.keys("wqvz");
        window.wait_for("3 rules are not met yet.");
        window.inspect(&format!("{name}-choose-live"));
        window.keys(PASSWORD);
        window.wait_for("Nothing is missing.");
        window.keys(TAB);
        assert_eq!(window.focused(), "Show the password");
        window.keys(ENTER);
        assert_eq!(window.run("return document.getElementById('password').type"), "text");
        window.tab_to("The same once more");
        window.keys("something else");
        window.keys(ENTER);
        window.wait_for("The two are not the same.");
        window.inspect(&format!("{name}-choose-differ"));
        assert_eq!(window.run("return document.getElementById('password').value"), ""); // it never comes back
        let described = window.run("return document.getElementById(document.getElementById('again').getAttribute('aria-describedby')).textContent");
        assert_eq!(described, "The two are not the same.");
        window.tab_to("New password");
        window.keys(PASSWORD);
        window.tab_to("The same once more");
        window.keys(PASSWORD);
        window.keys(ENTER);
        window.wait_for("The password was changed");

        // A second session elsewhere, to be ended.
        let mut elsewhere = server.client();
        elsewhere.sign_in(email, PASSWORD);
        window.go(&server, "/sessions");
        window.inspect(&format!("{name}-sessions"));
        assert!(window.spoken().contains(&("navigation".into(), "Pages".into())));
        window.tab_to("End all other sessions");
        window.keys(ENTER);
        window.wait_for("Ended.");
        assert_eq!(elsewhere.get("/sessions").status, 303);
        window.go(&server, "/password");
        window.inspect(&format!("{name}-password"));
        window.go(&server, "/no-such-page");
        window.inspect(&format!("{name}-not-found"));
        window.go(&server, "/sessions/end");
        window.inspect(&format!("{name}-not-by-a-link"));
        // Nothing that the policy of the page forbids was tried, and no script failed.
        let log = window.post("se/log", &json!({ "type": "browser" }));
        let failed = log.as_array().expect("a log").iter().filter(|line| line["level"] == "SEVERE");
        let failed: Vec<_> = failed.filter(|line| line["source"] != "network").collect();
        assert!(failed.is_empty(), "{failed:?}");
        window.tab_to("Portal");
        window.keys(ENTER);
        window.tab_to("Sign out");
        window.keys(ENTER);
        window.wait_for("Sign in");
    }
}

#[test]
#[ignore = "needs Chromium and its driver"]
fn browser_without_scripts_and_in_the_dark() {
    let (server, window) = (Server::start(&[]), Window::open(PHONE));
    window.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    window.sign_in(&server, "anna@acme.example");
    window.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": false }));
    let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    window.devtools("Emulation.setEmulatedMedia", &dark);
    for page in ["sessions", "password", "network", "network/edit", "audit", "support", "obligations", "evidence"] {
        window.go(&server, &format!("/{page}"));
        window.inspect(&format!("phone-dark-{}", page.replace('/', "-")));
    }
}
