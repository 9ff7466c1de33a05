"""What entries are about, in words: entries keep the kind as a short code, people read its name."""

from supervision.audit.events import DisclosedList
from supervision.labels import N_

NAMES = {
    "channel": N_("Gateway for messages"), "delivery": N_("Delivery of a message"), "messages": N_("Messages"),
    "device": N_("Phone"), "file": N_("File"),
    "demo": N_("Demonstration"), "department": N_("Department"), "draw": N_("Draw"), "entity": N_("Entity"),
    "expert": N_("Expert"), "expert_draw": N_("Draw of experts"),
    "follow_up": N_("Follow-up"), "inspector": N_("Inspector"), "item": N_("Item"),
    "item_list": N_("Item list"), "joint_item": N_("Joint item"), "listing": N_("Listing"), "measure": N_("Measure"),
    "log": N_("Log"), "log_witness": N_("Witness of the log"), "paper_key": N_("Key that signs papers"),
    "parameter": N_("Parameter"), "penalty": N_("Penalty"), "permit": N_("Permit"), "plan": N_("Plan"),
    "tag": N_("Tag"), "task": N_("Task"), "upload": N_("Import"), "uploads": N_("Import"), "user": N_("User"),
    "joint_offer": N_("Offer to go together"), "order": N_("Order to inspect"),
    "loan": N_("Loan of inspectors"),
    "second_look": N_("Second look at a visit"), "second_looks": N_("Choice of second looks"),
    "visit": N_("Visit"), "workdays": N_("Working-day calendar"),
    **{one.value: one.label for one in DisclosedList},
}  # fmt: skip
# registers that are part of another list of disclosures
PARTS = {"experts": N_("Experts")}
