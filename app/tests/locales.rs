//! Every language says everything, with the same values in it.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Texts = BTreeMap<String, BTreeSet<String>>;

/// Each key with the placeholders of its text; the forms of a plural are one key.
fn texts(json: &Value) -> Texts {
    let mut texts = Texts::new();
    collect(json, String::new(), &mut texts);
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
    let english = serde_json::from_str(include_str!("../locales/en-us.json")).unwrap();
    let chinese = serde_json::from_str(include_str!("../locales/zh-cn.json")).unwrap();
    assert_eq!(texts(&english), texts(&chinese));
}
