// Purpose: one colour over what is there (blend ONE, ONE_MINUS_SRC_ALPHA): a dip, a fade to black.
// Inputs: none.
// Output: the colour, premultiplied with its share.
// Uniforms: codes (the program's Y', Cb, Cr, codes / 255, 0..1), share (0..1)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform vec3 codes;
uniform float share;
in vec2 uv;
out vec4 colour;
void main() {
    colour = vec4(codes, 1.0) * share;
}
#endif
