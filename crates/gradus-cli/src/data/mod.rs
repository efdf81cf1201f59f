//! Data of the command line and from files: numbers, `.npy`, `.npz`, `.csv`; and arrays into files.
//!
//! Must not know what the data are for.

mod npy;
mod table;

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use gradus::{Array, Given};

/// The most bytes that are read of one file.
const MOST_BYTES: u64 = 4 << 30;

/// The values that one option `--data` or `--start` names: `X=FILE`, `c=0.1`, or `FILE.npz`.
pub(crate) fn read(option: &str, text: &str) -> Result<Vec<(String, Given)>, String> {
    let Some((name, source)) = text.split_once('=') else {
        let path = Path::new(text);
        if has_extension(path, "npz") {
            return archive(path);
        }
        return Err(format!(
            "--{option} {text} names no variable\n  hint: --{option} X={text}, or an archive FILE.npz"
        ));
    };
    let (name, source) = (name.trim().to_owned(), source.trim());
    if let Ok(number) = source.parse::<f64>() {
        let from = format!("--{option} {text}");
        return Ok(vec![(name, Given::Array { shape: Vec::new(), entries: vec![number], from })]);
    }
    let path = Path::new(source);
    let given = if has_extension(path, "npz") {
        let mut members = archive(path)?;
        let own = members.iter().position(|(member, _)| *member == name);
        let own = own.ok_or_else(|| format!("{source} holds no array {name}"))?;
        members.swap_remove(own).1
    } else if has_extension(path, "csv") {
        let (shape, entries) =
            table::read(&bytes(path, &name)?).map_err(|error| of(source, &name, &error))?;
        Given::Array { shape, entries, from: source.to_owned() }
    } else if has_extension(path, "npy") {
        let (shape, entries) =
            npy::read(&bytes(path, &name)?).map_err(|error| of(source, &name, &error))?;
        Given::Array { shape, entries, from: source.to_owned() }
    } else {
        return Err(format!(
            "`{source}` for {name} is no number and no file that can be read\n  hint: files end in \
             .npy, .npz or .csv"
        ));
    };
    Ok(vec![(name, given)])
}

/// The random values that an option `--random` names: `X=100x5`.
pub(crate) fn random(text: &str) -> Result<(String, Given), String> {
    let wrong = || format!("--random {text} is not of the form X=100x5");
    let (name, shape) = text.split_once('=').ok_or_else(wrong)?;
    let sizes = shape.split(['x', '×', ',']).map(|size| size.trim().parse::<usize>());
    let shape: Vec<usize> = sizes.collect::<Result<_, _>>().map_err(|_| wrong())?;
    let shape = if shape == [1] { Vec::new() } else { shape };
    Ok((name.trim().to_owned(), Given::Random { shape }))
}

/// A size that an option `--size` names: `k=3`.
pub(crate) fn size(text: &str) -> Result<(String, u64), String> {
    let wrong = || format!("--size {text} is not of the form k=3");
    let (name, size) = text.split_once('=').ok_or_else(wrong)?;
    let size: u64 = size.trim().parse().map_err(|_| wrong())?;
    if size == 0 { Err(wrong()) } else { Ok((name.trim().to_owned(), size)) }
}

fn of(source: &str, name: &str, error: &str) -> String {
    format!("{source} for {name}: {error}")
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(wanted))
}

fn bytes(path: &Path, name: &str) -> Result<Vec<u8>, String> {
    let told = |failure: &dyn std::fmt::Display| {
        of(&path.display().to_string(), name, &failure.to_string())
    };
    let file = File::open(path).map_err(|failure| told(&failure))?;
    limited(file).map_err(|failure| told(&failure))
}

fn limited(source: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = source.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|failure| failure.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("longer than {} GiB", MOST_BYTES >> 30));
    }
    Ok(bytes)
}

/// All arrays of an archive, named by their members without `.npy`.
fn archive(path: &Path) -> Result<Vec<(String, Given)>, String> {
    let source = path.display().to_string();
    let bytes = bytes(path, "its arrays")?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|failure| format!("{source} is no archive of arrays: {failure}"))?;
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|failure| format!("{source}: {failure}"))?;
        let name = member.name().map_err(|failure| format!("{source}: {failure}"))?;
        let Some(name) = name.strip_suffix(".npy").map(str::to_owned) else { continue };
        let bytes = limited(member).map_err(|error| of(&source, &name, &error))?;
        let (shape, entries) = npy::read(&bytes).map_err(|error| of(&source, &name, &error))?;
        found.push((name, Given::Array { shape, entries, from: source.clone() }));
    }
    Ok(found)
}

/// Writes arrays into a file; nothing is left of it where that fails.
pub(crate) fn write(path: &Path, values: &[(String, Array)]) -> Result<(), String> {
    let told = |failure: &dyn std::fmt::Display| format!("{}: {failure}", path.display());
    let bytes = if has_extension(path, "npz") {
        packed(values).map_err(|failure| told(&failure))?
    } else {
        match values {
            [(_, only)] if has_extension(path, "npy") => npy::bytes(&shape(only), &only.entries),
            [_] => return Err(told(&"the name of the file ends in .npy or .npz")),
            _ => return Err(told(&"several variables are written into a file .npz")),
        }
    };
    // A file beside it takes its place when it is whole.
    let beside = path.with_extension("partial");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(&bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| std::fs::rename(&beside, path));
    moved.map_err(|failure| {
        // What is left of it is of no use; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&beside);
        told(&failure)
    })
}

/// Whether arrays could be written into a file of this name.
pub(crate) fn writable(path: &Path, count: usize) -> Result<(), String> {
    let one = count == 1 && has_extension(path, "npy");
    if one || has_extension(path, "npz") {
        return Ok(());
    }
    let form = if count == 1 { ".npy or .npz" } else { ".npz" };
    Err(format!("--out {}: the name of the file is to end in {form}", path.display()))
}

fn packed(values: &[(String, Array)]) -> Result<Vec<u8>, String> {
    let told = |failure: zip::result::ZipError| failure.to_string();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for (name, array) in values {
        archive.start_file(format!("{name}.npy"), options).map_err(told)?;
        let bytes = npy::bytes(&shape(array), &array.entries);
        archive.write_all(&bytes).map_err(|failure| failure.to_string())?;
    }
    archive.finish().map(Cursor::into_inner).map_err(told)
}

/// The shape of an array in NumPy: vectors have one axis, numbers none.
fn shape(array: &Array) -> Vec<usize> {
    let sides = [array.rows, array.columns];
    array.family.iter().copied().chain(sides.into_iter().filter(|size| *size != 1)).collect()
}
