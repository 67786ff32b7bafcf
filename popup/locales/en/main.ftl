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
matches-this-page = Matches this page
all-api-secrets = All API secrets
exact-address = Exact address
same-host = Same host
same-domain = Same domain
not-secure = Page not secure
no-items = No API secrets yet.
nothing-for = Nothing for { $host }.
add-for-site = Add for this site
nothing-matches = Nothing matches “{ $query }”.
found-count = { $count ->
    [0] Nothing found
    [one] 1 found
   *[other] { $count } found
}
waiting = Not on the server yet
waiting-count = { $count ->
    [0] Not synced
    [one] 1 change waits here
   *[other] { $count } changes wait here
}
failed-check = Failed its check, not opened.
trouble-identifier = Identifier already used. Change it to send this item.
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
saved = “{ $name }” saved.
saved-here = “{ $name }” saved here. It goes to the server when online.

## Copying

secret-copied = Client secret of “{ $name }” copied. Cleared in { $seconds } s; until then other programs can read it.
id-copied = Client ID of “{ $name }” copied. Cleared in { $seconds } s; until then other programs can read it.
copy-failed = Could not copy. The value is selected: press Ctrl+C.
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
notice-account = What the server sent was refused ({ $code }). What is on this browser stays.

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
locked-idle = Locked after { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
} without input.
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
close-after-copy = Close the popup after Enter copied
shortcut = Shortcut to open MySafe
not-set = Not set
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
sign-out-anyway = Sign out anyway
send-first = Send first
not-sent = The server did not take everything. You are still signed in, and nothing is lost.
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
key-copy-secret = Copy client secret
key-copy-id = Copy client ID
key-back = One step back
key-list = This list

## First run

w-server-title = Where is your MySafe server?
w-server-text = Your company runs it. It stores only what your browser encrypted.
server-address = Server address
checking = Checking...
server-invalid = Enter an address, as in mysafe.example.com.
server-no-answer = No answer from { $host }. Check address, network, certificate.
server-not-mysafe = { $host } is not a MySafe server.
w-way-title = Do you have an account?
w-way-text = { $host } is a MySafe server.
create-account = Create account
sign-in = Sign in
use-recovery-code = Use recovery code
forgot-password = Forgot your master password?
w-recover-title = Recover your account
w-recover-text = With the email of your account and the recovery code you kept when you made it.
recovery-code = Recovery code
recover-account = Recover account
recovering = Recovering account...
recovered = Your account is open. Your other browsers have to sign in again.
w-new-password-title = Choose a new master password
w-new-password-text = It takes the place of the old one. A few unusual words are best.
w-new-code-title = Keep your recovery code
w-new-code-text = It opens your account if you forget the master password. It is shown only now. Keep it where nobody else finds it, not on this computer.
w-type-back-title = Type two groups
w-type-back-text = So that you know you have it. Letters can be large or small.
code-group = Group { $group }
code-group-wrong = This is not group { $group } of your code.
code-page = MySafe recovery code for { $address } on { $server }
code-copied = Recovery code copied. Cleared in { $seconds } s.
code-copy-failed = Could not copy. Write it down or save it as a file.
code-save-failed = The browser did not save the file. Write it down or print it.
print = Print
save-as-file = Save as file
code-length = A recovery code has 33 letters and digits.
code-symbol = A recovery code has only letters and digits.
code-check = One letter or digit is wrong. Compare it with what you kept.
code-unknown = This email and recovery code do not belong together on this server.
w-name-title = What is your name?
w-name-text = Colleagues see it beside your email.
your-name = Your name
name-invalid = Enter a name of at most 100 characters.
w-address-title = What is your email?
w-address-text = It is your name for signing in and cannot be changed later.
email = Email
address-invalid = Enter an email, as in ana@example.com.
address-taken = This email has an account on this server. Sign in instead.
w-code-title = Enter the set-up code
w-code-text = You are the first here. The server printed a set-up code in its log.
setup-code = Set-up code
needs-setup-code = Enter the set-up code from the server's log.
bad-setup-code = This is not the set-up code of this server.
w-invite-title = Enter your invitation
w-invite-text = This server takes new accounts by invitation. Paste the link you were given.
invitation = Invitation link
needs-invitation = Paste the invitation link you were given.
bad-invitation = This invitation is not valid for this email, or was used.
w-password-title = Choose a master password
w-password-text = It is the key to your items. Nobody can read it from the server or reset it. A few unusual words are best.
weak-password = Choose a stronger master password.
creating = Creating account...
signing-in = Signing in...
w-sign-in-text = With the email and master password of your account.
wrong-credentials = Wrong email or master password.
other-account = This browser holds another account. Sign out of it first.
account-forged = The server sent something that does not belong to your account. Nothing was changed. Tell your administrator.
too-many-tries = Too many tries. Wait { $seconds } s and try again.
w-ready-title = You are ready
w-ready-text = MySafe is open in this browser.
w-ready-pin = Click the puzzle piece in the toolbar and pin MySafe, so that it is one click away.
w-ready-key = Press { $key } on any page to open it.
w-ready-password = Write down your master password and keep it in a safe place.
w-later = Not now

## Password and recovery code

change-password = Change master password
change-password-text = Your other browsers have to sign in again. What they have not sent yet is kept there.
current-password = Current master password
new-password = New master password
changing = Changing...
password-changed = Master password changed.
changed-not-signed-in = The master password was changed, but signing in with it failed: { $why }
sign-in-ended-first = Your sign-in here has ended. Sign in again first.
new-recovery-code = New recovery code
new-code-text = The old code is worth nothing then, and your other browsers have to sign in again.
use-this-code = Use this code
code-changed = The new recovery code is in use.

## Strength

strength-strong = Strong.
strength-nearly = Nearly.
strength-fair = Fair.
strength-weak = Weak.
strength-short = At least 12 characters.
warn-rows = Rows of keys are easy to guess.
warn-pattern = Keyboard patterns are easy to guess.
warn-repeats = Repeats are easy to guess.
warn-common = It is like a common password.
warn-sequence = Sequences like abc are easy to guess.
warn-dates = Dates and years are easy to guess.
warn-word = A word by itself is easy to guess.
warn-names = Names are easy to guess.
try-words = Use a few words, no common phrase.
try-no-symbols = Symbols, digits and capitals are not needed.
try-another = Add another word or two; unusual ones are better.
try-not-capitals = Capitals do not help much.
try-not-reversed = Reversed words are not much harder.
try-not-substitutions = Replacing a by @ does not help much.
try-not-repeated = Avoid repeated words and characters.
try-not-sequences = Avoid sequences.
try-not-years = Avoid years and dates that belong to you.
