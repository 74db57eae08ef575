//! The door.

fn main() -> std::process::ExitCode {
    oa_test::cli::main()
}
