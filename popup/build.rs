//! Tells the linker to keep the relocations of the WebAssembly module: by them it is split in two.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family.contains("wasm")) {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
