"""Every model of this package, imported so that the schema is whole."""

import joint_inspections.archive.models
import joint_inspections.codes.models
import joint_inspections.collected.models
import joint_inspections.corrections.models
import joint_inspections.days.models
import joint_inspections.encounters.models
import joint_inspections.evidence.models
import joint_inspections.expert_opinions.models
import joint_inspections.experts.models
import joint_inspections.field.models
import joint_inspections.follow_ups.models
import joint_inspections.notices.models
import joint_inspections.ordered.models
import joint_inspections.papers.models
import joint_inspections.records.models
import joint_inspections.results.models
import joint_inspections.second_looks.models
import joint_inspections.signatures.models
import joint_inspections.transfers.models
import joint_inspections.visits.models  # noqa: F401 - registers its tables
