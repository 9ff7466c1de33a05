"""What follows a violation: penalties, lists, joint measures, objection and repair."""
