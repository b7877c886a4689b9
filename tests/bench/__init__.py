"""What the portal costs, measured on this machine against itself: `make bench`, or `make bench ARGS="--sizes 9,1000"`.

Databases of 9, 1,000 and 10,000 deliverables with 52 updates each are made and dropped again (SQLite files in a temporary
folder; scratch databases beside the one that DATABASE_URL names, when it is PostgreSQL). In each:

- pages: statements, rows and CPU through the whole of Django, beside a floor measured in turns with it: a plain table of
  40 kB in the same frame, for the same person. A page may cost twice the floor at 1,000 deliverables.
- the roll-up: CPU beside the same figures in plain SQL (raw_sql.py), which must also be equal, or the run ends there.
- a save: statements and time of submitting an update, beside one INSERT in a transaction.

Then the plan page and the register of promises in a database of their own, with 42 plan years of 500 deliverables (alone:
`make bench ARGS=--many-years`). Last, for whatever size:
the first visit (bytes and requests of the overview) and the memory of `manage.py up`.

CPU is that of this process and, with PostgreSQL, of its process for us. Each number is a median of runs in turns, since other
work on the machine slows both alike: compare what stands in one line. It is no test: what it says depends on the machine, and
only ratios carry over. It ends with the figures of DESIGN.md section 7, and with exit code 1 if one is missed.
"""
