"""Meetings of visits at one door: too frequent ones, fruitless repeats by one officer, and going together."""
