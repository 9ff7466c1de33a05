"""What happens at the door: teams, notices, one form of many items, records and their review."""
