//! What the page of a repository decides from its data.

use types::harbor::artifact::{Artifact, Platform};

/// A repository's full name as its project and the path in it.
pub fn split(name: &str) -> (&str, &str) {
    name.split_once('/').unwrap_or((name, ""))
}

/// The tag pushed last among `artifacts`.
pub fn newest_tag(artifacts: &[Artifact]) -> Option<String> {
    let tags = artifacts.iter().flat_map(|artifact| artifact.tags.iter().flatten());
    tags.max_by_key(|tag| tag.push_time).map(|tag| tag.name.clone())
}

/// The platforms an artifact runs on, as `os/architecture[/variant]`; none for what is no image.
pub fn platforms(artifact: &Artifact) -> Vec<String> {
    let mut names: Vec<String> = artifact
        .references
        .iter()
        .filter_map(|reference| reference.platform.as_ref())
        .filter(|platform| platform.os != "unknown")
        .map(platform_name)
        .collect();
    if names.is_empty() {
        names.extend(own_platform(artifact));
    }
    names.dedup();
    names
}

fn platform_name(platform: &Platform) -> String {
    let mut name = format!("{}/{}", platform.os, platform.architecture);
    if !platform.variant.is_empty() {
        name.push('/');
        name.push_str(&platform.variant);
    }
    name
}

fn own_platform(artifact: &Artifact) -> Option<String> {
    let attribute =
        |key: &str| artifact.extra_attrs.as_ref()?.get(key)?.as_str().filter(|text| !text.is_empty());
    Some(format!("{}/{}", attribute("os")?, attribute("architecture")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn artifact(fields: Value) -> Artifact {
        let mut artifact = json!({
            "id": 1, "type": "IMAGE", "project_id": 1, "repository_id": 1, "digest": "sha256:0",
            "push_time": "2026-11-24T03:50:45.000Z",
        });
        let (Value::Object(all), Value::Object(fields)) = (&mut artifact, fields) else { unreachable!() };
        all.extend(fields);
        serde_json::from_value(artifact).unwrap()
    }

    #[test]
    fn an_index_runs_on_the_platforms_of_its_parts() {
        let index = artifact(json!({ "references": [
            { "platform": { "os": "linux", "architecture": "amd64" } },
            { "platform": { "os": "linux", "architecture": "arm", "variant": "v7" } },
            { "platform": { "os": "unknown", "architecture": "unknown" } },
            {},
        ] }));
        assert_eq!(platforms(&index), ["linux/amd64", "linux/arm/v7"]);
    }

    #[test]
    fn an_image_runs_on_the_platform_of_its_configuration() {
        let image = artifact(json!({ "extra_attrs": { "os": "linux", "architecture": "amd64" } }));
        assert_eq!(platforms(&image), ["linux/amd64"]);
        assert!(platforms(&artifact(json!({ "extra_attrs": { "os": "" } }))).is_empty());
        assert!(platforms(&artifact(json!({ "extra_attrs": { "os": 7, "architecture": [] } }))).is_empty());
    }

    #[test]
    fn the_newest_tag_is_the_one_pushed_last() {
        let tagged =
            |name: &str, time: &str| artifact(json!({ "tags": [{ "name": name, "push_time": time }] }));
        let artifacts = [
            tagged("old", "2026-01-01T00:00:00.000Z"),
            tagged("new", "2026-02-01T00:00:00.000Z"),
            artifact(json!({ "tags": null })),
        ];
        assert_eq!(newest_tag(&artifacts).as_deref(), Some("new"));
        assert_eq!(newest_tag(&[]), None);
    }

    #[test]
    fn a_repository_is_its_project_and_a_path() {
        assert_eq!(split("library/team/web"), ("library", "team/web"));
        assert_eq!(split("odd"), ("odd", ""));
    }
}
