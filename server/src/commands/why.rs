//! `berth why`: exit code 0 when the digest is known, 1 when it is not.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use service::why::{Keeping, Way, Why};
use types::digest::Digest;

use super::{Outcome, keep_files_private, print};
use crate::cli::Place;
use crate::config::load;

pub(super) async fn run(place: &Place, digest: &Digest, is_json: bool) -> Outcome {
    let config = load(place.inputs())?.config;
    keep_files_private();
    let keeping = Keeping::open(&config.service_options()).await?;
    let told = keeping.why(digest).await?;
    keeping.close().await?;
    if is_json {
        print(&(serde_json::to_string_pretty(&told)? + "\n"))?;
    } else {
        print(&told.as_ref().map_or_else(|| format!("{digest} is unknown.\n"), text))?;
    }
    Ok(if told.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn text(why: &Why) -> String {
    let mut text = format!("{}\n", why.digest);
    // Writing to a text can't fail.
    if let Some(blob) = &why.blob {
        let state = match (blob.is_damaged, blob.verified_at) {
            (true, _) => "damaged: push an image that has it again".to_owned(),
            (false, Some(at)) => format!("verified {}", time(at)),
            (false, None) => "never verified".to_owned(),
        };
        let _ = writeln!(text, "  blob of {} bytes at {}, {state}", blob.size_bytes, blob.location);
        if let (Some(since), Some(until)) = (blob.candidate_since, blob.kept_until) {
            let _ =
                writeln!(text, "  no repository shows it since {}: kept until {}", time(since), time(until));
        }
    }
    for place in &why.places {
        let kind = if place.is_manifest { "manifest" } else { "blob" };
        let lease = match (place.candidate_since, place.kept_until) {
            (Some(since), Some(until)) => {
                format!(", needed by nothing since {}: kept until {}", time(since), time(until))
            }
            _ => String::new(),
        };
        let _ = writeln!(text, "  {kind} of {}{lease}", place.repository);
    }
    for way in &why.kept_by {
        let _ = writeln!(text, "  kept by {}", line(way, &why.digest));
    }
    if why.kept_by.is_empty() {
        text.push_str("  nothing keeps it: the first collection after that time removes it\n");
    }
    if why.is_cut {
        text.push_str("  there is more than is shown\n");
    }
    text
}

/// A way from the tag down to the digest.
fn line(way: &Way, digest: &str) -> String {
    let mut text = format!("{}:{}", way.repository, way.tag);
    for step in &way.manifests {
        let by = if step.is_referrer { " ← about it: " } else { " → " };
        let _ = write!(text, "{by}{}", step.digest);
    }
    if way.manifests.last().is_none_or(|last| last.digest != digest) {
        let _ = write!(text, " → {digest}");
    }
    text
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}
