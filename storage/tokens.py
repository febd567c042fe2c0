"""What is kept of a token that somebody else holds: sign-ins, invitations, links."""

import hashlib


def hash_token(token: str) -> str:
    """Tokens are random and long: a plain hash keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()
