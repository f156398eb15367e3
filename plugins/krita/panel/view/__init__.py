"""The live preview in the docker and over the canvas."""
