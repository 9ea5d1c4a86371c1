//! The properties of a filing in the search, as numbers that can be changed at random.

use std::fmt;

/// The name and the greatest value of each gene.
const GENES: [(&str, u64); 42] = [
    ("form", 2),
    ("title", 200),
    ("issuers", 10),
    ("name", 60),
    ("seal", 1),
    ("recipients", 200),
    ("copies", 200),
    ("text", 39),
    ("mixed", 1),
    ("paragraphs", 2_000),
    ("paragraph", 10_000),
    ("headings", 2_000),
    ("heading", 200),
    ("heading-text", 39),
    ("tables", 100),
    ("rows", 2_000),
    ("columns", 20),
    ("head", 4),
    ("row-span", 60),
    ("column-span", 4),
    ("head-cell", 200),
    ("cell", 1_000),
    ("filled", 20),
    ("cell-text", 39),
    ("landscape", 1),
    ("attachments", 200),
    ("in-body", 1),
    ("indicators", 2_000),
    ("narrative", 10_000),
    ("evidence", 200),
    ("evidence-text", 200),
    ("score-table", 1),
    ("projects", 200),
    ("untitled", 1),
    ("table-in-text", 1),
    ("cover", 10),
    ("fewer-sheets", 1),
    ("points-at-end", 1),
    ("run-in", 1),
    ("issued", 20),
    ("headed", 1),
    ("items", 40),
];

/// The genes of one filing.
#[derive(Debug, Clone)]
pub struct Genes([u64; GENES.len()]);

impl Default for Genes {
    fn default() -> Self {
        Self([0; GENES.len()])
            .with("title", 30)
            .with("issuers", 1)
            .with("name", 8)
            .with("paragraphs", 5)
            .with("paragraph", 200)
            .with("heading", 10)
            .with("columns", 5)
            .with("head", 1)
            .with("cell", 6)
            .with("indicators", 5)
            .with("narrative", 50)
    }
}

impl Genes {
    pub fn get(&self, name: &str) -> usize {
        self.0[place(name)] as usize
    }

    fn with(mut self, name: &str, value: u64) -> Self {
        self.0[place(name)] = value;
        self
    }

    /// The filings that the search starts with. Each has much of one thing.
    pub fn extremes() -> Vec<Self> {
        let one = Self::default;
        let text = |pattern| {
            one().with("text", pattern).with("paragraphs", 2_000).with("paragraph", 10_000)
        };
        let table = |columns, cell| {
            let rows = one().with("tables", 1).with("rows", 2_000).with("attachments", 1);
            rows.with("columns", columns).with("cell", cell)
        };
        let sheet = one().with("indicators", 2_000).with("evidence", 1).with("score-table", 1);
        let mut all: Vec<Self> = (0..=39).map(text).collect();
        all.extend([
            text(0).with("paragraph", 1),
            one().with("headings", 2_000).with("attachments", 20),
            table(4, 4),
            table(6, 4).with("row-span", 5).with("landscape", 1),
            table(20, 1).with("rows", 600),
            table(20, 1_000).with("filled", 1),
            table(20, 1_000).with("filled", 16).with("head", 4).with("landscape", 1),
            table(20, 50).with("filled", 1).with("landscape", 1),
            table(20, 1).with("head-cell", 19).with("rows", 480).with("landscape", 1),
            table(20, 1).with("head-cell", 4).with("head", 4).with("rows", 480),
            table(6, 1_000),
            table(3, 30).with("row-span", 60),
            table(6, 6).with("in-body", 1),
            table(12, 4).with("in-body", 1).with("row-span", 10).with("recipients", 200),
            table(5, 10).with("tables", 40).with("rows", 50).with("attachments", 20),
            sheet.clone(),
            sheet.clone().with("score-table", 0).with("untitled", 1).with("narrative", 120),
            sheet.clone().with("score-table", 0).with("table-in-text", 1).with("paragraphs", 200),
            sheet.clone().with("evidence", 200).with("indicators", 30),
            sheet.clone().with("evidence", 200).with("evidence-text", 200).with("indicators", 7),
            one().with("projects", 200).with("rows", 20).with("attachments", 200),
            one().with("projects", 10).with("rows", 100).with("cell", 30).with("attachments", 10),
            one().with("projects", 1).with("rows", 1_100).with("cell", 8).with("attachments", 1),
            one().with("form", 1).with("issuers", 10).with("headings", 2_000).with("heading", 150),
            one().with("fewer-sheets", 1).with("paragraphs", 40).with("paragraph", 1_000),
            table(12, 6).with("rows", 300).with("landscape", 1).with("fewer-sheets", 1),
            sheet.clone().with("score-table", 0).with("points-at-end", 1).with("narrative", 60),
            one().with("cover", 10).with("attachments", 200),
            one().with("cover", 10).with("projects", 200).with("attachments", 200).with("rows", 10),
            one().with("recipients", 200).with("copies", 200).with("name", 60).with("issuers", 10),
            one().with("attachments", 200).with("heading", 200),
            text(0).with("run-in", 1).with("headings", 2_000).with("paragraph", 100),
            text(38).with("run-in", 1).with("headings", 2_000).with("paragraph", 20),
            text(0).with("issued", 20).with("headings", 200).with("paragraph", 40),
            text(0).with("issued", 1).with("run-in", 1).with("paragraph", 20),
            sheet.clone().with("items", 40).with("score-table", 0).with("narrative", 30),
            sheet.clone().with("items", 4).with("headed", 1).with("headings", 100),
        ]);
        all
    }

    /// A copy with one to three changed genes.
    pub fn mutated(&self, random: &mut Random) -> Self {
        let mut genes = self.clone();
        for _ in 0..=random.below(3) {
            let index = random.below(GENES.len() as u64) as usize;
            let most = GENES[index].1;
            let value = genes.0[index];
            genes.0[index] = match random.below(5) {
                0 => 0,
                1 => most,
                2 => value / 2,
                3 => (value * 2).min(most),
                _ => random.below(most + 1),
            };
        }
        genes
    }
}

fn place(name: &str) -> usize {
    GENES.iter().position(|(known, _)| *known == name).expect("the gene is in the list")
}

/// Shows the genes that are not zero.
impl fmt::Display for Genes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((name, _), value) in GENES.iter().zip(self.0).filter(|(_, value)| *value > 0) {
            write!(f, "{name}={value} ")?;
        }
        Ok(())
    }
}

/// Random numbers that are the same for the same seed (xorshift64*).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}
