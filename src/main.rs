//! The `stemline` command: everything is in [`stemline::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    stemline::cli::main()
}
