//! Packs the texts that are part of the program, and asks the linker to pack relocations and to keep functions of the same code
//! once, where this machine can: together they take more than 2 megabytes less.
#![allow(clippy::print_stdout, reason = "Cargo reads it")]

use std::env::var;
use std::io::{Error, Result, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The first version of the GNU C library that unpacks relocations.
const GLIBC: (u32, u32) = (2, 36);

/// Not every linker knows it.
const FOLDED: [&str; 1] = ["-Wl,--icf=all"];

/// Texts that are packed by themselves.
const TEXTS: [&str; 6] = [
    "docs/run-report.schema.json",
    "features/requirements.yaml",
    "fixtures/sweep.txt",
    "fixtures/variants-in-compatible.txt",
    "src/report/html/page.css",
    "src/report/html/page.js",
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed=features");
    let folder = PathBuf::from(var("OUT_DIR").map_err(Error::other)?);
    pack(&features()?, &folder.join("features.packed"))?;
    for text in TEXTS.map(Path::new) {
        println!("cargo::rerun-if-changed={}", text.display());
        let name = text.file_name().unwrap_or_default().to_string_lossy();
        pack(&std::fs::read_to_string(text)?, &folder.join(format!("{name}.packed")))?;
    }
    // What is built for another machine may run with an older library.
    let native = var("HOST").is_ok_and(|host| var("TARGET").is_ok_and(|target| target == host));
    let gnu = var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux")
        && var("CARGO_CFG_TARGET_ENV").is_ok_and(|library| library == "gnu");
    if native && gnu {
        let packed = glibc().is_some_and(|version| version >= GLIBC).then_some("-Wl,-z,pack-relative-relocs");
        for argument in packed.into_iter().chain(FOLDED).filter(|argument| links(argument, &folder)) {
            println!("cargo::rustc-link-arg-bins={argument}");
        }
    }
    Ok(())
}

fn pack(text: &str, to: &Path) -> Result<()> {
    let mut encoder = DeflateEncoder::new(std::fs::File::create(to)?, Compression::best());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()?.flush()
}

/// The paths and texts of the feature files in order, with a zero after each.
fn features() -> Result<String> {
    let mut files = Vec::new();
    for category in std::fs::read_dir("features")? {
        let category = category?.path();
        if category.is_dir() {
            for file in std::fs::read_dir(&category)? {
                files.push(file?.path());
            }
        }
    }
    files.sort();
    let mut text = String::new();
    for file in files {
        let path: Vec<String> = file.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        text.push_str(&format!("{}\0{}\0", path.join("/"), std::fs::read_to_string(&file)?));
    }
    Ok(text)
}

/// The version of the GNU C library here; `None` where it cannot be found out.
fn glibc() -> Option<(u32, u32)> {
    let output = std::process::Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}

/// Whether the linker with which the program will be linked takes an argument.
fn links(argument: &str, folder: &Path) -> bool {
    let (source, program) = (folder.join("linked.rs"), folder.join("linked"));
    let mut rustc = std::process::Command::new(var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()));
    rustc.args(var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().split('\x1f').filter(|flag| !flag.is_empty()));
    if let Ok(linker) = var("RUSTC_LINKER") {
        rustc.arg(format!("-Clinker={linker}"));
    }
    rustc.arg(format!("-Clink-arg={argument}")).arg("-o").arg(&program).arg(&source);
    let links =
        std::fs::write(&source, "fn main() {}").is_ok() && rustc.output().is_ok_and(|output| output.status.success());
    // It is of no use, and large.
    drop(std::fs::remove_file(program));
    links
}
