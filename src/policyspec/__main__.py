"""`python -m policyspec`."""

import sys

from policyspec.cli import main

if __name__ == "__main__":
    sys.exit(main())
