//! The program `mysafe-server`.

fn main() -> std::process::ExitCode {
    mysafe_server::cli::main()
}
