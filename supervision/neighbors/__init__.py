"""Help from neighboring areas: requests to borrow inspectors, the area's answer, and who was lent (R-1.23)."""
