# Deleting for good, and restoring.
delete = Delete for good
delete-question = Delete “{ $name }” for good?
delete-detail = It leaves every browser. It can be restored for 30 days, in Settings, under Deleted API secrets.
delete-name = Type its name to confirm
delete-other-name = That is not its name.
deleted-now = “{ $name }” deleted. It can be restored for 30 days.
deleted-items = Deleted API secrets
deleted-hint = Each can be restored for 30 days after it was deleted. Then its content is erased.
deleted-none = No deleted API secrets.
deleted-when = Deleted { $when }
deleted-unnamed = Name not known here
undelete = Restore
undeleted = “{ $name }” restored, as inactive.
undelete-offline = Restoring needs the server. Nothing is lost: try again when online.
undelete-identifier = Another API secret has its Identifier now. Change that one first.
not-deleted = “{ $name }” was changed on another browser, so it was not deleted.
