"""Permits held by entities."""
