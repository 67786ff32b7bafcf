# Finding. Labels are those of the user's guide, letter for letter.

## What matches, what was found

matches-this-page = Matches this page
all-api-secrets = All API secrets
exact-address = Exact address
same-host = Same host
same-domain = Same domain
not-secure = Page not secure
clear-search = Clear search
nothing-for = Nothing for { $host }.
add-for-site = Add for this site
nothing-matches = Nothing matches “{ $query }”.
found-count = { $count ->
    [0] Nothing found
    [one] 1 found
   *[other] { $count } found
}

## Filters and order

filters = Filters
filter = Filter
status = Status
active = Active
all = All
any-time = Any time
within-days = { $count ->
    [one] In the last 24 hours
   *[other] In the last { $count } days
}
not-within-days = Not in the last { $count } days
sort = Sort
best-match = Best match
active-filters = Active filters
filter-chip = { $field }: { $value }
remove-filter = Remove filter { $filter }
clear-filters = Clear filters
hidden-by-filters = { $count ->
    [one] 1 hidden by filters
   *[other] { $count } hidden by filters
}
tags-filter-hint = Enter or comma adds a tag. Items that have all of them are listed.
