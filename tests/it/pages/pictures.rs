//! Pictures of the first and last page of every fixture, compared with reviewed references.
//!
//! A picture that differs or has no reference fails; the tests never write a reference. The new picture
//! and the difference are written below the target folder; after a review, `just bless` copies the
//! picture to `tests/it/pictures/`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use typst_layout::Page;
use typst_render::RenderOptions;

use crate::fixture;
use crate::fixtures::seed::{self, TYPESETTER};

/// 36 dots per inch: a character is 8 dots wide. That is enough to see a line that is missing, moved or
/// broken elsewhere, and a page takes few bytes.
const DOTS_PER_POINT: f64 = 0.5;
/// The largest picture allowed in the repository, in bytes.
const MOST_BYTES: usize = 12 * 1024;
/// The side of the squares whose differences are averaged, about the height of a line. Averaged over
/// the whole page, a missing character would not show.
const SQUARE: usize = 8;
/// The mean difference of a square, of 255. Half of the step between two of the 16 greys: the
/// drawing is the same on every machine except for rounding, which changes some dots by one step; one
/// character more or less changes its square by five times as much.
const BOUND: f64 = 8.5;

/// Grey dots, row by row.
#[derive(Debug)]
struct Picture {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl Picture {
    fn of(page: &Page) -> Self {
        let options =
            RenderOptions { pixel_per_pt: DOTS_PER_POINT.into(), ..RenderOptions::default() };
        let drawn = typst_render::render(page, &options);
        let grey = |dot: &[u8]| {
            let [red, green, blue] = [0, 1, 2].map(|index| u32::from(dot[index]));
            // Sixteen greys are enough and take half the bytes.
            let grey = (red * 299 + green * 587 + blue * 114) / 1000;
            u8::try_from((grey + 8) / 17 * 17).unwrap()
        };
        Self {
            width: drawn.width() as usize,
            height: drawn.height() as usize,
            dots: drawn.data().chunks(4).map(grey).collect(),
        }
    }

    fn read(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut dots = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut dots).unwrap();
        Self { width: info.width as usize, height: info.height as usize, dots }
    }

    fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (width, height) =
            (u32::try_from(self.width).unwrap(), u32::try_from(self.height).unwrap());
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        let pack = |pair: &[u8]| (pair[0] / 17) << 4 | pair.get(1).map_or(0, |dot| dot / 17);
        let rows = self.dots.chunks(self.width);
        let packed: Vec<u8> = rows.flat_map(|row| row.chunks(2).map(pack)).collect();
        encoder.write_header().unwrap().write_image_data(&packed).unwrap();
        bytes
    }

    /// The difference of two pictures, white on black, and the greatest mean difference of a square.
    fn difference(&self, other: &Self) -> (Self, f64) {
        if (self.width, self.height) != (other.width, other.height) {
            let dots = vec![255; self.dots.len()];
            return (Self { width: self.width, height: self.height, dots }, f64::INFINITY);
        }
        let dots: Vec<u8> =
            self.dots.iter().zip(&other.dots).map(|(a, b)| a.abs_diff(*b)).collect();
        let columns = self.width.div_ceil(SQUARE);
        let mut sums = vec![0.0; columns * self.height.div_ceil(SQUARE)];
        for (index, dot) in dots.iter().enumerate() {
            let (x, y) = (index % self.width / SQUARE, index / self.width / SQUARE);
            sums[y * columns + x] += f64::from(*dot);
        }
        let greatest = sums.into_iter().fold(0.0, f64::max) / (SQUARE * SQUARE) as f64;
        (Self { width: self.width, height: self.height, dots }, greatest)
    }
}

fn references() -> PathBuf {
    seed::folder().join("tests/it/pictures")
}

/// An empty folder for the differences of this run.
fn emptied(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The pictures of every fixture by file name.
fn drawn() -> Vec<(String, Picture)> {
    let mut found = Vec::new();
    for name in fixture::names("valid") {
        let json = serde_json::from_slice(&fixture::bytes("valid", &name)).unwrap();
        let document = TYPESETTER.lay_out(&seed::filing(&json)).unwrap();
        let pages = document.pages();
        for number in [1, pages.len()] {
            let picture = Picture::of(&pages[number - 1]);
            found.push((format!("{name}-{number}.png"), picture));
        }
    }
    found
}

#[test]
fn pages_match_the_references() {
    let (new, differences) = (emptied("new"), emptied("difference"));
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for (name, picture) in drawn() {
        let bytes = picture.png();
        if bytes.len() > MOST_BYTES {
            faults.push(format!("{name} has {} bytes, {MOST_BYTES} at most", bytes.len()));
        }
        let fault = match fs::read(references().join(&name)) {
            Err(_) => Some("has no reference".to_owned()),
            Ok(reference) => {
                let (difference, greatest) = picture.difference(&Picture::read(&reference));
                (greatest > BOUND).then(|| {
                    fs::write(differences.join(&name), difference.png()).unwrap();
                    format!("differs by {greatest:.1} in a square, {BOUND} at most")
                })
            }
        };
        if let Some(fault) = fault {
            fs::write(new.join(&name), bytes).unwrap();
            faults.push(format!("{name} {fault}"));
        }
        known.insert(name);
    }
    for entry in fs::read_dir(references()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !known.contains(&name) {
            faults.push(format!("{name} is a reference of no page"));
        }
    }
    assert!(
        faults.is_empty(),
        "{}\nlook at {} and {}, then `just bless`",
        faults.join("\n"),
        new.display(),
        differences.display()
    );
}

/// A page with one character moved by a millimetre fails; the same page passes.
#[test]
fn a_moved_character_is_detected() {
    let blank = || Picture { width: 40, height: 40, dots: vec![255; 1600] };
    let with = |x: usize| {
        let mut picture = blank();
        for row in 10..15 {
            picture.dots[row * 40 + x..row * 40 + x + 5].fill(102);
        }
        picture
    };
    assert!(with(8).difference(&with(8)).1 < BOUND);
    assert!(with(8).difference(&with(9)).1 > BOUND);
    assert!(with(8).difference(&blank()).1 > BOUND);
    let read = Picture::read(&with(8).png());
    assert_eq!((read.width, read.height, read.dots), (40, 40, with(8).dots));
}
