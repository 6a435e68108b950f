use proptest::prelude::*;
use types::digest::{Algorithm, Digest, DigestError};

const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn the_parts_of_a_digest_are_given_back() {
    let digest: Digest = EMPTY.parse().unwrap();
    assert_eq!(digest.algorithm(), Algorithm::Sha256);
    assert_eq!(Some(digest.hex()), EMPTY.strip_prefix("sha256:"));
    assert_eq!(digest.to_string(), EMPTY);
    let long: Digest = format!("sha512:{}", "0a".repeat(64)).parse().unwrap();
    assert_eq!((long.algorithm(), long.hex().len()), (Algorithm::Sha512, 128));
}

#[test]
fn only_the_canonical_text_is_accepted() {
    let zeros = "0".repeat(64);
    let cases = [
        (String::new(), DigestError::Format),
        ("sha256".to_owned(), DigestError::Format),
        (zeros.clone(), DigestError::Format),
        (format!("md5:{zeros}"), DigestError::Algorithm),
        (format!("SHA256:{zeros}"), DigestError::Algorithm),
        (format!(":{zeros}"), DigestError::Algorithm),
        (format!(" sha256:{zeros}"), DigestError::Algorithm),
        ("sha256:".to_owned(), DigestError::Length { algorithm: Algorithm::Sha256 }),
        (format!("sha256:{zeros}0"), DigestError::Length { algorithm: Algorithm::Sha256 }),
        (format!("sha512:{zeros}"), DigestError::Length { algorithm: Algorithm::Sha512 }),
        (format!("sha256:{}", "A".repeat(64)), DigestError::Hex),
        (format!("sha256:{}", "g".repeat(64)), DigestError::Hex),
        (format!("sha256:{}", "/.".repeat(32)), DigestError::Hex),
        (format!("sha256:{}", "é".repeat(32)), DigestError::Hex),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Digest>(), Err(error), "{text:?}");
    }
}

#[test]
fn json_is_a_string_and_is_checked() {
    let json = format!("\"{EMPTY}\"");
    let digest: Digest = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&digest).unwrap(), json);
    assert!(serde_json::from_str::<Digest>("\"sha256:00\"").is_err());
}

#[test]
fn a_wrong_length_is_told_the_right_one() {
    let error = "sha512:00".parse::<Digest>().unwrap_err();
    assert_eq!(error.to_string(), "a sha512 digest has 128 hexadecimal characters");
}

proptest! {
    #[test]
    fn bytes_become_the_text_that_parses_to_the_same(bytes in any::<[u8; 32]>(), long in any::<[[u8; 32]; 2]>()) {
        let digest = Digest::from_bytes(Algorithm::Sha256, &bytes).unwrap();
        prop_assert_eq!(digest.as_str().parse::<Digest>().unwrap(), digest);
        let digest = Digest::from_bytes(Algorithm::Sha512, &long.concat()).unwrap();
        prop_assert_eq!(digest.as_str().parse::<Digest>().unwrap(), digest);
        prop_assert!(Digest::from_bytes(Algorithm::Sha512, &bytes).is_err());
    }

    #[test]
    fn any_text_is_refused_or_kept_as_it_is(text in any::<String>()) {
        if let Ok(digest) = text.parse::<Digest>() { prop_assert_eq!(digest.as_str(), &text); }
    }

    #[test]
    fn the_hexadecimal_part_is_kept(hex in "[0-9a-f]{64}") {
        let digest = Digest::new(Algorithm::Sha256, &hex).unwrap();
        prop_assert_eq!(digest.hex(), &hex);
    }
}
