"""The rows: tables, queries, vault, outbox and migrations; imports none of our other packages."""
