// Purpose: a source, opaque, into a rectangle: full frame, picture in picture, slate.
// Inputs: picture: RGBA8 holding the Y', Cb, Cr codes of the source (A unused), 4:4:4, linear filter;
//   look (switch LOOK): RGB16F, the program's codes after a look by those before it, linear filter.
// Output: the program's codes (BT.709 limited), alpha 1.
// Uniforms: picture (unit 0)
#include "include/quad.glsl"
#ifdef FRAGMENT
#include "include/grade.glsl"
uniform sampler2D picture;
in vec2 uv;
out vec4 colour;
void main() {
    colour = vec4(graded(texture(picture, uv).rgb), 1.0);
}
#endif
