"""Flask glue that knows no model: database session, access rules, headers, errors, lists, exports, languages."""
