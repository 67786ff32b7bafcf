//! Firefox's own context menu, and what stands below its address bar: its window knows both as elements.

use serde_json::json;

use super::firefox::Firefox;
use crate::wait::{PATIENCE, wait_for};

impl Firefox {
    /// What stands below the address bar.
    pub fn address_bar_entries(&self) -> Vec<String> {
        let rows = self.run(
            "return [...gURLBar.view.panel.querySelectorAll('.urlbarView-row')].map((row) => row.textContent);",
            &[],
        );
        let rows = rows.as_array().cloned().unwrap_or_default();
        rows.iter().filter_map(|row| row.as_str().map(str::to_owned)).collect()
    }

    /// Chooses an entry of ours in the context menu that is open.
    #[track_caller]
    pub fn choose_in_menu(&self, entry: &str) {
        let open = wait_for(PATIENCE, || {
            let open = "return document.getElementById('contentAreaContextMenu').state === 'open';";
            (self.run(open, &[]) == json!(true)).then_some(())
        });
        assert!(open.is_some(), "the context menu does not open");
        let own = self.extension.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
        // The submenu is opened and chosen from by the calls that mouse and keyboard make.
        let entries = self.run(
            "const menu = document.getElementById('contentAreaContextMenu');\
             const sub = [...menu.querySelectorAll('menu')].find((m) => m.id.startsWith(given[0]));\
             if (!sub) return [...menu.querySelectorAll('menuitem')].filter((m) => m.id.startsWith(given[0])).map((m) => m.label);\
             const shown = new Promise((done) => sub.menupopup.addEventListener('popupshown', done, { once: true }));\
             sub.openMenu(true);\
             await shown;\
             const items = [...sub.menupopup.querySelectorAll('menuitem')].filter((m) => !m.hidden);\
             const labels = items.map((m) => m.label);\
             const chosen = items.find((m) => m.label === given[1]);\
             if (chosen) sub.menupopup.activateItem(chosen);\
             return [sub.label, ...labels];",
            &[json!(own), json!(entry)],
        );
        let labels = entries.as_array().cloned().unwrap_or_default();
        assert!(labels.contains(&json!(entry)), "no entry {entry:?} but {labels:?}");
        assert_eq!(labels.first(), Some(&json!("MySafe")), "the browser's own submenu");
    }
}
