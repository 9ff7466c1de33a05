"""Papers about a draw: the commitment sheet and the draw certificate, drawn once, signed, kept as issued."""
