"""What touches GIMP's images: which layers are meant, their pixels out and in, where results go."""
