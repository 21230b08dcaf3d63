// The product of a query and a row of bytes: an exact integer, so every form gives the same.
#ifndef CROW_PRODUCTS_H
#define CROW_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

// Forms of the same function, slowest first.
enum { ROW_PRODUCT_PORTABLE = 0, ROW_PRODUCT_AVX2 = 1, ROW_PRODUCT_AVX512 = 2, ROW_PRODUCT_FORMS = 3 };

// The query's components are at most 16,383 in size.
typedef int64_t (*RowProduct)(const int16_t *query, const int8_t *row, size_t count);

// NULL where this processor cannot run the form.
RowProduct rowProduct(int form);

#endif
