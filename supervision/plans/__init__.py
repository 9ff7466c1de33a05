"""Annual plans, agreement, approval, publication and tasks."""
