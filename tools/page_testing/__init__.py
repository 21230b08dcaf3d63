"""Checks of the page at `/` in a real browser, without anything but Python and Chromium."""
