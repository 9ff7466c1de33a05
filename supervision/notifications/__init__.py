"""Messages: what waits for whom, told in the platform and, without any name, by mail and other channels."""
