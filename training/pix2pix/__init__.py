"""Pictures that become others: pix2pix on pairs."""
