// zlib, which opens the members of DOCX, ODT, EPUB, PPTX and XLSX files and packs stored texts.
#include <zlib.h>
