"""Fairness of draws: certificates on dummy seeds before a draw, figures and tests over opened draws."""
