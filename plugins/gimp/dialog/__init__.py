"""The dialog: GIMP's own widgets for parameters, choosers for layers and models, a preview, named settings."""
