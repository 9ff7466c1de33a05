"""Teams and days: routes, the schematic map, calendars with leave, the feed, workload, where each team stands."""
