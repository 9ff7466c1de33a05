"""Files as departments really send them become checked rows, previewed and applied."""
