//! The moments of a save at which everything can end: each has a name, and a script by which the test
//! waits for it in the context that gets there first. The extension itself is the packed one; the
//! script stands in its way at the browser's own interfaces.

use mysafe_tests::browser::View;
use mysafe_tests::wait::{PATIENCE, wait_for};

use crate::computer::Computer;
use crate::items::ApiSecret;
use crate::stage::Stage;
use crate::steps::{act, fill_form, row, see_form, sign_in};

/// How far a save got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Moment {
    /// The write is made; nothing is stored.
    Sealed,
    /// It lies in the outbox; nobody was asked to send it.
    Stored,
    /// The background was asked and is about to send it.
    Queued,
    /// The server has it; its answer is not there.
    Sent,
    /// The answer is there; nothing of it is stored.
    Answered,
}

const MOMENTS: [Moment; 5] =
    [Moment::Sealed, Moment::Stored, Moment::Queued, Moment::Sent, Moment::Answered];

/// Nothing more is stored: a transaction that touches the outbox comes to nothing, as if the context
/// had ended before its commit.
const NOTHING_STORED: &str = "for (const name of ['put', 'delete']) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (...given) {
    if (this.name === 'outbox' && globalThis.mayStop()) {
      globalThis.reached = true;
      this.transaction.abort();
    }
    return real.apply(this, given);
  };
}";

/// What a request that writes an item meets.
const WRITING: &str = "const page = globalThis.window ?? globalThis;
const real = page.fetch;
const writes = (given) => (given[1]?.method ?? given[0].method) === 'PUT'
  && /\\/v1\\/items\\/[^/]+$/.test(given[0].url ?? given[0]);
page.fetch = async (...given) => {
  if (!writes(given)) return real.apply(page, given);
  BODY
};";

impl Moment {
    /// Whether the popup gets there, else it is the background.
    fn in_popup(self) -> bool {
        matches!(self, Self::Sealed | Self::Stored)
    }

    fn script(self) -> String {
        let writing = |body: &str| WRITING.replace("BODY", body);
        let body = match self {
            Self::Sealed => format!("globalThis.mayStop = () => true; {NOTHING_STORED}"),
            Self::Stored => "chrome.runtime.sendMessage = () => {
                globalThis.reached = true;
                return new Promise(() => {});
            };"
            .to_owned(),
            Self::Queued => writing("globalThis.reached = true; return new Promise(() => {});"),
            Self::Sent => writing(
                "await real.apply(page, given);
                 globalThis.reached = true;
                 return new Promise(() => {});",
            ),
            Self::Answered => format!(
                "let answered = false; globalThis.mayStop = () => answered; {NOTHING_STORED} {}",
                writing(
                    "const answer = await real.apply(page, given);
                     answered = true;
                     return answer;"
                ),
            ),
        };
        format!("(() => {{ globalThis.reached = false; {body} return 'set'; }})()")
    }

    fn run(self, computer: &Computer, popup: &View, script: &str) -> String {
        if self.in_popup() {
            popup.evaluate_as_extension(script).unwrap_or_else(|gone| panic!("{}", gone.0))
        } else {
            computer.browser().in_background(script)
        }
    }

    /// Saves the form, and ends popup and background at this moment.
    #[track_caller]
    fn save_and_die(self, computer: &Computer, popup: &View) {
        assert_eq!(self.run(computer, popup, &self.script()), "set");
        popup.click("button", "Save");
        let reached = wait_for(PATIENCE, || {
            (self.run(computer, popup, "String(globalThis.reached)") == "true").then_some(())
        });
        assert!(reached.is_some(), "{self:?} is not reached:\n{}", popup.dump());
        // Nothing that is open may wake what dies.
        popup.close();
        computer.browser().kill_background();
    }
}

/// An item is added and edited, once for each moment, and everything ends there.
pub fn at_each_moment_of_a_save_everything_ends(stage: &Stage, other: &Computer) {
    let items = ["Kestrel", "Marmot", "Osprey", "Tapir", "Wombat"].map(ApiSecret::of);
    for (moment, item) in MOMENTS.into_iter().zip(&items) {
        println!("{moment:?}");
        let popup = settled(stage);
        popup.click("button", "Add");
        fill_form(&popup, item);
        moment.save_and_die(stage, &popup);
        if moment == Moment::Sealed {
            let popup = stage.popup();
            see_form(&popup, item);
            popup.click("button", "Save");
            popup.see("row", &row(item));
            popup.close();
        }
        let popup = settled(stage);
        act(&popup, item, "Edit");
        popup.see_value("textbox", "Notes", &item.notes);
        popup.fill("textbox", "Notes", &format!("{moment:?}, edited"));
        moment.save_and_die(stage, &popup);
        if moment == Moment::Sealed {
            let popup = stage.popup();
            popup.see_value("textbox", "Notes", &format!("{moment:?}, edited"));
            popup.click("button", "Save");
            popup.within("article", "API secret details").see_text("edited");
            popup.close();
        }
    }
    settled(stage).close();

    let tab = other.browser().wait_for_tab("popup/index.html#/welcome");
    sign_in(stage, &tab);
    for (moment, item) in MOMENTS.into_iter().zip(&items) {
        tab.see("row", &row(item));
        act(&tab, item, "View API secret");
        let details = tab.within("article", "API secret details");
        details.see_text(&format!("{moment:?}, edited"));
        details.click("button", "Actions");
        details.click("menuitem", "History");
        let history = tab.within("article", "History");
        history.see_text("Added");
        assert_eq!(history.count("listitem", "*"), Some(2), "added once, edited once");
        history.click("button", "Back");
        tab.within("article", "API secret details").click("button", "Back");
    }
    let rows: Vec<_> = tab.names("row");
    for item in &items {
        let same = rows.iter().filter(|name| name.starts_with(&item.name)).count();
        assert_eq!(same, 1, "{}: {rows:?}", item.name);
    }
}

/// The list, with nothing waiting any more.
#[track_caller]
fn settled(stage: &Stage) -> View {
    let popup = stage.popup_at_list();
    popup.gone("img", "Not on the server yet");
    popup
}
