"""SQL that several rooms share."""

LISTED = "(SELECT value FROM json_each(?))"  # any number of values in one parameter
