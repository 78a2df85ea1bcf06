"""What the comparison with the predecessor is made of.

`worker` runs in both interpreters and knows neither; `sides` starts it and talks
to it; `steps` says what may be asked of an application; `cases` asks it of those
under ``apps/``; and `differences` is the one table of what may differ, and why.
"""
