//! How an image was built, as its config tells. Source: OCI image-spec, `config.md`, "history".

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};
use types::{oci::descriptor::Descriptor, view::Layer};

/// The longest history that is looked at; the longest of builders have a few hundred steps.
const LONGEST: usize = 4096;

#[derive(Debug, Deserialize)]
struct Config {
    #[serde(default, deserialize_with = "steps")]
    history: Vec<Step>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Step {
    created: Option<String>,
    created_by: Option<String>,
    comment: Option<String>,
    empty_layer: Option<bool>,
}

/// Layers in build order with the steps that made them. Where the config tells no history, or one of other layers, they
/// stand alone.
pub(super) fn layers(config: Option<&[u8]>, layers: &[Descriptor]) -> Vec<Layer> {
    let told = config.and_then(|config| serde_json::from_slice::<Config>(config).ok());
    let steps = told.map(|config| config.history).unwrap_or_default();
    if steps.iter().filter(|step| !step.is_empty()).count() != layers.len() {
        return layers.iter().map(alone).collect();
    }
    let mut layers = layers.iter();
    let shown = steps.into_iter().map(|step| {
        let is_empty = step.is_empty();
        let layer = if is_empty { None } else { layers.next() };
        Layer {
            command: text(step.created_by),
            comment: text(step.comment),
            created: step.created.as_deref().and_then(time),
            is_empty,
            ..layer.map(alone).unwrap_or_default()
        }
    });
    shown.collect()
}

impl Step {
    fn is_empty(&self) -> bool {
        self.empty_layer == Some(true)
    }
}

fn alone(layer: &Descriptor) -> Layer {
    Layer {
        digest: Some(layer.digest.to_string()),
        media_type: Some(layer.media_type.clone()),
        size_bytes: Some(layer.size),
        ..Layer::default()
    }
}

fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc))
}

/// Reads the steps of a history that is not too long, so that a small config can't take much memory.
fn steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Step>, D::Error> {
    struct Steps;
    impl<'de> Visitor<'de> for Steps {
        type Value = Vec<Step>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of build steps")
        }

        fn visit_unit<E>(self) -> Result<Vec<Step>, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Step>, A::Error> {
            let mut steps = Vec::new();
            while let Some(step) = list.next_element()? {
                if steps.len() == LONGEST {
                    return Err(A::Error::custom("the history is too long"));
                }
                steps.push(step);
            }
            Ok(steps)
        }
    }
    deserializer.deserialize_any(Steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(letter: char, size: i64) -> Descriptor {
        let digest = format!("sha256:{}", letter.to_string().repeat(64));
        serde_json::from_value(serde_json::json!({ "mediaType": "layer", "digest": digest, "size": size }))
            .expect("a descriptor")
    }

    #[test]
    fn steps_and_layers_are_told_together_in_build_order() {
        let config = br#"{"history":[
            {"created":"2026-01-02T03:04:05.123456789Z","created_by":"ADD rootfs","comment":"base"},
            {"created":"2026-01-02T04:04:05+01:00","created_by":"ENV A=1","empty_layer":true},
            {"created":"yesterday","created_by":"","comment":null,"empty_layer":false}
        ]}"#;
        let told = layers(Some(config), &[descriptor('a', 1), descriptor('b', 2)]);
        let [first, second, third] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((first.command.as_deref(), first.comment.as_deref()), (Some("ADD rootfs"), Some("base")));
        assert_eq!(
            first.created.map(|at| at.to_rfc3339()).as_deref(),
            Some("2026-01-02T03:04:05.123456789+00:00")
        );
        assert_eq!((first.size_bytes, first.is_empty), (Some(1), false));
        assert_eq!((second.command.as_deref(), second.is_empty), (Some("ENV A=1"), true));
        assert_eq!((&second.digest, &second.media_type, second.size_bytes), (&None, &None, None));
        assert_eq!(second.created.map(|at| at.timestamp()), first.created.map(|at| at.timestamp()));
        assert_eq!(
            (third.size_bytes, &third.command, &third.comment, third.created),
            (Some(2), &None, &None, None)
        );
    }

    #[test]
    fn layers_stand_alone_without_a_history_that_is_theirs() {
        let two = [descriptor('a', 1), descriptor('b', 2)];
        let long = format!(r#"{{"history":[{}{{}},{{}}]}}"#, r#"{"empty_layer":true},"#.repeat(LONGEST));
        let cases = [
            "",
            "[]",
            "{}",
            r#"{"history":null}"#,
            r#"{"history":[]}"#,
            r#"{"history":"x"}"#,
            r#"{"history":[{"created_by":"one"}]}"#,
            r#"{"history":[{},{},{"created_by":"three"}]}"#,
            r#"{"history":[{"created_by":"one"},{"created_by":2}]}"#,
            &long,
        ];
        for config in cases.map(|text| Some(text.as_bytes())).into_iter().chain([None]) {
            let told = layers(config, &two);
            assert_eq!(told, two.each_ref().map(alone), "{:?}", config.map(<[u8]>::len));
        }
        assert!(layers(Some(b"{}"), &[]).is_empty());
    }
}
