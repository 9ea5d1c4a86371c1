//! The widths of columns that make the rows of a table lowest.

use crate::document::table::{Cell, ColumnAlign, Table};
use crate::render::table_cells::breaks::{self, CellLines, LONGEST_LABEL};
use crate::render::table_cells::columns::{CharWidth, HALF, INSETS_IN_HALVES, PageRoom};
use crate::render::type_area::TypeArea;
use crate::render::unbreakable::cell_segments;

/// The most cells that are measured; of more, rows at equal distances.
const MEASURED: usize = 2_000;
/// What the narrowest column holds in half characters: of any texts, with a longer label, and with
/// a longer text.
const NARROWEST: [usize; 3] = [4, 6, 8];
/// The shortest such text in characters.
const LONGER: usize = 5;
/// The steps in half characters by which a column gives room to another.
const STEPS: [usize; 4] = [8, 4, 2, 1];
/// What a column is given at once from all others, in half characters.
const GATHERED: [usize; 10] = [2, 4, 6, 8, 11, 14, 18, 23, 28, 34];
/// What a column is given at most from the columns that lose least by it, in half characters.
const DRAWN: usize = 14;
/// The most cells times columns for which that is tried.
const MOST_DRAWN: usize = 6_000;
/// The most rounds.
const ROUNDS: usize = 8;

/// What a half line of a row costs, and one of the head, which is on every page.
const HALF_LINE: (usize, usize) = (8, 16);
/// From how many lines on a row of a head is tall, and what each further line costs in addition. A tall
/// head can leave page 1 no room for a row (7.3.3).
const TALL_HEAD: usize = 4;
const TALL_HEAD_LINE: usize = 400;
/// What a line of any cell costs.
const LINE: usize = 2;
/// What it costs to split a number.
const SPLIT_NUMBER: usize = 800;
/// What it costs to split another word.
const SPLIT_WORD: usize = 300;
/// What a last line of one character costs, if the line before it has none to give.
const LONE: usize = 40;
/// The characters of a line that has none to give.
const FEWEST: usize = 2;
/// What it costs to split a label inside a word of Chinese.
const SPLIT_LABEL: usize = 30;

/// A measured cell.
#[derive(Debug)]
struct Measured {
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
    /// What no line end splits.
    chunks: Vec<Chunk>,
    characters: usize,
    /// The blanks before the text, in half characters.
    indent: usize,
    /// Whether it is centred.
    is_label: bool,
    /// The text, if it is a short label.
    label: Option<CellLines>,
    /// The cost of the text, and its lines, for each room that was tried.
    known: Vec<Option<(usize, usize)>>,
}

/// A part of a text that no line end splits.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    width: usize,
    characters: usize,
    has_digits: bool,
}

/// Gives the columns of a table and of its parts the widths that make the rows lowest, beginning
/// with the widths they have. The first of `char_widths` is of text, the second of heads.
pub(crate) fn fit_columns(parts: &mut [Table], area: TypeArea, char_widths: [CharWidth<'_>; 2]) {
    let Some(first) = parts.first() else { return };
    let count = first.shares.len();
    let (cells, heads) = measured(parts, char_widths);
    // Rounding takes no more than a hundredth of a column.
    let fixed = INSETS_IN_HALVES + 1;
    let all = PageRoom::of(area).width().saturating_sub(fixed * count as u32) / 100;
    let mut widths = initial(&first.shares, all as usize);
    let narrowest = narrowest(&cells, count, all as usize);
    widen(&mut widths, &narrowest);
    let mut search = Search { least: usize::MAX, cells, heads, narrowest, widths };
    search.try_widths(search.widths.clone());
    search.run();
    let share = |width: &usize| 100 * u32::try_from(*width).unwrap_or(1) + fixed;
    let shares: Vec<u32> = search.widths.iter().map(share).collect();
    for part in parts {
        part.shares.clone_from(&shares);
    }
}

/// The best widths so far.
struct Search {
    cells: Vec<Measured>,
    /// For each row, whether it is one of a head.
    heads: Vec<bool>,
    narrowest: Vec<usize>,
    widths: Vec<usize>,
    least: usize,
}

impl Search {
    /// Moves room between columns as long as that makes the table lower.
    fn run(&mut self) {
        for _ in 0..ROUNDS {
            let before = self.least;
            for to in 0..self.widths.len() {
                for amount in GATHERED {
                    self.gather(to, amount);
                }
            }
            for step in STEPS {
                self.exchange(step);
            }
            if self.cells.len() * self.widths.len() <= MOST_DRAWN {
                (0..self.widths.len()).for_each(|to| self.draw(to));
            }
            if self.least == before {
                return;
            }
        }
    }

    /// Gives a column room from all others, from the one with the most to give first.
    fn gather(&mut self, to: usize, amount: usize) {
        let mut widths = self.widths.clone();
        for _ in 0..amount {
            let spare = |column: &usize| widths[*column].saturating_sub(self.narrowest[*column]);
            let others = (0..widths.len()).filter(|column| *column != to);
            let Some(from) = others.max_by_key(spare).filter(|from| spare(from) > 0) else {
                return;
            };
            widths[from] -= 1;
            widths[to] += 1;
        }
        self.try_widths(widths);
    }

    /// Gives a column room, a half character at a time from the column that loses least by it. Several
    /// columns together can give what none could give alone.
    fn draw(&mut self, to: usize) {
        let mut widths = self.widths.clone();
        for _ in 0..DRAWN {
            let mut best: Option<(usize, Vec<usize>)> = None;
            for from in (0..widths.len()).filter(|from| *from != to) {
                if widths[from] <= self.narrowest[from] {
                    continue;
                }
                let mut next = widths.clone();
                next[from] -= 1;
                next[to] += 1;
                let cost = cost(&mut self.cells, &self.heads, &next);
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, next));
                }
            }
            let Some((cost, next)) = best else { return };
            if cost < self.least {
                self.least = cost;
                self.widths.clone_from(&next);
            }
            widths = next;
        }
    }

    /// Lets each column give room to each other.
    fn exchange(&mut self, step: usize) {
        let count = self.widths.len();
        for from in 0..count {
            for to in (0..count).filter(|to| *to != from) {
                if self.widths[from] < self.narrowest[from] + step {
                    break;
                }
                let mut widths = self.widths.clone();
                widths[from] -= step;
                widths[to] += step;
                self.try_widths(widths);
            }
        }
    }

    fn try_widths(&mut self, widths: Vec<usize>) {
        let cost = cost(&mut self.cells, &self.heads, &widths);
        if cost < self.least {
            self.least = cost;
            self.widths = widths;
        }
    }
}

/// Whole widths in the proportion of the shares.
fn initial(shares: &[u32], all: usize) -> Vec<usize> {
    let total: usize = shares.iter().map(|share| *share as usize).sum();
    let (mut passed, mut used) = (0, 0);
    let widths = shares.iter().map(|share| {
        passed += *share as usize;
        let width = all * passed / total - used;
        used += width;
        width
    });
    widths.collect()
}

/// The least width of each column.
fn narrowest(cells: &[Measured], count: usize, all: usize) -> Vec<usize> {
    let [any, label, text] = NARROWEST;
    let mut widths = vec![any; count];
    for cell in cells.iter().filter(|cell| cell.columns.len() == 1) {
        if cell.characters >= LONGER {
            let width = &mut widths[cell.columns.start];
            *width = if cell.is_label { label } else { text }.max(*width);
        }
    }
    if widths.iter().sum::<usize>() > all {
        return vec![(all / count).clamp(1, any); count];
    }
    widths
}

/// Widens columns that are too narrow, each time at the cost of the one with the most to give.
fn widen(widths: &mut [usize], narrowest: &[usize]) {
    while let Some(narrow) = (0..widths.len()).find(|column| widths[*column] < narrowest[*column]) {
        let spare = |column: &usize| widths[*column].saturating_sub(narrowest[*column]);
        let Some(wide) = (0..widths.len()).rev().max_by_key(spare) else { return };
        if spare(&wide) == 0 {
            return;
        }
        widths[wide] -= 1;
        widths[narrow] += 1;
    }
}

/// The cells that count, and for each of their rows whether it is one of a head.
fn measured(parts: &[Table], char_widths: [CharWidth<'_>; 2]) -> (Vec<Measured>, Vec<bool>) {
    let rows: Vec<(&Vec<Cell>, bool)> = parts
        .iter()
        .flat_map(|part| {
            let head = part.head.iter().map(|row| (row, true));
            head.chain(part.rows.iter().map(|row| (row, false)))
        })
        .collect();
    let cells: usize = rows.iter().map(|(row, _)| row.len()).sum();
    let stride = cells.div_ceil(MEASURED).max(1);
    let heads = rows.iter().step_by(stride).map(|(_, is_head)| *is_head).collect();
    let mut found = Vec::new();
    for (index, (row, is_head)) in rows.iter().enumerate().filter(|(index, _)| index % stride == 0)
    {
        let char_width = char_widths[usize::from(*is_head)];
        for cell in *row {
            let characters: Vec<char> = cell.text.plain().chars().collect();
            if characters.is_empty() {
                continue;
            }
            let chunks = cell_segments(&characters).into_iter().map(|(start, end)| {
                let chunk = &characters[start..end];
                Chunk {
                    width: chunk.iter().map(|c| char_width(*c)).sum(),
                    characters: chunk.len(),
                    has_digits: chunk.iter().any(char::is_ascii_digit),
                }
            });
            // Of the rows between two measured ones, a tall cell has one.
            let row_span = cell.row_span.div_ceil(stride);
            found.push(Measured {
                columns: cell.column..cell.column + cell.column_span,
                rows: index / stride..index / stride + row_span,
                chunks: chunks.collect(),
                characters: characters.len(),
                indent: 2 * cell.indent,
                is_label: cell.align == ColumnAlign::Center,
                label: (cell.align == ColumnAlign::Center && characters.len() <= LONGEST_LABEL)
                    .then(|| CellLines::new(characters.clone(), true, char_width)),
                known: Vec::new(),
            });
        }
    }
    (found, heads)
}

/// What a table costs with columns of these widths.
fn cost(cells: &mut [Measured], heads: &[bool], widths: &[usize]) -> usize {
    let rows = heads.len();
    let mut total = 0;
    let mut heights = vec![1_usize; rows];
    let mut tall = Vec::new();
    for (index, cell) in cells.iter_mut().enumerate() {
        let columns = cell.columns.clone();
        let between = (columns.len() - 1) * (INSETS_IN_HALVES as usize + 1) / 100;
        let room = widths[columns].iter().sum::<usize>() + between;
        let (own, lines) = cell.at(room.saturating_sub(cell.indent));
        total += own;
        if cell.rows.len() == 1 {
            let height = &mut heights[cell.rows.start];
            *height = lines.max(*height);
        } else {
            tall.push((index, lines));
        }
    }
    // A row has a half line more than its text, which a cell over several rows can use.
    for (lines, is_head) in heights.iter().zip(heads) {
        total += (lines + 1) * if *is_head { HALF_LINE.1 } else { HALF_LINE.0 };
        total += if *is_head { lines.saturating_sub(TALL_HEAD) * TALL_HEAD_LINE } else { 0 };
    }
    for (index, lines) in tall {
        let end = cells[index].rows.end.min(rows);
        let below = &heights[cells[index].rows.start.min(end)..end];
        let height: usize = below.iter().map(|lines| lines + 1).sum();
        total += HALF_LINE.0 * (lines + 1).saturating_sub(height);
    }
    total
}

impl Measured {
    /// The cost of the text in a column of `room` half characters, and its lines.
    fn at(&mut self, room: usize) -> (usize, usize) {
        if self.known.len() <= room {
            self.known.resize(room + 1, None);
        }
        if let Some(known) = self.known[room] {
            return known;
        }
        let found = match &self.label {
            Some(label) => {
                let set = label.in_room(room * HALF);
                let lines = set.ends.len();
                let breaks = (set.cost as usize).saturating_sub(lines * breaks::LINE as usize);
                let splits = breaks / breaks::INSIDE_WORD as usize;
                (LINE * lines + SPLIT_LABEL * splits, lines)
            }
            None => self.filled(room),
        };
        self.known[room] = Some(found);
        found
    }

    /// The same with each line filled before the next.
    fn filled(&self, room: usize) -> (usize, usize) {
        let room = room * HALF;
        let (mut lines, mut width, mut split) = (1, 0, 0);
        // The characters of the line, and whether the line before it cannot give it one more.
        let (mut count, mut is_firm) = (0, false);
        let mut before = 0;
        for &Chunk { width: wide, characters, has_digits } in &self.chunks {
            if width > 0 && width + wide > room {
                is_firm = before > 1 || count <= FEWEST;
                lines += 1;
                (width, count) = (0, 0);
            }
            count += characters;
            before = characters;
            if wide > room {
                split += if has_digits { SPLIT_NUMBER } else { SPLIT_WORD };
                lines += wide / room.max(1);
                width = wide % room.max(1);
            } else {
                width += wide;
            }
        }
        let lone = if lines > 1 && count == 1 && is_firm { LONE } else { 0 };
        (LINE * lines + split + lone, lines)
    }
}
