"""The workflow: transition table, intake, use cases, clocks, routing, notices."""
