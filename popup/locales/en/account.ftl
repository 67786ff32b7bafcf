# Making an account, getting back into it, changing what opens it.

## First run

w-server-title = Where is your MySafe server?
w-server-text = Your company runs it. It stores only what your browser encrypted.
server-address = Server address
checking = Checking...
server-invalid = Enter an address, as in mysafe.example.com.
server-not-encrypted = The connection to { $host } would not be encrypted. Use https:// if the server has it, or allow it below.
allow-unencrypted = Connect without encryption
allow-unencrypted-hint = Others on the network can then see your email and whom you share with. They can act as you on the server and send you false answers. Your items stay encrypted.
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
w-mailed-title = Check your email
w-mailed-text = A code of 8 digits was sent to { $address }. It is good for 10 minutes.
mailed-code = Code from the email
mailed-code-missing = Enter the 8 digits from the email.
mailed-code-wrong = This is not the code of the last email, or it is older than 10 minutes.
send-new-code = Send a new code
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
changed-not-proven = The server took it, but it could not be tried yet: { $why } Keep the old and the new one until it worked.
changed-unknown = The server did not answer. It may have taken the new one or not: try to sign in with both.
sign-in-ended-first = Your sign-in here has ended. Sign in again first.
new-recovery-code = New recovery code
new-code-text = The old code is worth nothing then, and your other browsers have to sign in again.
use-this-code = Use this code
code-changed = The new recovery code is in use.

## Mailbox

confirm-title = Confirm your email
email-confirmed = Your email is confirmed.
email-confirmed-now = Email confirmed.
email-not-confirmed = Confirm your email, so that others can find you and share with you. Enter the code that was sent to { $address }. If there is no such email, send a new code.
email-by-administrator = Your email is not confirmed, and this server sends no mail. Ask your administrator to confirm it.
confirm-email = Confirm email
confirming = Confirming...
code-mailed = Code sent to { $address }.

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
