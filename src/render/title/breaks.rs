//! The cheapest breaks that make a trapezium or a rhombus, found without trying them all (B-1).

use crate::document::measures::{self, AREA_WIDTH};
use crate::render::title::words::Piece;

/// The widest line in hundredths of a character (B-2).
pub(crate) const WIDEST: usize = measures::characters(100 * AREA_WIDTH, measures::TITLE_SIZE);
/// A digit or a small letter of 小标宋, as wide as the widest of the usual ones.
const ASCII: usize = 60;
const HAN: usize = 100;
/// Lines narrower and wider than these are avoided.
const NARROW: usize = 600;
const WIDE: usize = 1_930;

/// A line of a title: pieces, and how wide and long they are.
#[derive(Debug, Clone, Copy)]
struct Line {
    end: usize,
    width: usize,
    /// Number of characters.
    length: usize,
    /// What breaks it foregoes, how far it is from the mean, and what it costs to end it.
    cost: f64,
}

/// The best way to set the lines up to and with a last one.
#[derive(Debug, Clone, Copy)]
struct Best {
    cost: f64,
    /// The line before among those of its start, and whether lines still grew there.
    before: Option<(usize, usize, bool)>,
}

/// For each start of a line and each line from there: the best that ends with it, growing and
/// shrinking.
type Layer = Vec<Vec<[Option<Best>; 2]>>;

/// The width in hundredths of a character.
pub(crate) fn width_of(text: &str) -> usize {
    let is_narrow = |c: char| c.is_ascii() && !c.is_ascii_uppercase() && !"mw@%&+=<>".contains(c);
    text.chars().map(|character| if is_narrow(character) { ASCII } else { HAN }).sum()
}

/// The ends of the lines, as counts of pieces, and their cost; a line that breaks the shape costs
/// `shapeless`.
pub(crate) fn best_breaks(
    pieces: &[Piece],
    count: usize,
    shapeless: f64,
) -> Option<(Vec<usize>, f64)> {
    let total: usize = pieces.iter().map(|piece| width_of(&piece.text)).sum();
    let mean = (total / count) as f64;
    let lines: Vec<Vec<Line>> = (0..pieces.len()).map(|at| lines_from(pieces, at, mean)).collect();
    let mut layers = vec![first_layer(&lines)];
    for _ in 1..count {
        layers.push(next_layer(&lines, layers.last()?, shapeless));
    }
    let (start, line, grows, cost) = cheapest_end(&lines, layers.last()?, pieces.len())?;
    let mut ends = Vec::with_capacity(count);
    let mut at = Some((start, line, grows));
    for layer in layers.iter().rev() {
        let (start, line, grows) = at?;
        ends.push(lines[start][line].end);
        at = layer[start][line][usize::from(grows)]?.before;
    }
    ends.reverse();
    Some((ends, cost))
}

/// Every line that begins with a piece, fits, and may end where it ends.
fn lines_from(pieces: &[Piece], start: usize, mean: f64) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut width, mut length, mut foregone) = (0, 0, 0.0);
    for (index, piece) in pieces.iter().enumerate().skip(start) {
        // The space between two names is seen only inside a line.
        let is_space = piece.text == "\u{3000}";
        if !(is_space && index == start) {
            width += width_of(&piece.text);
            length += piece.text.chars().count();
        }
        let unseen = if is_space { HAN } else { 0 };
        if width - unseen.min(width) > WIDEST {
            break;
        }
        if piece.break_after.is_finite() {
            let length = if is_space { length.saturating_sub(1) } else { length };
            let width = width - unseen.min(width);
            let off = (width as f64 - mean) / 100.0;
            let narrow = if width < NARROW { 10.0 } else { 0.0 };
            let wide = if width > WIDE { 2.0 } else { 0.0 };
            let cost = piece.break_after + foregone + off * off * 0.07 + narrow + wide;
            lines.push(Line { end: index + 1, width, length, cost });
        }
        foregone += piece.no_break_after;
    }
    lines
}

fn first_layer(lines: &[Vec<Line>]) -> Layer {
    let mut layer = empty_layer(lines);
    for (line, best) in lines[0].iter().zip(&mut layer[0]) {
        // One line may be the first of those that grow, or the last of none.
        best[usize::from(true)] = Some(Best { cost: line.cost, before: None });
    }
    layer
}

fn empty_layer(lines: &[Vec<Line>]) -> Layer {
    lines.iter().map(|lines| vec![[None, None]; lines.len()]).collect()
}

fn next_layer(lines: &[Vec<Line>], before: &Layer, shapeless: f64) -> Layer {
    let mut layer = empty_layer(lines);
    for (start, bests) in before.iter().enumerate() {
        for (index, by_phase) in bests.iter().enumerate() {
            for grew in [false, true] {
                let Some(best) = by_phase[usize::from(grew)] else { continue };
                let line = lines[start][index];
                let Some(followers) = lines.get(line.end) else { continue };
                for (next, follower) in followers.iter().enumerate() {
                    let (grows, is_kept) = shape(&line, follower, grew);
                    let cost = best.cost + follower.cost + if is_kept { 0.0 } else { shapeless };
                    let held = &mut layer[line.end][next][usize::from(grows)];
                    if cost.is_finite() && held.is_none_or(|held| cost < held.cost) {
                        *held = Some(Best { cost, before: Some((start, index, grew)) });
                    }
                }
            }
        }
    }
    layer
}

/// Whether lines still grow with the next one, and whether they keep their shape. A trapezium grows or
/// shrinks line by line, a rhombus grows and then shrinks; no rectangle, no hourglass. The eye
/// judges widths, a ruler may count characters: both shall see the shape.
fn shape(line: &Line, next: &Line, grew: bool) -> (bool, bool) {
    if next.width > line.width && next.length > line.length {
        (true, grew)
    } else if next.width < line.width && next.length < line.length {
        (false, true)
    } else {
        (grew, false)
    }
}

fn cheapest_end(
    lines: &[Vec<Line>],
    layer: &Layer,
    pieces: usize,
) -> Option<(usize, usize, bool, f64)> {
    let mut cheapest: Option<(usize, usize, bool, f64)> = None;
    for (start, bests) in layer.iter().enumerate() {
        for (index, by_phase) in bests.iter().enumerate() {
            for grows in [false, true] {
                let Some(best) = by_phase[usize::from(grows)] else { continue };
                let is_end = lines[start][index].end == pieces;
                if is_end && cheapest.is_none_or(|(.., cost)| best.cost < cost) {
                    cheapest = Some((start, index, grows, best.cost));
                }
            }
        }
    }
    cheapest
}
