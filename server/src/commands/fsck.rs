//! `berth fsck`: exit code 0 when all is well, 1 when there are problems, 2 when it could not check.

use std::error::Error;
use std::process::ExitCode;

use serde_json::json;
use service::fsck::{Event, Fsck, How, Problem, Report, Stage};

use super::progress::Progress;
use super::{Outcome, keep_files_private, print, report};
use crate::cli::FsckFlags;
use crate::clock::now;
use crate::config::load;

const PROBLEMS: u8 = 1;
const NOT_CHECKED: u8 = 2;

pub(super) async fn run(flags: &FsckFlags) -> Outcome {
    match check(flags).await {
        Ok(0) => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::from(PROBLEMS)),
        Err(error) => {
            report(&*error);
            Ok(ExitCode::from(NOT_CHECKED))
        }
    }
}

/// Returns the number of problems.
async fn check(flags: &FsckFlags) -> Result<u64, Box<dyn Error>> {
    let config = load(flags.place.inputs())?.config;
    keep_files_private();
    let fsck = Fsck::open(&config.service_options(), flags.repair).await?;
    let how = How { is_quick: flags.quick, is_repair: flags.repair, now: now() };
    let mut progress = Progress::new(flags.json);
    let mut kept = Vec::new();
    let mut unheard = Ok(());
    let mut listener = |event: Event<'_>| match event {
        Event::Progress(stage, done, of) => progress.tell(part(stage), done, of),
        Event::Found(problem) if flags.json => kept.push(problem.clone()),
        Event::Found(problem) => {
            progress.clear();
            if let Err(error) = print(&line(problem)) {
                unheard = Err(error);
            }
        }
    };
    let result = fsck.run(how, &mut listener).await?;
    progress.clear();
    fsck.close().await?;
    unheard?;
    print(&if flags.json { as_json(&result, &kept)? } else { summary(&result) })?;
    Ok(result.problems())
}

fn part(stage: Stage) -> &'static str {
    match stage {
        Stage::Database => "Checking the database",
        Stage::Rows => "Checking links and tags",
        Stage::Manifests => "Checking manifests",
        Stage::Blobs => "Checking blobs",
        Stage::Store => "Looking through the store",
    }
}

fn line(problem: &Problem) -> String {
    let Problem { kind, subject, place, detail, remedy, is_repairable, is_repaired } = problem;
    let place = if place.is_empty() { String::new() } else { format!(" ({place})") };
    let end = match (is_repaired, is_repairable) {
        (true, _) => "Repaired".to_owned(),
        (false, true) => format!("A repair {remedy}"),
        (false, false) => format!("It {remedy}"),
    };
    format!("{}: {subject}{place}: {detail}. {end}.\n", kind.title())
}

fn summary(report: &Report) -> String {
    let checked = &report.checked;
    let what = format!(
        "Checked {} blobs ({} bytes read), {} manifests, {} tags, {} uploads and {} stored files",
        checked.blobs, checked.hashed_bytes, checked.manifests, checked.tags, checked.uploads, checked.stored
    );
    match report.problems() {
        0 => format!("{what}: no problems.\n"),
        found => format!("{what}: {found} problems, {} repaired.\n", report.repaired),
    }
}

fn as_json(report: &Report, problems: &[Problem]) -> Result<String, serde_json::Error> {
    let object = json!({
        "is_clean": problems.is_empty(),
        "problems": problems,
        "found": report.found,
        "repaired": report.repaired,
        "checked": report.checked,
        "durations_ms": report.durations_ms,
    });
    Ok(serde_json::to_string_pretty(&object)? + "\n")
}
