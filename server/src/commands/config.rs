//! `berth config check` and `berth config show`.

use std::process::ExitCode;

use super::{Outcome, print};
use crate::cli::Settings;
use crate::config::{Setting, load};

pub(super) fn check(settings: &Settings) -> Outcome {
    let loaded = load(settings.inputs())?;
    let source = match &loaded.file {
        Some(path) => format!("{} and the environment", path.display()),
        None => "the environment (there is no configuration file)".to_owned(),
    };
    print(&format!("The configuration is fine. It comes from {source}.\n"))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show(settings: &Settings) -> Outcome {
    let loaded = load(settings.inputs())?;
    print(&table(&loaded.settings))?;
    Ok(ExitCode::SUCCESS)
}

/// Key, value and origin in aligned columns; `-` where nothing is set.
fn table(settings: &[Setting]) -> String {
    let shown = |setting: &Setting| match setting.value.as_str() {
        "" => "-".to_owned(),
        value => value.to_owned(),
    };
    let widest_key = settings.iter().map(|setting| setting.key.len()).max().unwrap_or_default();
    let widest = settings.iter().map(|setting| shown(setting).len()).max().unwrap_or_default();
    let line = |setting: &Setting| {
        let value = shown(setting);
        format!("{:widest_key$}  {value:widest$}  {}\n", setting.key, setting.origin)
    };
    settings.iter().map(line).collect::<Vec<_>>().concat()
}
