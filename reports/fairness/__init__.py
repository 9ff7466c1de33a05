"""Fairness on display: what opened draws gave each group and inspector, tested against chance."""
