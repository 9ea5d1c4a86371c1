//! Finds the text of a file that is neither in the submission nor reported, and reports it.

use std::collections::{BTreeMap, BTreeSet};

use hongtou_rules::document::chinese::is_chinese;
use serde_json::Value;

use crate::genre::draft::Draft;
use crate::genre::lines::clean::{dense, is_page_number};
use crate::source::piece::{Content, Piece};

/// Words that a document prints around its elements, and that a submission does not have.
const PRINTED: [&str; 58] = [
    "签发人",
    "抄送",
    "抄报",
    "分送",
    "主送",
    "印发",
    "附件",
    "文件",
    "命令",
    "纪要",
    "公告",
    "通告",
    "出席",
    "参加",
    "请假",
    "缺席",
    "列席",
    "主持",
    "记录",
    "人员",
    "单位",
    "绝密",
    "机密",
    "秘密",
    "一级指标",
    "二级指标",
    "三级指标",
    "四级指标",
    "指标",
    "评价内容",
    "考核内容",
    "分值",
    "满分",
    "标准分",
    "考评分",
    "占比",
    "自评得分",
    "自查得分",
    "得分",
    "自评分",
    "自评",
    "自查",
    "实得",
    "不涉及",
    "加分项",
    "扣分项",
    "基本分",
    "扣分原因",
    "失分原因",
    "佐证材料",
    "合计",
    "总分",
    "总计",
    "总得分",
    "等次",
    "佐证资料",
    "年第",
    "不计入",
];
/// The length of the parts of texts that are compared, in characters.
const PART: usize = 3;

/// Reports what is in no place, and sorts all that was not understood in the order of the file.
pub fn report(pieces: &[Piece], submission: &Value, draft: &mut Draft) {
    let mut known = Known::default();
    known.add(submission);
    for (_, text) in &draft.unread {
        known.add_text(text);
    }
    known.sort();
    let reported: BTreeSet<String> = draft.unread.iter().map(|(of, _)| of.clone()).collect();
    let mut places = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        let place = piece.place.to_string();
        places.entry(place.clone()).or_insert(index);
        if reported.contains(&place) {
            continue;
        }
        match &piece.content {
            Content::Text(text) if is_page_number(text) => {}
            Content::Text(text) => {
                for lost in known.lost(&dense(text)) {
                    draft.unread(&place, &lost);
                }
            }
            Content::Table(table) => {
                let cells = table.rows.iter().flatten().map(|cell| cell.text.as_str());
                let lost = cells.filter(|text| !known.lost(&dense(text)).is_empty());
                let lost = lost.collect::<Vec<_>>().join(" ");
                if !lost.is_empty() {
                    draft.unread(&place, &lost);
                }
            }
        }
    }
    draft.unread.sort_by_key(|(place, _)| places.get(place).copied().unwrap_or(usize::MAX));
}

/// The parts of all texts that are somewhere.
#[derive(Debug, Default)]
struct Known {
    parts: Vec<[char; PART]>,
    pairs: Vec<[char; 2]>,
    /// Texts of two characters, such as names.
    short: Vec<[char; 2]>,
}

impl Known {
    fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add_text(text),
            Value::Array(list) => list.iter().for_each(|value| self.add(value)),
            Value::Object(object) => object.values().for_each(|value| self.add(value)),
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        for run in dense(text).split(|c| !is_chinese(c)) {
            let run: Vec<char> = run.chars().collect();
            self.parts.extend(windows::<PART>(&run));
            self.pairs.extend(windows::<2>(&run));
            if run.len() == 2 {
                self.short.extend(windows::<2>(&run));
            }
        }
    }

    fn sort(&mut self) {
        self.parts.sort_unstable();
        self.parts.dedup();
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.short.sort_unstable();
        self.short.dedup();
    }

    /// The parts of a text that are nowhere, with the figures beside them.
    fn lost(&self, text: &str) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        let mut found: Vec<bool> = characters.iter().map(|c| is_numeral(*c)).collect();
        for (index, part) in windows::<PART>(&characters).enumerate() {
            if self.parts.binary_search(&part).is_ok() {
                found[index..index + PART].fill(true);
            }
        }
        for (index, pair) in windows::<2>(&characters).enumerate() {
            if self.short.binary_search(&pair).is_ok() {
                found[index..index + 2].fill(true);
            }
        }
        let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for word in PRINTED {
            for (at, _) in text.match_indices(word) {
                let start = offsets.partition_point(|offset| *offset < at);
                found[start..start + word.chars().count()].fill(true);
            }
        }
        let mut lost = Vec::new();
        let mut start = 0;
        while start < characters.len() {
            let is_open = |index: &usize| !(is_chinese(characters[*index]) && found[*index]);
            let end = (start..characters.len()).find(|index| !is_open(index));
            let end = end.unwrap_or(characters.len());
            let part = &characters[start..end];
            if self.is_lost(part) {
                let part: String = part.iter().collect();
                lost.push(part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
            }
            start = end + 1;
        }
        lost
    }

    /// Whether a part has Chinese characters beside each other that are nowhere.
    fn is_lost(&self, part: &[char]) -> bool {
        part.split(|c| !is_chinese(*c)).any(|run| match windows::<2>(run).next() {
            Some(pair) if run.len() == 2 => self.pairs.binary_search(&pair).is_err(),
            pair => pair.is_some(),
        })
    }
}

fn windows<const LENGTH: usize>(text: &[char]) -> impl Iterator<Item = [char; LENGTH]> {
    text.windows(LENGTH).filter_map(|part| part.try_into().ok())
}

/// Numbers are generated.
fn is_numeral(c: char) -> bool {
    "一二三四五六七八九十百零〇○".contains(c)
}
