//! Packs the data model and the vocabularies, which take a third of a megabyte less then.
#![allow(clippy::print_stdout, reason = "Cargo reads it")]

use std::io::{Error, Result, Write as _};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::var("OUT_DIR").map_err(Error::other)?);
    println!("cargo::rerun-if-changed=build.rs");
    for name in ["openactive-model", "vocabularies"] {
        let file = format!("../../fixtures/{name}.json");
        println!("cargo::rerun-if-changed={file}");
        let to = std::fs::File::create(folder.join(format!("{name}.packed")))?;
        let mut encoder = DeflateEncoder::new(to, Compression::best());
        encoder.write_all(&std::fs::read(file)?)?;
        encoder.finish()?.flush()?;
    }
    Ok(())
}
