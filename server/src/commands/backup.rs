//! `berth backup` and `berth restore`: exit code 0 when everything is there, 1 when something is missing.

use std::path::Path;
use std::process::ExitCode;

use service::backup::{Made, Restored, make, restore as make_data_folder};

use super::progress::Progress;
use super::{Outcome, keep_files_private, print};
use crate::cli::BackupFlags;
use crate::clock::now;
use crate::config::load;

pub(super) async fn back_up(flags: &BackupFlags) -> Outcome {
    let config = load(flags.place.inputs())?.config;
    keep_files_private();
    let mut progress = Progress::new(flags.json);
    let mut listener = |done, of| progress.tell("Copying blobs", done, Some(of));
    let options = config.service_options();
    let made = make(&options, &flags.folder, !flags.no_blobs, now(), &mut listener).await?;
    progress.clear();
    print(&if flags.json {
        serde_json::to_string_pretty(&made)? + "\n"
    } else {
        told(&made, &flags.folder)
    })?;
    Ok(code(made.backup.missing.is_empty()))
}

pub(super) async fn restore(folder: &Path, data: &Path, is_json: bool) -> Outcome {
    keep_files_private();
    let mut progress = Progress::new(is_json);
    let mut listener = |done, of| progress.tell("Copying blobs", done, Some(of));
    let restored = make_data_folder(folder, data, now(), &mut listener).await?;
    progress.clear();
    print(&if is_json { serde_json::to_string_pretty(&restored)? + "\n" } else { told_of(&restored, data) })?;
    let problems = restored.check.as_ref().map_or(0, service::fsck::Report::problems);
    Ok(code(restored.damaged.is_empty() && problems == 0))
}

fn code(is_whole: bool) -> ExitCode {
    if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(made: &Made, folder: &Path) -> String {
    let backup = &made.backup;
    let blobs = if backup.has_blobs {
        format!("{} blobs ({} new, {} bytes)", backup.blobs, made.new_blobs, made.new_bytes)
    } else {
        format!("a list of {} blobs, without their bytes", backup.blobs)
    };
    let folder = folder.display();
    let text =
        format!("Backed up {} manifests, {} tags and {blobs} to {folder}.\n", backup.manifests, backup.tags);
    text + &lines("missing, though a manifest needs it", &backup.missing)
}

fn told_of(restored: &Restored, data: &Path) -> String {
    let (backup, data) = (&restored.backup, data.display());
    let mut text = format!(
        "Restored {} manifests, {} tags and {} blobs of {} to {data}.\n",
        backup.manifests,
        backup.tags,
        backup.blobs,
        backup.made_at.format("%Y-%m-%d %H:%M:%S UTC")
    );
    match &restored.check {
        None => text.push_str("The bytes of blobs are not part of this backup: see blobs.txt.\n"),
        Some(report) if report.problems() > 0 => {
            text.push_str("The check found problems: run berth fsck on the new folder.\n");
        }
        Some(_) => {}
    }
    text + &lines("damaged or missing in the backup", &restored.damaged)
}

fn lines(what: &str, digests: &[String]) -> String {
    digests.iter().map(|digest| format!("{digest} is {what}\n")).collect::<Vec<_>>().concat()
}
