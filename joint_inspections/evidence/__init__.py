"""Photos, documents, sounds, samples: what a record rests on, kept as it came and never replaced."""
