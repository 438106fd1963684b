use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;

#[test]
fn ids_are_unique_and_found() {
    let mut ids: Vec<_> = Clause::all().map(Clause::id).collect();
    ids.extend(contradictions().iter().map(|entry| entry.id()));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for clause in Clause::all() {
        assert_eq!(Clause::find(clause.id()), Some(clause));
        assert_eq!(Contradiction::find(clause.id()), None);
    }
    for bad in ["", "E-99", "e-6p.3", "E-6P.3 ", "E-6P", "X1"] {
        assert_eq!(Clause::find(bad), None, "{bad}");
    }
}

#[test]
fn every_document_has_its_rules() {
    for (document, count) in [
        (Document::Engage, 49),
        (Document::Dpa, 92),
        (Document::Scc, 51),
        (Document::Appendix2, 37),
        (Document::Law, 16),
    ] {
        assert_eq!(Clause::all().filter(|clause| clause.document() == document).count(), count, "{document:?}");
    }
    assert_eq!(Clause::all().count(), 245);
    assert!(Clause::all().map(Clause::document).is_sorted());
}

#[test]
fn sections_and_names_are_labels() {
    for clause in Clause::all() {
        for text in [clause.section(), clause.name()] {
            assert!(!text.is_empty() && text.trim() == text && !text.contains('\n'), "{clause:?} {text}");
            assert!(!text.ends_with('.'), "{clause:?} {text}");
        }
        assert!(clause.name().len() <= 80, "{clause:?}");
        let shown = clause.to_string();
        assert!(!shown.contains("section heading") && !shown.contains("section clause"), "{shown}");
    }
}

#[test]
fn a_citation_reads_well_in_every_document() {
    for (clause, citation) in [
        (E_0_1, "E-0.1 (ENGAGE Privacy & Security Policy, 1 January 2015, date line under the title)"),
        (E_6P_3, "E-6P.3 (ENGAGE Privacy & Security Policy, 1 January 2015, section 6 (Password policy) bullet 2)"),
        (D_10_1B, "D-10.1b (CleverTap Data Processing Addendum, section 10.1)"),
        (D_1_8, "D-1.8 (CleverTap Data Processing Addendum, section 1 definition \"EEA\")"),
        (AX1_3, "AX1-3 (CleverTap Data Processing Addendum, Annex 1, heading \"Types of Customer Personal Data\")"),
        (
            SCC_5D_I,
            "SCC-5d-i (Standard Contractual Clauses (processors), Annex 2 of the CleverTap Data Processing Addendum, \
             Decision 2010/87/EU, clause 5(d)(i))",
        ),
        (
            A2_ACCESS_4,
            "A2-Access-4 (Appendix 2 to the Standard Contractual Clauses, \
             heading \"Access Control to Data Processing Systems\", item 4)",
        ),
        (G_28_3G, "G-28.3g (GDPR Article 28(3)(g))"),
    ] {
        assert_eq!(clause.to_string(), citation);
    }
    assert_eq!(format!("{E_6P_3:?}"), "Clause(E-6P.3)");
}

#[test]
fn every_contradiction_is_reported_with_its_clauses() {
    assert_eq!(contradictions().len(), 18);
    for (number, entry) in (1..).zip(contradictions()) {
        assert_eq!(entry.id(), format!("X{number}"));
        assert_eq!(Contradiction::find(entry.id()), Some(*entry));
        assert!(!entry.clauses().is_empty(), "{entry:?}");
        for (position, clause) in entry.clauses().iter().enumerate() {
            assert_eq!(Clause::find(clause.id()), Some(*clause), "{entry:?}");
            assert!(!entry.clauses().iter().skip(position + 1).any(|other| other == clause), "{entry:?} {clause:?}");
        }
        for text in [entry.problem(), entry.handling()] {
            assert!(text.ends_with('.') && !text.contains("  ") && !text.contains('\n'), "{entry:?} {text}");
        }
        assert!(!entry.to_string().contains('\n'));
    }
    assert_eq!(Contradiction::find("X0"), None);
    assert_eq!(Contradiction::find("X01"), None);
}

#[test]
fn a_contradiction_shows_its_two_sides_and_a_gap_only_where_it_is() {
    assert!(X1.to_string().starts_with("X1 (D-10.1b against D-10.2a, D-10.2d, SCC-12.1a, G-28.3g): The customer "));
    assert!(X3.to_string().starts_with("X3 (D-6.1, D-6.3b against SCC-5h, SCC-11.1, D-13.2b): "));
    assert!(X12.to_string().starts_with("X12 (E-3.2, E-6H.7a, E-6H.7b, E-6H.7c against E-5.6a, E-6H.8a): "));
    assert!(X7.to_string().starts_with("X7 (D-6.3b, D-6.3c, D-6.3d, D-6.3e): "));
    assert_eq!(format!("{X1:?}"), "Contradiction(X1)");
}

#[test]
fn an_id_survives_a_round_trip_and_nothing_else_is_read() {
    for clause in Clause::all() {
        let text = serde_json::to_string(&clause).unwrap();
        assert_eq!(text, format!("\"{}\"", clause.id()));
        assert_eq!(serde_json::from_str::<Clause>(&text).unwrap(), clause);
    }
    for entry in contradictions() {
        let text = serde_json::to_string(entry).unwrap();
        assert_eq!(text, format!("\"{}\"", entry.id()));
        assert_eq!(serde_json::from_str::<Contradiction>(&text).unwrap(), *entry);
    }
    for bad in ["\"E-99\"", "\"e-6p.3\"", "\"X1 \"", "\"\"", "1", "null", "[\"X1\"]", "{\"id\":\"E-6P.3\"}"] {
        assert!(serde_json::from_str::<Clause>(bad).is_err(), "{bad}");
        assert!(serde_json::from_str::<Contradiction>(bad).is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Clause>("\"X1\"").is_err());
    assert!(serde_json::from_str::<Contradiction>("\"E-6P.3\"").is_err());
    let refusal = serde_json::from_str::<Clause>("\"<script>\"").unwrap_err().to_string();
    assert!(!refusal.contains("script"), "{refusal}");
}
