//! `berth gc`.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use service::Services;
use service::collection::{Parameters, Preview, Report, Tally};

use super::{Outcome, print};
use crate::cli::Gc;
use crate::clock::now;
use crate::config::load;

/// Whoever may write the data folder may do this. A server that runs on it is not in the way: one of both collects at a
/// time.
pub(super) async fn run(options: &Gc) -> Outcome {
    let config = load(options.place.inputs())?.config;
    super::keep_files_private();
    let (services, first_start) = Services::open(config.service_options(), now()).await?;
    if let Some(password) = first_start.admin_password {
        tell(&format!(
            "This data folder is new. The password of admin, shown this once: {}",
            password.expose()
        ));
    }
    let mut parameters = services.collection.defaults();
    if let Some(grace) = options.grace {
        parameters.grace_ms = u64::try_from(grace.as_millis())?;
    }
    parameters.delete_untagged |= options.delete_untagged;
    let text = if options.dry_run {
        look(&services, parameters, options.json).await
    } else {
        collect(&services, parameters, options.json).await
    };
    services.close().await?;
    print(&text?)?;
    Ok(ExitCode::SUCCESS)
}

type Text = Result<String, Box<dyn std::error::Error>>;

async fn look(services: &Services, parameters: Parameters, is_json: bool) -> Text {
    let preview = services.collection.preview_here(parameters).await?;
    if is_json { json(&preview) } else { Ok(preview_text(&preview)) }
}

async fn collect(services: &Services, parameters: Parameters, is_json: bool) -> Text {
    let waits = |id| tell(&format!("A collection is under way (job {id}): waiting for its end"));
    let report = services.collection.run_here(parameters, waits).await?;
    if is_json { json(&report) } else { Ok(report_text(&report)) }
}

/// Says something beside the result.
fn tell(text: &str) {
    // There is nobody left to tell when standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

fn json(value: &impl Serialize) -> Text {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

fn preview_text(preview: &Preview) -> String {
    let shown = preview.items.iter().map(|item| {
        let place = item.repository.as_deref().unwrap_or("-");
        format!("{:<9} {place} {}: {}", item.kind, item.name, item.reason)
    });
    let rows = [
        ("uploads", preview.uploads),
        ("manifests", preview.manifests),
        ("links", preview.links),
        ("blobs", preview.blobs),
        ("copies", preview.removals),
    ];
    let total = preview.blobs.bytes + preview.removals.bytes + preview.uploads.bytes;
    let end = format!("Nothing was removed. {total} bytes would be free.");
    lines(shown.chain(table("would go", &rows)).chain([end]))
}

fn report_text(report: &Report) -> String {
    let rows = [
        ("uploads", report.uploads),
        ("manifests", report.manifests),
        ("links", report.links),
        ("blobs", report.blobs),
        ("copies", report.removals),
    ];
    let kept = report.kept;
    let kept =
        format!("Kept for now: {} manifests, {} links, {} blobs.", kept.manifests, kept.links, kept.blobs);
    let failed = (report.failures > 0).then(|| {
        format!("{} copies could not be removed: the next collection tries again.", report.failures)
    });
    let total = report.removals.bytes + report.uploads.bytes;
    let end = format!("{total} bytes are free, after {} ms.", report.duration_ms);
    lines(table("removed", &rows).into_iter().chain([kept]).chain(failed).chain([end]))
}

/// How much of each kind, a line for each.
fn table(what: &str, rows: &[(&str, Tally)]) -> Vec<String> {
    let head = format!("{:<10} {what:>10} {:>16}", "", "bytes");
    let rows = rows.iter().map(|(name, tally)| format!("{name:<10} {:>10} {:>16}", tally.count, tally.bytes));
    std::iter::once(head).chain(rows).collect()
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line + "\n").collect()
}
