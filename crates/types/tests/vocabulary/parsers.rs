//! What every parser promises ([`crate::promise`]), tried with valid text, with valid text that was damaged, and noise.

use proptest::{prelude::*, sample::Index};

use crate::promise;

/// What a damaged text gets in a random place: signs of the grammars, and what no grammar has.
const PIECES: &[&str] = &[
    ":",
    "/",
    "-",
    "_",
    "__",
    ".",
    ",",
    "=",
    "~",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "'",
    "\\",
    ";",
    "*",
    "+",
    "%",
    "%2",
    "%2C",
    "%ff",
    "0",
    "00",
    "7",
    "a",
    "A",
    "G",
    " ",
    "\t",
    "\n",
    "\0",
    "é",
    "٣",
    "\u{202e}",
    "bytes",
    "sha256:",
    "18446744073709551615",
    "18446744073709551616",
    "blobs",
    "uploads",
    "tags/list",
];

/// One change: where, what kind, and with which piece.
type Edit = (Index, u8, &'static str);

fn edit(text: &str, (place, kind, piece): Edit) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = place.index(characters.len() + 1);
    let (head, tail) = characters.split_at(at);
    let (head, tail): (String, String) = (head.iter().collect(), tail.iter().collect());
    let rest: String = tail.chars().skip(1).collect();
    match kind {
        0 => format!("{head}{piece}{tail}"),
        1 => format!("{head}{piece}{rest}"),
        2 => format!("{head}{rest}"),
        3 => format!("{head}{tail}{tail}"),
        4 => format!("{tail}{head}"),
        5 => format!("{head}{}", tail.to_uppercase()),
        _ => head,
    }
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((any::<Index>(), 0_u8..7, prop::sample::select(PIECES)), 1..4)
}

fn damaged(valid: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (valid, edits())
        .prop_map(|(text, edits)| edits.into_iter().fold(text, |text, change| edit(&text, change)))
}

/// Valid text, damaged text and noise, in this order of simplicity.
fn near(valid: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    prop_oneof![2 => valid.clone(), 5 => damaged(valid), 1 => any::<String>()]
}

const DIGEST: &str = "sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}";
const TAG: &str = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}";
const NAME: &str =
    "[a-z0-9]{1,3}((\\.|_|__|-{1,3})[a-z0-9]{1,3}){0,2}(/([a-z0-9]{1,4}|blobs|tags|list|uploads)){0,3}";

proptest! {
    #[test]
    fn digests_keep_their_promises(text in near(DIGEST)) {
        promise::digest(&text);
    }

    #[test]
    fn references_keep_their_promises(text in prop_oneof![near(DIGEST), near(TAG)]) {
        promise::reference(&text);
    }

    #[test]
    fn names_keep_their_promises(text in prop_oneof![near(NAME), near(TAG), near("[a-z/_.-]{250,260}")]) {
        promise::name(&text);
    }

    #[test]
    fn byte_ranges_keep_their_promises(text in near("[Bb]ytes ?= ?([0-9]{1,21} ?- ?[0-9]{0,21}|-[0-9]{1,21})")) {
        promise::byte_range(&text);
    }

    #[test]
    fn numbers_near_the_largest_do_not_overflow(start in any::<u64>(), below in 0_u64..3, more in "[0-9]{0,2}") {
        for number in [u64::MAX - below, start] {
            promise::byte_range(&format!("bytes={number}{more}-{number}"));
            promise::byte_range(&format!("bytes={start}-{number}{more}"));
            promise::byte_range(&format!("bytes=-{number}{more}"));
            promise::content_range(&format!("{start}-{number}{more}"));
            promise::content_range(&format!("bytes {start}-{number}/{number}{more}"));
        }
    }

    #[test]
    fn chunk_ranges_keep_their_promises(text in near("([Bb]ytes[ =])?[0-9]{1,3}-[0-9]{1,21}(/([0-9]{1,21}|\\*))?")) {
        promise::content_range(&text);
    }

    #[test]
    fn media_types_keep_their_promises(
        text in near(
            "application/vnd\\.(oci\\.image\\.layer\\.nondistributable\\.v1|docker\\.image\\.rootfs\\.foreign\\.diff)\
            \\.tar([+.](gzip|zstd))?( ?; ?[a-z]{1,5}=\"?[a-z0-9-]{1,5}\"?)?"
        )
    ) {
        promise::media_type(&text);
    }

    #[test]
    fn a_scope_keeps_its_promises(
        text in near("(repository|registry)(\\([a-z]{1,4}\\))?:([a-z]{1,5}:[0-9]{1,4}/)?[a-z/]{1,9}:(pull|push|\\*)(,pull|,push){0,3}")
    ) {
        promise::scope(&text);
    }

    #[test]
    fn the_scopes_of_a_request_keep_their_promises(text in near("([ab]:[ab:]{0,3}:[ab,]{0,4}[ &]){0,6}")) {
        promise::scopes(&text);
    }

    #[test]
    fn list_queries_keep_their_promises(
        text in near("([a-z]{1,3}=(\\\\?[a-z+~]{1,4}|~[a-z]{0,3}|\\[[a-z\"']{0,3}~?[a-z]{0,3}\\]|\\{[a-z '\"]{1,6}\\}|\\([a-z ]{1,5}\\)),){0,3}-?[a-z%=]{1,5}")
    ) {
        promise::list_query(&text);
    }

    #[test]
    fn addresses_keep_their_promises(
        name in near(NAME),
        rest in prop_oneof![
            Just("tags/list".to_owned()),
            "blobs/uploads/?[a-z0-9-]{0,6}",
            (prop::sample::select(vec!["blobs", "manifests", "referrers"]), prop_oneof![near(DIGEST), near(TAG)])
                .prop_map(|(word, reference)| format!("{word}/{reference}")),
        ],
        edits in edits(),
        is_damaged: bool,
    ) {
        let path = format!("/{name}/{rest}");
        promise::oci_route(&path);
        if is_damaged {
            promise::oci_route(&edits.into_iter().fold(path, |path, change| edit(&path, change)));
        }
    }
}
