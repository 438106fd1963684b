use super::*;
use crate::Secret;
use crate::audit::record::Classification;

/// Puts what it was told around the value turned by one, or around the value itself.
struct Cipher {
    key: OpaqueId,
    turn: u8,
    extra: usize,
}

impl Sealer for Cipher {
    type Error = ();

    fn key(&self) -> &OpaqueId {
        &self.key
    }

    fn seal(&self, _: &SealedPlace<'_>, value: &Secret) -> Result<Vec<u8>, ()> {
        let turned = value.expose().bytes().map(|byte| byte.wrapping_add(self.turn));
        Ok(core::iter::repeat_n(7, self.extra).chain(turned).collect())
    }
}

fn seal(turn: u8, extra: usize, value: &str) -> Result<Sealed, SealError<()>> {
    let (tenant, person, field) = (tenant(), id("p-1"), fields(&["national-id"]).remove(0));
    let place = SealedPlace { tenant: &tenant, kind: "person", resource: &person, field: &field };
    assert_eq!(place.to_string(), "acme/person/p-1/national-id");
    Sealed::seal(&Cipher { key: id("2026-11"), turn, extra }, &place, &Secret::from(value))
}

#[test]
fn a2_trans_2_a_confidential_value_is_stored_only_encrypted() {
    assert!(seal(1, 16, "123456782").is_ok());
    assert_eq!(seal(1, 15, "123456782"), Err(SealError::InTheClear)); // no room for a tag
    assert_eq!(seal(0, 64, "123456782"), Err(SealError::InTheClear)); // wrapped, not encrypted
    assert_eq!(seal(0, 64, "123"), Err(SealError::InTheClear));
    assert!(seal(0, 64, "12").is_ok()); // too short to tell
    assert_eq!(seal(1, 4096 - 9, "123456782").map(|sealed| sealed.as_bytes().len()), Ok(4096));
    assert_eq!(seal(1, 4096 - 8, "123456782"), Err(SealError::TooLong { found: 4097 }));
    let (sealed, field) = (seal(1, 28, "123456782").unwrap(), fields(&["national-id"]).remove(0));
    let text = serde_json::to_string(&sealed).unwrap();
    assert_eq!(serde_json::from_str::<Sealed>(&text).unwrap(), sealed);
    assert!(!text.contains("123456782") && !format!("{sealed:?}").contains("bytes"));
    for bad in [r#"{"key":"k","bytes":"AAAA"}"#, r#"{"key":"k","bytes":"123456782"}"#, r#"{"key":"k","bytes":"!"}"#] {
        assert!(serde_json::from_str::<Sealed>(bad).is_err(), "{bad}");
    }

    for (class, plain_is_fine) in [
        (Classification::Public, true),
        (Classification::Internal, true),
        (Classification::Personal, true),
        (Classification::Sensitive, false),
    ] {
        let policy = ClassPolicy::new([(field.clone(), class)]);
        assert_eq!(policy.check([(&field, Held::Plain)]).is_empty(), plain_is_fine, "{class:?}");
        assert!(policy.check([(&field, Held::Sealed(&sealed)), (&field, Held::Absent)]).is_empty());
    }
    let twice = ClassPolicy::new([(field.clone(), Classification::Sensitive), (field.clone(), Classification::Public)]);
    assert_eq!(twice.check([(&field, Held::Plain)])[0].code(), NOT_SEALED);
    let unknown = ClassPolicy::default().check([(&field, Held::Sealed(&sealed))]);
    assert_eq!((unknown[0].code(), unknown[0].clause().id()), (UNCLASSIFIED, "A2-Trans-2"));
}
