"""Clues found at an inspection, handed to a case unit or another department, which must answer (移送、抄告)."""
