//! Compiles the `frontend` crate for the browser and writes the JavaScript that loads it.

use crate::{Outcome, bundle::Bundle, toolchain::TARGET, toolchain::Toolchain};
use std::path::Path;
use walrus::{FunctionKind, Module};
use wasm_bindgen_cli_support::Bindgen;

const PROFILE: &str = "wasm-release";
const TARGET_DIR: &str = "target-wasm";
/// The stem of the module: `berth.js` and `berth_bg.wasm`.
const STEM: &str = "berth";

/// Builds the module and adds its script, its code and the bootstrap to `bundle`.
pub fn add_module(root: &Path, bundle: &mut Bundle) -> Outcome<()> {
    compile(root)?;
    let compiled = root.join(TARGET_DIR).join(TARGET).join(PROFILE).join("frontend.wasm");
    let mut output = Bindgen::new()
        .input_bytes(STEM, without_dead_code(&compiled)?)
        .out_name(STEM)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    if output.snippets().values().any(|parts| !parts.is_empty()) || !output.local_modules().is_empty() {
        return Err("a dependency brings JavaScript snippets of its own, which the site cannot name".into());
    }
    let code = output.wasm_mut().emit_wasm();
    let code_name = bundle.add("berth_bg.wasm", &code)?;
    let script_name = bundle.add("berth.js", output.js().as_bytes())?;
    bundle.add("boot.js", bootstrap(&script_name, &code_name).as_bytes())?;
    Ok(())
}

/// What a view can do and no page of ours asks for: waking up piece by piece while code for it still arrives. Every view
/// has it, and the linker keeps it, since each is known by its address only.
const NEVER_CALLED: &str = "hydrate_async";

/// The compiled module, in which code that is never called is one instruction that stops the program.
fn without_dead_code(compiled: &Path) -> Outcome<Vec<u8>> {
    let mut module = Module::from_file(compiled)?;
    let mut left_out = 0_usize;
    for function in module.funcs.iter_mut() {
        let is_dead = function.name.as_deref().is_some_and(|name| name.contains(NEVER_CALLED));
        if let (true, FunctionKind::Local(body)) = (is_dead, &mut function.kind) {
            let mut body = body.builder_mut().func_body();
            body.instrs_mut().clear();
            body.unreachable();
            left_out += 1;
        }
    }
    if left_out == 0 {
        return Err(
            format!("nothing is called {NEVER_CALLED}: the module has no names, or leptos changed").into()
        );
    }
    Ok(module.emit_wasm())
}

fn compile(root: &Path) -> Outcome<()> {
    let toolchain = Toolchain::find()?;
    eprintln!("site: compiling the portal for the browser with {}", toolchain.name());
    let status = toolchain
        .cargo()
        .current_dir(root)
        .args(["build", "--package", "frontend", "--target", TARGET])
        .args(["--profile", PROFILE, "--target-dir", TARGET_DIR])
        .status()?;
    if status.success() { Ok(()) } else { Err("the portal does not compile for the browser".into()) }
}

/// The script that starts the portal: it fetches the code while the loader is still being read.
///
/// A failure is told a second later. A reader who goes on before the code is here ends its loading, which is no
/// failure: that page is gone by then, and its timer with it.
fn bootstrap(script: &str, code: &str) -> String {
    format!(
        "const code = fetch(new URL(\"./{code}\", import.meta.url));\n\
         code.catch(() => {{}});\n\
         try {{\n\
         const {{ default: init, hydrate }} = await import(\"./{script}\");\n\
         await init({{ module_or_path: code }});\n\
         hydrate();\n\
         }} catch (error) {{\n\
         setTimeout(() => {{ throw error; }}, 1000);\n\
         }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bootstrap_names_both_files_beside_itself() {
        let script = bootstrap("berth.1.js", "berth_bg.2.wasm");
        assert!(script.contains("import(\"./berth.1.js\")"));
        assert!(script.contains("new URL(\"./berth_bg.2.wasm\", import.meta.url)"));
    }
}
