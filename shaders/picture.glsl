// Purpose: a source, opaque, into a rectangle: full frame, picture in picture, slate.
// Inputs: picture: RGBA8 holding the Y', Cb, Cr codes of the source (A unused), 4:4:4, linear filter.
// Output: the program's codes (BT.709 limited), alpha 1.
// Uniforms: picture (unit 0), to_program (3x3, source codes to program codes), offset (codes / 255, -1..1)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D picture;
uniform mat3 to_program;
uniform vec3 offset;
in vec2 uv;
out vec4 colour;
void main() {
    colour = vec4(to_program * texture(picture, uv).rgb + offset, 1.0);
}
#endif
