"""Working days by the State Council calendar (R-7.3)."""
