"""Attacks on the draw. A slice of each runs with every test; ``make proof`` runs them whole and keeps what it found."""
