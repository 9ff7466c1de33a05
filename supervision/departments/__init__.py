"""The departments of the district."""
