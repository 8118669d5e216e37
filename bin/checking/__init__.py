"""The static checks of bin/check. Each module holds one kind of rule, and beside it the faults that prove it can fail."""
