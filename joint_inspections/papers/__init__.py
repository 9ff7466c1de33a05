"""The papers of a visit: what was asked, found and sampled on site, and every numbered document issued of it."""
