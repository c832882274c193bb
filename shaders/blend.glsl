// Purpose: a transition: the picture that comes, over the one that leaves (blend ONE, ONE_MINUS_SRC_ALPHA).
// Inputs: incoming: RGBA8, the program's codes, opaque, the size of the target; ramp (switch WIPE): R16, the same size, 1 where the
//   new picture comes first and 0 where it comes last.
// Output: incoming, and a wipe's border before it, premultiplied with how far they have come at this pixel.
// Uniforms: incoming (unit 0), ramp (unit 1), progress (0..1, of a mix), inner (edge of incoming, share of the way, -1..2),
//   outer (edge of the border, -2..2), softness (of both, 0..1), border (codes / 255, 0..1)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D incoming;
#ifdef WIPE
uniform sampler2D ramp;
uniform float inner;
uniform float outer;
uniform float softness;
uniform vec3 border;
#else
uniform float progress;
#endif
in vec2 uv;
out vec4 colour;
void main() {
    vec3 coming = texelFetch(incoming, ivec2(gl_FragCoord.xy), 0).rgb;
#ifdef WIPE
    float turn = 1.0 - texelFetch(ramp, ivec2(gl_FragCoord.xy), 0).r;
    float covered = clamp((inner - turn) / softness, 0.0, 1.0);
    float edged = clamp((outer - turn) / softness, 0.0, 1.0) * (1.0 - covered);
    colour = vec4(coming, 1.0) * covered + vec4(border, 1.0) * edged;
#else
    colour = vec4(coming, 1.0) * progress;
#endif
}
#endif
