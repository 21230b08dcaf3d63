/* The C interface, used as a C program uses it.
 *
 *     interface_test check MODEL OTHER-MODEL RERANKER    every test; prints "c interface: N checks passed"
 *     interface_test embed MODEL OUT TEXT...             writes the vectors as little-endian float32
 *     interface_test fingerprint MODEL                   prints it
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <touchstone.h>
#include <unistd.h>

static int checks;

#define CHECK(condition)                                                                                     \
  do {                                                                                                       \
    checks++;                                                                                                \
    if (!(condition)) {                                                                                      \
      fprintf(stderr, "%s:%d: %s is false; last error: %s\n", __FILE__, __LINE__, #condition,                \
              touchstone_last_error());                                                                      \
      exit(1);                                                                                               \
    }                                                                                                        \
  } while (0)

/* The call fails with this status, and the sentence has this part. */
#define FAILS(status, part, call)                                                                            \
  do {                                                                                                       \
    CHECK((call) == (status));                                                                               \
    CHECK(strstr(touchstone_last_error(), part) != NULL);                                                    \
  } while (0)

static touchstone_text text(const char *string) {
  return (touchstone_text){string, TOUCHSTONE_NUL_TERMINATED};
}

static touchstone_options defaults(void) {
  touchstone_options options = {.size = sizeof options};
  return options;
}

static touchstone_model *open_model(const char *path, int threads) {
  touchstone_open_options options = {sizeof options, threads};
  touchstone_model *model;
  CHECK(touchstone_open(path, &options, &model) == TOUCHSTONE_OK);
  CHECK(model != NULL);
  return model;
}

static size_t dimensions_of(touchstone_model *model) {
  touchstone_facts facts = {.size = sizeof facts};
  CHECK(touchstone_get_facts(model, &facts) == TOUCHSTONE_OK);
  return facts.dimensions;
}

/* Long enough for many tiles, so that all threads take part. */
static const char *sentence =
    "The file was not found, the disk is full, and the printer is out of paper; ask your administrator, "
    "who knows where the logs are and which of the many servers is to be restarted before the others.";

static float *embed_one(touchstone_model *model, const char *string) {
  size_t dimensions = dimensions_of(model);
  float *vector = malloc(dimensions * sizeof *vector);
  touchstone_text input = text(string);
  CHECK(touchstone_embed(model, NULL, &input, 1, vector, dimensions, NULL) == TOUCHSTONE_OK);
  return vector;
}

/* ------------------------------------------------------------------------------------------------ */

static void wrong_arguments_are_errors(const char *path) {
  touchstone_model *model = NULL;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "path is NULL", touchstone_open(NULL, NULL, &model));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "pointer to it is NULL", touchstone_open(path, NULL, NULL));
  FAILS(TOUCHSTONE_FILE, "no-such-file.gguf", touchstone_open("no-such-file.gguf", NULL, &model));
  CHECK(model == NULL);
  FAILS(TOUCHSTONE_FILE, "GGUF", touchstone_open("/proc/self/exe", NULL, &model));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "not UTF-8", touchstone_open("\xff.gguf", NULL, &model));
  touchstone_open_options threads = {sizeof threads, -3};
  FAILS(TOUCHSTONE_INVALID_OPTION, "threads is -3", touchstone_open(path, &threads, &model));
  threads.size = 3;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "touchstone_open_options.size is 3", touchstone_open(path, &threads, &model));

  model = open_model(path, 2);
  size_t dimensions = dimensions_of(model);
  float *vector = malloc(2 * dimensions * sizeof *vector);
  touchstone_text inputs[2] = {text("a"), text("b")};
  touchstone_counts counts[2];
  size_t length;
  char buffer[16];

  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "model is NULL", touchstone_embed(NULL, NULL, inputs, 1, vector, dimensions, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "not open",
        touchstone_embed((touchstone_model *)(void *)inputs, NULL, inputs, 1, vector, dimensions, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "texts is NULL", touchstone_embed(model, NULL, NULL, 1, vector, dimensions, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "NULL", touchstone_embed(model, NULL, inputs, 1, NULL, dimensions, NULL));
  FAILS(TOUCHSTONE_BUFFER_TOO_SMALL, "but the buffer has room for",
        touchstone_embed(model, NULL, inputs, 2, vector, 2 * dimensions - 1, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "NULL", touchstone_count(model, NULL, inputs, 1, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "NULL", touchstone_get_facts(model, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "NULL", touchstone_fingerprint(model, NULL, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "NULL", touchstone_tokenize(model, inputs[0], NULL, 0, NULL));
  FAILS(TOUCHSTONE_BUFFER_TOO_SMALL, "tokens", touchstone_tokenize(model, inputs[0], NULL, 0, &length));
  CHECK(length > 0);
  FAILS(TOUCHSTONE_WRONG_MODEL, "scores no documents",
        touchstone_rerank(model, NULL, inputs[0], inputs, 1, (touchstone_score *)(void *)counts));
  touchstone_options query = defaults();
  query.role = TOUCHSTONE_ROLE_QUERY;
  FAILS(TOUCHSTONE_BUFFER_TOO_SMALL, "bytes", touchstone_prompt(&query, buffer, sizeof buffer, &length));
  CHECK(length > sizeof buffer);
  CHECK(touchstone_warning(model, 1000) == NULL);
  CHECK(touchstone_warning(NULL, 0) == NULL);

  /* Texts that are none. */
  touchstone_text bad[3] = {{"fine", 4}, {"\xc3", 1}, {NULL, 3}};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "input 1 is not well-formed UTF-8",
        touchstone_embed(model, NULL, bad, 2, vector, 2 * dimensions, NULL));
  CHECK(touchstone_last_error_index() == 1);
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "input 0 is NULL", touchstone_embed(model, NULL, bad + 2, 1, vector, dimensions, NULL));
  touchstone_options options = defaults();
  options.first_index = 40;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "input 41", touchstone_embed(model, &options, bad, 2, vector, 2 * dimensions, NULL));
  CHECK(touchstone_last_error_index() == 41);
  options.maximum_tokens = 3;
  touchstone_text long_text = text(sentence);
  FAILS(TOUCHSTONE_INPUT_TOO_LONG, "input 40 has", touchstone_embed(model, &options, &long_text, 1, vector, dimensions, NULL));
  CHECK(touchstone_last_error_index() == 40);
  FAILS(TOUCHSTONE_INPUT_TOO_LONG, "input 40 has", touchstone_count(model, &options, &long_text, 1, counts));
  options.truncation = TOUCHSTONE_TRUNCATE_RIGHT;
  CHECK(touchstone_embed(model, &options, &long_text, 1, vector, dimensions, counts) == TOUCHSTONE_OK);
  CHECK(counts[0].rows == 1 && counts[0].tokens == 3 && counts[0].input_tokens > 30);

  /* Options that are none. */
  options = defaults();
  options.dimensions = dimensions + 1;
  FAILS(TOUCHSTONE_INVALID_OPTION, "dimensions is", touchstone_embed(model, &options, inputs, 1, vector, dimensions, NULL));
  options = defaults();
  options.activations = 9;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "activations is 9", touchstone_embed(model, &options, inputs, 1, vector, dimensions, NULL));
  options = defaults();
  options.size = 0;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "touchstone_options.size is 0",
        touchstone_embed(model, &options, inputs, 1, vector, dimensions, NULL));

  /* A structure of a header to come: what is zero at its end is ignored, and what is not is refused. */
  struct {
    touchstone_options known;
    uint64_t later;
  } newer = {.known = {.size = sizeof newer}};
  CHECK(touchstone_embed(model, &newer.known, inputs, 1, vector, dimensions, NULL) == TOUCHSTONE_OK);
  newer.later = 1;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "newer library", touchstone_embed(model, &newer.known, inputs, 1, vector, dimensions, NULL));

  /* Ids that the model has no row for. */
  int32_t ids[] = {1, 1 << 30};
  touchstone_ids id_input = {ids, 2};
  FAILS(TOUCHSTONE_INVALID_INPUT, "token id 1073741824", touchstone_embed_ids(model, NULL, &id_input, 1, vector, dimensions, NULL));
  FAILS(TOUCHSTONE_INVALID_INPUT, "token id 1073741824", touchstone_decode(model, id_input, 0, buffer, sizeof buffer, &length));

  /* Nothing is no error. */
  CHECK(touchstone_embed(model, NULL, NULL, 0, NULL, 0, NULL) == TOUCHSTONE_OK);

  touchstone_close(model);
  touchstone_close(model);
  touchstone_close(NULL);
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "not open", touchstone_embed(model, NULL, inputs, 1, vector, dimensions, NULL));
  free(vector);
}

static void facts_tokens_and_prompts(const char *path) {
  touchstone_model *model = open_model(path, 2);
  CHECK(touchstone_interface_version() == TOUCHSTONE_INTERFACE_VERSION);
  CHECK(strlen(touchstone_version()) >= 5);
  touchstone_facts facts = {.size = sizeof facts};
  CHECK(touchstone_get_facts(model, &facts) == TOUCHSTONE_OK);
  CHECK(facts.kind == TOUCHSTONE_KIND_EMBEDDING && facts.threads == 2 && facts.pooling == TOUCHSTONE_POOLING_LAST);
  CHECK(facts.context_length > 0 && facts.vocabulary_size > 0 && facts.layer_count > 0 && strlen(facts.kernels) > 0);

  const char *string = "The file was not found.";
  touchstone_token tokens[64];
  size_t count;
  CHECK(touchstone_tokenize(model, text(string), tokens, 64, &count) == TOUCHSTONE_OK);
  CHECK(tokens[count - 1].id == facts.end_of_text && tokens[count - 1].begin == tokens[count - 1].end);
  CHECK(tokens[0].begin == 0 && tokens[0].end == 3);
  int32_t ids[64];
  for (size_t i = 0; i < count; i++) ids[i] = (int32_t)tokens[i].id;
  char decoded[64];
  size_t length;
  CHECK(touchstone_decode(model, (touchstone_ids){ids, count}, 1, decoded, sizeof decoded, &length) == TOUCHSTONE_OK);
  CHECK(length == strlen(string) && strcmp(decoded, string) == 0);

  /* The ids of a text have its vector, with the end of text and without. */
  size_t dimensions = facts.dimensions;
  float *of_text = embed_one(model, string);
  float *of_ids = malloc(dimensions * sizeof *of_ids);
  for (size_t without = 0; without < 2; without++) {
    touchstone_ids input = {ids, count - without};
    touchstone_counts counts;
    CHECK(touchstone_embed_ids(model, NULL, &input, 1, of_ids, dimensions, &counts) == TOUCHSTONE_OK);
    CHECK(counts.tokens == count && memcmp(of_text, of_ids, dimensions * sizeof *of_ids) == 0);
    CHECK(touchstone_count_ids(model, NULL, &input, 1, &counts) == TOUCHSTONE_OK);
    CHECK(counts.tokens == count);
  }

  /* A prompt in front of a document makes it a query. */
  touchstone_options options = defaults();
  options.role = TOUCHSTONE_ROLE_INSTRUCT;
  options.instruction = text("Find the error");
  char prompt[256];
  CHECK(touchstone_prompt(&options, prompt, sizeof prompt, &length) == TOUCHSTONE_OK);
  CHECK(strcmp(prompt, "Instruct: Find the error\nQuery:") == 0);
  touchstone_text query = text(string);
  CHECK(touchstone_embed(model, &options, &query, 1, of_ids, dimensions, NULL) == TOUCHSTONE_OK);
  touchstone_counts with_ids, with_text;
  touchstone_ids bare = {ids, count - 1};
  CHECK(touchstone_count_ids(model, &options, &bare, 1, &with_ids) == TOUCHSTONE_OK);
  CHECK(touchstone_count(model, &options, &query, 1, &with_text) == TOUCHSTONE_OK);
  CHECK(with_ids.tokens == with_text.tokens);
  strcat(prompt, string);
  float *joined = embed_one(model, prompt);
  CHECK(memcmp(joined, of_ids, dimensions * sizeof *joined) == 0);

  /* A NUL is a character like any other. */
  touchstone_text nul = {"a\0b", 3};
  CHECK(touchstone_tokenize(model, nul, tokens, 64, &count) == TOUCHSTONE_OK);
  CHECK(tokens[count - 2].end == 3);
  free(of_text), free(of_ids), free(joined);
  touchstone_close(model);
}

struct seen {
  touchstone_model *model;
  const char *document;
  size_t count, last_begin, limit;
};

/* Embeds each chunk inside of the call: its text has as many tokens as the chunk says. */
static int32_t see(void *context, const touchstone_chunk *chunk) {
  struct seen *seen = context;
  CHECK(chunk->begin < chunk->end && chunk->end <= strlen(seen->document));
  CHECK(seen->count == 0 || chunk->begin > seen->last_begin);
  CHECK(chunk->first_line >= 1 && chunk->first_line <= chunk->last_line);
  CHECK(strlen(chunk->lead) == chunk->lead_length);
  size_t length = chunk->end - chunk->begin;
  char *joined = malloc(chunk->lead_length + length + 1);
  memcpy(joined, chunk->lead, chunk->lead_length);
  memcpy(joined + chunk->lead_length, seen->document + chunk->begin, length);
  touchstone_text whole = {joined, chunk->lead_length + length};
  touchstone_counts counts;
  CHECK(touchstone_count(seen->model, NULL, &whole, 1, &counts) == TOUCHSTONE_OK);
  CHECK(counts.tokens == chunk->tokens && chunk->tokens <= seen->limit);
  free(joined);
  if (chunk->heading_count > 0) CHECK(strstr(chunk->lead, chunk->headings[chunk->heading_count - 1]) != NULL);
  seen->last_begin = chunk->begin;
  return ++seen->count < 1000;
}

static int32_t stop_at_once(void *context, const touchstone_chunk *chunk) {
  (void)chunk;
  ++*(int *)context;
  return 0;
}

static void chunks_of_texts(const char *path) {
  touchstone_model *model = open_model(path, 2);
  size_t length = strlen(sentence);
  char *document = malloc(40 * (length + 64));
  document[0] = 0;
  for (int i = 0; i < 20; i++) {
    char heading[64];
    snprintf(heading, sizeof heading, i % 5 ? "\n\n## Section %d\n\n" : "\n\n# Chapter %d\n\n", i);
    strcat(document, heading);
    strcat(document, sentence);
    strcat(document, "\n\n");
    strcat(document, sentence);
  }
  struct seen seen = {.model = model, .document = document, .limit = 64};
  touchstone_chunk_options options = {
      .size = sizeof options, .format = TOUCHSTONE_FORMAT_MARKDOWN, .tokens = 64, .overlap_percent = 15};
  options.title = text("The handbook");
  CHECK(touchstone_chunk_text(model, &options, text(document), see, &seen) == TOUCHSTONE_OK);
  CHECK(seen.count >= 20);
  seen = (struct seen){.model = model, .document = document, .limit = 400};
  CHECK(touchstone_chunk_text(model, NULL, text(document), see, &seen) == TOUCHSTONE_OK);
  CHECK(seen.count >= 2);
  options = (touchstone_chunk_options){
      .size = sizeof options, .method = TOUCHSTONE_CHUNK_LANGCHAIN, .characters = 500, .overlap_characters = 50};
  seen = (struct seen){.model = model, .document = document, .limit = 400};
  CHECK(touchstone_chunk_text(model, &options, text(document), see, &seen) == TOUCHSTONE_OK);
  CHECK(seen.count >= strlen(document) / 500);
  seen.count = 0;
  CHECK(touchstone_chunk_text(model, NULL, text(" \n\t "), see, &seen) == TOUCHSTONE_OK && seen.count == 0);

  int calls = 0;
  FAILS(TOUCHSTONE_CANCELLED, "stopped at chunk 0", touchstone_chunk_text(model, NULL, text(document), stop_at_once, &calls));
  CHECK(calls == 1);
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "NULL", touchstone_chunk_text(model, NULL, text(document), NULL, NULL));
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "UTF-8", touchstone_chunk_text(model, NULL, text("\xff"), see, &seen));
  options = (touchstone_chunk_options){.size = sizeof options, .tokens = 15};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "tokens is 15", touchstone_chunk_text(model, &options, text("a"), see, &seen));
  options = (touchstone_chunk_options){.size = sizeof options, .tokens = 1 << 30};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "context length", touchstone_chunk_text(model, &options, text("a"), see, &seen));
  options = (touchstone_chunk_options){.size = sizeof options, .overlap_percent = 51};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "from 0 to 50", touchstone_chunk_text(model, &options, text("a"), see, &seen));
  options = (touchstone_chunk_options){.size = sizeof options, .characters = 10};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "langchain", touchstone_chunk_text(model, &options, text("a"), see, &seen));
  options = (touchstone_chunk_options){
      .size = sizeof options, .method = TOUCHSTONE_CHUNK_LANGCHAIN, .characters = 10, .overlap_characters = 10};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "below characters", touchstone_chunk_text(model, &options, text("a"), see, &seen));
  options = (touchstone_chunk_options){.size = sizeof options, .format = 3};
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "format is 3", touchstone_chunk_text(model, &options, text("a"), see, &seen));
  free(document);
  touchstone_close(model);
}

static void rows_of_pooling_none(const char *path) {
  touchstone_model *model = open_model(path, 2);
  touchstone_options options = defaults();
  options.pooling = TOUCHSTONE_POOLING_NONE;
  options.dimensions = 8;
  touchstone_text inputs[2] = {text("The file was not found."), text("no")};
  touchstone_counts expected[2], counts[2];
  CHECK(touchstone_count(model, &options, inputs, 2, expected) == TOUCHSTONE_OK);
  size_t rows = expected[0].rows + expected[1].rows;
  CHECK(rows == expected[0].tokens + expected[1].tokens && rows > 4);
  float *vectors = malloc((rows * 8 + 1) * sizeof *vectors);
  FAILS(TOUCHSTONE_BUFFER_TOO_SMALL, "floats", touchstone_embed(model, &options, inputs, 2, vectors, rows * 8 - 1, counts));
  vectors[rows * 8] = 17;
  CHECK(touchstone_embed(model, &options, inputs, 2, vectors, rows * 8, counts) == TOUCHSTONE_OK);
  CHECK(memcmp(counts, expected, sizeof counts) == 0 && vectors[rows * 8] == 17);
  for (size_t row = 0; row < rows; row++) {
    double square = 0;
    for (size_t i = 0; i < 8; i++) square += vectors[row * 8 + i] * vectors[row * 8 + i];
    CHECK(fabs(square - 1) < 1e-6);
  }
  free(vectors);
  touchstone_close(model);
}

static void scores_of_a_reranker(const char *path) {
  touchstone_model *model = open_model(path, 2);
  touchstone_facts facts = {.size = sizeof facts};
  CHECK(touchstone_get_facts(model, &facts) == TOUCHSTONE_OK && facts.kind == TOUCHSTONE_KIND_RERANKER);
  touchstone_text documents[3] = {text("It pours."), text("The sun shines."), text("It pours.")};
  touchstone_score scores[3], again;
  CHECK(touchstone_rerank(model, NULL, text("rain"), documents, 3, scores) == TOUCHSTONE_OK);
  for (int i = 0; i < 3; i++) {
    CHECK(fabs(scores[i].score - 1 / (1 + exp(-scores[i].logit_difference))) < 1e-12);
    CHECK(scores[i].tokens == scores[i].input_tokens && scores[i].tokens > 10);
  }
  CHECK(scores[0].logit_difference == scores[2].logit_difference);
  CHECK(scores[0].logit_difference != scores[1].logit_difference);
  touchstone_options options = defaults();
  options.instruction = text("Find the opposite");
  CHECK(touchstone_rerank(model, &options, text("rain"), documents, 1, &again) == TOUCHSTONE_OK);
  CHECK(again.logit_difference != scores[0].logit_difference);
  options.dimensions = 3;
  FAILS(TOUCHSTONE_INVALID_ARGUMENT, "a reranker has no dimensions", touchstone_rerank(model, &options, text("rain"), documents, 1, &again));
  float vector[4];
  FAILS(TOUCHSTONE_WRONG_MODEL, "is a reranker", touchstone_embed(model, NULL, documents, 1, vector, 4, NULL));
  touchstone_close(model);
}

static int32_t stop_at_third(void *context, size_t done) {
  (void)done;
  return ++*(int *)context < 3;
}

static int32_t note_done(void *context, size_t done) {
  *(size_t *)context = done;
  return 1;
}

static void calls_stop_when_told(const char *path) {
  touchstone_model *model = open_model(path, 2);
  size_t dimensions = dimensions_of(model);
  float *vectors = malloc(300 * dimensions * sizeof *vectors);
  touchstone_text inputs[300];
  for (int i = 0; i < 300; i++) inputs[i] = text(sentence);
  touchstone_options options = defaults();
  int asked = 0;
  options.should_continue = stop_at_third;
  options.context = &asked;
  FAILS(TOUCHSTONE_CANCELLED, "cancelled", touchstone_embed(model, &options, inputs, 300, vectors, 300 * dimensions, NULL));
  CHECK(asked == 3);
  int32_t stop = 1;
  options.should_continue = touchstone_unless_stopped;
  options.context = &stop;
  FAILS(TOUCHSTONE_CANCELLED, "cancelled", touchstone_embed(model, &options, inputs, 1, vectors, dimensions, NULL));
  stop = 0;
  CHECK(touchstone_embed(model, &options, inputs, 1, vectors, dimensions, NULL) == TOUCHSTONE_OK);
  size_t done = 0;
  options.should_continue = note_done;
  options.context = &done;
  CHECK(touchstone_embed(model, &options, inputs, 300, vectors, 300 * dimensions, NULL) == TOUCHSTONE_OK);
  CHECK(done > 200 && done < 300);
  CHECK(memcmp(vectors, vectors + 299 * dimensions, dimensions * sizeof *vectors) == 0);
  free(vectors);
  touchstone_close(model);
}

/* ------------------------------------------------------------------------------------------------ */

struct work {
  touchstone_model *model;
  const float *expected;
  size_t dimensions;
  int rounds;
};

static void *embed_again_and_again(void *argument) {
  struct work *work = argument;
  for (int round = 0; round < work->rounds; round++) {
    float *vector = embed_one(work->model, sentence);
    CHECK(memcmp(vector, work->expected, work->dimensions * sizeof *vector) == 0);
    free(vector);
    /* The error of a thread is its own. */
    char path[32];
    snprintf(path, sizeof path, "none-%lx", (unsigned long)pthread_self());
    touchstone_model *none;
    CHECK(touchstone_open(path, NULL, &none) == TOUCHSTONE_FILE && strstr(touchstone_last_error(), path) != NULL);
  }
  return NULL;
}

static void run_threads(struct work *work, int count) {
  pthread_t threads[8];
  for (int i = 0; i < count; i++) pthread_create(threads + i, NULL, embed_again_and_again, work + i % 2);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static void two_models_and_many_threads(const char *path, const char *other_path) {
  touchstone_model *models[2] = {open_model(path, 2), open_model(other_path, 3)};
  struct work work[2];
  for (int i = 0; i < 2; i++) {
    work[i] = (struct work){models[i], embed_one(models[i], sentence), dimensions_of(models[i]), 10};
  }
  run_threads(work, 8);

  /* A model that is closed while others use it lives until they are done, or they get an error. */
  touchstone_close(models[0]);
  touchstone_close(models[1]);
  free((void *)work[0].expected), free((void *)work[1].expected);
}

static void wait_for(pid_t child) {
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void models_work_after_a_fork(const char *path, const char *other_path) {
  touchstone_model *used = open_model(path, 4), *unused = open_model(other_path, 4);
  float *expected = embed_one(used, sentence);
  struct work work[2] = {{used, expected, dimensions_of(used), 5}, {used, expected, dimensions_of(used), 5}};
  for (int round = 0; round < 3; round++) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
      alarm(60); /* a hang is a failure */
      free(embed_one(unused, sentence));
      run_threads(work, 4);
      pid_t grandchild = fork();
      if (grandchild == 0) {
        alarm(60);
        run_threads(work, 2);
        _exit(0);
      }
      wait_for(grandchild);
      touchstone_close(used);
      touchstone_close(unused);
      touchstone_model *fresh = open_model(path, 2);
      free(embed_one(fresh, sentence));
      touchstone_close(fresh);
      _exit(0);
    }
    run_threads(work, 2); /* the parent goes on meanwhile */
    wait_for(child);
  }
  touchstone_close(used);
  touchstone_close(unused);
  free(expected);
}

static long resident_kilobytes(void) {
  long size = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  CHECK(file != NULL && fscanf(file, "%ld %ld", &size, &resident) == 2);
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int thread_count(void) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) count += entry->d_name[0] != '.';
  closedir(tasks);
  return count;
}

static void opening_and_closing_leaves_nothing(const char *path) {
  long before = 0;
  for (int round = 0; round < 1000; round++) {
    touchstone_model *model = open_model(path, 2);
    free(embed_one(model, "a"));
    touchstone_close(model);
    if (round == 200) before = resident_kilobytes();
  }
  long growth = resident_kilobytes() - before;
  fprintf(stderr, "c interface: 1000 models opened and closed: %ld KiB more\n", growth);
  CHECK(growth < 4096);
  for (int tries = 0; thread_count() > 1 && tries < 100; tries++) usleep(10000);
  CHECK(thread_count() == 1);
}

static void signals_are_left_alone(const char *path) {
  struct sigaction before[NSIG], after;
  for (int number = 1; number < NSIG; number++) sigaction(number, NULL, before + number);
  sigset_t mask_before, mask_after;
  pthread_sigmask(SIG_SETMASK, NULL, &mask_before);
  touchstone_model *model = open_model(path, 3);
  free(embed_one(model, sentence));
  for (int number = 1; number < NSIG; number++) {
    if (sigaction(number, NULL, &after) != 0) continue;
    CHECK(after.sa_handler == before[number].sa_handler && after.sa_flags == before[number].sa_flags);
  }
  pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
  for (int number = 1; number < NSIG; number++) CHECK(sigismember(&mask_before, number) == sigismember(&mask_after, number));

  /* The library's threads block SIGINT and all others. */
  int helpers = 0;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
    if (entry->d_name[0] == '.' || atoi(entry->d_name) == getpid()) continue;
    char name[300], line[256];
    snprintf(name, sizeof name, "/proc/self/task/%s/status", entry->d_name);
    FILE *status = fopen(name, "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
      unsigned long blocked;
      if (sscanf(line, "SigBlk: %lx", &blocked) == 1) {
        CHECK((blocked & 0x7ffffffe) == (0x7ffffffe & ~(1ul << (SIGKILL - 1) | 1ul << (SIGSTOP - 1))));
        helpers++;
      }
    }
    if (status != NULL) fclose(status);
  }
  closedir(tasks);
  CHECK(helpers == 2);
  touchstone_close(model);
}

static int write_vectors(const char *path, const char *out, char **strings, int count) {
  touchstone_model *model = open_model(path, 0);
  size_t dimensions = dimensions_of(model);
  float *vectors = malloc(count * dimensions * sizeof *vectors);
  touchstone_text *inputs = malloc(count * sizeof *inputs);
  for (int i = 0; i < count; i++) inputs[i] = text(strings[i]);
  CHECK(touchstone_embed(model, NULL, inputs, count, vectors, count * dimensions, NULL) == TOUCHSTONE_OK);
  FILE *file = fopen(out, "wb");
  CHECK(file != NULL && fwrite(vectors, dimensions * sizeof *vectors, count, file) == (size_t)count);
  CHECK(fclose(file) == 0);
  touchstone_close(model);
  free(vectors), free(inputs);
  return 0;
}

int main(int count, char **arguments) {
  if (count > 4 && strcmp(arguments[1], "embed") == 0) {
    return write_vectors(arguments[2], arguments[3], arguments + 4, count - 4);
  }
  if (count == 3 && strcmp(arguments[1], "fingerprint") == 0) {
    char fingerprint[13];
    touchstone_model *model = open_model(arguments[2], 0);
    CHECK(touchstone_fingerprint(model, NULL, fingerprint) == TOUCHSTONE_OK);
    puts(fingerprint);
    touchstone_close(model);
    return 0;
  }
  if (count != 5 || strcmp(arguments[1], "check") != 0) return 2;
  const char *path = arguments[2], *other = arguments[3], *reranker = arguments[4];
  CHECK(strcmp(touchstone_last_error(), "") == 0 && touchstone_last_error_index() == -1);
  opening_and_closing_leaves_nothing(path);
  wrong_arguments_are_errors(path);
  facts_tokens_and_prompts(path);
  chunks_of_texts(path);
  rows_of_pooling_none(path);
  scores_of_a_reranker(reranker);
  calls_stop_when_told(path);
  two_models_and_many_threads(path, other);
  models_work_after_a_fork(path, other);
  signals_are_left_alone(path);
  printf("c interface: %d checks passed\n", checks);
  return 0;
}
