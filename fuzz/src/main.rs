//! The targets under libFuzzer, which brings its own `main`. The environment says which target runs, and
//! in which folder its first inputs are wanted; without a target the program prints the names of all.
#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use mysafe_fuzz::{TARGETS, Target, mutate, seeds};

static TARGET: OnceLock<&Target> = OnceLock::new();

fn start() {
    let Ok(name) = std::env::var("MYSAFE_FUZZ_TARGET") else {
        TARGETS.iter().for_each(|target| println!("{}", target.name));
        std::process::exit(0);
    };
    let found = TARGETS.iter().find(|target| target.name == name);
    let target = TARGET.get_or_init(|| found.expect("the environment names a target"));
    if let Some(folder) = std::env::var_os("MYSAFE_FUZZ_SEEDS").map(PathBuf::from) {
        let inputs = [seeds::kept(target), seeds::accepted(target)].concat();
        for (number, seed) in inputs.into_iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed)
                .expect("the folder is there");
        }
    }
}

libfuzzer_sys::fuzz_target!(init: start(), |bytes: &[u8]| {
    let target = TARGET.get().expect("libFuzzer initialises first");
    (target.run)(bytes);
});

// Every second change is one of values, where the input is CBOR.
libfuzzer_sys::fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| {
    let skip = TARGET.get().map_or(0, |target| usize::from(target.kinds > 0));
    let changed = Some(seed).filter(|seed| seed % 2 == 0);
    match changed.and_then(|seed| mutate::value(&bytes[..size], skip, seed / 2)) {
        Some(changed) if changed.len() <= most => {
            bytes[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        _ => libfuzzer_sys::fuzzer_mutate(bytes, size, most),
    }
});
