// SPDX-License-Identifier: Apache-2.0
//! Tells the linker the location of `libspeciesnet_c`.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=SPECIESNET_LIB_DIR");
    println!("cargo:rustc-link-lib=dylib=speciesnet_c");
    if let Some(folder) = given_folder().or_else(pkg_config_folder) {
        println!("cargo:rustc-link-search=native={folder}");
        // For build scripts of crates that depend on this one: DEP_SPECIESNET_LIB_DIR.
        println!("cargo:lib_dir={folder}");
    }
}

fn given_folder() -> Option<String> {
    std::env::var("SPECIESNET_LIB_DIR").ok()
}

fn pkg_config_folder() -> Option<String> {
    let output = Command::new("pkg-config")
        .args(["--variable=libdir", "speciesnet_c"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let folder = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!folder.is_empty()).then_some(folder)
}
