//! What Rust's test runner prints, read.

/// The names that `--list --format terse` prints.
pub fn names(listing: &str) -> Vec<String> {
    listing.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// The names under the last `failures:` of a run. `None` if the run did not come to its end: there
/// is no result line then.
pub fn failures(output: &str) -> Option<Vec<String>> {
    output.lines().rfind(|line| line.starts_with("test result: "))?;
    // The first `failures:` is followed by what the tests printed, the last by the names alone.
    let Some((_, list)) = output.rsplit_once("\nfailures:\n") else { return Some(Vec::new()) };
    Some(list.lines().map_while(|line| line.strip_prefix("    ")).map(str::to_owned).collect())
}

/// How many passed, failed and were ignored, over all result lines of a run.
pub fn results(output: &str) -> [usize; 3] {
    let mut sum = [0; 3];
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        for part in line.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) =
                (words.next().map(str::parse::<usize>), words.next())
            else {
                continue;
            };
            if let Some(index) =
                ["passed", "failed", "ignored"].iter().position(|name| *name == what)
            {
                sum[index] += count;
            }
        }
    }
    sum
}

/// The seeds that random tests told: each repeats its run.
pub fn seeds(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.starts_with("MYSAFE_SEED=")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: &str = "\
running 3 tests
test a::one ... ok
test a::two ... FAILED
test b ... ignored

failures:

---- a::two stdout ----
    indented text of the test
failures: none of the runner's

failures:
    a::two

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn the_list_of_names_is_read() {
        assert_eq!(names("a::one: test\nb: test\nc: benchmark\n"), ["a::one", "b"]);
    }

    #[test]
    fn failed_tests_are_those_of_the_last_list() {
        assert_eq!(failures(FAILED), Some(vec!["a::two".to_owned()]));
        assert_eq!(
            failures("test a ... ok\n\ntest result: ok. 1 passed; 0 failed"),
            Some(Vec::new())
        );
    }

    #[test]
    fn seeds_are_told_whether_a_test_passed_or_not() {
        let output = "---- a stdout ----\nMYSAFE_SEED=7 of a\n\nsuccesses:\n    a\n";
        assert_eq!(seeds(output), ["MYSAFE_SEED=7 of a"]);
        assert_eq!(seeds(FAILED), [""; 0]);
    }

    #[test]
    fn a_run_that_broke_off_is_no_success() {
        assert_eq!(failures("running 3 tests\ntest a::one ... ok\n"), None);
    }

    #[test]
    fn result_lines_add_up() {
        let two =
            format!("{FAILED}\ntest result: ok. 12 passed; 0 failed; 2 ignored; 0 measured\n");
        assert_eq!(results(&two), [13, 1, 3]);
    }
}
