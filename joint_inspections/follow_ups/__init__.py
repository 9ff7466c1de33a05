"""后续处置: what follows a problem found, until it is closed."""
