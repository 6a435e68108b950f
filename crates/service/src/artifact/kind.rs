//! What an artifact is called: IMAGE, CHART, … Source: `harbor.md` §1.7, "Type resolution".

use db::query::manifest::Stated;
use types::{oci::media_type, query::Term};

const HELM: &str = "application/vnd.cncf.helm.config.v1+json";
const WASM: [&str; 2] = ["application/vnd.wasm.config.v1+json", "application/vnd.wasm.config.v0+json"];
const SBOM: &str = "application/vnd.goharbor.harbor.sbom.v1";

/// Whether a config of this type describes a container image.
pub(super) fn is_image_config(config_media_type: &str) -> bool {
    matches!(config_media_type, media_type::OCI_CONFIG | media_type::DOCKER_CONFIG)
}

/// The kind by the artifact type, else by the type of the config.
pub(super) fn kind(artifact_type: Option<&str>, config_media_type: Option<&str>, is_index: bool) -> String {
    let stated = artifact_type.filter(|stated| !stated.is_empty()).or(config_media_type);
    match stated {
        None if is_index => "IMAGE".to_owned(),
        Some(image) if is_image_config(image) => "IMAGE".to_owned(),
        Some(HELM) => "CHART".to_owned(),
        Some(wasm) if WASM.contains(&wasm) => "WASM".to_owned(),
        Some(SBOM) => "SBOM".to_owned(),
        Some(other) => thing(other).unwrap_or_else(|| "UNKNOWN".to_owned()),
        None => "UNKNOWN".to_owned(),
    }
}

/// `<THING>` of `application/vnd.<org>.<thing>.config.<version>+json`.
fn thing(media_type: &str) -> Option<String> {
    let named = media_type.strip_prefix("application/vnd.")?.strip_suffix("+json")?;
    let (before, _version) = named.split_once(".config.")?;
    let (_org, thing) = before.rsplit_once('.')?;
    Some(thing.to_uppercase())
}

/// What artifacts state that have one of the kinds that a term of `q` names; None where it names none.
pub(super) fn stated(term: &Term) -> Option<Vec<Stated>> {
    match term {
        Term::Exact(kind) => Some(vec![stated_by(&kind.to_uppercase())]),
        Term::AnyOf(kinds) => Some(kinds.iter().map(|kind| stated_by(&kind.to_uppercase())).collect()),
        Term::Fuzzy(_) | Term::Range { .. } | Term::AllOf(_) => None,
    }
}

fn stated_by(kind: &str) -> Stated {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let one_of: &[&str] = match kind {
        "IMAGE" => &[media_type::OCI_CONFIG, media_type::DOCKER_CONFIG],
        "CHART" => &[HELM],
        "WASM" => &WASM,
        "SBOM" => &[SBOM],
        "UNKNOWN" => {
            let [first, second] = WASM;
            return Stated {
                one_of: texts(&[
                    media_type::OCI_CONFIG,
                    media_type::DOCKER_CONFIG,
                    HELM,
                    first,
                    second,
                    SBOM,
                ]),
                pieces: texts(&["application/vnd.", ".", ".config.", "+json"]),
                is_negated: true,
                ..Stated::default()
            };
        }
        _ => &[],
    };
    let thing = format!(".{kind}.config.");
    Stated {
        one_of: texts(one_of),
        pieces: if kind.contains('.') { Vec::new() } else { texts(&["application/vnd.", &thing, "+json"]) },
        unlike: texts(&[HELM]),
        or_nothing: kind == "IMAGE",
        is_negated: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_follows_the_artifact_type_then_the_config() {
        let cases = [
            (None, Some(media_type::OCI_CONFIG), false, "IMAGE"),
            (None, Some(media_type::DOCKER_CONFIG), false, "IMAGE"),
            (None, None, true, "IMAGE"),
            (None, Some(HELM), false, "CHART"),
            (Some("application/vnd.wasm.config.v1+json"), Some(media_type::OCI_EMPTY), false, "WASM"),
            (None, Some("application/vnd.acme.rocket.config.v1+json"), false, "ROCKET"),
            (Some("application/vnd.example.sbom"), None, false, "UNKNOWN"),
            (None, Some("text/plain"), false, "UNKNOWN"),
        ];
        for (artifact_type, config, is_index, expected) in cases {
            assert_eq!(kind(artifact_type, config, is_index), expected, "{artifact_type:?} {config:?}");
        }
    }
}
