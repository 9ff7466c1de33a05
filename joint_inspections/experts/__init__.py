"""Experts on inspections: asked for, drawn after the inspectors, replaced by the machine (R-1.08)."""
