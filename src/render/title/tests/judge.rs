//! Checks the lines of a title against the rules, independently of the code that breaks titles.

/// Why lines are not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The lines are not the text of the title.
    Text,
    /// A line ends where the file has no mark.
    Word(String),
    /// A book title that fits on a line is broken.
    BookTitle,
    /// A line is too long.
    TooLong,
    /// The lines make neither a trapezium nor a rhombus.
    Shape,
    /// The last line is shorter than a third of the longest.
    ShortEnd,
    /// A line begins with a closing mark or ends with an opening one.
    Mark,
    /// This number of lines would be enough.
    Lines(usize),
}

impl Fault {
    pub fn is_split(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_) | Self::BookTitle)
    }
}

/// A title of `fixtures/titles.txt`.
pub(super) struct Known {
    /// The title as posted.
    pub title: String,
    /// The same without blanks.
    text: Vec<char>,
    /// Where blanks are, as counts of characters of `text`.
    blanks: Vec<usize>,
    /// Where a line may end, as counts of characters of `text`.
    ends: Vec<usize>,
    /// Where the book titles begin and end that fit on a line with the words that stay with them.
    book_titles: Vec<(usize, usize)>,
}

/// The width of the type area, 156 mm, in hundredths of a character of 2号, 7.76 mm.
const LINE: usize = 2_010;
/// Characters that no line begins with.
const MAY_NOT_BEGIN: &str = "》〉”）〕、，。：；的";
/// Characters that no line ends with.
const MAY_NOT_END: &str = "《〈“（〔、";

/// The titles of the file.
pub(super) fn known_titles() -> Vec<Known> {
    let file = include_str!("../../../../fixtures/titles.txt");
    file.lines().filter(|line| !line.starts_with('#')).map(Known::read).collect()
}

/// The width in hundredths of a character.
fn width(text: &[char]) -> usize {
    text.iter().map(|c| if c.is_ascii_digit() || c.is_ascii_lowercase() { 60 } else { 100 }).sum()
}

/// A mark at the edge of a line is printed without its blank half.
fn blank_halves(line: &[char]) -> usize {
    let opens = line.first().is_some_and(|c| "《〈“（".contains(*c));
    let closes = line.last().is_some_and(|c| "》〉”）".contains(*c));
    50 * (usize::from(opens) + usize::from(closes))
}

impl Known {
    fn read(line: &str) -> Self {
        let title = line.replace('/', "");
        let text: Vec<char> = title.chars().filter(|c| *c != ' ').collect();
        let (mut ends, mut blanks) = (Vec::new(), Vec::new());
        let mut count = 0;
        for character in line.chars() {
            match character {
                '/' => ends.push(count),
                ' ' => blanks.push(count),
                _ => count += 1,
            }
        }
        ends.push(count);
        let book_titles = book_titles(&text, &ends);
        Self { title, text, blanks, ends, book_titles }
    }

    /// The agencies that the title begins with.
    pub fn issuers(&self) -> Vec<String> {
        let ends = ["关于", "印发", "转发"].into_iter().filter_map(|word| self.title.find(word));
        let names = &self.title[..ends.min().unwrap_or(0)];
        names.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// The faults of these lines.
    pub fn faults(&self, lines: &[String]) -> Vec<Fault> {
        let lines: Vec<Vec<char>> = lines
            .iter()
            .map(|line| line.chars().filter(|c| !c.is_whitespace()).collect())
            .collect();
        if lines.concat() != self.text {
            return vec![Fault::Text];
        }
        let mut faults = Vec::new();
        let mut ends = Vec::new();
        for line in &lines {
            ends.push(ends.last().unwrap_or(&0) + line.len());
        }
        for end in &ends {
            if !self.ends.contains(end) {
                let before: String = self.text[end.saturating_sub(3)..*end].iter().collect();
                let after: String = self.text[*end..].iter().take(3).collect();
                faults.push(Fault::Word(format!("{before}|{after}")));
            }
        }
        faults.extend(self.faults_of_layout(&ends));
        if let Some(fewest) = self.fewest_lines().filter(|fewest| lines.len() > *fewest) {
            faults.push(Fault::Lines(fewest));
        }
        faults
    }

    /// The faults of lines that end here, except split words.
    fn faults_of_layout(&self, ends: &[usize]) -> Vec<Fault> {
        let starts: Vec<usize> =
            [0].into_iter().chain(ends[..ends.len() - 1].iter().copied()).collect();
        let lines: Vec<&[char]> =
            starts.iter().zip(ends).map(|(start, end)| &self.text[*start..*end]).collect();
        let widths: Vec<usize> =
            starts.iter().zip(ends).map(|(start, end)| self.width(*start, *end)).collect();
        let inks: Vec<usize> =
            lines.iter().zip(&widths).map(|(line, width)| width - blank_halves(line)).collect();
        let longest = widths.iter().max().copied().unwrap_or(0);
        let begins_badly =
            |line: &&[char]| line.first().is_some_and(|c| MAY_NOT_BEGIN.contains(*c));
        let ends_badly = |line: &&[char]| line.last().is_some_and(|c| MAY_NOT_END.contains(*c));
        let is_broken = |(start, end): &(usize, usize)| {
            ends.iter().any(|line_end| start < line_end && line_end < end)
        };
        let checks = [
            (longest > LINE, Fault::TooLong),
            (!has_shape(&inks), Fault::Shape),
            (widths.last().is_some_and(|last| 3 * last < longest), Fault::ShortEnd),
            (lines.iter().any(|line| begins_badly(line) || ends_badly(line)), Fault::Mark),
            (self.book_titles.iter().any(is_broken), Fault::BookTitle),
        ];
        checks.into_iter().filter(|(is_fault, _)| *is_fault).map(|(_, fault)| fault).collect()
    }

    /// The width of a line; a blank at its start or end is not printed.
    fn width(&self, start: usize, end: usize) -> usize {
        let blanks = self.blanks.iter().filter(|blank| start < **blank && **blank < end).count();
        width(&self.text[start..end]) + 100 * blanks
    }

    /// The fewest lines that the marks of the file allow; `None` if they allow none.
    fn fewest_lines(&self) -> Option<usize> {
        let least = width(&self.text).div_ceil(LINE);
        (least..=least + 3).find(|count| self.has_layout(&mut Vec::new(), *count))
    }

    fn has_layout(&self, ends: &mut Vec<usize>, lines: usize) -> bool {
        if lines == 0 {
            return ends.last() == Some(&self.text.len()) && self.faults_of_layout(ends).is_empty();
        }
        let start = ends.last().copied().unwrap_or(0);
        self.ends.iter().filter(|end| **end > start).any(|end| {
            if self.width(start, *end) > LINE {
                return false;
            }
            ends.push(*end);
            let found = self.has_layout(ends, lines - 1);
            ends.pop();
            found
        })
    }
}

fn book_titles(text: &[char], ends: &[usize]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, character) in text.iter().enumerate() {
        match character {
            '《' => start = index,
            '》' => {
                let stays = ends.iter().find(|end| **end > index).copied().unwrap_or(text.len());
                if width(&text[start..stays]) <= LINE {
                    found.push((start, index + 1));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether the lines make a trapezium or a rhombus.
fn has_shape(widths: &[usize]) -> bool {
    let grows = widths.windows(2).take_while(|pair| pair[0] < pair[1]).count();
    widths[grows..].windows(2).all(|pair| pair[0] > pair[1])
}
