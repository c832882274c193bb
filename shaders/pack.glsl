// Purpose: the planes of a source into one texture (GPU only: software GL packs on the CPU, where it costs a tenth).
// Inputs: y_plane, u_plane, v_plane, matte: R8 codes, linear filter (4:2:0 chroma is brought up here; it lies on every second column of
//   luma, as H.264 and BT.709 have it, and between two lines).
// Output: RGBA8, Y', Cb, Cr codes as they are, and the matte.
// Uniforms: y_plane (unit 0), u_plane (unit 1), v_plane (unit 2), matte (unit 3), keyed (0 or 1: without a matte A is 1)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D y_plane;
uniform sampler2D u_plane;
uniform sampler2D v_plane;
uniform sampler2D matte;
uniform float keyed;
in vec2 uv;
out vec4 colour;
void main() {
    vec2 sited = uv + vec2(0.25 / float(textureSize(u_plane, 0).x), 0.0);
    colour = vec4(texture(y_plane, uv).r, texture(u_plane, sited).r, texture(v_plane, sited).r,
                  mix(1.0, texture(matte, uv).r, keyed));
}
#endif
