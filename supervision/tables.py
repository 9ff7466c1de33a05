"""Every model of this package, imported so that the schema is whole."""

import supervision.accounts.models
import supervision.audit.models
import supervision.beacons.models
import supervision.departments.models
import supervision.draws.beacon_models
import supervision.draws.models
import supervision.draws.witness_models
import supervision.entities.models
import supervision.fairness.models
import supervision.inspectors.models
import supervision.intake.models
import supervision.items.models
import supervision.jobs.models
import supervision.neighbors.models
import supervision.notifications.models
import supervision.parameters.models
import supervision.permits.models
import supervision.plans.models
import supervision.transparency.models
import supervision.workdays.models  # noqa: F401 - registers its tables
