// Purpose: the finished picture into planes, four samples a texel (GPU: the readback is then I420 as it stands).
// Inputs: finished: RGBA8, the program's codes, full size.
// Output: RGBA8, four neighbouring codes of one plane. Switch CHROMA: Cb in the upper half of the target, Cr in the lower,
//   each the mean of 2x2 (4:2:0); without it: Y'.
// Uniforms: finished (unit 0)
#include "include/quad.glsl"
#ifdef FRAGMENT
uniform sampler2D finished;
in vec2 uv;
out vec4 colour;
#ifdef CHROMA
float chroma(ivec2 at, int channel) {
    ivec2 p = at * 2;
    return (texelFetch(finished, p, 0)[channel] + texelFetch(finished, p + ivec2(1, 0), 0)[channel] +
            texelFetch(finished, p + ivec2(0, 1), 0)[channel] + texelFetch(finished, p + ivec2(1, 1), 0)[channel]) * 0.25;
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
    colour = vec4(texelFetch(finished, at, 0).r, texelFetch(finished, at + ivec2(1, 0), 0).r,
                  texelFetch(finished, at + ivec2(2, 0), 0).r, texelFetch(finished, at + ivec2(3, 0), 0).r);
#endif
}
#endif
