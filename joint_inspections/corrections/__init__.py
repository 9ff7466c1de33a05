"""责令改正: what the enterprise sends to show that it has corrected, and what the department decides on it."""
