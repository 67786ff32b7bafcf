# Sharing with people. Labels are those of the user's guide, letter for letter.

share = Share
sharing = Sharing
general = General
internal = Internal
internal-detail = People in MySafe
can-view = Can view
can-edit = Can edit
can-edit-detail = can also edit and disable this item
remove = Remove
undo = Undo
shared = Shared

## Share

share-item = Share “{ $name }”
user-or-group = User or group
user-hint = Name or email. Several, one after the other.
searching = Searching...
nobody-found = Nobody found for “{ $text }”.
people-found = { $count ->
    [0] Nobody found
    [one] 1 found
   *[other] { $count } found
}
invite-option = Share with { $address } once they are in MySafe
remove-person = Do not share with { $name }
permission = Permission
access-until = Access until
access-until-hint = Empty: for ever.
who-has-access = Who has access
nobody-else = Nobody but you.
is-owner = Owner
until-day = until { $day }
pending-person = Waits until they are in MySafe with a confirmed email.
permission-of = Permission of { $name }
taken-away = Removed with Share.
nothing-chosen = Choose who gets access, or remove somebody.
until-past = Choose a day from today on.
sharing-now = Sharing...
share-inactive = It is inactive: access can only be removed.
shared-with = “{ $name }” shared with { $who }.
shared-with-more = { $count ->
    [one] “{ $name }” shared with { $who } and 1 more.
   *[other] “{ $name }” shared with { $who } and { $count } more.
}
access-changed = “{ $name }”: { $added } added, { $removed } removed.
access-removed = “{ $name }”: { $removed } removed.
access-set = “{ $name }”: access changed.

## Why something of sharing is not done

sharing-needs-server = Sharing needs the server.
sharing-needs-sign-in = Your sign-in here has ended. Sign in again to share.
sharing-not-owner = Only the owner can do this.
identifier-of-owner = Only the owner changes it.
not-allowed = You can view this item, not change it.
sharing-owner-stays = The owner cannot leave.
sharing-unsent = A change of this item is not on the server yet. Try again in a moment.
sharing-inactive = This item is inactive. Enable it to share it.
sharing-yourself = You have access already.
sharing-not-met = Accept this person first.
sharing-key-changed = This person has other keys than the ones you accepted. Compare the safety number first.
sharing-nobody = The server knows nobody with this address.
sharing-not-confirmed = Confirm your email before you share.
sharing-not-pending = Nothing waits for this person any more.
sharing-over = The time until which access was to be given is over. Share it anew.
sharing-too-many = At most 200 people can have access to an item.
sharing-no-change = It is so already.
sharing-refused = What the server sent was refused ({ $code }). Nothing was changed.
sharing-full = Your account is full, so nobody was added. Delete items you no longer need, or ask your administrator for more room.
sharing-busy = Another browser is changing this item. Try again.
sharing-address = Enter an email address, as in ana@example.com.

## Somebody

safety-number = Safety number
safety-number-hint = It is the same on both sides. Compare it by phone or in person.
person-me = This is you.
person-first = You have not met this person here before. Whose address it is, is what the server says: compare the number to be sure.
person-seen = You accepted this person. The safety number was not compared.
person-not-confirmed = The server has not confirmed this mailbox.
person-verified = You compared the safety number.
person-changed = This address has other keys than the ones you accepted: a new account, or somebody who pretends to be it. Nothing goes to or comes from it until you compared the safety number.
accept = Accept
accept-compared = I compared it
accepting = Accepting...
person-accepted = { $name } accepted.
card-of = Show { $name }
compared = Safety number compared
new-keys = New keys
first-contact = Not met yet

## Whom an item comes from

from-person = From { $who }
from-stranger = { $who } shares this with you. You have not met them here: the item is not suggested, found or filled until you accept them.
from-changed = { $who } has other keys than the ones you accepted. Compare the safety number before you use this.
view-only = You can view this item.
edit-too = You can view and edit this item.
your-access-until = Your access ends { $day }.
leave = Leave
leave-question = Leave “{ $name }”?
leave-detail = It goes from all your browsers. Only { $who } can give it back to you.
left = You left “{ $name }”.
make-copy = Make a copy of my own
copy-question = Make a copy of “{ $name }”?
copy-detail = The copy is yours and goes its own way: { $who } and the others do not see it, and later changes of theirs do not reach it.
copy-made = “{ $name }” is copied. The copy is yours.
trouble-owner-first = This change waits until the owner is online.
owner-me = You

## After access was taken away

could-read = Could have read the client secret
could-read-since = { $who }, since { $day }
rotate-hint = What was read stays read. Make a new client secret at the provider and save it here.
rotate-remind = Remind me to rotate it
rotate-on = Rotate the client secret at the provider by { $day }.
rotate-due = Rotate the client secret at the provider: due { $day }.
rotate-done = Remove reminder
rotate-set = Reminder set for { $day }.

## Home

home = Home
new-items = New items
new-items-count = { $count ->
    [one] 1 new item
   *[other] { $count } new items
}
no-new-items = Nothing new.
dismiss = Dismiss
dismiss-all = Dismiss all
more-new-items = and { $count } more
last-used = Last used
nothing-used = Nothing used yet.
counts = Counts
accept-person = Accept { $name }
joined = { $who } is in MySafe now. Share “{ $name }” as you wanted?
complete-share = Share with { $who }
not-any-more = Not any more
keys-changed-of = { $who } has other keys than the ones you accepted. What they share is held back.

## Notices

trouble-owner-full = Waits: owner's account is full.
waits-owner-full = The owner's account is full. This change waits in this browser until there is room.
trouble-owner-mailbox-first = Waits for the owner's email.
waits-owner-mailbox-first = This change waits in this browser until the owner confirms their email.
notice-owner-full = The account of { $owner } is full. Your change of their item “{ $name }” waits in this browser until they make room. Nothing is lost.
notice-owner-mailbox-first = Your change of “{ $name }” waits in this browser until { $owner }, who owns the item, confirms their email. Nothing is lost.
notice-unreadable = { $who } saved a version of “{ $name }” that cannot be read. You see the version before it.
notice-nothing-readable = { $who } saved a version of an item that cannot be read. No version before it can be read here.
remove-who = Remove { $name }
notice-late = { $who } changed “{ $name }” after their access had ended.
keep-this-version = Keep this version
use-version-before = Use the version before
no-version-before = MySafe finds no version before it. Nothing was changed.
notice-fell-off = MySafe united two histories of “{ $name }”. { $who } lost access to it.
notice-removed-again = You removed { $who } from “{ $name }” on this browser. Another browser's list still has them, so MySafe removed them again. To give them access, share the item again.
notice-lacks-parts = The server lost the content of some versions of “{ $name }”. MySafe leaves these versions out.
notice-forked = The server has another history of “{ $name }” than this browser. The others wait until you choose.
notice-forked-alone = The server has another history of “{ $name }” than this browser. Choose which version stays.
notice-forked-of = The server has another history of “{ $name }” than this browser. The item waits for { $owner }.
notice-went-back-of = The server has an older version of “{ $name }” than this browser. The item waits for { $owner }.

access-ended = You no longer have access to “{ $name }”. It is gone from this browser; what was not sent is a draft.
others-deleted = “{ $name }” was deleted by its owner. It is gone from this browser.
now-view-only = You can only view “{ $name }” from now on. What was not sent is a draft.
notice-key-changed = Somebody shares with you under an address whose keys you know differently. It is held back.
unnamed = An item
