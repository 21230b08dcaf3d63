# A Homebrew formula for Linux, of the tarball of a release. tools/make_dist.sh writes URL, version and hash into it where
# RELEASE_URL is given. Never installed by brew: there was none on the machine it was written on.
class Touchstone < Formula
  desc "Text embeddings with Qwen3-Embedding on CPUs, the same bits everywhere"
  homepage "@HOMEPAGE@"
  url "@URL@"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on arch: :x86_64
  depends_on :linux

  def install
    bin.install "bin/touchstone"
    share.install "share/touchstone"
    bash_completion.install "share/bash-completion/completions/touchstone"
    zsh_completion.install "share/zsh/site-functions/_touchstone"
    fish_completion.install "share/fish/vendor_completions.d/touchstone.fish"
    man1.install "share/man/man1/touchstone.1.gz"
    doc.install Dir["share/doc/touchstone/*"]
  end

  test do
    assert_match "touchstone #{version}", shell_output("#{bin}/touchstone --version")
    assert_match '"tokens":7', shell_output("#{bin}/touchstone embed 'The file was not found.'")
  end
end
