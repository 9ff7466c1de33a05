"""Every model of this package, imported so that the schema is whole."""

import joint_inspections.collected.models
import joint_inspections.follow_ups.models
import joint_inspections.notices.models
import joint_inspections.records.models
import joint_inspections.results.models
import joint_inspections.visits.models  # noqa: F401 - registers its tables
