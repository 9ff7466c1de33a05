"""Clues handed over, seen from all sides."""
