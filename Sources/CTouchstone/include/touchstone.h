/* Touchstone: Qwen3-Embedding and Qwen3-Reranker from GGUF files, on CPUs.
 *
 *     touchstone_model *model;
 *     if (touchstone_open("model.gguf", NULL, &model) != TOUCHSTONE_OK)
 *       fprintf(stderr, "%s\n", touchstone_last_error());
 *     touchstone_text text = {"The file was not found.", TOUCHSTONE_NUL_TERMINATED};
 *     float vector[1024];
 *     touchstone_embed(model, NULL, &text, 1, vector, 1024, NULL);
 *     touchstone_close(model);
 *
 * A vector has the same bits on every processor, in any batch, with any number of threads.
 *
 * Ownership. The caller owns all memory that it passes, and the library reads or writes it during the call only. The
 * library owns the models, freed by touchstone_close, and the strings it returns, valid as long as stated. The caller
 * frees nothing.
 *
 * Threads. Every function may be called from any thread at any time, with the same model or with several. Calls on
 * one model take turns, since each uses all of the model's threads.
 *
 * Fork. A child process may use the models of its parent, unless another thread was inside a call on that model at
 * the moment of the fork. The child starts threads of its own.
 *
 * Signals. The library installs no handler, and its threads block all signals.
 *
 * Versions. Structures that may grow begin with their size: set `size` to `sizeof` and everything else to zero for the
 * defaults. A program built with an older header keeps working.
 */
#ifndef TOUCHSTONE_H
#define TOUCHSTONE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a program built with an older header no longer works: the number in libtouchstone.so.N. */
#define TOUCHSTONE_INTERFACE_VERSION 1

/* A model that is open. Never dereferenced: a closed or foreign value is TOUCHSTONE_INVALID_ARGUMENT, not a crash. */
typedef struct touchstone_model touchstone_model;

/* The outcome of a call. Numbers keep their meaning; later versions may add some. */
typedef int32_t touchstone_status;
enum {
  TOUCHSTONE_OK = 0,
  /* A null pointer, a closed model, a structure of unknown size, an unknown option, text that is not UTF-8. */
  TOUCHSTONE_INVALID_ARGUMENT = 1,
  /* The file cannot be read, or is no model that this engine runs. */
  TOUCHSTONE_FILE = 2,
  /* An embedding model is needed and this is a reranker, or the reverse. */
  TOUCHSTONE_WRONG_MODEL = 3,
  /* An option does not fit the model. */
  TOUCHSTONE_INVALID_OPTION = 4,
  /* An input has more tokens than fit, and truncation was not asked for. */
  TOUCHSTONE_INPUT_TOO_LONG = 5,
  /* An input cannot be embedded: an id outside of the vocabulary, or no token at all. */
  TOUCHSTONE_INVALID_INPUT = 6,
  /* The result is not finite, or a vector has length 0: the weights in the file are damaged. */
  TOUCHSTONE_NOT_FINITE = 7,
  /* The caller's buffer is too small. Nothing was computed or written. */
  TOUCHSTONE_BUFFER_TOO_SMALL = 8,
  /* should_continue returned 0. */
  TOUCHSTONE_CANCELLED = 9,
  /* A processor feature or library that the environment asks for is not there. */
  TOUCHSTONE_ENVIRONMENT = 10
};

/* The version of the library, such as "0.1.0". Valid for ever. */
const char *touchstone_version(void);

/* The TOUCHSTONE_INTERFACE_VERSION that the library was built with. */
int32_t touchstone_interface_version(void);

/* The sentence for this thread's last call that failed, in UTF-8: subject, found, required, remedy. It never quotes a
 * text. Empty where no call has failed. Valid until this thread's next call that fails. */
const char *touchstone_last_error(void);

/* Which input the last error of this thread is about, counted from the call's first_index; -1 where it is none. */
int64_t touchstone_last_error_index(void);

/* ------------------------------------------------------------------------------------------------ Models */

typedef struct touchstone_open_options {
  size_t size; /* sizeof(touchstone_open_options) */
  /* How many threads compute, 1 to 1024. 0: as many as this process may use. */
  int32_t threads;
} touchstone_open_options;

/* Opens a GGUF file, or the first part of a split one. Maps the file; weights are read when first used.
 *
 * path: NUL-terminated. options: NULL for the defaults. model: set to the new model, or to NULL where the call fails.
 * Close it with touchstone_close. */
touchstone_status touchstone_open(
    const char *path, const touchstone_open_options *options, touchstone_model **model);

/* Closes a model and frees its memory, once calls on other threads that still use it have ended. NULL and a model
 * that is closed already are ignored. */
void touchstone_close(touchstone_model *model);

enum { TOUCHSTONE_KIND_EMBEDDING = 1, TOUCHSTONE_KIND_RERANKER = 2 };

/* The facts of a model. Strings are valid until the model is closed. */
typedef struct touchstone_facts {
  size_t size;             /* in: sizeof(touchstone_facts). What a newer library knows beyond it is left out. */
  int32_t kind;            /* TOUCHSTONE_KIND_… */
  int32_t pooling;         /* TOUCHSTONE_POOLING_…: what the file asks for */
  int32_t threads;         /* how many compute */
  int32_t end_of_text;     /* the id appended to every text, -1 for none */
  size_t dimensions;       /* components of a whole vector */
  size_t context_length;   /* the most tokens of one input */
  size_t vocabulary_size;  /* token ids are below it */
  size_t layer_count;
  size_t warning_count;    /* of touchstone_warning */
  const char *name;        /* general.name of the file, or an empty string */
  const char *kernels;     /* the instruction set in use: avx512, avxvnni, avx2 or portable */
} touchstone_facts;

touchstone_status touchstone_get_facts(touchstone_model *model, touchstone_facts *facts);

/* A sentence about something in the file that may surprise its user, for index 0 to warning_count - 1; else NULL.
 * Valid until the model is closed. */
const char *touchstone_warning(touchstone_model *model, size_t index);

/* ------------------------------------------------------------------------------------------------ Inputs */

/* The length of a text that ends at its first NUL. */
#define TOUCHSTONE_NUL_TERMINATED SIZE_MAX

/* A text in UTF-8; it may contain NUL where the length is given. bytes may be NULL where the length is 0. */
typedef struct touchstone_text {
  const char *bytes;
  size_t length; /* in bytes, or TOUCHSTONE_NUL_TERMINATED */
} touchstone_text;

/* Token ids of the model's own vocabulary. The end of text is appended where the file asks for it and they do not
 * already end with it. */
typedef struct touchstone_ids {
  const int32_t *ids;
  size_t count;
} touchstone_ids;

/* ------------------------------------------------------------------------------------------------ Options */

enum { TOUCHSTONE_ACTIVATIONS_I16 = 0, TOUCHSTONE_ACTIVATIONS_I8 = 1, TOUCHSTONE_ACTIVATIONS_F32 = 2 };
enum {
  TOUCHSTONE_POOLING_DEFAULT = 0, /* as the file says */
  TOUCHSTONE_POOLING_LAST = 1,
  TOUCHSTONE_POOLING_MEAN = 2,
  TOUCHSTONE_POOLING_CLS = 3,
  TOUCHSTONE_POOLING_NONE = 4 /* a vector a token */
};
enum { TOUCHSTONE_NORMALIZE_L2 = 0, TOUCHSTONE_NORMALIZE_NONE = 1 };
enum { TOUCHSTONE_TRUNCATE_ERROR = 0, TOUCHSTONE_TRUNCATE_RIGHT = 1, TOUCHSTONE_TRUNCATE_LEFT = 2 };
enum {
  TOUCHSTONE_ROLE_DOCUMENT = 0, /* texts go in as they are */
  TOUCHSTONE_ROLE_QUERY = 1,    /* queries with the model card's web-search task in front */
  TOUCHSTONE_ROLE_INSTRUCT = 2  /* queries with the task of `instruction` in front */
};

/* All zero but for `size` gives the model's own vectors: pooled as the file says, all dimensions, of length 1, and an
 * error for an input that does not fit. A reranker needs dimensions, pooling, normalization and role to be zero. */
typedef struct touchstone_options {
  size_t size; /* sizeof(touchstone_options) */
  /* The precision in which activations meet the weights. */
  int32_t activations;
  int32_t pooling;
  int32_t normalization;
  /* A longer input is an error, or its end (right) or its beginning (left) is cut off. Only tokens of the text are
   * cut, and the end of text is kept. */
  int32_t truncation;
  int32_t role;
  /* The first components are kept, then normalized (Matryoshka). 0: all. */
  size_t dimensions;
  /* The most tokens of one input. 0: the model's context length. */
  size_t maximum_tokens;
  /* How many tokens go through the model together: memory depends on it, vectors never do. 0: 1024. */
  size_t batch_tokens;
  /* How errors number the first input of the call. */
  size_t first_index;
  /* The task, one sentence in English: of a role `instruct`, or of a reranker (empty: the model card's). */
  touchstone_text instruction;
  /* Called on the calling thread between layers, with the number of inputs done so far; 0 stops the call. May be
   * NULL. It must not call the library with the same model. */
  int32_t (*should_continue)(void *context, size_t done);
  void *context;
} touchstone_options;

/* A ready-made should_continue. Its context is an int32_t that another thread, or a signal handler, sets to 1 to stop
 * the call. */
int32_t touchstone_unless_stopped(void *stop, size_t done);

/* ------------------------------------------------------------------------------------------------ Vectors */

/* How an input became rows of the result. This structure will not grow. */
typedef struct touchstone_counts {
  size_t rows;         /* vectors: 1, or one a token with pooling none */
  size_t tokens;       /* that go through the model, the end of text included */
  size_t input_tokens; /* before truncation */
} touchstone_counts;

/* Tokenizes only: which counts touchstone_embed would report, and so how many floats it needs.
 *
 * counts: room for `count` of them. options: NULL for the defaults. */
touchstone_status touchstone_count(
    touchstone_model *model, const touchstone_options *options, const touchstone_text *texts, size_t count,
    touchstone_counts *counts);

/* The same for token ids. */
touchstone_status touchstone_count_ids(
    touchstone_model *model, const touchstone_options *options, const touchstone_ids *inputs, size_t count,
    touchstone_counts *counts);

/* Embeds texts: their vectors, float32, row after row, in the order of the texts.
 *
 * vectors: the caller's memory for `capacity` floats; it needs `count` times the dimensions, or with pooling none the
 * sum of `rows` times the dimensions (touchstone_count). Where the call fails, its content is undefined.
 * counts: NULL, or room for `count` of them. options: NULL for the defaults. */
touchstone_status touchstone_embed(
    touchstone_model *model, const touchstone_options *options, const touchstone_text *texts, size_t count,
    float *vectors, size_t capacity, touchstone_counts *counts);

/* The same for token ids. */
touchstone_status touchstone_embed_ids(
    touchstone_model *model, const touchstone_options *options, const touchstone_ids *inputs, size_t count,
    float *vectors, size_t capacity, touchstone_counts *counts);

/* Names all that decides the bits of a vector beside its text, in twelve letters and digits: two vectors of a text
 * with the same fingerprint have the same bits. The first call reads the whole file.
 *
 * fingerprint: room for 13 bytes, the last of which is NUL. options: role, instruction and vector options count. */
touchstone_status touchstone_fingerprint(
    touchstone_model *model, const touchstone_options *options, char *fingerprint);

/* ------------------------------------------------------------------------------------------------ Scores */

/* How well a document answers a query. This structure will not grow. */
typedef struct touchstone_score {
  double score;            /* the probability of "yes", 0 to 1 */
  double logit_difference; /* of which the score is the sigmoid; tells apart what is near to 0 or 1 */
  size_t tokens;           /* of the whole prompt */
  size_t input_tokens;     /* before truncation */
} touchstone_score;

/* Scores documents, in their order; a model of kind reranker.
 *
 * scores: room for `count` of them. options: NULL for the defaults. */
touchstone_status touchstone_rerank(
    touchstone_model *model, const touchstone_options *options, touchstone_text query,
    const touchstone_text *documents, size_t count, touchstone_score *scores);

/* ------------------------------------------------------------------------------------------------ Tokens */

/* A token and the bytes of the text that it stands for, [begin, end). This structure will not grow. */
typedef struct touchstone_token {
  int64_t id;
  size_t begin;
  size_t end; /* equal to begin for the end of text appended */
} touchstone_token;

/* The tokens of a text as it is, without an instruction, the end of text included.
 *
 * tokens: room for `capacity` of them. count: set to how many there are, also with TOUCHSTONE_BUFFER_TOO_SMALL; a text
 * of n bytes has at most 3 n + 2 of them. */
touchstone_status touchstone_tokenize(
    touchstone_model *model, touchstone_text text, touchstone_token *tokens, size_t capacity, size_t *count);

/* The text of token ids, in UTF-8, NUL-terminated; bytes that are not UTF-8 become U+FFFD.
 *
 * skip_special: 1 leaves out tokens such as the end of text. length: set to the bytes without the NUL, also with
 * TOUCHSTONE_BUFFER_TOO_SMALL; `text` needs one byte more. */
touchstone_status touchstone_decode(
    touchstone_model *model, touchstone_ids ids, int32_t skip_special, char *text, size_t capacity,
    size_t *length);

/* The text that a role puts in front of every text, NUL-terminated, empty for documents. length as above. */
touchstone_status touchstone_prompt(
    const touchstone_options *options, char *text, size_t capacity, size_t *length);

/* ------------------------------------------------------------------------------------------------ Chunks */

enum {
  TOUCHSTONE_CHUNK_STRUCTURE = 0, /* by headings, and inside a section by paragraphs, list items, rows, sentences */
  TOUCHSTONE_CHUNK_WHOLE = 1,     /* the whole text, cut only where it is too long */
  TOUCHSTONE_CHUNK_LANGCHAIN = 2  /* as RecursiveCharacterTextSplitter of LangChain, in characters */
};
enum { TOUCHSTONE_FORMAT_TEXT = 0, TOUCHSTONE_FORMAT_MARKDOWN = 1, TOUCHSTONE_FORMAT_CODE = 2 };

/* All zero but for `size` cuts plain text into chunks of at most 400 tokens. */
typedef struct touchstone_chunk_options {
  size_t size; /* sizeof(touchstone_chunk_options) */
  int32_t method;
  /* Of the text. Markdown has headings and tables; code is cut between lines. */
  int32_t format;
  /* The most tokens of a chunk, its lead and the end of text included: 16 to the context length. 0: 400, and with the
   * other methods the context length. */
  size_t tokens;
  /* How much of a chunk may repeat the one before, inside a section, in percent of its tokens: 0 to 50. */
  int32_t overlap_percent;
  /* LangChain's chunk_size and chunk_overlap. 0 and 0: 8192 and 512. */
  size_t characters;
  size_t overlap_characters;
  /* The document's title, in front of its headings. May be empty. */
  touchstone_text title;
} touchstone_chunk_options;

/* A piece of a text that becomes one vector. Embed its lead, then its bytes, in one text: that text has `tokens`. Later
 * versions may add members at the end. */
typedef struct touchstone_chunk {
  size_t begin; /* in the bytes of the text, [begin, end) */
  size_t end;
  size_t tokens;     /* of lead and piece, the end of text included */
  size_t first_line; /* from 1 */
  size_t last_line;
  /* The path of headings, and the header of a table that began earlier; NUL-terminated, may be empty. */
  const char *lead;
  size_t lead_length;
  /* The headings above, outermost first; each NUL-terminated. */
  const char *const *headings;
  size_t heading_count;
} touchstone_chunk;

/* Cuts a text into chunks, by its structure and by the model's own count of tokens. None is cut inside a character.
 *
 * each: called on the calling thread for every chunk, in order, once all are found; 0 stops the call
 * (TOUCHSTONE_CANCELLED). The chunk and its strings are valid during that call. It may call the library. context: handed
 * on. options: NULL for the defaults. */
touchstone_status touchstone_chunk_text(
    touchstone_model *model, const touchstone_chunk_options *options, touchstone_text text,
    int32_t (*each)(void *context, const touchstone_chunk *chunk), void *context);

#ifdef __cplusplus
}
#endif

#endif /* TOUCHSTONE_H */
