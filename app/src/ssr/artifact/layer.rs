//! How the layers of an artifact are shown.

use crate::view::LayerRow;
use types::view::Layer;

/// A layer, or a step that made none.
pub(super) fn row(layer: Layer) -> LayerRow {
    LayerRow {
        command: layer.command.or(layer.comment).map(|command| instruction(&command)).unwrap_or_default(),
        media_type: layer.media_type.unwrap_or_default(),
        size_bytes: layer.size_bytes.unwrap_or_default(),
        digest: layer.digest.filter(|_| !layer.is_empty),
    }
}

/// The instruction of a build that `created_by` came from.
///
/// Source: the classic builder of docker writes `/bin/sh -c #(nop)  CMD […]` and `/bin/sh -c make`; BuildKit writes
/// `RUN /bin/sh -c make # buildkit`, and `|1 NAME=value /bin/sh -c make` in front of build arguments.
fn instruction(created_by: &str) -> String {
    const SHELL: &str = "/bin/sh -c ";
    const NOTHING: &str = "#(nop)";
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").map_or(text, str::trim_end);
    let text = match text.strip_prefix("RUN ") {
        Some(run) => return format!("RUN {}", run.trim_start().strip_prefix(SHELL).unwrap_or(run)),
        None => text,
    };
    let command = match text.strip_prefix('|') {
        Some(arguments) => arguments.split_once(SHELL).map(|(_, command)| command),
        None => text.strip_prefix(SHELL),
    };
    match command.map(str::trim_start) {
        Some(command) => match command.strip_prefix(NOTHING) {
            Some(instruction) => instruction.trim_start().to_owned(),
            None => format!("RUN {command}"),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_as_the_line_of_its_dockerfile() {
        for (created_by, expected) in [
            ("/bin/sh -c #(nop)  CMD [\"/bin/sh\"]", "CMD [\"/bin/sh\"]"),
            ("/bin/sh -c apk add curl", "RUN apk add curl"),
            ("RUN /bin/sh -c apk add curl # buildkit", "RUN apk add curl"),
            ("|1 V=2 /bin/sh -c make $V", "RUN make $V"),
            ("RUN |1 V=2 /bin/sh -c make # buildkit", "RUN |1 V=2 /bin/sh -c make"),
            ("COPY /out /bin # buildkit", "COPY /out /bin"),
            ("bazel build ...", "bazel build ..."),
            ("", ""),
        ] {
            assert_eq!(instruction(created_by), expected, "{created_by}");
        }
    }

    #[test]
    fn a_step_that_made_no_layer_has_no_digest() {
        let step = Layer { digest: Some("sha256:0".to_owned()), is_empty: true, ..Layer::default() };
        assert_eq!(row(step).digest, None);
        let layer = Layer { digest: Some("sha256:0".to_owned()), size_bytes: Some(7), ..Layer::default() };
        assert_eq!((row(layer.clone()).digest, row(layer).size_bytes), (Some("sha256:0".to_owned()), 7));
    }
}
