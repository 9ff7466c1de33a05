"""Administrative penalties gathered under each entity."""
