//! The contract of the server's interface: Schemathesis (<https://schemathesis.io>) makes requests of the
//! description and judges the answers of the real server. It asks as the owner of some items, as somebody
//! who may edit them, as somebody who may view them, and as a stranger. `cargo xtask contract` starts it.

mod stage;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use mysafe_tests::workspace::root;
use stage::{Role, Stage};

/// The arguments that `cargo xtask contract` passes on.
struct Arguments {
    /// Schemathesis' program.
    program: PathBuf,
    /// Cases of each route and role, beside those that cover the description.
    cases: String,
    /// The seed of all of them.
    seed: String,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, cases, seed] = &arguments[..] else {
        eprintln!("usage: contract SCHEMATHESIS CASES SEED");
        return ExitCode::FAILURE;
    };
    let arguments = Arguments { program: program.into(), cases: cases.clone(), seed: seed.clone() };
    let stage = Stage::new();
    let mut kept = true;
    // The owner comes last: the owner's requests take the items from the others.
    for role in &stage.roles {
        println!("\n== as the {}", role.name);
        kept &= judge(&arguments, &stage, role, &role.token, "--exclude-operation-id");
        // Signing out ends the session: with one of its own, and nothing after it.
        kept &= judge(&arguments, &stage, role, &role.spare_token, "--include-operation-id");
    }
    let faults: Vec<String> = stage.faults();
    faults.iter().for_each(|line| eprintln!("{line}"));
    if kept && faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs Schemathesis with or without signing out. Returns true if it found nothing.
fn judge(
    arguments: &Arguments,
    stage: &Stage,
    role: &Role,
    token: &str,
    signing_out: &str,
) -> bool {
    let folder = root().join("tests/contract");
    let mut command = Command::new(&arguments.program);
    command
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .args(["run", &format!("{}/openapi.json", stage.url())])
        .args(["--max-examples", &arguments.cases, "--seed", &arguments.seed])
        .args([signing_out, "sign_out"])
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("MYSAFE_CONTRACT_TOKEN", token)
        .env("MYSAFE_CONTRACT", role.known.to_string())
        .current_dir(stage.folder());
    command.status().is_ok_and(|status| status.success())
}
