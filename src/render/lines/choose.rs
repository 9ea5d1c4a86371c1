//! Chooses line breaks that minimise the stretching and squeezing of a whole paragraph.

use std::ops::Range;

use crate::render::lines::cells::{Cell, IDEOGRAPHIC_SPACE};
use crate::render::unbreakable::char_range::CharRange;

/// The indent of the first line, in cells (B-5).
const INDENT: f64 = 2.0;
/// Tolerance for accumulated rounding on a line, the same as Typst's.
const ROUNDING: f64 = 5e-8;

/// Cost of a line stretched by a tenth of the width of each character.
const SPREAD_COST: f64 = 100.0;
/// Cost of any squeezed line.
const SQUEEZED: f64 = 25.0;
/// Additional cost of a line squeezed by all its removable blank. With this cost even the tightest line
/// costs less than one stretched by 8 %, which looks loose.
const SQUEEZE_COST: f64 = 60.0;
/// The part of the removable blank of a line that may be used.
const TIGHTEST: f64 = 0.8;
/// Cost of each line, so that a paragraph takes no more lines than it needs.
const LINE_COST: f64 = 20.0;

/// The lines of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChosenLines {
    /// The number of characters up to each line end, including the last.
    pub ends: Vec<usize>,
    /// Whether any line is squeezed.
    pub is_squeezed: bool,
}

/// The best lines up to a possible line end.
#[derive(Debug, Clone, Copy)]
struct Best {
    end: usize,
    cost: f64,
    before: usize,
    is_squeezed: bool,
}

/// Chooses the lines of a paragraph, each at most `room` characters wide. `None` if no choice obeys the
/// rules.
pub(crate) fn choose(cells: &[Cell], unbreakable: &[CharRange], room: f64) -> Option<ChosenLines> {
    let measured = Measured::of(cells);
    let mut bests = vec![Best { end: 0, cost: 0.0, before: 0, is_squeezed: false }];
    let mut active = 0;
    let mut unbreakable = unbreakable.iter().copied().peekable();
    for end in 1..=cells.len() {
        while unbreakable.next_if(|&(_, to)| to <= end).is_some() {}
        let is_last = end == cells.len();
        let is_inside = unbreakable.peek().is_some_and(|&(from, _)| from < end);
        if !is_last && (is_inside || !may_end(cells, end)) {
            continue;
        }
        let ending = measured.ending(end);
        let line = |best: &Best| measured.line(best.end, &ending, room);
        while bests.get(active).is_some_and(|best| line(best).is_too_wide()) {
            active += 1;
        }
        bests.extend(best_line(&bests, active, is_last, line).map(|best| Best { end, ..best }));
    }
    backtrack(&bests, cells.len())
}

/// The best line that begins at an earlier line end, trying the longest first.
fn best_line(
    bests: &[Best],
    active: usize,
    is_last: bool,
    line: impl Fn(&Best) -> Line,
) -> Option<Best> {
    let mut found = None;
    let mut cost = f64::INFINITY;
    let mut least_after = None;
    for (index, best) in bests[active..].iter().enumerate() {
        let line = line(best);
        let own = line.cost(is_last) + LINE_COST;
        if best.cost + own < cost {
            cost = best.cost + own;
            found = Some((index, line.is_squeezed()));
        }
        if is_last || line.is_squeezed() {
            continue;
        }
        // Shorter lines are stretched even more.
        let rest = &bests[active + index + 1..];
        if *least_after.get_or_insert_with(|| least_cost(rest)) + own > cost {
            break;
        }
    }
    found.map(|(index, is_squeezed)| Best {
        cost,
        before: active + index,
        is_squeezed,
        ..bests[active + index]
    })
}

/// The least cost; infinite if there are none. Costs are numbers, so this needs no care for NaN, as
/// `f64::min` takes.
fn least_cost(bests: &[Best]) -> f64 {
    bests
        .iter()
        .fold(f64::INFINITY, |least, best| if best.cost < least { best.cost } else { least })
}

fn backtrack(bests: &[Best], length: usize) -> Option<ChosenLines> {
    let mut at = bests.len() - 1;
    if bests[at].end != length {
        return None;
    }
    let mut chosen = ChosenLines { ends: Vec::new(), is_squeezed: false };
    while at > 0 {
        chosen.ends.push(bests[at].end);
        chosen.is_squeezed |= bests[at].is_squeezed;
        at = bests[at].before;
    }
    chosen.ends.reverse();
    Some(chosen)
}

/// Whether a line may end before this character.
fn may_end(cells: &[Cell], end: usize) -> bool {
    let (last, next) = (cells[end - 1].character, cells[end].character);
    let is_pair = last == next && matches!(next, '—' | '…');
    let is_lone_dash = next == '—' && cells.get(end + 1).is_none_or(|cell| cell.character != '—');
    !(may_not_begin(next) || may_not_end(last) || is_pair || is_lone_dash)
        && !(is_word(last) && is_word(next) && !matches!(last, '-' | '/'))
}

fn is_word(character: char) -> bool {
    character.is_ascii_graphic() || (character < '\u{2e80}' && character.is_alphabetic())
}

/// Punctuation that may not begin a line (GB/T 15834, 5.1).
fn may_not_begin(character: char) -> bool {
    matches!(
        character,
        '，' | '。'
            | '．'
            | '、'
            | '：'
            | '；'
            | '？'
            | '！'
            | '”'
            | '’'
            | '》'
            | '）'
            | '』'
            | '」'
            | '】'
            | '〗'
            | '〕'
            | '〉'
            | '］'
            | '｝'
            | '％'
            | '‰'
            | '℃'
            | '°'
            | '′'
            | '″'
            | '·'
            | '・'
            | '～'
            | '〜'
            | '－'
            | '–'
            | '‐'
            | '／'
            | '…'
            | ' '
            | IDEOGRAPHIC_SPACE
            | '%'
            | ','
            | '.'
            | ':'
            | ';'
            | '!'
            | '?'
            | ')'
            | ']'
            | '}'
    )
}

/// Punctuation that may not end a line.
fn may_not_end(character: char) -> bool {
    matches!(
        character,
        '“' | '‘'
            | '《'
            | '（'
            | '『'
            | '「'
            | '【'
            | '〖'
            | '〔'
            | '〈'
            | '［'
            | '｛'
            | '／'
            | '￥'
            | '￡'
            | '£'
            | '§'
            | '№'
            | '('
            | '['
            | '{'
    )
}

/// The cells of a paragraph with prefix sums.
#[derive(Debug)]
struct Measured<'c> {
    cells: &'c [Cell],
    sums: Vec<Sum>,
}

/// The sum of the cells before an index, with adjacent punctuation squeezed.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    width: f64,
    squeezable: f64,
    spreading: usize,
}

impl Sum {
    fn with(self, cell: Cell) -> Self {
        Self {
            width: self.width + cell.width,
            squeezable: self.squeezable + cell.left + cell.right,
            spreading: self.spreading + usize::from(cell.spreads),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            width: self.width + other.width,
            squeezable: self.squeezable + other.squeezable,
            spreading: self.spreading + other.spreading,
        }
    }
}

/// The end of a line, the same for all lines that end there.
#[derive(Debug, Default)]
struct Ending {
    /// The index after its last character.
    end: usize,
    /// Whether the last character is opening punctuation, whose width is different at the end of a line.
    opens: bool,
    /// The sum of everything before the last character.
    sum: Sum,
    /// The last character, with its width at the end of a line.
    last: Sum,
}

impl<'c> Measured<'c> {
    fn of(cells: &'c [Cell]) -> Self {
        let mut sums = Vec::with_capacity(cells.len() + 1);
        sums.push(Sum::default());
        let mut sum = Sum::default();
        let mut squeezed = cells.to_vec();
        for index in 0..squeezed.len() {
            if let [cell, next, ..] = &mut squeezed[index..] {
                cell.squeeze(next);
            }
            sum = sum.with(squeezed[index]);
            sums.push(sum);
        }
        Self { cells, sums }
    }

    /// The part that all lines ending at `end` share. The last punctuation of a paragraph is not
    /// squeezed, because the box that carries the closing may follow it (B-18).
    fn ending(&self, end: usize) -> Ending {
        // A space between two lines is not printed.
        let end = end - usize::from(self.cells[end - 1].character == ' ');
        let Some(before) = end.checked_sub(1) else { return Ending::default() };
        let mut last = self.cells[before];
        let opens = last.is_punctuation && last.left > 0.0;
        if end < self.cells.len() {
            last.end();
        }
        Ending { end, opens, sum: self.sums[before], last: Sum::default().with(last) }
    }

    /// The line from `start` to the given end.
    #[inline]
    fn line(&self, start: usize, ending: &Ending, room: f64) -> Line {
        let is_first = start == 0;
        let room = if is_first { room - INDENT } else { room };
        if start >= ending.end {
            return Line { room, sum: Sum::default() };
        }
        if ending.opens || (!is_first && self.cells[start].is_punctuation) {
            return Line { room, sum: self.sum_with_edges(start..ending.end) };
        }
        let (from, to, last) = (self.sums[start], ending.sum, ending.last);
        let sum = Sum {
            width: to.width - from.width + last.width,
            squeezable: to.squeezable - from.squeezable + last.squeezable,
            spreading: to.spreading - from.spreading + last.spreading,
        };
        Line { room, sum }
    }

    /// The sum of a line whose first or last punctuation has another width there. Punctuation only
    /// squeezes adjacent punctuation, so the middle of the line is as in the paragraph.
    fn sum_with_edges(&self, range: Range<usize>) -> Sum {
        let line = &self.cells[range.clone()];
        let is_punctuation = |cell: &&Cell| cell.is_punctuation;
        let n_first = line.iter().take_while(is_punctuation).count();
        let n_last = line[n_first..].iter().rev().take_while(is_punctuation).count();
        // Every last character has another width.
        let n_last = n_last.max(1).min(line.len() - n_first);
        let (from, to) = (range.start + n_first, range.end - n_last);
        let edges = [range.start..from, to..range.end].map(|edge| self.sum_of_edge(edge, &range));
        let (before, after) = (self.sums[from], self.sums[to]);
        edges.into_iter().fold(
            Sum {
                width: after.width - before.width,
                squeezable: after.squeezable - before.squeezable,
                spreading: after.spreading - before.spreading,
            },
            Sum::plus,
        )
    }

    /// Sums the cells at one edge of a line.
    fn sum_of_edge(&self, edge: Range<usize>, line: &Range<usize>) -> Sum {
        let mut cells = self.cells[edge.clone()].to_vec();
        for index in 1..cells.len() {
            if let [cell, next, ..] = &mut cells[index - 1..] {
                cell.squeeze(next);
            }
        }
        if edge.start == line.start && line.start > 0 {
            cells.iter_mut().take(1).for_each(Cell::begin);
        }
        if edge.end == line.end && line.end < self.cells.len() {
            cells.iter_mut().rev().take(1).for_each(Cell::end);
        }
        cells.into_iter().fold(Sum::default(), Sum::with)
    }
}

/// A candidate line.
#[derive(Debug, Clone, Copy)]
struct Line {
    room: f64,
    sum: Sum,
}

impl Line {
    fn missing(&self) -> f64 {
        self.room - self.sum.width
    }

    fn is_squeezed(&self) -> bool {
        self.missing() < -ROUNDING
    }

    fn is_too_wide(&self) -> bool {
        self.missing() + TIGHTEST * self.sum.squeezable < -ROUNDING
    }

    fn cost(&self, is_last: bool) -> f64 {
        if self.is_squeezed() {
            let squeezed = -self.missing() / self.sum.squeezable;
            return SQUEEZED + SQUEEZE_COST * squeezed * squeezed;
        }
        if is_last {
            return 0.0;
        }
        let apart = self.missing() / self.sum.spreading.max(1) as f64;
        let tenths = apart / 0.1;
        // Not `powi`, whose rounding depends on the platform.
        SPREAD_COST * (tenths * tenths)
    }
}
