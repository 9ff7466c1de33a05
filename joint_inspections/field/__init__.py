"""Work on phones at the door: devices, what they carry, the operations they send and what became of each."""
