// Purpose: a graphic over what is there (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: image: RGBA8, the program's codes (BT.709 limited) premultiplied with alpha, linear filter.
// Output: the same, faded.
// Uniforms: image (unit 0), fade (0..1)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D image;
uniform float fade;
in vec2 uv;
out vec4 colour;
void main() {
    colour = texture(image, uv) * fade;
}
#endif
