"""The manners: one turn of conversation as one function on plain values."""
