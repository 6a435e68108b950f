//! Builds what the server carries inside itself: the portal's site.
//!
//! ```text
//! cargo run -p xtask -- site                the whole site into target/site
//! cargo run -p xtask -- site --style-only   the style sheet and the public files alone
//! ```
//!
//! Nothing is downloaded and no tool is called besides cargo and rustc.

mod bundle;
mod site;
mod style;
mod toolchain;
mod wasm;

use std::process::ExitCode;

/// What every step can fail with: one sentence for the person at the terminal.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: cargo run -p xtask -- site [--style-only]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["site"] => site::build(site::Parts::All),
        ["site", "--style-only"] => site::build(site::Parts::Style),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
