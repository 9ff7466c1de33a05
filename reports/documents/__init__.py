"""Printed documents, each a PDF with every font embedded."""
