"""The static checks of bin/check: each module holds one kind of rule and, beside it, the faults that prove it can fail."""
