//! Compiles the `frontend` crate for the browser and writes the JavaScript that loads it.

use crate::{Outcome, bundle::Bundle, toolchain::TARGET, toolchain::Toolchain};
use std::{collections::HashSet, path::Path};
use walrus::{
    Function, FunctionId, FunctionKind, Module,
    ir::{Visitor, dfs_in_order},
};
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
    let dead = dead_functions(&module);
    if dead.is_empty() {
        return Err(
            format!("nothing is called {NEVER_CALLED}: the module has no names, or leptos changed").into()
        );
    }
    for id in dead {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            let mut body = function.builder_mut().func_body();
            body.instrs_mut().clear();
            body.unreachable();
        }
    }
    Ok(module.emit_wasm())
}

/// Functions of that name which nothing else calls.
///
/// A name alone proves nothing: the compiler keeps one of several functions that are equal, under the name of any of
/// them. So whatever living code calls is alive, and so is what that calls.
fn dead_functions(module: &Module) -> HashSet<FunctionId> {
    let is_named = |name: &str| name.contains(NEVER_CALLED) && !name.contains("drop_in_place");
    let mut dead: HashSet<FunctionId> = module
        .funcs
        .iter()
        .filter(|function| function.name.as_deref().is_some_and(is_named))
        .map(Function::id)
        .collect();
    let mut living: Vec<FunctionId> =
        module.funcs.iter().map(Function::id).filter(|id| !dead.contains(id)).collect();
    while let Some(id) = living.pop() {
        let FunctionKind::Local(function) = &module.funcs.get(id).kind else { continue };
        let mut calls = Calls::default();
        dfs_in_order(&mut calls, function, function.entry_block());
        living.extend(calls.0.into_iter().filter(|called| dead.remove(called)));
    }
    dead
}

/// The functions that a function calls by name.
#[derive(Default)]
struct Calls(Vec<FunctionId>);

impl Visitor<'_> for Calls {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.push(*function);
    }
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
