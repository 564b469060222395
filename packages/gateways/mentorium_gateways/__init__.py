"""The ways out to servers that are not ours, shared by the apps."""
