//! The people beside Ana, and what they do again and again.

use mysafe_tests::browser::{View, Which};
use mysafe_tests::client::{Connection, Person, sign_up};
use mysafe_tests::scan::{Haystack, Planted, find_planted};

use crate::computer::Computer;
use crate::planted;
use crate::stage::Stage;
use crate::steps::{EMAIL, sign_in_as};

pub const LIST: &str = "popup/index.html#/api-secrets";
pub const HOME: &str = "popup/index.html#/home";

pub const BEA: Person = Person {
    name: "Bea Lima",
    address: "bea@example.com",
    password: "Seven-amber kites 41 over quiet harbours",
};
pub const CAIO: Person = Person {
    name: "Caio Conceição",
    address: "caio@example.com",
    password: "Eleven-brass owls 73 count slow trains",
};
pub const DORA: Person = Person {
    name: "Dora Reis",
    address: "dora@example.com",
    password: "Nineteen-copper foxes 28 greet tall ferns",
};

/// Bea and Caio at their computers.
pub struct Crowd {
    pub bea: Computer,
    pub caio: Computer,
}

impl Crowd {
    /// They have accounts with confirmed mailboxes, and sign in.
    #[track_caller]
    pub fn gather(stage: &Stage) -> Self {
        stage.operate(&["confirm", EMAIL]);
        for person in [&BEA, &CAIO] {
            join(stage, person);
        }
        let bea = stage.beside(Which::Firefox, "bea");
        let caio = stage.beside(Which::Chromium, "caio");
        for (computer, person) in [(&bea, &BEA), (&caio, &CAIO)] {
            let tab = computer.browser().wait_for_tab("popup/index.html#/welcome");
            sign_in_as(stage, &tab, person);
            tab.see_text("No API secrets yet.");
            tab.close();
        }
        Self { bea, caio }
    }

    /// Nobody may read them anywhere.
    pub fn passwords() -> Vec<Planted> {
        let of = |person: &Person| Planted::new("master password", person.password);
        [&BEA, &CAIO, &DORA].map(of).into()
    }

    /// Locked, nothing of what was shared lies in their browsers in clear.
    #[track_caller]
    pub fn lock_and_look(&self, values: &[Planted]) {
        for (computer, person) in [(&self.bea, &BEA), (&self.caio, &CAIO)] {
            let tab = computer.browser().open_tab(LIST);
            tab.click("button", "Lock");
            tab.see("heading", "Unlock MySafe");
            planted::nothing_in_dump(computer.browser().storage_dump(), person.address, values);
        }
    }

    #[track_caller]
    pub fn close_browsers(&mut self) {
        self.bea.close_browser();
        self.caio.close_browser();
    }

    /// None of it was in a mail either, as it went over the wire.
    #[track_caller]
    pub fn nothing_in_mails(&self, stage: &Stage, values: &[Planted]) {
        let mails = stage.mails().all();
        assert!(mails.iter().any(|mail| mail.contains("/item/")), "there are mails of shares");
        for mail in mails {
            let place = Haystack { place: "a mail".into(), bytes: mail.into_bytes() };
            assert_eq!(find_planted(values, &[place]), []);
        }
    }

    #[track_caller]
    pub fn no_complaints(&self) {
        for computer in [&self.bea, &self.caio] {
            let complaints = computer.complaints();
            assert!(complaints.is_empty(), "on the consoles:\n{}", complaints.join("\n"));
        }
    }
}

/// Somebody makes an account, and the mailbox is confirmed.
#[track_caller]
pub fn join(stage: &Stage, person: &Person) {
    let at = stage.recorder.url();
    let at = at.trim_start_matches("http://");
    sign_up(&mut Connection::open(at).expect("it is there"), person).expect("signs up");
    stage.operate(&["confirm", person.address]);
}

/// Opens the Share screen of an item from the list, and the card "Internal".
#[track_caller]
pub fn open_share(view: &View, item: &crate::items::ApiSecret) {
    crate::steps::act(view, item, "Share");
    view.see("heading", "Share*");
    view.click("tab", "Internal");
}

/// Finds somebody and chooses them.
#[track_caller]
pub fn choose(view: &View, person: &Person) {
    view.fill("combobox", "User or group", &person.name[..4]);
    view.click("option", &format!("{}*", person.name));
}

/// The safety number on the card that is open.
#[track_caller]
pub fn safety_number(card: &View) -> String {
    card.see("group", "Safety number");
    let text = card.within("group", "Safety number").text();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 60, "{text}");
    digits
}
