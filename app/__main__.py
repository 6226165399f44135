"""`python -m app`: the command line."""

import sys

if sys.argv[1:2] == ["import"]:
    from geo.ingest.isolation import warm

    warm()  # the process that reads the files loads its libraries while this one loads its own

from app.cli import main

sys.exit(main())
