"""The rules of the county's plan, pure: no I/O, no Temporal, no clock."""
