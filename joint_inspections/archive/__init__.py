"""The archive package of a closed visit: everything kept of it in one ZIP that verifies without the platform."""
