//! The page, read by a parser of XML.

use alloc::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use proptest::prelude::*;
use roxmltree::{Document, Node, ParsingOptions};
use sha2::{Digest, Sha256};

use super::*;

fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}\n{page}"))
}

fn named<'a>(page: &'a Document<'_>, names: &'static [&'static str]) -> impl Iterator<Item = Node<'a, 'a>> {
    page.descendants().filter(move |node| names.contains(&node.tag_name().name()))
}

fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect()
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.tag_name().name() == name)
}

/// What a page may not do or lack, whatever is in it.
fn check(text: &str) {
    let page = parse(text);
    let mut ids = BTreeSet::new();
    for node in page.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(!["script", "link", "iframe", "img", "object", "base", "form"].contains(&name), "{name}");
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "style", "{attribute:?}");
            if ["href", "src", "action"].contains(&attribute.name()) {
                assert!(attribute.value().starts_with('#'), "{attribute:?}");
            }
        }
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id), "twice: {id}");
        }
    }
    for link in named(&page, &["a"]) {
        assert!(ids.contains(&link.attribute("href").unwrap()[1..]), "{:?}", link.attribute("href"));
    }
    for node in page.descendants() {
        for id in node.attribute("aria-labelledby").unwrap_or_default().split_whitespace() {
            assert!(ids.contains(id), "{id}");
        }
    }

    // One heading of the first rank, and no rank left out.
    assert_eq!(named(&page, &["h1"]).count(), 1);
    let ranks: Vec<u32> =
        named(&page, &["h1", "h2", "h3"]).map(|h| h.tag_name().name()[1..].parse().unwrap()).collect();
    assert!(ranks.windows(2).all(|pair| pair[1] <= pair[0] + 1));
    for landmark in [["header"], ["nav"], ["main"], ["footer"]] {
        assert_eq!(
            page.descendants()
                .filter(|node| node.has_tag_name(landmark[0]) || node.tag_name().name() == landmark[0])
                .count(),
            1
        );
    }
    for table in named(&page, &["table"]) {
        assert!(!words(child(table, "caption").unwrap()).is_empty());
        let heads: Vec<_> = table.descendants().filter(|node| node.tag_name().name() == "th").collect();
        assert!(heads.iter().all(|head| ["row", "col"].contains(&head.attribute("scope").unwrap())));
        let columns = heads.iter().filter(|head| head.attribute("scope") == Some("col")).count();
        for row in child(table, "tbody").unwrap().children().filter(Node::is_element) {
            assert_eq!(row.children().filter(Node::is_element).count(), columns, "{}", words(row));
        }
    }
    for picture in named(&page, &["svg"]) {
        assert_eq!(picture.attribute("role"), Some("img"));
        assert!(!words(child(picture, "title").unwrap()).is_empty());
        assert!(!words(child(picture, "desc").unwrap()).is_empty());
    }

    // The policy allows the one style by its digest, and nothing else.
    let style = named(&page, &["style"]).next().unwrap().text().unwrap();
    let policy = named(&page, &["meta"]).find_map(|meta| {
        (meta.attribute("http-equiv") == Some("Content-Security-Policy")).then(|| meta.attribute("content").unwrap())
    });
    let digest = Base64::encode_string(&Sha256::digest(style));
    let wanted = format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'");
    assert_eq!(policy, Some(wanted.as_str()));
    assert!(!style.contains("url(") && !style.contains("@import") && !style.contains(['<', '&']));
}

/// A report with something in every part.
pub(super) fn full() -> Report {
    let mut report = builder();
    report.detect(AlertPolicy::builder().failures(2).build().unwrap()).stored_events(month());
    parts::hand_in(&mut report);
    report.stored_events(staff::story());
    report.build()
}

#[test]
fn a_full_page_and_an_empty_one_are_well_formed_and_accessible() {
    let full = full();
    for part in ReportPart::ALL {
        assert!(!full.to_html().contains(&format!(r##"<a href="#{part}">{}</a> <span"##, part.title())), "{part}");
    }
    check(&full.to_html());
    check(&builder().build().to_html());
    check(&builder().events::<Event>([]).build().to_html());
    let page = full.to_html();
    let pictures = parse(&page).descendants().filter(|node| node.tag_name().name() == "svg").count();
    assert_eq!(pictures, 4); // lock-outs, refusals, grants, obligations
}

#[test]
fn nothing_that_was_typed_acts() {
    let evil = "<script>alert(1)</script>]]>\\u202e\\\"'><img src=x onerror=alert(1)>&amp;<!--";
    let events = [
        line("2026-11-10T10:00:00.000000", &format!("{evil}.refused"), evil, &format!(r#""reason":"{evil}""#)),
        line("2026-11-10T10:00:01.000000", "lockout.locked", evil, ""),
        stored(
            "tenant:acme",
            "2026-11-10T10:00:02.000000",
            "staff.requested",
            ["staff_grant", evil],
            &format!(r#""area":"{evil}","purpose":"{evil}","staff":"{evil}""#),
        ),
        line("2026-11-10T10:00:03.000000", "staff.used", "s-7", &format!(r#""area":"{evil}","purpose":"{evil}""#)),
    ];
    let report = builder().stored_events(&events).build();
    assert_eq!(report.basis.events.as_ref().unwrap().counted, 4);
    let page = report.to_html();
    check(&page);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'));
    // It is there, as text.
    let page = parse(&page);
    let account = named(&page, &["th"]).find(|cell| words(*cell).starts_with("<script>alert(1)</script>]]>\\u{202e}"));
    assert!(account.is_some());
}

#[test]
fn the_json_is_of_a_version_and_of_whole_numbers() {
    fn whole(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Number(number) => number.is_u64(),
            serde_json::Value::Array(values) => values.iter().all(whole),
            serde_json::Value::Object(values) => values.values().all(whole),
            _ => true,
        }
    }
    let json = full().to_json();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(whole(&value));
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "alerts",
            "attention",
            "audit",
            "basis",
            "format",
            "is_masked",
            "is_over",
            "made_at",
            "measures",
            "obligations",
            "period",
            "profiles",
            "rules",
            "sign_in",
            "staff",
            "tenant",
            "version",
        ]
    );
    assert_eq!((&value["format"], &value["version"]), (&"clausework/evidence-report".into(), &1.into()));
    assert_eq!(value["period"]["zone"], "+01:00");
    assert_eq!(value["sign_in"]["days"].as_array().unwrap().len(), 30);
}

#[test]
fn bars_of_many_days_are_grouped() {
    for (until, each) in [("2026-12-31", "a day"), ("2027-06-01", "in each 7 days"), ("2036-10-01", "days")] {
        let zone = Zone::UTC;
        let period = ReportPeriod::days("2026-11-01".parse().unwrap(), until.parse().unwrap(), zone).unwrap();
        let mut report = Report::builder(Now::from(at("2036-12-02T09:00:00")), tenant(), period);
        let page = report.stored_events(month()).build().to_html();
        check(&page);
        let bars = page.matches("class=\"one\"").count();
        assert!((1..=62).contains(&bars) && page.contains(&format!("Refusals {each}")) || each == "days", "{until}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever is handed in for an event, and whatever stands in one: no panic, and a page that is well-formed.
    #[test]
    fn any_text_makes_a_page(texts in prop::collection::vec(any::<String>(), 0..4), inner in any::<String>()) {
        let quoted = serde_json::to_string(&inner).unwrap();
        let quoted = &quoted[1..quoted.len() - 1];
        let details = format!(r#""reason":"{quoted}","staff":"{quoted}","area":"{quoted}","purpose":"{quoted}","grant":"{quoted}","incident":"{quoted}""#);
        let events = [
            line("2026-11-10T10:00:00.000000", "sign_in.refused", quoted, &details),
            line("2026-11-10T10:00:00.000000", "lockout.locked", quoted, &details),
            stored("tenant:acme", "2026-11-10T10:00:00.000000", "staff.glass_broken", ["staff_grant", quoted], &details),
            line("2026-11-10T10:00:00.000000", "staff.used", quoted, &details),
            line("2026-11-10T10:00:00.000000", "staff.use_refused", quoted, &details),
        ];
        let mut report = builder();
        report.stored_events(&texts).stored_events(&events);
        let report = report.build();
        prop_assert_eq!(report.basis.events.as_ref().unwrap().counted, 5);
        check(&report.to_html());
        prop_assert!(serde_json::from_str::<serde_json::Value>(&report.to_json()).is_ok());
    }
}
