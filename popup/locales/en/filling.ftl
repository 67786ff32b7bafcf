# Filling, and what a page names.

found-on-page = Found on this page
fill-client-id = Fill client ID
fill-client-secret = Fill client secret
secret-filled = Client secret of “{ $name }” filled.
id-filled = Client ID of “{ $name }” filled.
fill-question = Fill on { $host }?
fill-detail = It is not the address of “{ $name }”.
fill-once = Fill once
always-here = Always here
further-addresses = Further addresses
further-addresses-hint = It matches there too, and is filled without a question.
remove-address = Remove address { $address }
too-many-addresses = It has 20 further addresses. Remove one first; nothing was filled.
address-removed = { $address } is no address of “{ $name }” any more.

## Why not

fill-no-web-page = Only web pages can be filled.
fill-not-secure = “{ $name }” is https, this page is not. It is never filled here.
fill-sub-frame = The field is in a frame within the page. Only fields of the page itself are filled.
fill-inactive = “{ $name }” is inactive. Enable it to fill.
fill-no-id = “{ $name }” has no client ID.
fill-no-field = Click into a text field of the page, then fill.
fill-fixed = The field cannot be changed.
fill-hidden = The field cannot be seen, so it was not filled.
fill-lines = The client secret has several lines and the field has one. Copy it instead.
fill-short = The field takes fewer characters than that. Nothing was filled.
fill-changed = The page changed what was filled. Check the field.
fill-moved = Another page came there meanwhile. Nothing was filled.
fill-click-icon = Click the MySafe icon on this page, then fill.
fill-closed = The browser lets no extension into this page.
