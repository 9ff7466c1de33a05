"""Inspection records collected from the departments' own systems, made before or beside the platform."""
