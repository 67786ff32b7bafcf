//! Every target over its corpus and the frozen vectors: what fuzzing found once stays mended, and a
//! target that no longer reads anything shows.

use mysafe_fuzz::TARGETS;
use mysafe_fuzz::seeds::{self, workspace};

/// Bytes of all files of the corpus.
const MOST: u64 = 1_000_000;

fn runs(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let (kept, seeds) = (seeds::kept(target), seeds::accepted(target));
    let accepted = kept.iter().filter(|input| (target.run)(input)).count();
    assert!(accepted > 0, "none of {} inputs is accepted", kept.len());
    assert!(accepted < kept.len(), "all of {} inputs are accepted", kept.len());
    assert!(!seeds.is_empty(), "no vector and no text is accepted");
}

macro_rules! targets {
    ($($test:ident $name:literal)*) => {
        $(
            #[test]
            fn $test() {
                runs($name);
            }
        )*

        #[test]
        fn every_target_has_its_test() {
            assert_eq!(TARGETS.each_ref().map(|target| target.name), [$($name),*]);
        }
    };
}

targets! {
    cbor "cbor"
    revision "revision"
    access_list "access-list"
    bundle "bundle"
    requests "requests"
    answers "answers"
    addresses "addresses"
    registrable "registrable"
    parts "parts"
    events "events"
    cache "cache"
    device "device"
}

#[test]
fn the_corpus_stays_small_and_belongs_to_targets() {
    let mut bytes = 0;
    for file in std::fs::read_dir(workspace("fuzz/corpus")).expect("there is a corpus") {
        let path = file.expect("the folder is readable").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        assert!(TARGETS.iter().any(|target| name == target.name), "{name} is of no target");
        bytes += path.metadata().expect("the file is readable").len();
    }
    assert!(bytes < MOST, "{bytes} bytes");
}
