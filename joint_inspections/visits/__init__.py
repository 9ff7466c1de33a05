"""Visits: who goes where, acceptance, recusal, approval."""
