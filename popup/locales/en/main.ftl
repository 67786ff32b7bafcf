# English. Labels are those of the user's guide, letter for letter.

mysafe = MySafe
api-secrets = API secrets
this-page = This page
settings = Settings
add = Add
add-api-secret = Add API secret
edit = Edit
edit-api-secret = Edit API secret
view-api-secret = View API secret
api-secret-details = API secret details
mandatory = Fields with an asterisk are mandatory.
name = Name
url = Url
client-id = Client ID
client-secret = Client secret
identifier = Identifier
method = Method
tags = Tags
notes = Notes
expires = Expires
save = Save
cancel = Cancel
actions = Actions
show = Show
hide = Hide
copy = Copy
none = None
owner = Owner
created = Created
changed = Changed
last-use = Last use
never = Never
search = Search
clear = Clear
close = Close
back = Back
continue = Continue
lock = Lock
lock-now = Lock now
lock-failed = MySafe could not lock. Close the browser to lock it.
open-in-tab = Open in tab
value-to-copy = Value to copy

## Lists

copy-client-id = Copy client ID
copy-client-id-tip = Copy client ID (Shift+Enter)
copy-client-secret = Copy client secret
copy-client-secret-tip = Copy client secret (Enter)
no-items = No API secrets yet.
arriving = Getting your API secrets
arriving-count = { $done } of { $total } API secrets
waiting = Not on the server yet
waiting-count = { $count ->
    [0] Not synced
    [one] 1 change waits here
   *[other] { $count } changes wait here
}
failed-check = Failed its check, not opened.
trouble-identifier = Identifier already used. Change it to send this item.
trouble-beside = The server has another state of it.
trouble-unreadable = Its newest version cannot be read.
trouble-account-full = Waits: your account is full.
waits-account-full = Your account is full. This change waits in this browser until there is room.
trouble-too-many-items = Waits: too many items.
waits-too-many-items = Your account takes no more items. This one waits in this browser until there is room.
trouble-too-often = Waits until tomorrow.
waits-too-often = This item was changed too often within a day. MySafe sends this change tomorrow.
trouble-mailbox-first = Waits: confirm your email.
waits-mailbox-first = This change waits in this browser until you confirm your email.
trouble-refused = The server refused this change. It is kept here.

## Details

hidden-value = Hidden
no-client-secret = No client secret.
no-secret = No client secret
add-one = Add one
nobody-sees = Make sure nobody else sees your screen.
when-by = { $when }, by { $by }
just-now = just now
gone = This item is not on this browser any more.

## Form

field-missing = { $field } is mandatory.
field-too-long = { $field } can have at most { $max } characters.
tag-too-long = A tag can have at most { $max } characters.
too-many-tags = At most { $max } tags.
identifier-taken = Another of your API secrets has this Identifier.
url-invalid = Enter an address, as in https://api.example.com.
url-not-http = Only http and https addresses.
url-user-information = Remove the user name and password from the address.
scheme-added = https:// was added.
query-dropped = What followed the path was removed.
outer-spaces = There are spaces around what you pasted. Remove spaces?
remove-spaces = Remove
tags-hint = Enter or comma adds a tag.
remove-tag = Remove tag { $tag }
need-attention = { $count ->
    [one] 1 field needs attention
   *[other] { $count } fields need attention
}
draft-restored = Draft restored.
discard = Discard
draft-kept = Draft kept.
changed-meanwhile = Changed on another browser. Your text is kept.
compare = Compare
another-secret = It was changed. The history shows it.
saved = “{ $name }” saved.
saved-here = “{ $name }” saved here. It goes to the server when online.

## Copying

secret-copied = Client secret of “{ $name }” copied. Cleared in { $seconds } s; until then other programs can read it.
id-copied = Client ID of “{ $name }” copied. Cleared in { $seconds } s; until then other programs can read it.
copy-failed = Could not copy. The value is selected: press { $key }.
no-secret-of = “{ $name }” has no client secret.
inactive-of = “{ $name }” is inactive. Enable it to copy.
gone-of = “{ $name }” is not on this browser any more.
damaged-of = “{ $name }” failed its check and was not opened.

## Banners

offline = { $count ->
    [0] Offline. Everything stays readable.
    [one] Offline. 1 change waits here.
   *[other] Offline. { $count } changes wait here.
}
sign-in-ended = Your sign-in here has ended. Everything is kept.
sign-in-again = Sign in again
notice-item = “{ $name }”: what the server sent was refused ({ $code }). What is on this browser stays.
both-changed = “{ $name }” was changed on two browsers. What was synced last is shown, the other is kept:
notice-damaged = “{ $name }”: what this browser stored of it cannot be read. It stays here and is not synced.
notice-refused = “{ $name }”: the server refused this change. It is kept here.
notice-taken = “{ $name }”: the Identifier is used already. Change it to send this item.
notice-too-large = “{ $name }” is too large for the server. It is kept here: shorten it to send it.
notice-account-full = Your account on the server is full. Changes of “{ $name }”, and perhaps of other items, wait in this browser. Nothing is lost. Delete items you no longer need, or ask your administrator for more room.
notice-too-many-items = Your account takes no more items. “{ $name }”, and perhaps other new items, wait in this browser. Nothing is lost. Delete items you no longer need, or ask your administrator for more room.
notice-too-often = “{ $name }”, and perhaps other items, were changed too often within a day. The last changes wait in this browser, and MySafe sends them tomorrow. Nothing is lost.
notice-mailbox-first = Changes of “{ $name }”, and perhaps of other shared items, wait in this browser until you confirm your email. Nothing is lost.
still-no-room = There is still no room. Your changes wait in this browser.
notice-unsent-deleted = “{ $name }” was deleted on another browser. What was not sent or saved here is kept: Add shows it as a draft.
notice-damaged-account = Something this browser stored of your account cannot be read. It stays, and is not synced.
notice-account = What the server sent was refused ({ $code }). What is on this browser stays.

notice-restored = The server was behind this browser. MySafe sends the server what it lacked.
accept-server = Accept the server's state
accept-server-question = Accept the server's state of “{ $name }”?
accept-asking = MySafe asks the server...
accept-server-version = The server's version
accept-your-version = The version here
accept-wrote = { $who } wrote it, { $when }.
accept-deletes = { $who } deleted the item, { $when }.
accept-who = Who has access in the server's state
accept-own = You choose the content. The other version stays in History.
accept-access = Only people whom both sides name keep their access.
accept-key = The server's key does not open this item. Your version gets a new key and replaces the server's.
accept-others = You cannot edit it until { $owner } changes it next. Your version stays in History.
accept-view = Your version stays in History.
accept-mine = Keep my version
accept-theirs = Take the server's version
accept-write-over = Write over it
accepted = “{ $name }”: the server and this browser agree again. History has the other version.
accept-offline = The server does not answer. Nothing was changed.

## Locked and broken

set-up-text = Keep your company's API secrets where you need them.
set-up = Set up MySafe
unlock-title = Unlock MySafe
unlock = Unlock
unlocking = Unlocking...
master-password = Master password
password-missing = Enter your master password.
wrong-password = Wrong master password.
no-wrap = This browser's key was removed. Sign in again.
caps-lock = Caps Lock is on.
locked-idle = Locked after { $time } without input.
locked-button = You locked MySafe.
locked-system = Locked with your system.
locked-expired = Your sign-in here was ended. Sign in again to go on.
locked-browser = Locked when the browser was closed.
locked-now = MySafe is locked. What you typed is kept.
store-title = MySafe cannot open its storage
store-full = This browser has no space left for MySafe. Free some space, then try again. Nothing was lost.
store-newer = This browser was used with a newer MySafe. Update MySafe to open it. Nothing was changed.
store-damaged = What MySafe stored here cannot be read. Nothing was removed. Sign in on another browser to reach your items.
store-gone-title = MySafe's storage here is empty
store-gone = What MySafe stored in this browser was removed, by the browser or by somebody. Everything on the server is safe: sign in again to have it here. Changes that were not on the server yet are gone.
store-unavailable = The browser does not give MySafe its storage. In a private window this is normal; otherwise restart the browser.
incomplete-title = MySafe is incomplete
incomplete = A part of the extension is missing or damaged. Restart the browser; if that does not help, update or reinstall MySafe. Changes that were not sent to the server are lost when it is removed.
try-again = Try again

## Settings

appearance = Appearance
theme = Theme
theme-system = As the system
theme-light = Light
theme-dark = Dark
compact = Compact rows
security = Security
lock-after = Lock after
clear-clipboard = Clear the clipboard after
clear-own = Clear only what MySafe copied
clear-own-text = What another program copied meanwhile stays. To tell the two apart, MySafe may then read the clipboard when it clears it.
close-after-copy = Close the popup after Enter copied
account = Account
server = Server
sign-out = Sign out
sign-out-question = Sign out of this browser?
sign-out-detail = Your items are removed from this browser and stay on the server.
unsent = { $count ->
    [one] 1 change is not on the server yet.
   *[other] { $count } changes are not on the server yet.
}
unsent-detail = If you sign out anyway they are lost.
unsent-detail-ended = Your sign-in here has ended: sign in again to send them. If you sign out anyway they are lost.
unsaved = { $count ->
    [one] 1 draft is only in this browser.
   *[other] { $count } drafts are only in this browser.
}
unsaved-detail = What was typed and not saved is lost with the sign-out.
sign-out-anyway = Sign out anyway
send-first = Send first
not-sent = The server did not take everything. You are still signed in, and nothing is lost.
not-sent-ended = Your sign-in here has ended, and the server took nothing. Nothing is lost: sign in again to send it.
settings-failed = The browser did not store this setting.
version = MySafe { $version }
seconds = { $count } seconds
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
hours = { $count } hours

## Keyboard

keyboard = Keyboard
key-move = Move
key-ends = First, last
key-copy-secret = Copy client secret
key-copy-id = Copy client ID
key-back = One step back
key-list = This list

## Disabling and history

disable = Disable
enable = Enable
yes = Yes
no = No
inactive = Inactive
inactive-hint = Not suggested on pages. Its client secret is not shown or copied.
disable-question = Disable “{ $name }”?
disable-detail = It is no longer suggested, and its client secret is not shown or copied until it is enabled again.
enable-question = Enable “{ $name }”?
enable-detail = It is suggested on its pages again, and its client secret can be shown and copied.
disabled = “{ $name }” disabled.
enabled = “{ $name }” enabled.
was-disabled = Disabled
was-enabled = Enabled
history = History
history-of = History of “{ $name }”
version-now = Now
version-first = Added
version-unreadable = This version cannot be read.
only-here = Only in this browser
then = Then
now = Now
same-as-now = The same as now.
inactive-hidden = Not shown while the item is inactive.
restore-version = Restore this version
restore-question = Restore this version of “{ $name }”?
restore-detail = What is there now stays in the history.
restored = Restored as a new version.
restore-identifier = Another item has this version's Identifier by now. Edit the item instead.
older-versions = Older versions
older-offline = Older versions are on the server, which does not answer.
older-lacking = The server does not give the version before it.
older-refused = What the server sent of older versions was refused ({ $code }).
