"""Measures the product beside a bare Django view, in one run on one machine."""
