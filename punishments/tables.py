"""Every model of this package, imported so that the schema is whole."""

import punishments.credit_lists.models
import punishments.measures.models
import punishments.penalties.models  # noqa: F401 - registers its tables
