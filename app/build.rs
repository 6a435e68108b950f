//! Turns `locales/<locale>/<namespace>.json` into the `i18n` module, and refuses locales that differ in their keys.
//!
//! The parser and the generator are called directly: the `leptos_i18n_build` crate does the same, but
//! compiles the whole of ICU's data sources first for a feature that is not used here.

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{error::Error, fs, path::PathBuf};

/// The first one is what a visitor gets whose languages we do not have.
const LOCALES: [&str; 2] = ["en-us", "zh-cn"];

/// The lints of this workspace are for what people write.
const GENERATED: &str = "#[allow(unused_qualifications, rustdoc::all, clippy::all, clippy::pedantic, clippy::restriction, reason = \"generated\")]";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let options = ParseOptions::default().interpolate_display(true);
    let config = Config::new(LOCALES[0])?
        .add_locales(&LOCALES[1..])?
        .add_namespaces(&namespaces()?)?
        .parse_options(options);
    let parsed = parse_locales(None, config)?;
    let complaints: Vec<String> = parsed
        .diag
        .errors()
        .iter()
        .map(ToString::to_string)
        .chain(parsed.diag.warnings().iter().map(ToString::to_string))
        .collect();
    if !complaints.is_empty() {
        return Err(complaints.join("\n").into());
    }
    let code = leptos_i18n_codegen::gen_code(&parsed, None, false, None, false)?;
    let folder = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("mod.rs"), format!("{GENERATED}\n{code}"))?;
    Ok(())
}

/// One namespace a file of the first locale; the parser refuses a locale that lacks one.
fn namespaces() -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(PathBuf::from("locales").join(LOCALES[0]))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "json") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}
