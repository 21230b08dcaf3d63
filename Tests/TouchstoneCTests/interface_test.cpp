// The C interface from C++: the header compiles, a model is owned by an object, a failure becomes an exception.
//
//     interface_test_cpp MODEL
#include <touchstone.h>

#include <iostream>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Close {
  void operator()(touchstone_model *model) const { touchstone_close(model); }
};

void check(touchstone_status status) {
  if (status != TOUCHSTONE_OK) throw std::runtime_error(touchstone_last_error());
}

class Embedder {
 public:
  explicit Embedder(const std::string &path) {
    touchstone_model *model = nullptr;
    check(touchstone_open(path.c_str(), nullptr, &model));
    model_.reset(model);
  }

  std::vector<std::vector<float>> embed(const std::vector<std::string> &texts, size_t dimensions) const {
    touchstone_options options{};
    options.size = sizeof options;
    options.dimensions = dimensions;
    std::vector<touchstone_text> inputs;
    for (const auto &text : texts) inputs.push_back({text.data(), text.size()});
    std::vector<float> values(texts.size() * dimensions);
    check(touchstone_embed(model_.get(), &options, inputs.data(), inputs.size(), values.data(), values.size(), nullptr));
    std::vector<std::vector<float>> vectors;
    for (size_t i = 0; i < texts.size(); i++) {
      vectors.emplace_back(values.begin() + i * dimensions, values.begin() + (i + 1) * dimensions);
    }
    return vectors;
  }

 private:
  std::unique_ptr<touchstone_model, Close> model_;
};

}  // namespace

int main(int count, char **arguments) {
  if (count != 2) return 2;
  try {
    Embedder("no-such-file.gguf");
    std::cerr << "a missing file was opened\n";
    return 1;
  } catch (const std::runtime_error &error) {
    if (std::string(error.what()).find("no-such-file.gguf") == std::string::npos) return 1;
  }
  Embedder embedder(arguments[1]);
  const auto vectors = embedder.embed({"File not found", "Datei nicht gefunden", "The sun shines"}, 64);
  auto cosine = [&](size_t a, size_t b) {
    return std::inner_product(vectors[a].begin(), vectors[a].end(), vectors[b].begin(), 0.0);
  };
  if (!(cosine(0, 1) > cosine(0, 2)) || std::abs(cosine(0, 0) - 1) > 1e-6) {
    std::cerr << "cosines are wrong\n";
    return 1;
  }
  std::vector<std::thread> threads;
  std::vector<int> equal(4);
  for (size_t i = 0; i < equal.size(); i++) {
    threads.emplace_back([&, i] { equal[i] = embedder.embed({"File not found"}, 64)[0] == vectors[0]; });
  }
  for (auto &thread : threads) thread.join();
  if (std::accumulate(equal.begin(), equal.end(), 0) != 4) return 1;
  std::cout << "c++ interface: passed\n";
}
