"""What the enterprise does by the code on its notice: confirm who came, rate the inspection, answer its result."""
