"""The public pages: plans, draws, results, entities, verification."""
