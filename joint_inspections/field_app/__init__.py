"""The app for phones: its page, its files and its service worker. What it does stands in supervision/static/field."""
