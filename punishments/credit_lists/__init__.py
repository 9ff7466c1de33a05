"""Listing decisions."""
