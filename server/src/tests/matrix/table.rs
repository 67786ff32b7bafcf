//! What the table says.

use mysafe_protocol::wire::ErrorCode;

/// What a route is about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum About {
    /// No token needed.
    Public,
    /// One's own account or session, or what everybody who is signed in may know.
    Oneself,
    /// An item, in these ways.
    Item(&'static [Act]),
}

/// What is done with an item.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Act {
    Read,
    Revisions,
    /// The revisions with the access lists.
    Lists,
    History,
    Use,
    Edit,
    Disable,
    Enable,
    /// A write that sets the Identifier.
    Identifier,
    Delete,
    Share,
    /// Another permission, and an end.
    Change,
    Remove,
    /// A new epoch for nobody else, as after a deletion.
    Restore,
    Again,
    Leave,
    /// The editor's access ends at once.
    End,
}

pub(super) const ROWS: &[(&str, &str, About)] = &[
    ("DELETE", "/v1/items/{item}/access", About::Item(&[Act::Leave])),
    ("DELETE", "/v1/items/{item}/access/{user}", About::Item(&[Act::End])),
    ("DELETE", "/v1/sessions/current", About::Oneself),
    ("GET", "/healthz", About::Public),
    ("GET", "/metrics", About::Public),
    ("GET", "/openapi.json", About::Public),
    ("GET", "/readyz", About::Public),
    ("GET", "/v1/changes", About::Oneself),
    ("GET", "/v1/events", About::Oneself),
    ("GET", "/v1/items/{item}", About::Item(&[Act::Read])),
    ("GET", "/v1/items/{item}/history", About::Item(&[Act::History])),
    ("GET", "/v1/items/{item}/revisions", About::Item(&[Act::Revisions, Act::Lists])),
    ("GET", "/v1/server", About::Public),
    ("GET", "/v1/sessions/current", About::Oneself),
    ("GET", "/v1/users", About::Oneself),
    ("GET", "/v1/users/{user}/bundle", About::Oneself),
    ("POST", "/v1/accounts/finish", About::Public),
    ("POST", "/v1/accounts/password/start", About::Oneself),
    ("POST", "/v1/accounts/start", About::Public),
    ("POST", "/v1/mailbox/code", About::Oneself),
    ("POST", "/v1/recovery/finish", About::Public),
    ("POST", "/v1/recovery/start", About::Public),
    ("POST", "/v1/sessions/finish", About::Public),
    ("POST", "/v1/sessions/start", About::Public),
    ("PUT", "/v1/accounts/record", About::Oneself),
    ("PUT", "/v1/accounts/secrets", About::Oneself),
    (
        "PUT",
        "/v1/items/{item}",
        About::Item(&[
            Act::Edit,
            Act::Disable,
            Act::Enable,
            Act::Identifier,
            Act::Delete,
            Act::Share,
            Act::Change,
            Act::Remove,
            Act::Restore,
        ]),
    ),
    ("PUT", "/v1/items/{item}/again", About::Item(&[Act::Again])),
    ("PUT", "/v1/items/{item}/use", About::Item(&[Act::Use])),
    ("PUT", "/v1/mailbox", About::Oneself),
];

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Role {
    Owner,
    Editor,
    Viewer,
    /// Removed by the owner.
    Former,
    /// Left by their own act.
    Left,
    /// Their time is over, noticed by the server or not.
    Expired,
    /// Has an account and no confirmed mailbox: shared with nobody yet.
    Invited,
    /// The first account, without access.
    Administrator,
    Stranger,
    SignedOut,
    Revoked,
}

pub(super) const ROLES: [Role; 11] = [
    Role::Owner,
    Role::Editor,
    Role::Viewer,
    Role::Former,
    Role::Left,
    Role::Expired,
    Role::Invited,
    Role::Administrator,
    Role::Stranger,
    Role::SignedOut,
    Role::Revoked,
];

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum State {
    /// Nobody ever had access but the owner.
    Private,
    Active,
    Inactive,
    Deleted,
    /// Deleted thirty days ago.
    Erased,
    /// Active, and somebody whose access ended is on the list still.
    Waiting,
    /// The same, and the server has noticed that somebody's time is over.
    Noticed,
}

pub(super) const STATES: [State; 7] = [
    State::Private,
    State::Active,
    State::Inactive,
    State::Deleted,
    State::Erased,
    State::Waiting,
    State::Noticed,
];

/// What the table says.
pub(super) fn expected(act: Act, role: Role, state: State) -> Result<(), ErrorCode> {
    use ErrorCode::{Forged, NotAllowed, NotFound, NotSignedIn, OwnerFirst, SessionRevoked};
    let deleted = matches!(state, State::Deleted | State::Erased);
    let waiting = matches!(state, State::Waiting | State::Noticed);
    match role {
        // Whoever is not named, or not yet, is a stranger.
        Role::Editor | Role::Viewer if state == State::Private => Err(NotFound),
        Role::SignedOut => Err(NotSignedIn),
        Role::Revoked => Err(SessionRevoked),
        Role::Owner => match act {
            Act::Leave => Err(NotAllowed),
            Act::End if state == State::Private => Err(NotFound),
            // Nothing but a new epoch follows a deletion; and nobody joins what is not active.
            Act::Edit | Act::Disable | Act::Enable | Act::Identifier | Act::Delete | Act::Again
                if deleted =>
            {
                Err(Forged)
            }
            // The next epoch comes before all other writes.
            Act::Edit | Act::Disable | Act::Enable | Act::Identifier | Act::Delete if waiting => {
                Err(OwnerFirst)
            }
            Act::Share if deleted || state == State::Inactive => Err(NotAllowed),
            _ => Ok(()),
        },
        Role::Editor => match act {
            Act::Lists
            | Act::Identifier
            | Act::Delete
            | Act::Share
            | Act::Change
            | Act::Remove
            | Act::Restore
            | Act::End => Err(NotAllowed),
            // As it was signed it comes again all the same.
            Act::Edit | Act::Disable | Act::Enable if waiting => Err(OwnerFirst),
            Act::Edit | Act::Disable | Act::Enable | Act::Again if deleted => Err(Forged),
            _ => Ok(()),
        },
        Role::Viewer => match act {
            Act::Read | Act::Revisions | Act::History | Act::Use | Act::Leave => Ok(()),
            _ => Err(NotAllowed),
        },
        Role::Former
        | Role::Left
        | Role::Expired
        | Role::Invited
        | Role::Administrator
        | Role::Stranger => Err(NotFound),
    }
}
