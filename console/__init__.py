"""The desk: pages for hotline staff and for units, and the one-time links that lead to them."""
