//! The `berth` program: allocator, runtime, command line; everything else is in the library.

use std::process::ExitCode;

use clap::Parser;
use server::cli::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(server::commands::run(cli)),
        Err(error) => Err(Box::from(error)),
    };
    outcome.unwrap_or_else(|error| {
        server::commands::report(&*error);
        ExitCode::FAILURE
    })
}
