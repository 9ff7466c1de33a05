"""What entries are about, in words: entries keep the kind as a short code, people read its name."""

from supervision.audit.events import DisclosedList
from supervision.labels import N_

NAMES = {
    "demo": N_("Demonstration"), "department": N_("Department"), "draw": N_("Draw"), "entity": N_("Entity"),
    "expert": N_("Expert"), "follow_up": N_("Follow-up"), "inspector": N_("Inspector"), "item": N_("Item"),
    "item_list": N_("Item list"), "joint_item": N_("Joint item"), "listing": N_("Listing"), "measure": N_("Measure"),
    "parameter": N_("Parameter"), "penalty": N_("Penalty"), "permit": N_("Permit"), "plan": N_("Plan"),
    "tag": N_("Tag"), "task": N_("Task"), "upload": N_("Import"), "uploads": N_("Import"), "user": N_("User"),
    "visit": N_("Visit"), "workdays": N_("Working-day calendar"),
    **{one.value: one.label for one in DisclosedList},
}  # fmt: skip
# registers that are part of another list of disclosures
PARTS = {"experts": N_("Experts")}
