//! How strong a master password is, and what would help.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mysafe_browser::{Strength, Suggestion, Warning, strength};
use zeroize::Zeroizing;

use crate::t;

/// The rating of a password as it is typed; `None` while nothing is. `known` is what a guesser would try;
/// `error`, what was wrong with what stood there, goes once it is strong.
pub fn rated(
    password: RwSignal<String>,
    error: RwSignal<Option<String>>,
    known: impl Fn() -> [String; 2] + Copy + 'static,
) -> Signal<Option<Strength>> {
    let rated = RwSignal::new(None);
    let asked = StoredValue::new(0u32);
    Effect::new(move |_| {
        asked.update_value(|asked| *asked += 1);
        let this = asked.get_value();
        let typed = Zeroizing::new(password.get());
        if typed.is_empty() {
            return rated.set(None);
        }
        spawn_local(async move {
            let [name, address] = known();
            let strength = strength(&typed, &[&name, &address]).await;
            if asked.try_get_value() == Some(this) {
                if strength.accepted() {
                    error.set(None);
                }
                rated.set(Some(strength));
            }
        });
    });
    rated.into()
}

/// The meter below a new master password.
#[component]
pub fn Meter(
    /// The rating; `None` while nothing is typed.
    #[prop(into)]
    strength: Signal<Option<Strength>>,
) -> impl IntoView {
    let score =
        move || strength.get().map_or(0, |s| if s.long_enough { s.score } else { s.score.min(2) });
    let word = move || match strength.get() {
        None => String::new(),
        Some(s) if s.accepted() => t!("strength-strong"),
        Some(s) if !s.long_enough => t!("strength-short"),
        Some(s) if s.score >= 3 => t!("strength-nearly"),
        Some(s) if s.score == 2 => t!("strength-fair"),
        Some(_) => t!("strength-weak"),
    };
    view! {
        <div class="meter" data-score=move || score().to_string()>
            <div class="bars" aria-hidden="true">
                <i></i>
                <i></i>
                <i></i>
                <i></i>
            </div>
            <p role="status">
                <strong>{word}</strong>
                {move || strength.get().map(|s| format!(" {}", advice(&s)))}
            </p>
        </div>
    }
}

/// What makes it weak and what would help, in words.
pub fn advice(strength: &Strength) -> String {
    if strength.accepted() {
        return String::new();
    }
    let mut parts: Vec<String> = strength.warning.into_iter().map(warning).collect();
    parts.extend(strength.suggestions.iter().take(2).map(|s| suggestion(*s)));
    if parts.is_empty() {
        parts.push(suggestion(Suggestion::AddAnotherWordOrTwo));
    }
    parts.join(" ")
}

fn warning(warning: Warning) -> String {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => t!("warn-rows"),
        Warning::ShortKeyboardPatternsAreEasyToGuess => t!("warn-pattern"),
        Warning::RepeatsLikeAaaAreEasyToGuess
        | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => t!("warn-repeats"),
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => t!("warn-common"),
        Warning::SequencesLikeAbcAreEasyToGuess => t!("warn-sequence"),
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => t!("warn-dates"),
        Warning::AWordByItselfIsEasyToGuess => t!("warn-word"),
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => t!("warn-names"),
    }
}

fn suggestion(suggestion: Suggestion) -> String {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => t!("try-words"),
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => t!("try-no-symbols"),
        Suggestion::AddAnotherWordOrTwo => t!("try-another"),
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => t!("try-not-capitals"),
        Suggestion::ReversedWordsArentMuchHarderToGuess => t!("try-not-reversed"),
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => t!("try-not-substitutions"),
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => t!("try-another"),
        Suggestion::AvoidRepeatedWordsAndCharacters => t!("try-not-repeated"),
        Suggestion::AvoidSequences => t!("try-not-sequences"),
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => t!("try-not-years"),
    }
}
