// Purpose: the finished picture into planes, four samples a texel (GPU: the readback is then I420 as it stands).
// Inputs: finished: RGBA8, the program's codes, full size; with the switch OF_LIGHT: RGBA16F, linear light.
// Output: RGBA8, four neighbouring codes of one plane. Switch CHROMA: Cb in the upper half of the target, Cr in the lower,
//   each of two lines, and of the column it lies on with a quarter of its neighbours (4:2:0, sited left as H.264 has it); without it: Y'.
// Uniforms: finished (unit 0)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D finished;
in vec2 uv;
out vec4 colour;
#ifdef OF_LIGHT
#include "include/light.glsl"
vec3 finished_at(ivec2 at) {
    return codes_of(texelFetch(finished, at, 0).rgb);
}
#else
vec3 finished_at(ivec2 at) {
    return texelFetch(finished, at, 0).rgb;
}
#endif
#ifdef CHROMA
float chroma(ivec2 at, int channel) {
    ivec2 p = at * 2, left = ivec2(max(p.x - 1, 0), p.y), down = ivec2(0, 1);
    return (finished_at(p)[channel] + finished_at(p + down)[channel]) * 0.25 +
           (finished_at(left)[channel] + finished_at(left + down)[channel]) * 0.125 +
           (finished_at(p + ivec2(1, 0))[channel] + finished_at(p + ivec2(1, 1))[channel]) * 0.125;
}
#endif
void main() {
    ivec2 at = ivec2(gl_FragCoord.xy) * ivec2(4, 1);
#ifdef CHROMA
    int half_height = textureSize(finished, 0).y / 2;
    int channel = at.y < half_height ? 1 : 2;
    at.y -= at.y < half_height ? 0 : half_height;
    colour = vec4(chroma(at, channel), chroma(at + ivec2(1, 0), channel), chroma(at + ivec2(2, 0), channel),
                  chroma(at + ivec2(3, 0), channel));
#else
    colour = vec4(finished_at(at).r, finished_at(at + ivec2(1, 0)).r,
                  finished_at(at + ivec2(2, 0)).r, finished_at(at + ivec2(3, 0)).r);
#endif
}
#endif
