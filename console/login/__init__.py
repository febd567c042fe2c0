"""How people get in: passwords, second factor, invitations, back-off, and the pages for them."""
