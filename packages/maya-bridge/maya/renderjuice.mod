+ renderjuice_maya 0.1.0 ./renderjuice
