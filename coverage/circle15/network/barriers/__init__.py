"""Barriers that no access leg may cross: those of the network file and those of the study."""
