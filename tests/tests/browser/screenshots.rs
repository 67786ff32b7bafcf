//! Pictures of every screen in its states, light and dark: `cargo xtask screenshots`. Chromium takes
//! them; each step waits for what the picture is to show, so a screen that is gone fails.

mod popup;
mod tab;
mod vault;

use std::path::PathBuf;

use mysafe_tests::browser::{View, Which};
use mysafe_tests::workspace;

use crate::items::ApiSecret;
use crate::lost::{many, restored};
use crate::sharing::{noise, waiting};
use crate::stage::Stage;
use crate::steps::{add, sign_up};

#[test]
#[ignore = "pictures for people to look at: cargo xtask screenshots"]
fn screenshots() {
    let mut stage = Stage::new(Which::Chromium);
    let album = Album::new();
    let items = vault::items(stage.site);
    tab::first_run(&stage, &album);
    vault::fill(&stage, &items);
    tab::open(&stage, &album, &items);
    popup::open(&stage, &album, &items);
    tab::locked(&stage, &album);
    popup::locked(&stage, &album);
    popup::offline(&mut stage, &album, &items);
}

/// What is seen seldom: a server from a backup, very many items.
#[test]
#[ignore = "pictures for people to look at: cargo xtask screenshots"]
fn screenshots_of_what_is_seldom() {
    let album = Album::new();
    let look = |stage: &Stage, view: &View, screen: &str| album.by_name(stage, view, screen);
    let mut stage = Stage::new(Which::Chromium);
    sign_up(&stage);
    stage.let_everybody_in();
    stage.set_mail_up();
    let item = ApiSecret::of("Kestrel");
    let tab = stage.browser().open_tab("popup/index.html#/api-secrets");
    add(&tab, &item);
    tab.close();
    noise::bea_may_edit(&mut stage, &item);
    waiting::the_restored_server_asks_for_the_mailbox(&mut stage, &item, &look);
    let mut bea = noise::device_of_bea(&stage);
    noise::its_author_is_named_and_removed(&stage, &mut bea, &item, &look);
    waiting::whatever_is_full_is_told(&mut stage, &mut bea, &item, &look);
    noise::the_state_of_another_owners_item_is_accepted(&mut stage, &mut bea, &look);
    let mut stage = Stage::new(Which::Chromium);
    sign_up(&stage);
    restored::what_a_backup_lost_comes_back(&mut stage, &look);
    restored::the_servers_state_is_accepted(&mut stage, &look);
    let stage = Stage::new(Which::Chromium);
    many::a_first_sync_shows_how_far_it_is(&stage, &look);
    many::older_versions_come_below_the_newer(&stage, &look);
}

/// Where the pictures go.
pub struct Album {
    folder: PathBuf,
}

impl Album {
    fn new() -> Self {
        let folder = std::env::var_os("MYSAFE_SCREENSHOTS").map(PathBuf::from);
        let folder = folder.unwrap_or_else(|| workspace::root().join("target/screenshots"));
        Self { folder }
    }

    /// A picture of the popup, light and dark.
    #[track_caller]
    pub fn popup(&self, stage: &Stage, view: &View, name: &str) {
        self.take(stage, view, "popup", name);
    }

    /// A picture of a tab, light and dark.
    #[track_caller]
    pub fn tab(&self, stage: &Stage, view: &View, name: &str) {
        self.take(stage, view, "tab", name);
    }

    /// A picture of a screen with a name such as "popup: forked".
    #[track_caller]
    fn by_name(&self, stage: &Stage, view: &View, screen: &str) {
        let (kind, name) = screen.split_once(": ").expect("a name begins with popup or tab");
        self.take(stage, view, kind, &name.replace([',', ' '], "-").replace("--", "-"));
    }

    #[track_caller]
    fn take(&self, stage: &Stage, view: &View, kind: &str, name: &str) {
        stage.in_both_looks(view, |look| {
            view.screenshot(&self.folder.join(format!("{kind}-{look}-{name}.png")));
        });
    }
}
