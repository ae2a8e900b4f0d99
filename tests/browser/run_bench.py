# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""script/bench in the Python that has a browser."""

from bench.main import main

if __name__ == "__main__":
    main()
