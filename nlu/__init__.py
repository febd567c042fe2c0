"""The ears: a complaint in everyday Chinese in, a structured understanding out. Imports nothing else of ours."""
