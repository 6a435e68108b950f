//! Every language says everything, with the same values in it.

#![expect(clippy::unwrap_used, reason = "a test panics where something is wrong")]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Each key with the placeholders of its text; the forms of a plural are one key.
type Texts = BTreeMap<String, BTreeSet<String>>;

/// The texts of a language, in all its namespaces.
fn texts(locale: &str) -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(locale);
    let mut texts = Texts::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let namespace = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        collect(&json, namespace, &mut texts);
    }
    texts
}

fn collect(value: &Value, path: String, texts: &mut Texts) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = ["_one", "_other"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
                collect(field, format!("{path}.{name}"), texts);
            }
        }
        Value::String(text) => {
            assert!(!text.trim().is_empty(), "{path} is empty");
            let names = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
            texts.entry(path).or_default().extend(names.map(|(name, _)| name.trim().to_owned()));
        }
        other => panic!("{path} is no text: {other}"),
    }
}

#[test]
fn all_languages_have_the_same_keys_and_placeholders() {
    let english = texts("en-us");
    assert!(!english.is_empty());
    assert_eq!(english, texts("zh-cn"));
}
