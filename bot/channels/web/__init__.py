"""The web chat: a plain page of our own, fetch and server-sent events."""
