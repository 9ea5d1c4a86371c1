//! Breaks the text of a cell into lines: numbers whole, labels at words and evenly.

use crate::render::table_cells::columns::{CharWidth, HALF};
use crate::render::table_cells::number_breaks::{MARK, costs_of_numbers};
use crate::render::title;
use crate::render::unbreakable::char_range::is_han;
use crate::render::unbreakable::columns::may_end_line;

/// The longest text, in characters, whose lines are made equally long.
const LONGEST_EVEN: usize = 40;
/// The longest text, in characters, that is broken at words.
pub(crate) const LONGEST_LABEL: usize = 30;

/// What a line costs.
pub(crate) const LINE: u32 = 150;
/// What a break inside a word costs: more than another line.
pub(crate) const INSIDE_WORD: u32 = 300;
/// The same in a text that is not centred: less than another line.
const INSIDE_WORD_OF_TEXT: u32 = 120;
/// What a break between words costs for each unit of its cost in a title.
const BETWEEN_WORDS: f64 = 5.0;
/// What a line of one Chinese character costs, with a mark behind it or without.
const LONE: u32 = 400;
/// What it costs to break —— or …….
const INSIDE_DOUBLE_MARK: u32 = 12_000;
/// What a line costs that is too wide, which only one character may make.
const TOO_WIDE: u32 = 100_000;

/// A text of a cell, to be broken into lines.
#[derive(Debug)]
pub(crate) struct CellLines {
    characters: Vec<char>,
    /// The width of each character.
    widths: Vec<usize>,
    /// Whether its lines shall be equally long.
    evenly: bool,
    /// What it costs to begin a line with each character, apart from numbers.
    costs: Vec<u32>,
}

/// The lines of a text in a column.
#[derive(Debug)]
pub(crate) struct Lines {
    /// Where they end, with the end of the text.
    pub ends: Vec<usize>,
    /// What they cost.
    pub cost: u32,
}

impl CellLines {
    pub(crate) fn new(characters: Vec<char>, evenly: bool, char_width: CharWidth<'_>) -> Self {
        let evenly = evenly && characters.len() <= LONGEST_EVEN;
        let mut costs: Vec<u32> = (0..characters.len())
            .map(|index| match index {
                0 => 0,
                _ if may_end_line(&characters, index) => 0,
                _ if is_inside_double_mark(&characters, index) => INSIDE_DOUBLE_MARK,
                _ => MARK,
            })
            .collect();
        if characters.len() <= LONGEST_LABEL {
            let most = if evenly { INSIDE_WORD } else { INSIDE_WORD_OF_TEXT };
            for (cost, word) in costs.iter_mut().zip(word_costs(&characters)) {
                *cost = (*cost).max(word.min(most));
            }
        }
        let widths = characters.iter().map(|character| char_width(*character)).collect();
        Self { characters, widths, evenly, costs }
    }

    /// The cheapest lines in a column of this width.
    pub(crate) fn in_room(&self, room: usize) -> Lines {
        let characters = &self.characters;
        let costs = self.costs_in(room);
        let all: usize = self.widths.iter().sum();
        let mean = all.div_ceil(all.div_ceil(room).max(1));
        let count = characters.len();
        // The least cost of the lines up to each place, and where the last of them begins.
        let mut best: Vec<(u32, usize)> = vec![(0, 0)];
        for end in 1..=count {
            let mut least = (u32::MAX, 0);
            let mut width = 0;
            for start in (0..end).rev() {
                width += self.widths[start];
                if width > room && start + 1 < end {
                    break;
                }
                let too_wide = if width > room { TOO_WIDE } else { 0 };
                let is_lone = end - start < count && is_lone(&characters[start..end]);
                let lone = if is_lone { LONE } else { 0 };
                let uneven = match (self.evenly, end < count) {
                    (true, _) => (width.abs_diff(mean) / HALF).pow(2),
                    // Earlier lines are filled first.
                    (false, true) => room.saturating_sub(width) / HALF,
                    (false, false) => 0,
                };
                let here = costs.get(end).copied().unwrap_or(0);
                let uneven = u32::try_from(uneven).unwrap_or(MARK).min(MARK);
                let cost = best[start].0 + LINE + too_wide + lone + uneven + here;
                if cost < least.0 {
                    least = (cost, start);
                }
            }
            best.push(least);
        }
        let mut ends = vec![count];
        while let Some(&end) = ends.last()
            && best[end].1 > 0
        {
            ends.push(best[end].1);
        }
        ends.reverse();
        Lines { ends, cost: best[count].0 }
    }

    /// What it costs to begin a line with each character.
    fn costs_in(&self, room: usize) -> Vec<u32> {
        let mut costs = self.costs.clone();
        costs_of_numbers(&self.characters, &self.widths, room, &mut costs);
        costs
    }
}

/// Whether a line has one Chinese character, with a mark behind it or without.
fn is_lone(line: &[char]) -> bool {
    match line {
        [character] => is_han(*character),
        [character, mark] => is_han(*character) && !mark.is_alphanumeric(),
        _ => false,
    }
}

/// Whether a character is the second of —— or ……, which are one mark.
fn is_inside_double_mark(characters: &[char], index: usize) -> bool {
    characters[index] == characters[index - 1] && "—…".contains(characters[index])
}

/// What it costs to begin a line with each character, if it is not the first of a word.
fn word_costs(characters: &[char]) -> Vec<u32> {
    let mut costs = vec![0; characters.len()];
    let mut start = 0;
    // Between marks; what may be broken next to them is decided by the marks.
    for stretch in characters.chunk_by(|a, b| is_han(*a) == is_han(*b)) {
        let end = start + stretch.len();
        if is_han(stretch[0]) {
            costs[start + 1..end].fill(INSIDE_WORD);
            let text: String = stretch.iter().collect();
            let mut word = start;
            for (length, cost) in title::words_of(&text) {
                word += length;
                if word < end && cost.is_finite() {
                    costs[word] = ((BETWEEN_WORDS * cost) as u32).min(INSIDE_WORD);
                }
            }
        }
        start = end;
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::{CellLines, HALF};
    use crate::render::unbreakable::overlong::max_half_widths;

    fn shown(text: &str, room: usize, evenly: bool) -> String {
        let characters: Vec<char> = text.chars().collect();
        let char_width = |character| HALF * max_half_widths(&[character]);
        let mut start = 0;
        let mut lines = Vec::new();
        let cell = CellLines::new(characters.clone(), evenly, &char_width);
        for end in cell.in_room(room * HALF).ends {
            lines.push(characters[start..end].iter().collect::<String>());
            start = end;
        }
        lines.join("|")
    }

    #[test]
    fn labels_are_broken_at_words_and_evenly() {
        let cases = [
            ("一级指标", 6, "一级|指标"),
            ("主管部门", 7, "主管|部门"),
            ("项目名称", 6, "项目|名称"),
            ("实施单位", 7, "实施|单位"),
            ("年度总体目标", 10, "年度|总体目标"),
            ("年度总体目标", 8, "年度|总体目标"),
            ("项目资金（万元）", 9, "项目资金|（万元）"),
            ("其中：中央财政资金", 8, "其中：|中央财政|资金"),
            ("年度资金总额", 6, "年度|资金|总额"),
            ("其中：当年财政拨款", 10, "其中：当年|财政拨款"),
            ("执行率（B/A）", 10, "执行率|（B/A）"),
            ("工作保障与管理（36分）", 14, "工作保障与管理|（36分）"),
            ("偏差原因分析及改进措施", 14, "偏差原因分析|及改进措施"),
            ("服务对象满意度指标", 12, "服务对象|满意度指标"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(shown(text, room, true), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_whole_wherever_a_line_holds_them() {
        let cases = [
            ("≥21933人", 9, "≥21933人"),
            ("预计≥21933人", 9, "预计|≥21933人"),
            ("1,234,567", 9, "1,234,567"),
            ("共1,234,567元", 12, "共|1,234,567元"),
            ("≥12.5万亩", 10, "≥12.5万亩"),
            ("新增≥1250万公斤", 12, "新增|≥1250万公斤"),
            ("1,234,567元", 10, "1,234,567|元"),
            ("≤6.5万元/公里", 10, "≤6.5万元|/公里"),
            ("e-mail77.5%？低保", 7, "e-mail|77.5%|？低保"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(shown(text, room, false), expected, "{text}");
        }
    }

    #[test]
    fn a_number_gives_way_to_its_marks_at_its_joints() {
        let cases = [
            ("“1400元/月/人”", 15, "“1400|元/月/人”"),
            ("（30893.48万元）", 14, "（30893.48|万元）"),
            ("《81～72516元》", 14, "《81～|72516元》"),
            ("57～83552元", 8, "57～|83552元"),
            ("川民发〔2021〕42号", 8, "川民发|〔2021〕|42号"),
            ("1,234,567", 4, "1,|234,|567"),
            ("编号ABCDEFG", 6, "编号A|BCD|EFG"),
            ("对象……低", 5, "对象|……|低"),
            ("困难群众～做到", 8, "困难群|众～做到"),
            ("购置计算机", 8, "购置|计算机"),
            ("COVID-1953332。", 15, "COVID-|1953332。"),
            ("50.5%7084648.5%；低", 15, "50.5%|7084648.5%；低"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(shown(text, room, false), expected, "{text}");
        }
    }

    #[test]
    fn no_line_has_one_character_or_begins_with_a_mark() {
        assert_eq!(shown("新建改造供水工程", 14, false), "新建改造|供水工程");
        assert_eq!(shown("新建、改造、供水工程", 6, false), "新建、|改造、|供水|工程");
    }
}
