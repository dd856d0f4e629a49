//! Reads the imports of source files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A module, by the names on its path from the crate's root.
pub(super) type Module = Vec<String>;

/// Returns the code of all modules of the crate, without its root, comments and tests.
pub(super) fn read_modules() -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    list_files(&root, &mut files);
    let modules = files.into_iter().filter_map(|file| {
        let module = module_of(file.strip_prefix(&root).expect("below src"));
        if module.iter().any(|part| part == "tests") || module.is_empty() {
            return None;
        }
        let text = fs::read_to_string(&file).expect("is text");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        Some((module, lines.join("\n")))
    });
    modules.collect()
}

fn list_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("reads") {
        let path = entry.expect("reads").path();
        if path.is_dir() {
            list_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Returns the module that a file is; empty for the crate's root.
fn module_of(file: &Path) -> Module {
    let mut parts: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
    parts
}

/// Returns the paths that begin with `crate` or `super` in some code, those of `use` groups one by one.
pub(super) fn paths(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | ':')) {
                expand(&code[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Adds the paths of one tree of imports; returns what follows it.
pub(super) fn expand<'a>(code: &'a str, before: &mut Module, found: &mut Vec<Module>) -> &'a str {
    let depth = before.len();
    let mut rest = code.trim_start();
    loop {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end > 0 {
            before.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        let Some(next) = rest.strip_prefix("::") else { break };
        rest = next.trim_start();
        if let Some(mut inside) = rest.strip_prefix('{') {
            loop {
                inside = inside.trim_start();
                if let Some(after) = inside.strip_prefix('}') {
                    before.truncate(depth);
                    return after;
                }
                let after = expand(inside, before, found);
                let cut = after.find([',', '}']).unwrap_or(after.len());
                inside = after[cut..].strip_prefix(',').unwrap_or(&after[cut..]);
                if inside.is_empty() {
                    return inside;
                }
            }
        }
    }
    if before.len() > depth {
        found.push(before.clone());
    }
    before.truncate(depth);
    rest
}

/// Returns the module path that a path of imports names, from the crate's root.
pub(super) fn resolve(module: &[String], path: &[String]) -> Vec<String> {
    let mut base: Vec<String> = module.to_vec();
    let mut rest = path.iter().peekable();
    if rest.next_if(|part| *part == "crate").is_some() {
        base.clear();
    }
    while rest.next_if(|part| *part == "super").is_some() {
        base.pop();
    }
    base.extend(rest.cloned());
    base
}
