"""Tests of the register of entities."""
