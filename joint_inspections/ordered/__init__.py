"""Inspections that come from an order instead of a draw: complaint, referral, emergency, re-inspection."""
