//! The HTML page in a real browser: its script runs under its own policy, what the scanned repository
//! smuggles in does not, and searching works. Without a Chromium on the machine this says so and ends.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine as _;
use selvedge_model::{Finding, Report};
use selvedge_report::Format;
use serde_json::Value;

use crate::fixture::{render, rich};

/// Under these names Chromium is installed.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// A browser that takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A browser that starts, and a folder for its files.
struct Browser {
    program: &'static str,
    folder: PathBuf,
}

/// What a page became.
struct Opened {
    /// The document after its scripts ran.
    dom: String,
    /// What the browser wrote on the page's console.
    console: Vec<String>,
}

impl Browser {
    /// The first that starts. The folder is not in the temporary one, which some browsers may not read.
    fn find(test: &str) -> Option<Self> {
        let starts = |program: &&str| {
            let version = Command::new(program).arg("--version").stderr(Stdio::null()).output();
            version.is_ok_and(|output| output.status.success())
        };
        let program = NAMES.into_iter().find(starts)?;
        let name = format!("browser-{test}-{}", std::process::id());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Some(Self { program, folder })
    }

    /// Writes a page beside the others.
    fn write(&self, name: &str, page: &str) {
        fs::write(self.folder.join(name), page).unwrap();
    }

    /// Opens a page that was written.
    fn open(&self, name: &str) -> Opened {
        let log = self.folder.join("log");
        let mut child = Command::new(self.program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-breakpad"])
            // Lets the page that drives the report look into it.
            .arg("--allow-file-access-from-files")
            .args(["--virtual-time-budget=2000", "--enable-logging=stderr", "--dump-dom"])
            .arg(format!("--user-data-dir={}", self.folder.join("profile").display()))
            .arg(format!("file://{}", self.folder.join(name).display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut dom = String::new();
            let read = stdout.read_to_string(&mut dom).map(|_| dom);
            // Nobody listens any more if it took too long.
            sender.send(read).ok();
        });
        let dom = receiver.recv_timeout(PATIENCE);
        if dom.is_err() {
            child.kill().unwrap();
        }
        child.wait().unwrap();
        let log = String::from_utf8_lossy(&fs::read(log).unwrap()).into_owned();
        let dom = dom.unwrap_or_else(|_| panic!("the browser hangs: {log}")).unwrap();
        assert!(dom.contains("</html>"), "the browser shows nothing: {log}");
        let console = log.lines().filter(|line| line.contains("CONSOLE")).map(ToOwned::to_owned).collect();
        Opened { dom, console }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A helper process may still write there; the build's own folder is no harm.
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// Says why a test was not made.
macro_rules! browser_or_return {
    ($test:literal) => {
        match Browser::find($test) {
            Some(browser) => browser,
            None => {
                println!("not tested: none of {NAMES:?} is installed");
                return;
            }
        }
    };
}

#[test]
fn the_script_runs_under_the_policy_of_the_page() {
    let browser = browser_or_return!("policy");
    browser.write("report.html", &render(&rich(), Format::Html));
    let opened = browser.open("report.html");
    assert_eq!(opened.console, [""; 0]);
    assert!(opened.dom.contains("<div class=\"tools\" role=\"search\">"), "the script shows the tools");
}

#[test]
fn a_script_that_is_smuggled_in_does_not_run() {
    // As if escaping had failed: the policy alone must hold it. This also shows that the other tests would see
    // it if the page broke its own policy.
    let browser = browser_or_return!("smuggled");
    let smuggled =
        "<script>document.title = 'smuggled'</script><img src=x onerror=\"document.title = 'too'\">";
    let page = render(&rich(), Format::Html).replace("<main>", &format!("<main>{smuggled}"));
    assert!(page.contains(smuggled));
    browser.write("report.html", &page);
    let opened = browser.open("report.html");
    assert!(opened.dom.contains(smuggled.split_once("<img").unwrap().0));
    let title = opened.dom.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
    assert!(title.starts_with("selvedge: "), "{title}");
    let blocked = opened.console.iter().filter(|line| line.contains("Content Security Policy")).count();
    assert!(blocked >= 3, "the script, the image and its handler: {:?}", opened.console);
    // The page's own script still runs; one that differs from it by a space does not.
    assert!(opened.dom.contains("<div class=\"tools\" role=\"search\">"));
    let own = "<script>\"use strict\";";
    assert!(page.contains(own));
    browser.write("report.html", &page.replace(own, &own.replace("e s", "e  s")));
    assert!(browser.open("report.html").dom.contains("<div class=\"tools\" role=\"search\" hidden=\"\">"));
}

/// Opens the report in a frame, does what a reader does, and writes down what is there each time.
const DRIVER: &str = r#"<!doctype html>
<html><body><iframe src="report.html" width="1000" height="800"></iframe><pre></pre>
<script>
"use strict";
document.querySelector("iframe").addEventListener("load", (event) => {
  const page = event.target.contentDocument;
  const all = (selector) => [...page.querySelectorAll(selector)];
  const one = (selector) => page.querySelector(selector);
  const shown = () => all(".finding").flatMap((card, at) => card.offsetParent === null ? [] : [at]);
  const state = () => ({ shown: shown(), open: all(".finding[open]").length, status: one("output").textContent });
  const search = (words) => {
    const field = one("input[type=search]");
    field.value = words;
    field.dispatchEvent(new Event("input"));
    return state();
  };
  const result = {
    cards: all(".finding").map((card) => ({ severity: card.dataset.severity, text: card.textContent })),
    elements: [...new Set(all("*").map((element) => element.localName))].sort(),
    handlers: all("*").flatMap((element) => element.getAttributeNames()).filter((name) => name.startsWith("on")),
    scripts: all("script").length,
    links: all("a").map((link) => link.getAttribute("href")),
    styled: page.styleSheets.length,
    start: state(),
  };
  one("[data-open]").click();
  result.unfolded = state();
  one("[data-close]").click();
  result.folded = state();
  result.searches = Object.fromEntries(SEARCHES.map((words) => [words, search(words)]));
  search("");
  result.levels = {};
  for (const box of all("input[type=checkbox]")) {
    box.click();
    result.levels[box.value] = state();
    box.click();
  }
  result.end = state();
  const bytes = new TextEncoder().encode(JSON.stringify(result));
  document.querySelector("pre").textContent = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
});
</script></body></html>
"#;

/// What the driver saw.
fn drive(browser: &Browser, report: &Report, searches: &[&str]) -> Value {
    browser.write("report.html", &render(report, Format::Html));
    browser.write("driver.html", &DRIVER.replace("SEARCHES", &serde_json::to_string(searches).unwrap()));
    let opened = browser.open("driver.html");
    assert_eq!(opened.console, [""; 0]);
    let text = opened.dom.split_once("<pre>").unwrap().1.split_once("</pre>").unwrap().0;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(text).collect()
}

fn numbers(value: &Value) -> Vec<usize> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| usize::try_from(number.as_u64().unwrap()).unwrap())
        .collect()
}

#[test]
fn a_reader_finds_searches_and_folds_the_findings() {
    let browser = browser_or_return!("reader");
    let report = rich();
    let searches = ["PRIVATE", "@example/platform", "private nowhere", "github checksum", "漢字"];
    let seen = drive(&browser, &report, &searches);
    let cards: Vec<(&str, String)> = seen["cards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| (text(&card["severity"]), text(&card["text"]).to_lowercase()))
        .collect();

    // Each finding is there: as a card of its own, or as another place of one.
    for finding in &report.findings {
        let there = cards.iter().any(|(severity, card)| {
            *severity == finding.severity.as_str()
                && (card.contains(finding.fingerprint.as_str()) || card.contains(&place(finding)))
        });
        assert!(there, "{}", finding.path());
    }
    let severities: BTreeSet<_> = report.findings.iter().map(|finding| finding.severity.as_str()).collect();
    assert_eq!(severities.len(), 5, "the sample has all severities");

    // What the repository smuggled in is text.
    assert_eq!(seen["scripts"], 1);
    assert_eq!(texts(&seen["handlers"]), [""; 0]);
    let elements = texts(&seen["elements"]);
    for foreign in ["img", "iframe", "object", "embed", "form", "svg", "base"] {
        assert!(!elements.contains(&foreign), "{foreign}");
    }
    for link in texts(&seen["links"]) {
        assert!(link.starts_with("https://") || link == "#findings", "{link}");
    }
    let hostile = "<script>alert('x')</script>";
    assert!(cards.iter().any(|(_, card)| card.contains(hostile)), "it is shown as it is written");
    assert_eq!(seen["styled"], 1, "the style sheet is taken");

    // All cards are shown at the start and at the end, with nothing to say about it.
    let everything: Vec<usize> = (0..cards.len()).collect();
    for state in ["start", "unfolded", "folded", "end"] {
        assert_eq!(numbers(&seen[state]["shown"]), everything, "{state}");
        assert_eq!(text(&seen[state]["status"]), "", "{state}");
    }
    assert!(seen["start"]["open"].as_u64().unwrap() > 0, "what fails the gate is unfolded");
    assert_eq!(seen["unfolded"]["open"], cards.len());
    assert_eq!(seen["folded"]["open"], 0);

    // A search shows the cards that hold all of its words, and says how many.
    let expect = |state: &Value, expected: Vec<usize>| {
        assert_eq!(numbers(&state["shown"]), expected);
        assert_eq!(text(&state["status"]), format!("{} of {} shown", expected.len(), cards.len()));
        expected.len()
    };
    let mut found = BTreeMap::new();
    for search in searches {
        let holds = |card: &str| search.to_lowercase().split(' ').all(|word| card.contains(word));
        let expected = everything.iter().copied().filter(|at| holds(&cards[*at].1)).collect();
        found.insert(search, expect(&seen["searches"][search], expected));
    }
    assert_eq!(found["private nowhere"], 0);
    assert_eq!(found.values().filter(|count| **count > 0).count(), searches.len() - 1, "{found:?}");

    // A level that is unticked hides its cards.
    for severity in severities {
        let expected = everything.iter().copied().filter(|at| cards[*at].0 != severity).collect();
        assert!(expect(&seen["levels"][severity], expected) < cards.len());
    }
}

/// `path:line:column` as a card shows it, in lower case.
fn place(finding: &Finding) -> String {
    let location = finding.subject.location().unwrap();
    format!("{}:{}:{}", location.path, location.start.line, location.start.column).to_lowercase()
}
