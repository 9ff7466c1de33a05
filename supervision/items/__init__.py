"""The published item list and the joint list."""
