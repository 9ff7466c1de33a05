"""The register of inspected entities."""
