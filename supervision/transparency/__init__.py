"""The transparency log: keys, checkpoints, proofs and witnesses, so that nothing logged can be taken back unseen."""
