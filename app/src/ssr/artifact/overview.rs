//! What an artifact says about itself, read from what Harbor keeps of its configuration.

use super::{platform_name, platforms};
use crate::view::{Child, Overview};
use serde_json::{Map, Value};
use types::harbor::artifact::{Artifact, Reference};

/// Everything there is to say. What is not as the specification has it is left out.
///
/// Source: OCI image-spec, `config.md`.
pub(super) fn of(artifact: Artifact) -> Overview {
    let platforms = platforms(&artifact);
    let attributes = artifact.extra_attrs.unwrap_or_default();
    let config = attributes.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    let newest = artifact.tags.into_iter().flatten().max_by_key(|tag| tag.push_time);
    Overview {
        kind: artifact.kind,
        tag: newest.map(|tag| tag.name),
        artifact_type: artifact.artifact_type,
        manifest_media_type: artifact.manifest_media_type,
        children: artifact.references.iter().map(child).collect(),
        platforms,
        created_at: text(&attributes, "created").parse().ok(),
        author: text(&attributes, "author"),
        entrypoint: command_line(&config, "Entrypoint"),
        command: command_line(&config, "Cmd"),
        environment: list(&config, "Env"),
        ports: keys(&config, "ExposedPorts"),
        volumes: keys(&config, "Volumes"),
        user: text(&config, "User"),
        folder: text(&config, "WorkingDir"),
        labels: pairs(&config, "Labels"),
        annotations: artifact.annotations.into_iter().flatten().collect(),
    }
}

fn child(reference: &Reference) -> Child {
    let platform = reference.platform.as_ref().filter(|platform| platform.os != "unknown");
    Child { digest: reference.child_digest.clone(), platform: platform.map(platform_name) }
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(fields: &Map<String, Value>, name: &str) -> Vec<String> {
    let items = fields.get(name).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn keys(fields: &Map<String, Value>, name: &str) -> Vec<String> {
    fields.get(name).and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned().collect()
}

fn pairs(fields: &Map<String, Value>, name: &str) -> Vec<(String, String)> {
    let items = fields.get(name).and_then(Value::as_object).into_iter().flatten();
    items.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// A list of arguments as one would type it.
fn command_line(fields: &Map<String, Value>, name: &str) -> String {
    list(fields, name).iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn artifact(attributes: &Value, more: &Value) -> Artifact {
        let mut artifact = json!({
            "id": 1, "type": "IMAGE", "project_id": 1, "repository_id": 1, "digest": "sha256:0",
            "push_time": "2026-11-24T03:50:45.000Z", "extra_attrs": attributes,
        });
        let (Value::Object(all), Value::Object(more)) = (&mut artifact, more.clone()) else { unreachable!() };
        all.extend(more);
        serde_json::from_value(artifact).unwrap()
    }

    #[test]
    fn an_image_tells_how_it_runs() {
        let overview = of(artifact(
            &json!({
                "created": "2026-11-20T10:00:00.5+08:00", "author": "ann", "os": "linux", "architecture": "arm64",
                "config": {
                    "Entrypoint": ["tini", "--", "/bin/web"], "Cmd": ["sh", "-c", "echo 'it is'"],
                    "Env": ["PATH=/bin", 7], "ExposedPorts": {"8080/tcp": {}}, "Volumes": null,
                    "User": "65532", "WorkingDir": "/srv", "Labels": {"a": "b", "n": 1},
                },
            }),
            &json!({ "annotations": {"k": "v"} }),
        ));
        assert_eq!(overview.entrypoint, "tini -- /bin/web");
        assert_eq!(overview.command, r"sh -c 'echo '\''it is'\'''");
        assert_eq!(overview.created_at, "2026-11-20T02:00:00.500Z".parse().ok());
        assert_eq!(
            (overview.author.as_str(), overview.user.as_str(), overview.folder.as_str()),
            ("ann", "65532", "/srv")
        );
        assert_eq!(
            (overview.environment, overview.ports),
            (vec!["PATH=/bin".to_owned()], vec!["8080/tcp".to_owned()])
        );
        assert_eq!(overview.labels, [("a".to_owned(), "b".to_owned())]);
        assert_eq!(overview.annotations, [("k".to_owned(), "v".to_owned())]);
        assert_eq!((overview.platforms, overview.volumes), (vec!["linux/arm64".to_owned()], Vec::new()));
    }

    #[test]
    fn what_is_odd_is_left_out() {
        let overview = of(artifact(&json!({"created": 7, "config": [], "author": null}), &json!({})));
        assert_eq!(overview, Overview { kind: "IMAGE".to_owned(), ..Overview::default() });
    }

    #[test]
    fn an_index_tells_its_parts_and_which_of_them_run() {
        let overview = of(artifact(
            &json!({}),
            &json!({ "references": [
                { "child_digest": "sha256:1", "platform": { "os": "linux", "architecture": "amd64" } },
                { "child_digest": "sha256:2", "platform": { "os": "unknown", "architecture": "unknown" } },
            ]}),
        ));
        let parts: Vec<_> = overview
            .children
            .iter()
            .map(|child| (child.digest.as_str(), child.platform.as_deref()))
            .collect();
        assert_eq!(parts, [("sha256:1", Some("linux/amd64")), ("sha256:2", None)]);
    }
}
