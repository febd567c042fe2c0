"""Rasa Open Source as a second engine: a service of its own beside ours, trained on the same rows."""
