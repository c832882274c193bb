// Purpose: a transition: the picture that comes, over the one that leaves (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: incoming: RGBA8, the program's codes, opaque, the size of the target.
// Output: incoming premultiplied with how far it has come at this pixel.
// Uniforms: incoming (unit 0), progress (0..1, of a mix), edge (where a wipe's incoming ends, share of the width, 0..2),
//   softness (width of the wipe's edge as a share of the frame, 0..1; 0 is a mix)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D incoming;
uniform float progress;
uniform float edge;
uniform float softness;
in vec2 uv;
out vec4 colour;
void main() {
    float alpha = progress;
    if (softness > 0.0) alpha = clamp((edge - uv.x) / softness, 0.0, 1.0);
    colour = vec4(texelFetch(incoming, ivec2(gl_FragCoord.xy), 0).rgb, 1.0) * alpha;
}
#endif
