//! What screens and background share of the browser: the device's store, the session, requests,
//! and the vault as one context sees it. Each context opens the same store; none needs another
//! to be awake.

mod accepting;
mod account;
mod aes;
mod around;
mod asked;
mod chrome;
mod clipboard;
mod deleting;
mod drafts;
mod early;
mod entering;
mod events;
mod exposed;
mod filling;
mod finishing;
mod history;
mod http;
mod invited;
mod item;
mod known;
mod linked;
mod listing;
mod live;
mod mailbox;
mod matches;
mod notices;
mod on_page;
mod open;
mod panel;
mod people;
mod permission;
mod record;
mod recovery;
mod remote;
mod revoked;
mod rows;
mod secrets;
mod server;
mod session;
mod settings;
mod sharing;
mod sharing_errors;
mod standing;
mod store;
mod store_error;
mod strength;
mod sync;
mod tab;
mod toolbar;
mod writing;

pub use accepting::{AcceptError, Beside, Wrote};
pub use account::{SigningUp, begin_sign_up, sign_in, sign_out, sign_up};
pub use around::Around;
pub use asked::{Action, Asked, ask, asked, forget_asked};
pub use chrome::{clear_alarm, create_alarm, set_icon, version};
pub use clipboard::{CLEAR_AT, CopyError, Pending, clipboard_cleared, copy, copy_by, pending};
pub use deleting::{DeletedView, UndeleteError};
pub use entering::{SignInDraft, SignInError, SignOutError, SignUpDraft, SignUpError};
pub use events::{Event, Subscription, announce_change, subscribe};
pub use exposed::ExposedView;
pub use filling::{FillError, Filled, InPage};
pub use finishing::FirstScreen;
pub use history::{Difference, ItemHistory, Older, VersionView};
pub use invited::{JoinedView, PendingView};
pub use item::{ApiSecretView, OpenError, RevealError, SaveError, Saved, Target, Use, When};
pub use linked::{follow, linked_route};
pub use live::{Live, stay_live};
pub use mailbox::{Mailbox, MailboxError};
pub use matches::{Found, Match};
pub use mysafe::crypto::{
    NotACode, RecoveryCode, Strength, Suggestion, Warning, symbols as recovery_symbols,
};
pub use mysafe::fill::{Answer, Gesture, Refusal, What};
pub use mysafe::matching::{OnPage, Reason};
pub use mysafe::model::{
    AddressError, ApiSecretForm, Base, Draft, Field, FieldError, Method, Problem, Secret,
    check as check_form, complete as complete_url,
};
pub use mysafe::protocol::bodies::Permission;
pub use mysafe::protocol::{ItemId, UserId};
pub use mysafe::search::{
    Filters, LastUse, Order, OwnerFilter, SharedFilter, StatusFilter, recall, remember,
};
pub use mysafe::sync::{
    ACCESS_ENDED, ACCOUNT_FULL, BOTH_CHANGED, CHANGED_TOO_OFTEN, DELETED, FELL_OFF, LACKS_PARTS,
    LATE, MAILBOX_FIRST, NOT_DELETED, Notice, OWNER_FULL, OWNER_MAILBOX_FIRST, Progress,
    REMOVED_AGAIN, RESTORED, Side, TOO_MANY_ITEMS, UNSENT_DELETED, VIEW_ONLY,
};
pub use mysafe::vault::{Met, Right, SecretPresence, Share};
pub use notices::NoticeView;
pub use on_page::read_page;
pub use open::Open;
pub use panel::SidePanel;
pub use people::{PersonTrust, PersonView};
pub use permission::{Optional, on_suggesting, suggests};
pub use recovery::{RecoverDraft, RecoverError, Recovering, begin_recovery, finish_recovery};
pub use rows::{OwnerView, Row, Shown};
pub use secrets::{
    SecretsError, check_password, new_recovery_code, set_master_password, set_recovery_code,
    two_groups,
};
pub use server::{Server, ServerError, Signups, check_server};
pub use session::{LockReason, deadline, is_open, lock, lock_if_due, remember_place, touch};
pub use settings::{Settings, Theme, expect_no_account, known_server, set_settings, settings};
pub use sharing::{AccessView, GrantView, SharingError};
pub use standing::{Locked, Standing, UnlockError, is_new, standing, standing_for, unlock};
pub use store_error::StoreError;
pub use strength::strength;
pub use sync::{SyncStatus, run_sync, sync_now, sync_status};
pub use tab::{active_tabs, current_tab_url, on_tabs, open_in_tab};
pub use toolbar::{
    MenuEntry, Shortcut, change_shortcuts, clear_badges, escapes_omnibox, localized, open_popup,
    set_badge, set_first_suggestion, set_menu, set_tab_badge, shortcut, shortcuts, soon,
    suggestion,
};

/// Now, in Unix milliseconds.
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}
