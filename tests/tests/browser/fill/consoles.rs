//! What API consoles name.

use super::{Site, named};
use crate::items::ApiSecret;
use crate::stage::Stage;

/// Redoc has it in a folded list, GraphiQL in its own script alone.
pub fn what_redoc_and_graphiql_name_is_suggested(
    stage: &Stage,
    site: &Site,
    items: &[ApiSecret; 3],
) {
    for (path, sign) in [("/redoc", "All pets"), ("/graphiql", "Welcome to GraphiQL")] {
        let page = stage.browser().open_page(&site.console(path));
        page.see_text(sign);
        let popup = stage.popup_at_list();
        popup.see("row", &named(&items[1]));
        let rows = popup.names("row");
        assert_eq!(rows[0], "Matches this page", "{path}: {rows:?}");
        assert!(!popup.has("row", &named(&items[2])), "{path}: {rows:?}");
        popup.text_gone("Nothing for");
        popup.close();
    }
}
