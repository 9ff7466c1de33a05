"""Figures by plan and department, counted by themselves."""
