"""Law in data: ratios, caps and deadlines with source and effective date."""
