"""Inputs that are small as files and large once they are read, made by code."""
