"""Long work outside a request: the jobs table is the truth, a worker carries it."""
