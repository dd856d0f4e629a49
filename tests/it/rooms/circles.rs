//! Circles of imports between files.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Module, expand, paths, read_modules, resolve};

/// The imports of each module.
type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// The types of the GraphQL schema refer to one another as the graph does, so imports within `graphql` are left out.
#[test]
fn files_import_in_one_direction() {
    let mut graph = read();
    // A module that imports nothing more, or that none imports any more, is in no circle.
    loop {
        let imported: BTreeSet<Module> = graph.values().flatten().cloned().collect();
        let before = graph.len();
        graph.retain(|module, imports| !imports.is_empty() && imported.contains(module));
        let left: BTreeSet<Module> = graph.keys().cloned().collect();
        graph.values_mut().for_each(|imports| imports.retain(|import| left.contains(import)));
        if graph.len() == before {
            break;
        }
    }
    let circles: Vec<String> = graph
        .iter()
        .map(|(module, imports)| {
            let imports: Vec<String> = imports.iter().map(|import| import.join("::")).collect();
            format!("{} imports {}", module.join("::"), imports.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "files import one another in a circle:\n{}", circles.join("\n"));
}

fn read() -> Graph {
    let modules = read_modules();
    let exports: BTreeMap<&Module, Vec<Module>> =
        modules.iter().map(|(module, code)| (module, exports(code))).collect();
    let mut graph = Graph::new();
    for (module, code) in &modules {
        let imports = paths(code).into_iter().map(|path| find(&exports, resolve(module, &path)));
        let imports = imports.filter(|import| import != module && !import.is_empty());
        let inside = |import: &Module| {
            [module, import].iter().all(|one| one.first().is_some_and(|it| it == "graphql"))
        };
        graph.insert(module.clone(), imports.filter(|import| !inside(import)).collect());
    }
    graph
}

/// Returns the paths that a module exports under their last names.
fn exports(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        if line.starts_with("pub") {
            expand(&code[at + "use ".len()..], &mut Vec::new(), &mut found);
        }
    }
    found
}

/// Returns the module that defines what a path from the crate's root names; follows exports of other modules.
fn find(exports: &BTreeMap<&Module, Vec<Module>>, path: Module) -> Module {
    let mut module = Module::new();
    let mut rest = path.as_slice();
    while let [name, after @ ..] = rest {
        let child: Module = module.iter().chain([name]).cloned().collect();
        if exports.contains_key(&child) {
            module = child;
        } else {
            let exported = exports.get(&module).into_iter().flatten().find(|path| path.last() == Some(name));
            let Some(exported) = exported else { break };
            let base = match exported.first().map(String::as_str) {
                Some("crate" | "super") => resolve(&module, exported),
                _ => module.iter().chain(exported).cloned().collect(),
            };
            let target: Module = base.into_iter().chain(after.iter().cloned()).collect();
            // An export of a dependency is in no module of the crate.
            return if target == path { module } else { find(exports, target) };
        }
        rest = after;
    }
    module
}
