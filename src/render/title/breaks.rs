//! Finds the cheapest breaks that make a trapezium or a rhombus, by dynamic programming (B-1).

use crate::document::title::{ASCII, HAN, WIDEST, width_of, width_with};
use crate::render::title::pieces::Piece;
use crate::render::title::word::SPACE;

/// The width of a digit or a lowercase letter in the narrowest of the usual 小标宋 typefaces.
const NARROW_ASCII: usize = 53;
const OPENING: [char; 5] = ['《', '〈', '“', '（', '〔'];
const CLOSING: [char; 5] = ['》', '〉', '”', '）', '〕'];
/// Lines narrower than the first or wider than the second cost more.
const NARROW: usize = 600;
const WIDE: usize = 1_930;
/// The cost of a last line shorter than this or than a third of the line before it.
pub(crate) const SHORT_END: f64 = 50.0;
pub(crate) const SHORTEST_END: usize = 600;

/// A possible line of the title. It ends before the piece `end`.
#[derive(Debug, Clone, Copy)]
struct Line {
    end: usize,
    /// The width of the ink, with wide and with narrow digits.
    ink: [usize; 2],
    /// The sum of the costs of its end, of its width and of the breaks it does not use.
    cost: f64,
}

/// The cheapest lines up to and including a given last line.
#[derive(Debug, Clone, Copy)]
struct Best {
    cost: f64,
    /// The previous line: its first piece, its index among the lines from there, and whether the
    /// lines were still growing.
    before: Option<(usize, usize, bool)>,
}

/// For each first piece and each line from there: the cheapest lines that end with it, shrinking
/// and growing.
type Layer = Vec<Vec<[Option<Best>; 2]>>;

/// The ends of the cheapest `count` lines, as counts of pieces, and their cost. A line that breaks
/// the shape costs `shapeless`. Returns `None` if the pieces do not make that many lines.
pub(crate) fn best_breaks(
    pieces: &[Piece],
    count: usize,
    shapeless: f64,
) -> Option<(Vec<usize>, f64)> {
    let total: usize = pieces.iter().map(|piece| width_of(&piece.text)).sum();
    let mean = (total / count) as f64;
    let lines: Vec<Vec<Line>> = (0..pieces.len()).map(|at| lines_from(pieces, at, mean)).collect();
    let rests = rests(pieces);
    let mut layers = vec![first_layer(&lines)];
    for number in 2..=count {
        // Lines that leave more than the remaining lines can hold are not followed up.
        let room = (count - number) * WIDEST;
        let fits: Vec<bool> = rests.iter().map(|rest| *rest <= room).collect();
        layers.push(next_layer(&lines, layers.last()?, &fits, shapeless));
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

/// The width of the pieces from each piece on, without spaces, which may fall between lines.
fn rests(pieces: &[Piece]) -> Vec<usize> {
    let mut rests = vec![0; pieces.len() + 1];
    for (index, piece) in pieces.iter().enumerate().rev() {
        let width = if piece.text == SPACE { 0 } else { width_of(&piece.text) };
        rests[index] = rests[index + 1] + width;
    }
    rests
}

/// All lines that begin with a piece, fit on the page and end at a possible break.
fn lines_from(pieces: &[Piece], start: usize, mean: f64) -> Vec<Line> {
    // A space at either end of a line is not printed.
    let is_space = |piece: &Piece| piece.text == SPACE;
    let (mut lines, mut widths, mut foregone) = (Vec::new(), [0, 0], 0.0);
    for (index, piece) in pieces.iter().enumerate().skip(start) {
        if !(is_space(piece) && index == start) {
            widths[0] += width_with(&piece.text, ASCII);
            widths[1] += width_with(&piece.text, NARROW_ASCII);
        }
        let unseen = if is_space(piece) && index > start { HAN } else { 0 };
        let width = widths[0] - unseen;
        if width > WIDEST {
            break;
        }
        if piece.break_after.is_finite() {
            let off = (width as f64 - mean) / 100.0;
            let narrow = if width < NARROW { 10.0 } else { 0.0 };
            let wide = if width > WIDE { 2.0 } else { 0.0 };
            let cost = piece.break_after + foregone + off * off * 0.07 + narrow + wide;
            let blank = unseen + blank_halves(&pieces[start].text, &piece.text);
            let ink = widths.map(|width| width.saturating_sub(blank));
            lines.push(Line { end: index + 1, ink, cost });
        }
        foregone += piece.no_break_after;
    }
    lines
}

/// Half of a mark at either end of a line is blank.
fn blank_halves(first: &str, last: &str) -> usize {
    let marks = usize::from(first.starts_with(OPENING)) + usize::from(last.ends_with(CLOSING));
    marks * HAN / 2
}

fn first_layer(lines: &[Vec<Line>]) -> Layer {
    let mut layer = empty_layer(lines);
    for (line, best) in lines[0].iter().zip(&mut layer[0]) {
        // The first line counts as growing: the second may be longer or shorter.
        best[usize::from(true)] = Some(Best { cost: line.cost, before: None });
    }
    layer
}

fn empty_layer(lines: &[Vec<Line>]) -> Layer {
    lines.iter().map(|lines| vec![[None, None]; lines.len()]).collect()
}

/// `fits`: whether the rest fits on the remaining lines if this one ends before a piece.
fn next_layer(lines: &[Vec<Line>], before: &Layer, fits: &[bool], shapeless: f64) -> Layer {
    let mut layer = empty_layer(lines);
    for (start, bests) in before.iter().enumerate() {
        for (index, by_phase) in bests.iter().enumerate() {
            for grew in [false, true] {
                let Some(best) = by_phase[usize::from(grew)] else { continue };
                let line = lines[start][index];
                let Some(followers) = lines.get(line.end) else { continue };
                for (next, follower) in followers.iter().enumerate() {
                    if !fits[follower.end] {
                        continue;
                    }
                    let (grows, is_kept) = shape(&line, follower, grew);
                    let is_end = follower.end == lines.len();
                    let shortest = SHORTEST_END.max(line.ink[0].div_ceil(3));
                    let is_short = is_end && follower.ink[0] < shortest;
                    let cost = best.cost
                        + follower.cost
                        + if is_kept { 0.0 } else { shapeless }
                        + if is_short { SHORT_END } else { 0.0 };
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

/// Whether the lines still grow with the next one, and whether they keep the shape. In a trapezium
/// each line is longer, or each line is shorter, than the one before; in a rhombus lines grow and
/// then shrink. Two lines must differ with wide and with narrow digits.
fn shape(line: &Line, next: &Line, grew: bool) -> (bool, bool) {
    let inks = || line.ink.into_iter().zip(next.ink);
    if inks().all(|(line, next)| next > line) {
        (true, grew)
    } else if inks().all(|(line, next)| next < line) {
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
