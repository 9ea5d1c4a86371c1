//! The word before self scores of a filing that does not choose one.

use crate::scoring::wording::ScoreWord;
use crate::submission::Submission;
use crate::validate::text::running;

/// The words that are looked for in the text.
const WORDS: [ScoreWord; 2] = [ScoreWord::SelfScore, ScoreWord::SelfCheckScore];

/// The word that the text itself uses first, so that a filing does not have two; 自评得分 if it uses none.
pub fn of_text(posted: &Submission) -> ScoreWord {
    let mut found = None;
    running::each_of_document(posted, &mut |_, text| found = found.or_else(|| first_in(text)));
    found.unwrap_or_default()
}

fn first_in(text: &str) -> Option<ScoreWord> {
    let places = WORDS.iter().filter_map(|word| Some((text.find(word.text())?, *word)));
    places.min_by_key(|(place, _)| *place).map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::first_in;
    use crate::scoring::wording::ScoreWord;

    #[test]
    fn the_first_word_of_the_text_is_found() {
        let check = Some(ScoreWord::SelfCheckScore);
        assert_eq!(first_in("自查得分{total.self_score}分，上年自评得分98分"), check);
        assert_eq!(first_in("自评得分96分"), Some(ScoreWord::SelfScore));
        assert_eq!(first_in("得分96分"), None);
    }
}
