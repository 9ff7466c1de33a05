"""The platform and its registers: who is supervised, by whom, by which list, under which plan, by which draw."""
