// Matrix registers: AMX's eight tiles of up to 16 rows of 64 bytes, and the same instructions as plain functions.
//
// The numbers of tiles are part of an instruction, so that a function is a role of a tile, not a number:
// A, AHigh: activations; B: weights; C0, C1, CHigh0, CHigh1: sums, in two sets that take turns.
#ifndef CINSTRUCTIONS_MATRIX_TILES_H
#define CINSTRUCTIONS_MATRIX_TILES_H

#include "VectorTypes.h"

#include <stdbool.h>
#include <string.h>

#define TILE_C0 0
#define TILE_C1 1
#define TILE_C_HIGH0 2
#define TILE_C_HIGH1 3
#define TILE_A 4
#define TILE_A_HIGH 5
#define TILE_B 6

// The operand of `ldtilecfg`, palette 1: 64 bytes.
typedef struct {
  uint8_t palette;
  uint8_t startRow;
  uint8_t reserved[14];
  uint16_t bytesPerRow[16];
  uint8_t rows[16];
} TileConfiguration;

// Sums of 16 rows by 16 columns, over `depth` columns of bytes, a multiple of 4 up to 64: A has `depth` bytes a row,
// B a row for each four of them.
static inline TileConfiguration tileConfiguration(int depth) {
  TileConfiguration configuration;
  memset(&configuration, 0, sizeof configuration);
  configuration.palette = 1;
  for (int tile = TILE_C0; tile <= TILE_C_HIGH1; tile++) {
    configuration.rows[tile] = 16;
    configuration.bytesPerRow[tile] = 64;
  }
  for (int tile = TILE_A; tile <= TILE_A_HIGH; tile++) {
    configuration.rows[tile] = 16;
    configuration.bytesPerRow[tile] = (uint16_t)depth;
  }
  configuration.rows[TILE_B] = (uint8_t)(depth / 4);
  configuration.bytesPerRow[TILE_B] = 64;
  return configuration;
}

// The tiles in memory, for processors without them and for tests: what Intel's manual says each instruction does
// (Architecture Instruction Set Extensions Programming Reference, chapter 3), operation by operation.
typedef struct {
  TileConfiguration configuration;
  uint8_t bytes[8][16][64];
} TileRegisters;

// LDTILECFG: all tiles become zeros.
static inline void emulatedTileConfigure(void *_Nonnull memory, int depth) {
  TileRegisters *registers = (TileRegisters *)memory;
  memset(registers, 0, sizeof *registers);
  registers->configuration = tileConfiguration(depth);
}

// TILERELEASE: no tile has rows any more.
static inline void emulatedTileRelease(void *_Nonnull memory) { memset(memory, 0, sizeof(TileRegisters)); }

// TILEZERO
static inline void emulatedTileZero(void *_Nonnull memory, int tile) {
  TileRegisters *registers = (TileRegisters *)memory;
  memset(registers->bytes[tile], 0, sizeof registers->bytes[tile]);
}

// TILELOADD: rows that are configured, bytes that are configured; zeros beyond both.
static inline void emulatedTileLoad(
    void *_Nonnull memory, int tile, const void *_Nonnull source, int64_t stride) {
  TileRegisters *registers = (TileRegisters *)memory;
  emulatedTileZero(memory, tile);
  for (int row = 0; row < registers->configuration.rows[tile]; row++)
    memcpy(registers->bytes[tile][row], (const char *)source + row * stride,
           registers->configuration.bytesPerRow[tile]);
}

// TILESTORED
static inline void emulatedTileStore(void *_Nonnull memory, int tile, void *_Nonnull target, int64_t stride) {
  const TileRegisters *registers = (const TileRegisters *)memory;
  for (int row = 0; row < registers->configuration.rows[tile]; row++)
    memcpy((char *)target + row * stride, registers->bytes[tile][row],
           registers->configuration.bytesPerRow[tile]);
}

// TDPBSSD: c[m][n] += Σ_k Σ_i a[m][4 k + i] · b[k][4 n + i], signed bytes by signed bytes, in 32 bits that wrap.
static inline void emulatedTileDot(void *_Nonnull memory, int c, int a, int b) {
  TileRegisters *registers = (TileRegisters *)memory;
  const TileConfiguration *configuration = &registers->configuration;
  for (int m = 0; m < configuration->rows[c]; m++) {
    uint32_t sums[16];
    memcpy(sums, registers->bytes[c][m], sizeof sums);
    for (int k = 0; k < configuration->bytesPerRow[a] / 4; k++)
      for (int n = 0; n < configuration->bytesPerRow[b] / 4; n++)
        for (int i = 0; i < 4; i++)
          sums[n] += (uint32_t)((int8_t)registers->bytes[a][m][4 * k + i] *
                                (int8_t)registers->bytes[b][k][4 * n + i]);
    memset(registers->bytes[c][m], 0, sizeof registers->bytes[c][m]);
    memcpy(registers->bytes[c][m], sums, configuration->bytesPerRow[c]);
  }
}

#if defined(__AMX_INT8__)
#include <immintrin.h>

VECTOR_INLINE void amxConfigure(int depth) {
  TileConfiguration configuration = tileConfiguration(depth);
  _tile_loadconfig(&configuration);
}
VECTOR_INLINE void amxRelease(void) { _tile_release(); }

#define DEFINE_SUM_TILE(Name, tile)                                                            \
  VECTOR_INLINE void amxZero##Name(void) { _tile_zero(tile); }                                 \
  VECTOR_INLINE void amxStore##Name(void *_Nonnull target) { _tile_stored(tile, target, 64); }
DEFINE_SUM_TILE(C0, TILE_C0)
DEFINE_SUM_TILE(C1, TILE_C1)
DEFINE_SUM_TILE(CHigh0, TILE_C_HIGH0)
DEFINE_SUM_TILE(CHigh1, TILE_C_HIGH1)
#undef DEFINE_SUM_TILE

VECTOR_INLINE void amxLoadA(const void *_Nonnull source, int64_t stride) { _tile_loadd(TILE_A, source, stride); }
VECTOR_INLINE void amxLoadAHigh(const void *_Nonnull source, int64_t stride) {
  _tile_loadd(TILE_A_HIGH, source, stride);
}
VECTOR_INLINE void amxLoadB(const void *_Nonnull source, int64_t stride) { _tile_loadd(TILE_B, source, stride); }
VECTOR_INLINE void amxDotC0(void) { _tile_dpbssd(TILE_C0, TILE_A, TILE_B); }
VECTOR_INLINE void amxDotC1(void) { _tile_dpbssd(TILE_C1, TILE_A, TILE_B); }
VECTOR_INLINE void amxDotCHigh0(void) { _tile_dpbssd(TILE_C_HIGH0, TILE_A_HIGH, TILE_B); }
VECTOR_INLINE void amxDotCHigh1(void) { _tile_dpbssd(TILE_C_HIGH1, TILE_A_HIGH, TILE_B); }
#endif

#endif
