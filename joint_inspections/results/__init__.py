"""Published results and their corrections."""
