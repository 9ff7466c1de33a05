"""An expert's own part in a visit: form to read, opinions item by item, files, signature (R-1.08)."""
