# What the browser shows of MySafe outside its own pages: context menu, shortcuts.

choose-for-secret = Choose the API secret whose client secret you want.
choose-for-id = Choose the API secret whose client ID you want.
browsing = Browsing
suggest = Suggest as I browse
suggest-text = The icon shows how many API secrets belong to the page in front, the side panel follows it, and links from mails open by themselves. MySafe may then see the addresses of your tabs; they stay in this browser.
shortcuts = Shortcuts
shortcut-open = Open MySafe
shortcut-copy = Copy the client secret for this page
shortcut-fill = Fill the client secret into the focused field
shortcut-lock = Lock now
change-shortcuts = Change shortcuts
change-shortcuts-failed = The browser does not show them. Look under its add-ons or extensions.
not-set = Not set
panel-unseen = To follow the tab, the side panel must see its address.
open-side-panel = Open side panel
panel-failed = The browser did not open the side panel.
