//! Which crate may know which, and how many crates the program is built from.
//!
//! Must not know what is in the crates.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::root;

/// The arrows: a crate may depend directly on the crates named after it, and on no other crate of
/// the workspace.
const ARROWS: [(&str, &[&str]); 18] = [
    ("gradus-diagnostics", &[]),
    ("gradus-syntax", &["gradus-diagnostics"]),
    ("gradus-tensor", &[]),
    ("gradus-scalar", &[]),
    ("gradus-functions", &["gradus-tensor"]),
    (
        "gradus-elaborate",
        &["gradus-syntax", "gradus-functions", "gradus-tensor", "gradus-diagnostics"],
    ),
    (
        "gradus-calculus",
        &["gradus-elaborate", "gradus-functions", "gradus-tensor", "gradus-diagnostics"],
    ),
    (
        "gradus-notation",
        &["gradus-tensor", "gradus-functions", "gradus-syntax", "gradus-diagnostics"],
    ),
    (
        "gradus-verify",
        &[
            "gradus-elaborate",
            "gradus-syntax",
            "gradus-functions",
            "gradus-tensor",
            "gradus-diagnostics",
        ],
    ),
    (
        "gradus-claims",
        &[
            "gradus-verify",
            "gradus-elaborate",
            "gradus-syntax",
            "gradus-functions",
            "gradus-tensor",
            "gradus-diagnostics",
        ],
    ),
    (
        "gradus-codegen",
        &["gradus-tensor", "gradus-functions", "gradus-notation", "gradus-diagnostics"],
    ),
    (
        "gradus-convexity",
        &[
            "gradus-calculus",
            "gradus-elaborate",
            "gradus-functions",
            "gradus-tensor",
            "gradus-diagnostics",
        ],
    ),
    ("gradus-optimize", &[]),
    (
        "gradus-derivation",
        &[
            "gradus-notation",
            "gradus-elaborate",
            "gradus-functions",
            "gradus-tensor",
            "gradus-diagnostics",
        ],
    ),
    (
        "gradus-solve",
        &[
            "gradus-derivation",
            "gradus-notation",
            "gradus-functions",
            "gradus-tensor",
            "gradus-diagnostics",
        ],
    ),
    (
        "gradus",
        &[
            "gradus-calculus",
            "gradus-claims",
            "gradus-codegen",
            "gradus-convexity",
            "gradus-derivation",
            "gradus-diagnostics",
            "gradus-elaborate",
            "gradus-functions",
            "gradus-notation",
            "gradus-optimize",
            "gradus-scalar",
            "gradus-solve",
            "gradus-syntax",
            "gradus-tensor",
            "gradus-verify",
        ],
    ),
    ("gradus-cli", &["gradus"]),
    ("xtask", &[]),
];

/// The most crates that the program may be built from, its own included.
const MOST_CRATES: usize = 120;

#[test]
fn crates_depend_only_along_the_arrows() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let metadata = cargo_json(&["metadata", "--locked", "--no-deps", "--format-version", "1"]);
    let packages = metadata["packages"].as_array().unwrap();
    let members: BTreeSet<&str> = packages.iter().map(name).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let Some(arrows) = allowed.get(name(package)) else {
            wrong.push(format!("{} is not in the table of arrows", name(package)));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let target = name(dependency);
            let is_for_tests = dependency["kind"] == "dev";
            if members.contains(target) && !is_for_tests && !arrows.contains(&target) {
                wrong.push(format!("{} -> {target}", name(package)));
            }
        }
    }
    assert!(wrong.is_empty(), "not along the arrows: {wrong:#?}");
}

#[test]
fn the_program_is_built_from_few_crates() {
    let output = cargo(&[
        "tree",
        "--locked",
        "--package",
        "gradus-cli",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let crates: BTreeSet<&str> = output.lines().filter(|line| !line.is_empty()).collect();
    assert!(crates.len() > ARROWS.len() - 2, "cargo tree printed too little:\n{output}");
    assert!(crates.len() < MOST_CRATES, "{} crates:\n{output}", crates.len());
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

fn cargo_json(words: &[&str]) -> Value {
    serde_json::from_str(&cargo(words)).unwrap()
}

fn cargo(words: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(words).current_dir(root()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {words:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
