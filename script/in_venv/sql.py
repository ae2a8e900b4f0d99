"""Run one statement on a PostgreSQL; its rows go to standard output as JSON.

python sql.py DATABASE, with {"query": …, "params": […]} on standard input. The
server is the one that PGHOST, PGPORT, PGUSER and PGPASSWORD name.
"""

import json
import sys

import psycopg2


def run(database, query, params):
    """Return the rows; the statement runs outside of any transaction."""
    connection = psycopg2.connect(dbname=database, connect_timeout=10)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall() if cursor.description else []


if __name__ == "__main__":
    rows = run(sys.argv[1], **json.load(sys.stdin))
    json.dump(rows, sys.stdout, default=str)
