"""档案: the whole file of an archived matter as one BagIt package, and whether such a package is what was archived."""
