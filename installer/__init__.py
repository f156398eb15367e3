"""Set-up, check-up, demo and tests on a machine where nothing is installed yet."""
