//! A program that writes the filing that it was compiled with.

use std::io::{self, Write};

fn main() {
    // The source is longer than a pipe holds, so it is read first.
    io::copy(&mut io::stdin(), &mut io::sink()).expect("the input can be read");
    io::stdout().write_all(include_bytes!(env!("FILING"))).expect("the output is open");
}
