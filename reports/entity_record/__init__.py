"""One entity, one record: everything the house knows, by entitlement."""
