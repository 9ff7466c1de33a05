"""The inspection notice handed to the entity."""
