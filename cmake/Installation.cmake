# Installing, find_package(speciesnet) and pkg-config.
