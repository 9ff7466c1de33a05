"""Every model of this package, imported so that the schema is whole."""

import supervision.accounts.models
import supervision.audit.models
import supervision.departments.models
import supervision.draws.models
import supervision.entities.models
import supervision.inspectors.models
import supervision.intake.models
import supervision.items.models
import supervision.jobs.models
import supervision.parameters.models
import supervision.permits.models
import supervision.plans.models
import supervision.workdays.models  # noqa: F401 - registers its tables
