//! `berth config import`.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use super::{Outcome, print};
use crate::config::{Setting, check_text};
use crate::import::{Fate, Imported, Line, Old, import};

/// Nothing is written when a value can't be understood, or when the whole can't be used.
pub(super) fn run(from: &Path, output: &Path) -> Outcome {
    let imported = import(&Old::read(from)?);
    let problems: Vec<String> = imported.problems().map(|(key, why)| format!("\n  {key} {why}")).collect();
    if !problems.is_empty() {
        return Err(format!("{} cannot be taken over:{}", from.display(), problems.concat()).into());
    }
    let text = imported.toml(&from.display().to_string());
    let loaded = check_text(output, &text)?;
    write_new(output, &text)?;
    print(&(table(&imported.lines, &loaded.settings) + &end(&imported, output)))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that was not there, for its owner alone.
fn write_new(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    let place = path.display();
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{place} is there already: move it away, or name another by --output")
        }
        _ => format!("{place} can't be written: {error}"),
    })?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

fn table(lines: &[Line], settings: &[Setting]) -> String {
    let widest = lines.iter().map(|line| line.key.len()).max().unwrap_or_default();
    let line = |line: &Line| format!("{:widest$}  {}\n", line.key, said(&line.fate, settings));
    lines.iter().map(line).collect::<Vec<_>>().concat()
}

/// What became of a key, in a sentence; secrets are hidden.
fn said(fate: &Fate, settings: &[Setting]) -> String {
    match fate {
        Fate::Became(became, remark) => {
            let shown = became.iter().map(|(key, value)| {
                let is_secret = settings.iter().any(|setting| setting.key == *key && setting.is_secret);
                if is_secret { format!("{key} = ***") } else { format!("{key} = {value}") }
            });
            let shown = shown.collect::<Vec<_>>().join(", ");
            match (shown.as_str(), remark.as_str()) {
                (_, "") => shown,
                ("", _) => remark.clone(),
                _ => format!("{shown} ({remark})"),
            }
        }
        Fate::Part(why) | Fate::Wrong(why) => why.clone(),
        Fate::Never(why) => format!("no counterpart: {why}"),
        Fate::NotYet(why) => format!("no counterpart yet: {why}"),
        Fate::Unknown => "not a key of Harbor that is known here: nothing was written for it".to_owned(),
    }
}

fn end(imported: &Imported, output: &Path) -> String {
    let place = output.display();
    format!(
        "\nWrote {} settings to {place}, which only you may read: secrets are in it.\nStart with: berth serve --config {place}\n",
        imported.count()
    )
}
