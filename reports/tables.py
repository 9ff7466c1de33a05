"""Every model of this package, imported so that the schema is whole."""

import reports.papers.models  # noqa: F401 - registers its tables
