build:
	swift build -c release

demo: build
	@tools/demo.sh

.PHONY: build demo
