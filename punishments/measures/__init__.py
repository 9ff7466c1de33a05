"""Joint measures and the implementing departments' answers."""
