"""Roads as a network to drive on, from an OpenStreetMap extract that the site brings."""
