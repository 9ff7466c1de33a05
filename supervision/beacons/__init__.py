"""Public random values: by which rule one is named before it exists, and how it is checked when it has come."""
