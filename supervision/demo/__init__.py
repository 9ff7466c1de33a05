"""Demonstration data of a district the size of Jing'an."""
