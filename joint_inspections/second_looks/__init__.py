"""Blind second looks: a few finished visits are drawn, looked at again by others who do not know, and compared."""
