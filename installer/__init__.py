"""`python3 installer ...`: set-up, demonstration, checks, check-up, removal; standard library only."""
