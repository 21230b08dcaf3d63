import ForeignText
import JSON

/// An explanation as one page that needs nothing else: style, script and numbers are in it.
package struct ExplanationPage {
  let explanation: Explanation

  package init(_ explanation: Explanation) { self.explanation = explanation }

  /// What the sections need to look right; colors are the page's.
  package static var style: [UInt8] { PackageResources.explanation_css }
  /// What lets a reader choose a layer and a head.
  package static var script: [UInt8] { PackageResources.attention_js }

  package var html: String {
    let subject = explanation.subject
    let text = Markup.escaped(String(subject.text.prefix(120)))
    let lead =
      "\(Markup.escaped(subject.model)): \(subject.layerCount) layers, \(subject.headCount) heads, \(subject.hiddenSize) components, "
      + "activations \(subject.activations.rawValue)"
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>Explained: \(text)</title>
      <style>
      \(String(decoding: PackageResources.colors_css, as: UTF8.self))\(String(decoding: Self.style, as: UTF8.self))</style>
      </head>
      <body>
      <header>
      <h1>Inside a vector</h1>
      <p class="subject" dir="auto">\(Markup.escaped(subject.text))</p>
      <p class="hint">\(lead)</p>
      </header>
      <main>
      \(ExplanationMarkup(explanation).sections)</main>
      <script type="application/json" id="attention-numbers">\(numbers)</script>
      <script type="module">
      \(String(decoding: Self.script, as: UTF8.self))
      followAttention(document, JSON.parse(document.getElementById("attention-numbers").textContent));
      </script>
      </body>
      </html>

      """
  }

  /// No text ends the element that they are in: they are numbers.
  private var numbers: String {
    var bytes: [UInt8] = []
    bytes.append(json: explanation.attention.json)
    return String(decoding: bytes, as: UTF8.self)
  }
}
