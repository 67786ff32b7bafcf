//! Which of a list's elements shows which line. An element whose line goes out of sight is given to
//! one that comes into it: to change its texts is a fraction of the work of making it. In the page they
//! stand in the order of the lines, as a screen reader reads them.

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// What an element of a list shows.
pub trait Shown: Clone + PartialEq + Send + Sync + 'static {
    /// What it is about: the element that shows it goes on doing so, whatever else of it changes.
    type Key: PartialEq;
    /// Its key.
    fn key(&self) -> Self::Key;
    /// Whether an element made for this can show that.
    fn is_like(&self, other: &Self) -> bool;
}

struct Slot<L: Shown> {
    line: RwSignal<L>,
    element: Element,
    _state: AnyViewState,
}

/// The elements of a list.
pub struct Slots<L: Shown> {
    /// What is made for an element lives as long as the list.
    owner: Owner,
    slots: Vec<Slot<L>>,
}

impl<L: Shown> Slots<L> {
    /// None yet; of the component this is called in.
    pub fn new() -> Self {
        Self { owner: Owner::current().expect("a list is a component"), slots: Vec::new() }
    }

    /// Shows these lines in `parent`. A line that no element is left for is drawn: as one element.
    pub fn show(&mut self, parent: &Element, lines: Vec<L>, draw: impl Fn(RwSignal<L>) -> AnyView) {
        let shown: Vec<L> = self.slots.iter().map(|slot| slot.line.get_untracked()).collect();
        let given = given(&shown, &lines);
        let there = self.slots.len();
        let mut order = Vec::with_capacity(lines.len());
        let mut others = Vec::new();
        for (given, line) in given.into_iter().zip(lines) {
            let place = given.unwrap_or(self.slots.len());
            match self.slots.get(place) {
                Some(_) if shown[place] == line => {}
                Some(slot) => {
                    if shown[place].key() != line.key() {
                        slot.lose_focus();
                        others.push(place);
                    }
                    slot.line.set(line);
                }
                None => {
                    let slot = self.owner.with(|| untrack(|| Slot::of(parent, line, &draw)));
                    self.slots.push(slot);
                }
            }
            order.push(place);
        }
        for (place, slot) in self.slots.iter().enumerate().take(there) {
            if !order.contains(&place) {
                slot.element.remove();
            }
        }
        // Elements that show another line move, not those that go on showing theirs.
        if !order.is_sorted() {
            others.iter().for_each(|place| self.slots[*place].element.remove());
        }
        let mut next: Option<&Node> = None;
        for place in order.iter().rev() {
            let element: &Node = &self.slots[*place].element;
            if element.parent_node().is_none() || element.next_sibling().as_ref() != next {
                // It is in this document, and so is what follows it.
                let _ = parent.insert_before(element, next);
            }
            next = Some(element);
        }
        // As they stand in the page, those that are left over last.
        let mut slots: Vec<_> = std::mem::take(&mut self.slots).into_iter().map(Some).collect();
        self.slots = order.iter().filter_map(|place| slots[*place].take()).collect();
        self.slots.extend(slots.into_iter().flatten());
    }
}

impl<L: Shown> Slot<L> {
    fn of(parent: &Element, line: L, draw: impl Fn(RwSignal<L>) -> AnyView) -> Self {
        let line = RwSignal::new(line);
        let mut state = draw(line).build();
        state.mount(parent, None);
        let element = state.elements().into_iter().next().expect("a line is drawn as an element");
        Self { line, element, _state: state }
    }

    /// What has the focus is not to be of something else all at once.
    fn lose_focus(&self) {
        if let Some(active) = document().active_element()
            && self.element.contains(Some(&active))
            && let Ok(active) = active.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = active.blur();
        }
    }
}

/// For each line the place of what shows it: what does already, or else what is free and alike.
fn given<L: Shown>(shown: &[L], lines: &[L]) -> Vec<Option<usize>> {
    let mut free = vec![true; shown.len()];
    let mut take = |fits: &dyn Fn(&L) -> bool| {
        let place = (0..shown.len()).find(|place| free[*place] && fits(&shown[*place]))?;
        free[place] = false;
        Some(place)
    };
    let mut given: Vec<Option<usize>> =
        lines.iter().map(|line| take(&|shown| shown.key() == line.key())).collect();
    for (given, line) in given.iter_mut().zip(lines) {
        if given.is_none() {
            *given = take(&|shown| shown.is_like(line));
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows have a letter, headings a digit.
    impl Shown for char {
        type Key = char;
        fn key(&self) -> char {
            *self
        }
        fn is_like(&self, other: &char) -> bool {
            self.is_alphabetic() && other.is_alphabetic()
        }
    }

    #[test]
    fn an_element_keeps_its_line_and_one_without_takes_another() {
        for (shown, lines, expected) in [
            ("", "ab", "--"),
            ("abc", "bcd", "120"),
            ("abc", "zab", "201"),
            ("1ab", "1ba", "021"),
            ("abc", "c", "2"),
            ("a", "xyz", "0--"),
            ("1a", "2b", "-1"),
        ] {
            let all = |text: &str| text.chars().collect::<Vec<_>>();
            let given = given(&all(shown), &all(lines)).into_iter();
            let given: String =
                given.map(|place| place.map_or("-".into(), |place| place.to_string())).collect();
            assert_eq!(given, expected, "{shown} {lines}");
        }
    }
}
