//! What is clicked and typed while only the picture of the list is there: kept, and done once the
//! application is.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, HtmlElement, KeyboardEvent, KeyboardEventInit, MouseEvent};

const EVENTS: [&str; 2] = ["keydown", "click"];

enum Input {
    Key(KeyboardEvent),
    Click(MouseEvent),
}

type Kept = Rc<RefCell<Vec<Input>>>;

/// What came early.
pub struct Early {
    inputs: Kept,
    listener: Closure<dyn FnMut(Event)>,
}

impl Early {
    /// Keeps it from now on.
    pub fn keep() -> Self {
        let inputs = Kept::default();
        let kept = Rc::clone(&inputs);
        let listener = Closure::new(move |event: Event| {
            let input = match event.dyn_into::<KeyboardEvent>() {
                Ok(key) if is_ours(&key) => {
                    key.prevent_default();
                    Input::Key(key)
                }
                Ok(_) => return,
                Err(event) => match event.dyn_into() {
                    Ok(click) => Input::Click(click),
                    Err(_) => return,
                },
            };
            kept.borrow_mut().push(input);
        });
        for event in EVENTS {
            let _ =
                window().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        }
        Self { inputs, listener }
    }

    /// Keeps nothing more: what comes from now on is the application's.
    pub fn end(self) -> Inputs {
        Inputs(self.inputs.take())
    }
}

/// What was kept.
pub struct Inputs(Vec<Input>);

impl Inputs {
    /// Does it, in its order, in the application; `type_` puts text into the search.
    pub fn replay(self, mut type_: impl FnMut(Typed)) {
        for input in self.0 {
            match input {
                Input::Click(click) => {
                    let at = (click.client_x() as f32, click.client_y() as f32);
                    if let Some(element) = document().element_from_point(at.0, at.1)
                        && let Ok(Some(element)) = element.closest("button, a, input, select, .row")
                        && let Ok(element) = element.dyn_into::<HtmlElement>()
                    {
                        let _ = element.focus();
                        element.click();
                    }
                }
                Input::Key(key) => press(&key, &mut type_),
            }
        }
    }
}

impl Drop for Early {
    fn drop(&mut self) {
        for event in EVENTS {
            let listener = self.listener.as_ref().unchecked_ref();
            let _ = window().remove_event_listener_with_callback(event, listener);
        }
    }
}

/// What a key does to a text.
pub enum Typed {
    /// Adds to it.
    Text(String),
    /// Takes the last character away.
    Back,
}

impl Typed {
    /// Does it.
    pub fn put(self, text: &mut String) {
        match self {
            Self::Text(more) => text.push_str(&more),
            Self::Back => drop(text.pop()),
        }
    }
}

/// A key that does something in the list. Others are the browser's.
fn is_ours(key: &KeyboardEvent) -> bool {
    let name = key.key();
    let list = ["Enter", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "Backspace"];
    let text = name.chars().count() == 1 && !key.ctrl_key() && !key.meta_key() && !key.alt_key();
    !key.is_composing() && (text || list.contains(&&*name))
}

fn press(key: &KeyboardEvent, type_: &mut impl FnMut(Typed)) {
    let Some(field) = document().active_element() else { return };
    let init = KeyboardEventInit::new();
    init.set_key(&key.key());
    init.set_ctrl_key(key.ctrl_key());
    init.set_meta_key(key.meta_key());
    init.set_shift_key(key.shift_key());
    init.set_bubbles(true);
    init.set_cancelable(true);
    let Ok(again) = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init) else {
        return;
    };
    // What nobody takes is text.
    if field.dispatch_event(&again).unwrap_or(false) {
        let name = key.key();
        if name == "Backspace" {
            type_(Typed::Back);
        } else if name.chars().count() == 1 {
            type_(Typed::Text(name));
        }
    }
}
